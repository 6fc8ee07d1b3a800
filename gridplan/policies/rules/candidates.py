"""Candidates and layers (SH-4): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, LAYERS, OWNERSHIPS, TIERS, both_words, layer_title


@dataclass(frozen=True)
class Candidates(Rule):
    """Who may be a partner, and whose pairs count toward the caps.

    Clause: shanghai-2025, SH-4 (市级中医类医院不受数量限制); specialist and maternal-and-child hospitals work
    through alliances (SH-12).

    Parameters
    ----------
    tiers, ownerships : tuple[str, ...], optional
        What a candidate must be. Military hospitals are left out unless "military" is added.
    counted : tuple[str, ...], default ("general",)
        Categories of the layer "general"; their pairs count toward the caps.
    exempt : tuple[str, ...], default ("tcm", "integrated_tcm")
        Categories of a layer of their own; their pairs count toward neither cap.
    exempt_layer : str, default "tcm"
        Name of that layer.
    merge_layers : bool, default False
        True puts both into one layer "merged", for those who read the clause so.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Candidates().sentence().en)
    Partners are municipal hospitals, public; general ones are counted. TCM, integrated TCM hospitals...
    """

    tiers: tuple[str, ...] = ("municipal",)
    ownerships: tuple[str, ...] = ("public",)
    counted: tuple[str, ...] = ("general",)
    exempt: tuple[str, ...] = ("tcm", "integrated_tcm")
    exempt_layer: str = "tcm"
    merge_layers: bool = False
    of = "partners"
    id = "SH-4"
    key = "candidates"
    title = Text("Candidates and layers", "候选医院与分层")
    rank = 40
    unsaid = True

    @property
    def layers(self) -> dict[str, tuple[str, ...]]:
        """Layer name → categories of its candidates."""
        if self.merge_layers:
            return {"merged": self.counted + self.exempt}
        layers = {"general": self.counted, self.exempt_layer: self.exempt}
        return {name: categories for name, categories in layers.items() if categories}

    def sentence(self) -> Text:
        def words(table: Mapping[str, Text], keys: tuple[str, ...]) -> Text:
            return Text(", ".join(table[k].en for k in keys), "、".join(table[k].zh for k in keys))

        who = words(TIERS, self.tiers), words(OWNERSHIPS, self.ownerships)
        counted, exempt = words(CATEGORIES, self.counted), words(CATEGORIES, self.exempt)
        if not self.exempt:
            layer = Text("All pairs count toward the caps.", "所有结对都计入上限。")
        elif self.merge_layers:
            layer = Text(
                f"{exempt.en} hospitals stand in the same layer and count toward no cap.",
                f"{exempt.zh}医院列入同一服务类别，不计入上限。",
            )
        else:
            own = both_words(LAYERS, self.exempt_layer)
            layer = Text(
                f"{exempt.en} hospitals form a layer of their own ({own.en}) and count toward no cap.",
                f"{exempt.zh}医院另成一类（{own.zh}），不计入上限。",
            )
        return Text(
            f"Partners are {who[0].en} hospitals, {who[1].en}; {counted.en} ones are counted. {layer.en}",
            f"合作医院为{who[0].zh}、{who[1].zh}医院；{counted.zh}医院计入上限。{layer.zh}",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Layers without any candidate."""
        for layer in case.partner_layers:
            if not (case.partners["layer"] == layer).any():
                yield self.refusal(
                    layer,
                    Text(f"layer {layer} has no candidate hospital", f"{layer_title(layer).zh}没有候选医院"),
                    Text(
                        "widen [candidates], or drop the layer's categories",
                        "请放宽 [candidates]，或去掉该服务类别",
                    ),
                    case.where(self.key),
                )

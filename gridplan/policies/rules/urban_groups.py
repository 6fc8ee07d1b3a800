"""Urban hospital groups (CD-1): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Case
from gridplan.policies.rule import Rule
from gridplan.policies.rules.county_communities import CountyCommunities
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, any_of, listed_words


@dataclass(frozen=True)
class UrbanGroups(Rule):
    """Districts of these kinds are divided into grids whose form is the urban hospital group.

    Clause: chengdu-2018, CD-1 (城市医疗集团).

    Parameters
    ----------
    kinds : tuple[str, ...], default ("central", "suburban")
        Kinds of district.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.UrbanGroups().sentence().en)
    Grids of central or suburban districts are urban hospital groups.
    """

    kinds: tuple[str, ...] = ("central", "suburban")
    of = "grids"
    id = "CD-1"
    key = "urban_groups"
    title = Text("Urban hospital groups", "城市医疗集团")
    rank = 1070

    def sentence(self) -> Text:
        kinds = any_of(KINDS, self.kinds)
        return Text(
            f"Grids of {kinds.en} districts are urban hospital groups.", f"{kinds.zh}的网格为城市医疗集团。"
        )

    def misfits(self, case: Case) -> Iterator[Finding]:
        """Each kind of district has one form: it stands here or in [county_communities], and not in both."""
        if not case.plans_grids:
            return
        counties = case.rule(CountyCommunities)
        others = counties.kinds if counties is not None else ("county",)
        if both := [kind for kind in self.kinds if counties is not None and kind in others]:
            words = listed_words(KINDS, both)
            yield self.refusal(
                self.key,
                Text(
                    f"{words.en} stands in [urban_groups] and in [county_communities]",
                    f"{words.zh}同时写在 [urban_groups] 与 [county_communities] 中",
                ),
                Text("name each kind once", "每种类别只写一处"),
                case.where(f"{self.key}.kinds"),
            )
        districts = case.region.districts
        said = districts.get("consortium", pd.Series("", index=districts.index))
        formless = districts[(said == "") & ~districts["kind"].isin({*self.kinds, *others})]
        for kind, rows in formless.groupby("kind"):
            word = listed_words(KINDS, [str(kind)])
            names = listed(case.region.label("district", d) for d in rows["district_id"])
            yield self.refusal(
                str(kind),
                Text(f"{word.en} districts have no form: {names}", f"{word.zh}没有对应的形式：{names}"),
                Text("add the kind to [urban_groups] or to [county_communities]", "请将该类别写入 [urban_groups] 或 [county_communities]"),
                case.where(f"{self.key}.kinds"),
            )  # fmt: skip

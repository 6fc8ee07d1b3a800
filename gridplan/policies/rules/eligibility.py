"""Basis of a pair (SH-6): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.named_pair import nothing_to_choose
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class Eligibility(Rule):
    """Whether a pair needs a basis: "prefer" lets priorities 4 and 5 in at their price, "strict" only 1 to 3.

    Clause: shanghai-2025, SH-6 (基础条件).

    Parameters
    ----------
    mode : str, default "prefer"
        "prefer" or "strict".

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Eligibility("strict").sentence().en)
    A pair needs a basis: only priorities 1 to 3 may be chosen.
    """

    mode: str = "prefer"
    of = "partners"
    id = "SH-6"
    key = "eligibility"
    title = Text("Basis of a pair", "结对基础条件")
    rank = 60

    @property
    def worst_priority(self) -> int:
        """The weakest priority that may be chosen."""
        return 3 if self.mode == "strict" else 5

    def sentence(self) -> Text:
        if self.mode == "strict":
            return Text(
                "A pair needs a basis: only priorities 1 to 3 may be chosen.",
                "结对须有基础：只可选优先级 1 至 3。",
            )
        return Text(
            "A pair should have a basis; priorities 4 and 5 are possible at their price.",
            "结对宜有基础；优先级 4、5 可选，但须计价。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Districts that have no pair with a basis in a layer."""
        for (layer, district), rows in case.partners.groupby(["layer", "district_id"]):
            if not rows["allowed"].any() and not (rows["priority"] <= self.worst_priority).any():
                what = nothing_to_choose(case.region, str(layer), str(district))
                hint = Text(
                    "use eligibility “prefer”, or record the basis of a pair", "请改用 prefer，或补录结对基础"
                )
                yield self.refusal(str(district), what, hint, case.where(self.key))

"""County medical communities (CD-2): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.counting.leaderless import leaderless
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, TIERS, any_of


@dataclass(frozen=True)
class CountyCommunities(Rule):
    """Districts of these kinds are one grid each, a county medical community led by a hospital of the district.

    Clause: chengdu-2018, CD-2 (县域医疗共同体：县、乡、村). What a district's `consortium` says stands above its kind.

    Parameters
    ----------
    kinds : tuple[str, ...], default ("outer_suburban", "county")
        kinds of district.
    tiers : tuple[str, ...], default ("district",)
        What the lead of a county community must be; `GridLeads` holds as well.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.CountyCommunities().sentence().en)
    Each outer suburban or county district is one grid, a county medical community led by a hospital...
    """

    kinds: tuple[str, ...] = ("outer_suburban", "county")
    tiers: tuple[str, ...] = ("district",)
    of = "grids"
    id = "CD-2"
    key = "county_communities"
    title = Text("County medical communities", "县域医疗共同体")
    rank = 1080
    wider = Text("widen tiers of [county_communities]", "放宽 [county_communities] 的 tiers")

    def sentence(self) -> Text:
        kinds, who = any_of(KINDS, self.kinds), any_of(TIERS, self.tiers)
        return Text(
            f"Each {kinds.en} district is one grid, a county medical community led by a hospital there, tier {who.en}.",
            f"{kinds.zh}每区（县）为一个网格，组成县域医疗共同体，由当地{who.zh}医院牵头。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """County communities without a hospital that may lead."""
        for told in leaderless(case.grids, "county"):
            yield self.refusal(*told)

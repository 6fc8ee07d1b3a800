"""Least share per partner (SHARE): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridplan.policies.counting.case import Measured
from gridplan.policies.rule import Rule
from gridplan.policies.rules.least_partners import LeastPartners
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class LeastShare(Rule):
    """Each listed partner serves at least `share` of its district's residents, in every layer. Off by default.

    Parameters
    ----------
    share : float, default 0.1
        Above 0, at most 1, of the residents of the district.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.LeastShare(0.2).sentence().en)
    Each partner serves at least 20% of its district's residents.
    """

    share: float = 0.1
    of = "partners"
    id = "SHARE"
    key = "least_share"
    title = Text("Least share per partner", "每家合作医院最低份额")
    rank = 120
    ranges = numbers(share=Range(0, 1, open=True))

    def sentence(self) -> Text:
        return Text(
            f"Each partner serves at least {100 * self.share:g}% of its district's residents.",
            f"每家合作医院至少服务所在合作区 {100 * self.share:g}% 的居民。",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Partners that a district must have, whose shares are more than the whole."""
        least = case.rule(LeastPartners)
        for (_, district), rows in case.partners.groupby(["layer", "district_id"]):
            asked = least.least if least is not None and rows["counted"].any() else 0
            needed = max(int(rows["pinned"].sum()), asked)
            if self.share * needed > 1 + 1e-9:
                label, share = case.region.label("district", district), f"{100 * self.share:g}%"
                yield self.refusal(
                    str(district),
                    Text(
                        f"{label}: {needed} partners with {share} each are more than all residents",
                        f"{label}：{needed} 家各占 {share}，合计超过全部居民",
                    ),
                    Text("lower the share", "请降低份额"),
                    case.where(self.key),
                )

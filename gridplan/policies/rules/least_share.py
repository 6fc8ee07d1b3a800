"""Least share per partner (SHARE): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class LeastShare(Rule):
    """Each listed partner serves at least `share` of its district's residents, in every layer. Off by default."""

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

"""Least partners per district (PARTNERS): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class LeastPartners(Rule):
    """At least `least` counted partners per district. Off by default."""

    least: int = 1
    of = "partners"
    id = "PARTNERS"
    key = "least_partners"
    title = Text("Least partners per district", "每区最少合作医院")
    rank = 110
    ranges = numbers(least=Range(1, whole=True))

    def sentence(self) -> Text:
        return Text(
            f"A district partners with at least {self.least} counted hospitals.",
            f"每个区至少与 {self.least} 家计数医院合作。",
        )

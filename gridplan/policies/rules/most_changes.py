"""Most changes from today (SH-9): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class MostChanges(Rule):
    """At most `most` changes of counted pairs against today's partnerships; 0 keeps exactly those. Off by default.

    Clause: shanghai-2025, SH-9 (总量控制、结构优化，尊重现状，逐步优化).
    A pair that is new and a pair that is ended are a change each, so a swap of partners is two. Pairs of exempt
    hospitals are bound by no number (SH-4) and are not counted here either.
    """

    most: int = 10
    of = "partners"
    id = "SH-9"
    key = "most_changes"
    title = Text("Most changes from today", "与现状相比的变动上限")
    rank = 140
    ranges = numbers(most=Range(0, whole=True))  # 0 keeps exactly what there is

    def sentence(self) -> Text:
        return Text(
            f"At most {self.most} counted pairs are new or ended against today's partnerships.",
            f"与现有合作相比，新建和撤销的计数结对合计不超过 {self.most} 对。",
        )

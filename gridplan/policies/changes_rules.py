"""What it costs to change today's partnerships, and how much may change (SH-9): off by default."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
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

    def sentence(self) -> Text:
        return Text(
            f"At most {self.most} counted pairs are new or ended against today's partnerships.",
            f"与现有合作相比，新建和撤销的计数结对合计不超过 {self.most} 对。",
        )


@dataclass(frozen=True)
class ChangePrice(Rule):
    """What each new or ended pair costs in the goal "travel", in every layer (尊重现状, SH-9). Off by default.

    Parameters
    ----------
    person_minutes : minutes of travel, over all residents, that a change must save to be worth it. 100,000 is
        10 minutes for 10,000 residents.
    """

    person_minutes: float = 100_000.0
    of = "partners"
    id = "CHANGE"
    key = "change_price"
    title = Text("Price of a change", "变动的代价")

    def sentence(self) -> Text:
        return Text(
            f"Each new or ended pair costs {self.person_minutes:,.0f} person-minutes.",
            f"每新建或撤销一对合作折算 {self.person_minutes:,.0f} 人·分钟。",
        )

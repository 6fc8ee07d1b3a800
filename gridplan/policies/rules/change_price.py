"""Price of a change (CHANGE): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class ChangePrice(Rule):
    """What each new or ended pair costs in the goal "travel", in every layer (尊重现状, SH-9). Off by default.

    Parameters
    ----------
    person_minutes : float, default 100000.0
        Minutes of travel, over all residents, that a change must save to be worth it. 100,000 is 10 minutes for
        10,000 residents.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.ChangePrice(50_000).sentence().en)
    Each new or ended pair costs 50,000 person-minutes.
    """

    person_minutes: float = 100_000.0
    of = "partners"
    id = "CHANGE"
    key = "change_price"
    title = Text("Price of a change", "变动的代价")
    rank = 150
    ranges = numbers(person_minutes=Range(0))

    def sentence(self) -> Text:
        return Text(
            f"Each new or ended pair costs {self.person_minutes:,.0f} person-minutes.",
            f"每新建或撤销一对合作折算 {self.person_minutes:,.0f} 人·分钟。",
        )

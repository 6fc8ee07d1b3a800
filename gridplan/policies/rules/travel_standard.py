"""Travel standard (STANDARD): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class TravelStandard(Rule):
    """Minutes that no resident should exceed. Off by default.

    Parameters
    ----------
    minutes : the standard.
    price : None makes it a limit; otherwise each minute beyond costs this many minutes per resident.
    """

    minutes: float = 60.0
    price: float | None = None
    id = "STANDARD"
    key = "travel_standard"
    title = Text("Travel standard", "出行时间标准")
    rank = 100
    ranges = numbers(minutes=Range(0, open=True), price=Range(0, none=True))

    def sentence(self) -> Text:
        if self.price is None:
            return Text(
                f"No resident travels more than {self.minutes:g} minutes.",
                f"任何居民出行不超过 {self.minutes:g} 分钟。",
            )
        return Text(
            f"Each minute beyond {self.minutes:g} costs {self.price:g} minutes more per resident.",
            f"超过 {self.minutes:g} 分钟后，每多 1 分钟按每人 {self.price:g} 分钟加价。",
        )

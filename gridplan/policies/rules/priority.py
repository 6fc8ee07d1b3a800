"""Priority of a pair (SH-5): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text

PRICES = (0.0, 5.0, 10.0, 15.0, 30.0)


@dataclass(frozen=True)
class Priority(Rule):
    """What a pair's priority (1 home or open campus … 5 no basis) costs, in minutes per resident served through it.

    Clause: shanghai-2025, SH-5 (优先考虑分院所在区；院区/院区建设规划).
    With the goal "priority" before "travel" it is a strict order instead: fewest residents through 5, then
    through 4 or 5, and so on.

    Parameters
    ----------
    prices : tuple[float, ...], default (0.0, 5.0, 10.0, 15.0, 30.0)
        Minutes per resident for priorities 1 to 5; none below the one before it.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Priority((0, 5, 10, 15, 30)).sentence().en)
    A pair's priority costs minutes per resident (1: 0, 2: 5, 3: 10, 4: 15, 5: 30).
    """

    prices: tuple[float, ...] = PRICES
    of = "partners"
    id = "SH-5"
    key = "priority"
    title = Text("Priority of a pair", "结对优先次序")
    rank = 50

    def sentence(self) -> Text:
        if not any(self.prices):
            return Text("The priority of a pair has no price in minutes.", "结对优先级不折算为分钟。")
        listed = ", ".join(f"{n}: {price:g}" for n, price in enumerate(self.prices, start=1))
        return Text(
            f"A pair's priority costs minutes per resident ({listed}).",
            f"结对优先级按每位居民折算分钟（{listed}）。",
        )

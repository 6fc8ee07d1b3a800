"""Shape of grids (ZJ-6): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text

BALANCED_BY = {
    "equal": Text("(equal grids)", "（各网格相等）"),
    "beds": Text("by the lead's beds", "（按牵头医院床位）"),
    "capacity_people": Text("by the lead's capacity", "（按牵头医院承载能力）"),
}


@dataclass(frozen=True)
class GridShape(Rule):
    """Grids hang together, are balanced against what their leads can carry, and lie within reach.

    Clause: zhejiang-2020, ZJ-6 (分区包段).
    Connected: every connected part of a grid holds a campus of its lead; units touch where they share a border, or by
    a bridge or ferry of the table links. Units on an island where no hospital could lead are exempt, and reported.

    Parameters
    ----------
    connected : whether grids hang together.
    balance : a grid's residents stand within ± this share of its fair part; None = not asked. The fair part of
        the residents of the district (of the city, with grids across districts) is in proportion to `balance_by`
        among the leads chosen.
    balance_by : "equal", "beds" or "capacity_people".
    minutes : no resident of a grid travels longer; None = no limit.
    """

    connected: bool = True
    balance: float | None = None
    balance_by: str = "equal"
    minutes: float | None = None
    of = "grids"
    id = "ZJ-6"
    key = "grid_shape"
    title = Text("Shape of grids", "网格形态")
    rank = 1060
    ranges = numbers(balance=Range(0, 1, none=True), minutes=Range(0, open=True, none=True))

    def sentence(self) -> Text:
        parts = []
        if self.connected:
            parts.append(
                Text(
                    "each part of a grid hangs together around a campus of its lead",
                    "网格每一片都与牵头医院的院区连通",
                )
            )
        if self.balance is not None:
            by = BALANCED_BY[self.balance_by]
            parts.append(
                Text(
                    f"residents within ±{100 * self.balance:g}% of the fair part {by.en}",
                    f"居民数在{by.zh}应担份额的 ±{100 * self.balance:g}% 以内",
                )
            )
        if self.minutes is not None:
            parts.append(
                Text(
                    f"nobody travels more than {self.minutes:g} minutes to the lead",
                    f"到牵头医院不超过 {self.minutes:g} 分钟",
                )
            )
        if not parts:
            return Text("The shape of grids is free.", "网格形态不限。")
        chinese = "，".join(p.zh for p in parts)
        english = "; ".join(p.en for p in parts)
        return Text(f"{english[0].upper()}{english[1:]}.", f"{chinese}。")

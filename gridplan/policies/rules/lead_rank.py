"""Grid leads by rank (SH-8, ZJ-2): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Case
from gridplan.policies.rule import Rule
from gridplan.policies.values import Fault, Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text

PRICE = Range(0)
CLASSES = 4


def _prices(name: str, value: Any) -> Iterator[Fault]:
    """Four prices, none below the one before."""
    good = isinstance(value, list | tuple) and len(value) == CLASSES and all(PRICE.holds(v) for v in value)
    if not good or list(value) != sorted(value):
        yield (
            name,
            "must be four minutes from 0 for ranks 1 to 4, none less than the one before",
            "须为四个不小于 0 的分钟数（第 1 至 4 等），后者不小于前者",
            "prices = [0, 2, 5, 10]",
        )


@dataclass(frozen=True)
class LeadRank(Rule):
    """What the rank of a grid's lead costs, in minutes per resident of the grid. Off by default.

    Rank 1: the regional medical centre (区域性医疗中心). 2: tertiary. 3: secondary with enough beds, or none stated.
    4: any other. So a tertiary hospital does not join a secondary one's grid for the sake of a few tenths of a minute.
    With `strict` it is an order instead, at no price: a hospital leads only where every one of a better rank that may lead
    in its district leads too, or gives way, in its own town, to one whose rank is better as well (a town is in one grid).

    Parameters
    ----------
    prices : tuple[float, ...], default (0.0, 2.0, 5.0, 10.0)
        Minutes per resident for ranks 1 to 4, none less than the one before.
    beds : int, default 300
        Beds that a secondary hospital of rank 3 has at least, where they are stated.
    strict : bool, default False
        Whether ranks are a strict order; `prices` then count for nothing.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.LeadRank().title.en)
    Grid leads by rank
    """

    prices: tuple[float, ...] = (0.0, 2.0, 5.0, 10.0)
    beds: int = 300
    strict: bool = False
    later: ClassVar[tuple[str, ...]] = ("strict",)
    of = "grids"
    id = "RANK"
    key = "lead_rank"
    title = Text("Grid leads by rank", "牵头医院按等次优先")
    rank = 1025
    ranges = numbers(beds=Range(0, whole=True))
    own_values = {"prices": _prices}  # noqa: RUF012 a table of functions, never written to

    def notes(self, case: Case) -> Iterator[Finding]:
        """Hospitals that may lead and state no grade: they rank last, whatever they are."""
        if case.grids is None:
            return
        table = case.region.hospitals.set_index("hospital_id")
        grade = table["grade"].fillna("").astype(str).str.strip()
        able = [h for h in table.index if h in case.grids.candidates]
        blank = [h for h in able if not grade[h] and table.get("regional_centre", grade)[h] != "yes"]
        if blank:
            what = Text(
                f"{self.id}: {len(blank)} of {len(able)} hospitals that may lead state no grade, so they rank last: {listed(blank)}",
                f"{self.id}：{len(able)} 家可牵头医院中 {len(blank)} 家未填等级，按末等计：{listed(blank)}",
            )
            hint = Text(
                "Fill in grade, or regional_centre.",
                "请填写 grade（等级）或 regional_centre（区域性医疗中心）。",
            )
            yield Finding("warning", "grade-not-stated", "hospitals", what, hint, id=str(blank[0]))

    def sentence(self) -> Text:
        if self.strict:
            return Text(
                "A hospital leads a grid only where every one of a better rank in its district leads too: 1 regional medical centre, "
                f"2 tertiary, 3 secondary with {self.beds} beds or none stated, 4 others.",
                "同区等次更高的医院均牵头后，方可由等次较低的医院牵头：1 区域性医疗中心，2 三级，"
                f"3 二级且床位不少于 {self.beds} 张或未注明，4 其他。",
            )
        listed = ", ".join(f"{n}: {price:g}" for n, price in enumerate(self.prices, start=1))
        return Text(
            f"The rank of a grid's lead costs minutes per resident ({listed}): 1 regional medical centre, 2 tertiary, 3 secondary "
            f"with {self.beds} beds or none stated, 4 others.",
            f"牵头医院按等次对每位居民折算分钟（{listed}）：1 区域性医疗中心，2 三级，3 二级且床位不少于 {self.beds} 张或未注明，4 其他。",
        )

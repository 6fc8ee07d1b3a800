"""Grids cover the urban districts (ZJ-1): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.text import Text


@dataclass(frozen=True)
class Grids(Rule):
    """Urban districts are divided into grids, each unit in exactly one; county consortia are left out and said so.

    Clause: zhejiang-2020, ZJ-1 (若干网格，网格化全覆盖；不含县域医共体).
    A district runs a county consortium where its `consortium` says "county", or says nothing and its kind is
    "county"; with CD-2 on, that rule says which districts do, and they are one grid each.

    Parameters
    ----------
    least, most : grids in the city; None = free.
    least_per_district, most_per_district : grids led from each urban district; None = no upper limit. 0 lets a
        district do without a lead of its own, where grids reach across borders.
    number : district_id → exactly so many grids there.
    across_districts : whether a grid may reach into other districts than its lead's.
    """

    least: int | None = None
    most: int | None = None
    least_per_district: int = 1
    most_per_district: int | None = None
    number: Mapping[str, int] = field(default_factory=dict)
    across_districts: bool = False
    of = "grids"
    id = "ZJ-1"
    key = "grids"
    title = Text("Grids cover the urban districts", "网格全覆盖城区")
    rank = 1010
    ranges = numbers(
        least=Range(1, whole=True, none=True),
        most=Range(1, whole=True, none=True),
        least_per_district=Range(0, whole=True),
        most_per_district=Range(1, whole=True, none=True),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        fixed = {str(key): int(n) for key, n in sorted(self.number.items(), key=lambda kv: str(kv[0]))}
        object.__setattr__(self, "number", fixed)

    def __hash__(self) -> int:
        plain = (
            self.least,
            self.most,
            self.least_per_district,
            self.most_per_district,
            self.across_districts,
        )
        return hash((type(self), plain, tuple(self.number.items())))

    def sentence(self) -> Text:
        city, each = (
            _between(self.least, self.most),
            _between(self.least_per_district or None, self.most_per_district),
        )
        border = (
            Text("grids may cross district borders", "网格可跨区")
            if self.across_districts
            else Text("a grid stays in its district", "网格不跨区")
        )
        fixed = ", ".join(f"{key}: {n}" for key, n in self.number.items())
        exactly = Text(f"; exactly {fixed}", f"；其中 {fixed}") if fixed else Text("", "")
        return Text(
            f"Every unit of an urban district is in one grid; grids in the city: {city.en}, in a district: "
            f"{each.en}{exactly.en}; {border.en}; districts with a county consortium are not divided.",
            f"城区每个单元恰在一个网格内；全市网格数：{city.zh}，每区：{each.zh}{exactly.zh}；{border.zh}；"
            "实行县域医共体的区县不划分。",
        )


def _between(least: int | None, most: int | None) -> Text:
    if least is None and most is None:
        return Text("free", "不限")
    if least == most:
        return Text(f"{most}", f"{most} 个")
    if most is None:
        return Text(f"at least {least}", f"至少 {least} 个")
    if least is None:
        return Text(f"at most {most}", f"至多 {most} 个")
    return Text(f"{least} to {most}", f"{least} 至 {most} 个")

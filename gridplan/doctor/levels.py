"""Levels that are mixed: a district among its units, a subtotal, towns and their villages in one table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.inputs.matching.names import name_key
from gridplan.words.findings import Finding
from gridplan.words.text import Text

SAME_SUM = 0.005  # of its units' people that a subtotal may be off by
VILLAGE, TOWN = 12, 9  # digits of the national code of a village, and how many of them say the town
ADCODE = r"\d{6}"
SHORT_NUMBER = r"\d{1,5}"  # a running number, which says nothing of what it numbers


def district_rows(region_units: pd.DataFrame, districts: pd.DataFrame) -> pd.Series:
    """Why a unit is no unit: it is the district that the others are in, or their sum; "" for all that are units.

    By its name or code: 临澄区, 339901 or 339901000000 among the streets of 339901. A district of one unit is one.
    """
    names = {id: name_key(name) for id, name in zip(districts["district_id"], districts["name"], strict=True)}
    home = region_units["district_id"]
    count = home.map(home.value_counts())
    own = home.map(names)
    codes = region_units["unit_id"].astype(str)
    called = pd.Series(
        [name_key(name) for name in region_units["name"].tolist()], region_units.index, dtype="str"
    )
    named = (called == own) & (own != "")
    named |= (home == "") & called.isin(set(names.values()))
    zeros = np.array(
        [
            code.startswith(id) and not code[len(id) :].strip("0")
            for code, id in zip(codes.tolist(), home.tolist(), strict=True)
        ],
        dtype=bool,
    )
    ids = home.astype(str)
    coded = (ids.str.fullmatch(ADCODE) & zeros) | (
        (codes == ids) & ~ids.str.fullmatch(SHORT_NUMBER) & (ids != "")
    )
    why = pd.Series("", index=region_units.index)
    return why.mask((named | coded) & ((count > 1) | (home == "")), "district")


def two_levels(units: pd.DataFrame) -> pd.Series:
    """Which units are towns of which villages stand in the table too, by their national codes: a town ends in 000."""
    codes = units["unit_id"].astype(str)
    twelve = codes.str.fullmatch(r"\d{12}")
    towns = twelve & codes.str.endswith("000")
    villages = codes[twelve & ~towns].str[:TOWN].value_counts()
    return towns & codes.str[:TOWN].isin(villages.index[villages >= 1])


def sums_of_others(units: pd.DataFrame, rows: pd.Series) -> pd.Series:
    """Of district rows: whether their people are those of the district's other units, or are not stated."""
    people, others = units["people"], units["people"].mask(rows)
    total = units["district_id"].map(others.groupby(units["district_id"]).sum(min_count=1))
    return people.isna() | ((people - total).abs() <= SAME_SUM * total)


def districts_among_units(chart: Chart) -> Iterator[Finding]:
    """A unit that is a district, or the sum of one; the others would be counted twice."""
    units = pd.DataFrame(chart.region.units)
    rows = district_rows(units, chart.region.districts) != ""
    if not rows.any():
        return
    doubled = sums_of_others(units, rows) | chart.region.modelled  # what was shared out is no count of theirs
    for unit in records(units[rows]):
        people = "" if pd.isna(unit.people) else f" ({unit.people:,.0f})"
        as_sum = bool(doubled[unit.Index])
        what = Text(
            f"{unit.name} is a district, not a unit of it: its residents{people} would be counted twice.",
            f"{unit.name} 是区而不是单元：其居民{people}会重复计入。",
        )
        hint = Text(
            "Delete the row, or keep the other level with `where`; gridplan check DIR --repair NEW leaves it out.",
            "请删除该行，或用 where 只保留下一级；gridplan check DIR --repair NEW 可略去。",
        )
        if not as_sum:
            what = Text(
                f"{unit.name} is a district among its units, and its people{people} are not their sum.",
                f"{unit.name} 是区而不是单元，且人口{people}与其各单元之和不符。",
            )
            hint = Text(
                "Delete the row if it is a total of another source; --repair NEW --accept district-as-unit leaves it out.",
                "如为其他口径的合计请删除该行；--repair NEW --accept district-as-unit 可略去。",
            )
        yield Finding("error", "district-as-unit", "units", what, hint, unit.row, unit.unit_id)


def towns_and_villages(chart: Chart) -> Iterator[Finding]:
    """A table that holds towns and the villages in them: said once, with the towns."""
    units = pd.DataFrame(chart.region.units)
    towns = units[two_levels(units)]
    if towns.empty:
        return
    names = ", ".join(towns["name"].head(6)) + (f" … (+{len(towns) - 6})" if len(towns) > 6 else "")
    first = next(iter(records(towns)))
    yield Finding(
        "error",
        "two-levels",
        "units",
        Text(
            f"The table holds {len(towns)} towns (codes …000) and villages in them: {names}. Residents would count twice.",
            f"表中同时有 {len(towns)} 个街镇（代码末三位 000）及其下的村居：{names}。居民会重复计入。",
        ),
        Text(
            "Keep one level: delete the other rows, or choose with `where` in [tables.units].",
            "请只保留一级：删除其余行，或在 [tables.units] 中用 where 选择。",
        ),
        first.row,
        first.unit_id,
    )


def units_that_are_districts(chart: Chart) -> Iterator[Finding]:
    """A table of units that only repeats the districts, one for one."""
    units, districts = chart.region.units, chart.region.districts
    if not len(units) == len(districts) > 1:
        return
    names = dict(zip(districts["district_id"], districts["name"].map(name_key), strict=True))
    same = units["name"].map(name_key) == units["district_id"].map(names)
    if same.all():
        yield Finding(
            "warning",
            "units-are-districts",
            "units",
            Text("The units are the districts themselves: each goes to one hospital whole.", "单元就是各区本身：每个区将整体划给一家医院。"),
            Text("Give streets and towns as units, if they are known.", "如有街道、乡镇数据，请以其为单元。"),
        )  # fmt: skip

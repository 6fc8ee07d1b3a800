"""Levels that are mixed: a district among its units, a subtotal, towns and their villages in one table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.inputs.matching.names import city_names, name_key
from gridplan.inputs.region import Region
from gridplan.words.findings import Finding
from gridplan.words.text import Text

SAME_SUM = 0.005  # of its units' people that a subtotal may be off by
VILLAGE, TOWN = 12, 9  # digits of the national code of a village, and how many of them say the town
ADCODE = r"\d{6}"
CITY_CODE = r"\d{4}00(?:0{6})?"
CITY_KINDS = ("市", "地区", "自治州", "盟")
LEAST_OF_SUM, MOST_OF_SUM = 3, 1_000  # units of a district among which a sum of the others is looked for
SHOWN = 3
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


def city_rows(region: Region) -> pd.Series:
    """Which units are the whole city, by its name or its code (…00): 滨江市 or 339900 among the streets of 339901."""
    units, codes = region.units, region.units["unit_id"].astype(str)
    called = {place for place in city_names(region.title, region.name) if place.endswith(CITY_KINDS)}
    named = units["name"].map(name_key).isin(called)
    cities = {id[:4] for id in region.districts["district_id"].astype(str) if re.fullmatch(ADCODE, id)}
    coded = codes.str.fullmatch(CITY_CODE) & codes.str[:4].isin(cities)
    return (named | coded) & (len(units) > 1)


def level_rows(region: Region) -> pd.Series:
    """Why a unit is no unit: "city", "district" or "sum" of the other units of its district; "" for all that are units."""
    units = pd.DataFrame(region.units)
    why = district_rows(units, region.districts).mask(city_rows(region), "city")
    return why if region.modelled else why.mask((why == "") & _sums(region, why == ""), "sum")


@lru_cache(maxsize=1)
def levels_of(chart: Chart) -> pd.Series:
    """`level_rows` of the region that is looked at, which three checks ask for."""
    return level_rows(chart.region)


def _sums(region: Region, rest: pd.Series) -> pd.Series:
    """Units with as many people as all others of their district, or of the city, where the district's total says it is twice."""
    units, districts = region.units[rest], region.districts.drop_duplicates("district_id")
    people, found = units["people"], pd.Series(False, index=region.units.index)
    stated = districts.set_index("district_id")["people"]
    everywhere = pd.Series(stated.sum(skipna=False), index=units.index)
    for total, of_total, count in (
        (people.groupby(units["district_id"]).transform("sum"), units["district_id"].map(stated), units["district_id"].map(units["district_id"].value_counts())),
        (pd.Series(people.sum(), index=units.index), everywhere, pd.Series(len(units), index=units.index)),
    ):  # fmt: skip
        twice = (people > 0) & ((2 * people - total).abs() <= 1) & (count >= LEAST_OF_SUM)
        found[units.index] |= twice & ((people - of_total).abs() < (total - of_total).abs())
    return found


def sums_of_others(region: Region, why: pd.Series) -> pd.Series:
    """Of units that are none (`level_rows`): whether their people are those of the others, or are not stated."""
    people, others = region.units["people"], region.units["people"].mask(why != "")
    home = region.units["district_id"]
    total = home.map(others.groupby(home).sum(min_count=1)).mask(why == "city", others.sum())
    return people.isna() | (why == "sum") | ((people - total).abs() <= SAME_SUM * total)


NO_UNIT = {
    "district": Text("a district, not a unit of it", "区而不是单元"),
    "city": Text("the whole city, not a unit of it", "全市合计而不是单元"),
    "sum": Text("the sum of the other units, not a unit", "其余各单元之和而不是单元"),
}


def districts_among_units(chart: Chart) -> Iterator[Finding]:
    """A unit that is a district or the city, or the sum of the others, which would be counted twice."""
    why = levels_of(chart)
    rows = why != ""
    if not rows.any():
        return
    units = pd.DataFrame(chart.region.units)
    doubled = (
        sums_of_others(chart.region, why) | chart.region.modelled
    )  # what was shared out is no count of theirs
    for unit in records(units[rows]):
        people = "" if pd.isna(unit.people) else f" ({unit.people:,.0f})"
        it = NO_UNIT[why[unit.Index]]
        what = Text(
            f"{unit.name} is {it.en}: its residents{people} would be counted twice.",
            f"{unit.name} 是{it.zh}：其居民{people}会重复计入。",
        )
        hint = Text(
            "Delete the row, or keep the other level with `where`; gridplan check DIR --repair NEW leaves it out.",
            "请删除该行，或用 where 只保留下一级；gridplan check DIR --repair NEW 可略去。",
        )
        if not doubled[unit.Index]:
            what = Text(
                f"{unit.name} is {it.en}, and its people{people} are not the sum of the others.",
                f"{unit.name} 是{it.zh}，且人口{people}与其余各单元之和不符。",
            )
            hint = Text(
                "Delete the row if it is a total of another source; --repair NEW --accept district-as-unit leaves it out.",
                "如为其他口径的合计请删除该行；--repair NEW --accept district-as-unit 可略去。",
            )
        yield Finding("error", "district-as-unit", "units", what, hint, unit.row, unit.unit_id)


@lru_cache(maxsize=1)
def units_within_units(chart: Chart) -> list[Finding]:
    """A unit that is the sum of rows below or above it, where its district has too many people by just that."""
    return list(_summed(chart))


def _summed(chart: Chart) -> Iterator[Finding]:
    region = chart.region
    if region.modelled or "row" not in region.units or two_levels(region.units).any():
        return  # towns and villages by their codes are told as such
    units = pd.DataFrame(region.units)[levels_of(chart) == ""].sort_values("row", kind="stable")
    stated = region.districts.drop_duplicates("district_id").set_index("district_id")["people"]
    homes = dict(list(units.groupby("district_id")))
    over = pd.Series({home: group["people"].sum(skipna=False) for home, group in homes.items()}) - stated
    for home, group in homes.items():
        more = float(over.get(home, np.nan))
        elsewhere = ((over + more).abs() <= SAME_SUM * more).any()  # then a unit only says the wrong district
        if (
            more > SAME_SUM * stated.get(home, np.nan)
            and not elsewhere
            and LEAST_OF_SUM <= len(group) <= MOST_OF_SUM
        ):
            yield from _within(group, more)


def _within(group: pd.DataFrame, over: float) -> Iterator[Finding]:
    """Of a district's units in their order: the one that is `over`, or all that together are, with the rows they are the sum of."""
    people = group["people"].to_numpy(float)
    ends = np.concatenate([[0.0], people.cumsum()])
    first, last = np.nonzero(np.triu(np.ones((len(ends), len(ends)), dtype=bool), 2))
    runs = ends[last] - ends[first]
    found: list[tuple[int, int, int]] = []
    for at in np.flatnonzero(people > 0).tolist():
        outside = (np.abs(runs - people[at]) <= 1) & ((at < first) | (at >= last))
        choice = [(abs(first[n] - at), int(first[n]), int(last[n])) for n in np.flatnonzero(outside)]
        if choice:
            _, start, stop = min(choice)
            found.append((at, start, stop))
    beside = [one for one in found if one[0] + 1 == one[1]]
    alone = [one for one in found if abs(people[one[0]] - over) <= SAME_SUM * over]
    told = beside if abs(sum(people[at] for at, _, _ in beside) - over) <= SAME_SUM * over else alone[:1]
    for at, start, stop in told:
        unit = next(records(group.iloc[[at]]))
        names = "、".join(group["name"].iloc[start:stop].head(SHOWN)) + (" …" if stop - start > SHOWN else "")
        yield Finding(
            "error",
            "unit-within-unit",
            "units",
            Text(
                f"{unit.name} ({unit.people:,.0f}) is the sum of {names}, and its district's units have just that too many people: residents would count twice.",
                f"{unit.name}（{unit.people:,.0f}）为 {names} 之和，且所在区恰好多出这些人口：居民会重复计入。",
            ),
            Text(
                "Keep one level: delete this row, or those of which it is the sum.",
                "请只保留一级：删除该行，或删除其所含各行。",
            ),
            unit.row,
            unit.unit_id,
        )


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

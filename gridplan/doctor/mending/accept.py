"""What may be put right only where a planner says so (`--accept CODE`), and rows of districts among units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.doctor.levels import level_rows, sums_of_others
from gridplan.doctor.mending.changes_made import Changes
from gridplan.geography.implied_speed import below_zero, timed_pairs
from gridplan.inputs.region import Region
from gridplan.inputs.schema import TABLES
from gridplan.words.errors import ArgumentError
from gridplan.words.text import Text

NEEDED = ("units", "hospitals", "branches")
POINTING = {"hospitals": ("hospital_id", "managed_id"), "units": ("unit_id", "from_unit", "to_unit")}


def without_district_rows(region: Region, changes: Changes, all_of_them: bool) -> Region:
    """Units without the rows that are districts or the city: those that are the sum of the others, or all of them."""
    why = level_rows(region)
    rows = why != ""
    if not all_of_them:
        rows &= sums_of_others(region, why)
    return _without(region, "units", rows, "it is no unit, its residents stand in the other units", changes)


def with_rest_of_totals(region: Region, changes: Changes) -> Region:
    """The one unit of a district whose people are not known gets what the district's total leaves; that is modelled."""
    units, totals = (
        region.units,
        region.districts.drop_duplicates("district_id").set_index("district_id")["people"],
    )
    filled = units["people"].copy()
    for district, people in units.groupby("district_id")["people"]:
        blank, rest = people.index[people.isna()], totals.get(district, np.nan) - people.sum()
        if len(blank) == 1 and rest > 0:
            filled[blank[0]] = float(round(rest))
            changes.note(
                "units",
                blank[0],
                units,
                "people",
                "",
                f"{rest:.0f}",
                "what the district's total leaves (modelled)",
            )
    if filled.equals(units["people"]):
        return region
    how = "modelled: one unit each has what its district's total leaves"
    people = how if region.people == "given" else f"{region.people}; {how.removeprefix('modelled: ')}"
    changed = region.with_tables(units=units.assign(people=filled))
    return replace(changed, people=people)


def without_blank_records(region: Region, changes: Changes) -> Region:
    """Units, hospitals and branches that lack a cell without which no plan can be made are left out."""
    for name in NEEDED:
        table = pd.DataFrame(getattr(region, name))
        needed = [c.name for c in TABLES[name] if c.filled and c.name in table and c.name != TABLES[name].key]
        blank = table[needed].isna() | (table[needed].astype(object) == "")
        lacking = blank.any(axis=1)
        why = "it lacks " + ", ".join(c for c in needed if blank.loc[lacking, c].any())
        region = _without(region, name, lacking, why, changes)
    return region


def with_minutes_of_seconds(region: Region, changes: Changes) -> Region:
    """The travel table's seconds as minutes."""
    travel = region.travel
    if travel is None or travel.empty:
        return region
    minutes = (travel["minutes"] / 60).round(4)
    at = travel.index[0]
    said = f"{travel.at[at, 'minutes']:.10g}", f"{minutes[at]:.10g}"
    changes.note("travel", at, travel, "minutes", *said, f"seconds; so all {len(travel):,} rows")
    return region.with_tables(travel=travel.assign(minutes=minutes))


def without_fillers(region: Region, changes: Changes) -> Region:
    """The numbers that stand for "no way" in the travel table made blank."""
    travel = region.travel
    if travel is None or travel.empty:
        return region
    minutes = travel["minutes"]
    for value in (*below_zero(minutes), *timed_pairs(region, travel).no_ways):
        filled = minutes == value
        at = travel.index[filled][0]
        why = f"no way; so {int(filled.sum()):,} rows"
        changes.note("travel", at, travel, "minutes", f"{value:.10g}", "", why)
        minutes = minutes.mask(filled)
    return region.with_tables(travel=travel.assign(minutes=minutes))


def without_all_district_rows(region: Region, changes: Changes) -> Region:
    """Units without any row that is a district, whatever its people."""
    return without_district_rows(region, changes, True)


ACCEPTED: Mapping[str, Callable[[Region, Changes], Region]] = {
    "district-as-unit": without_all_district_rows,
    "people-from-total": with_rest_of_totals,
    "blank-cell": without_blank_records,
    "seconds-for-minutes": with_minutes_of_seconds,
    "repeated-minutes": without_fillers,
}
DECIMALS = "people-with-decimals"  # accepted while reading: the cells would be lost
MEANINGS: Mapping[str, Text] = {
    DECIMALS: Text("rounded, each district's total kept", "四舍五入取整，各区总数不变"),
    "district-as-unit": Text("rows of districts or the city among the units are left out", "略去单元表中的区级、市级行"),
    "people-from-total": Text("the one unknown unit of a district gets the rest of its total (modelled)", "一区仅一个单元缺人口时取该区总数的余数（推算）"),
    "blank-cell": Text("records that lack a needed cell are left out", "略去缺少必填项的记录"),
    "seconds-for-minutes": Text("the travel table's seconds are divided by 60", "出行时间表的秒换算为分钟"),
    "repeated-minutes": Text("the number that stands for no way is left blank", "表示不可达的数值改为空"),
}  # fmt: skip


def known_codes(codes: Collection[str]) -> None:
    """Refuse codes that nothing can be accepted by.

    Raises
    ------
    ArgumentError : naming those, and all that there are.
    """
    unknown = [code for code in codes if code not in MEANINGS]
    if unknown:
        every = Text(
            "; ".join(f"{code}: {said.en}" for code, said in MEANINGS.items()),
            "；".join(f"{code}：{said.zh}" for code, said in MEANINGS.items()),
        )
        raise ArgumentError(
            Text("nothing can be accepted by this code", "没有这样的可接受代码"), every, unknown
        )


def _without(region: Region, name: str, rows: pd.Series, why: str, changes: Changes) -> Region:
    """A table without some records, and the tables that point to them without those that do."""
    if not rows.any():
        return region
    table = getattr(region, name)
    for index in table.index[rows]:
        changes.note(name, index, table, "", str(table.at[index, "name"]), "", f"left out: {why}")
    gone = set(table.loc[rows, TABLES[name].key])
    region = region.with_tables(**{name: table[~rows].reset_index(drop=True)})
    gone -= set(getattr(region, name)[TABLES[name].key])
    for other in [n for n in TABLES if n != name and getattr(region, n) is not None]:
        pointing = getattr(region, other)
        for column in [c for c in POINTING.get(name, ()) if c in pointing]:
            lost = pointing[column].isin(gone)
            if lost.any():
                for index in pointing.index[lost] if other != "travel" else ():
                    changes.note(
                        other,
                        index,
                        pointing,
                        column,
                        str(pointing.at[index, column]),
                        "",
                        "left out with it",
                    )
                pointing = pointing[~lost].reset_index(drop=True)
                region = region.with_tables(**{other: pointing})
    return region

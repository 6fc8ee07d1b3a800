"""Whole tables: empty ones, districts without residents, totals that differ, units that nobody can leave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.levels import levels_of, units_within_units
from gridplan.doctor.record import records, row_of
from gridplan.geography.roads import road_graph, snap
from gridplan.geography.sources import TravelSettings, radians_lat_lon
from gridplan.geography.travel import service_points
from gridplan.inputs.schema import TABLES, UNITS
from gridplan.words.findings import Finding, Severity
from gridplan.words.text import Text

OPTIONAL = ("travel", "roads", "links")
PEOPLE = UNITS.columns[UNITS.names.index("people")]
TWICE = 1.9  # times a district's people that its units may not have
AREA_OFF = (
    0.1  # a polygon that differs by more from the stated area is not of the land alone, or not of the year
)


def empty_tables(chart: Chart) -> Iterator[Finding]:
    """A table without a single record."""
    for name in ("districts", "units", "hospitals", *OPTIONAL):
        table = getattr(chart.region, name)
        if table is None or len(table):
            continue
        title, file = TABLES[name].title, chart.region.files.get(name, name)
        hint = (
            Text("Fill it, or delete the file to do without it.", "请补充数据，或删除该文件。")
            if name in OPTIONAL
            else Text("Fill it in.", "请补充数据。")
        )
        what = Text(f"{file} has no records of {title.en}.", f"{file} 没有任何{title.zh}记录。")
        yield Finding("error", "empty-table", name, what, hint)


def districts_without_residents(chart: Chart) -> Iterator[Finding]:
    """A district that has no units, which is an error, or only empty ones, which lists no partner."""
    units, districts = chart.region.units, chart.region.districts
    if units.empty or not units["district_id"].isin(districts["district_id"]).all():
        return  # that units belong to no known district is said elsewhere
    residents = units.groupby("district_id")["people"].sum(min_count=1).to_dict()
    for district in records(districts.drop_duplicates("district_id")):
        severity: Severity = "error"
        hint = Text(
            "Add its units with their people, or take it out.", "请补充该区的单元及人口，或移除该区。"
        )
        if district.district_id not in residents:
            code = "district-without-units"
            what = Text(f"{district.name} has no units.", f"{district.name}没有任何单元。")
        elif residents[district.district_id] == 0:
            severity, code = "warning", "district-without-residents"
            hint = Text(
                "Right where nobody lives; it then gets no partner.", "如确无居民则属正常，该区不列合作医院。"
            )
            what = Text(
                f"{district.name} has no residents: all its units have 0 persons.",
                f"{district.name}没有居民：其各单元人口均为 0 人。",
            )
        else:
            continue
        yield Finding(severity, code, "districts", what, hint, district.row, district.district_id)


def totals_that_differ(chart: Chart) -> Iterator[Finding]:
    """Units' people that do not add up to their district's; only where all of them are known.

    A difference is a warning; if it is that of thousands or ten thousands to persons, or residents stand there twice, an
    error. Rows that are said to be no units are not counted.
    """
    units = chart.region.units[levels_of(chart) == ""]
    within = {f.id for f in units_within_units(chart)}
    explained = set(units.loc[units["unit_id"].isin(within), "district_id"])
    believed = units["people"].between(0, PEOPLE.high)
    known = units.assign(people=units["people"].where(believed)).groupby("district_id")["people"]
    totals = known.apply(lambda people: people.sum(skipna=False)).to_dict()
    for district in records(chart.region.districts.drop_duplicates("district_id")):
        total = totals.get(district.district_id, np.nan)
        off = total - district.people
        if (
            np.isnan(off)
            or off == 0
            or total == 0
            or district.people < 0
            or district.district_id in explained
        ):
            continue
        share = f" ({off / district.people:+.1%})" if district.people else ""
        what = Text(
            f"{district.name}: its units have {total:,.0f} persons, the district {district.people:,.0f}, "
            f"a difference of {off:+,.0f}{share}.",
            f"{district.name}：各单元合计 {total:,.0f} 人，区总数 {district.people:,.0f} 人，"
            f"相差 {off:+,.0f} 人{share}。",
        )
        hint = Text("The plan goes by the units.", "规划以各单元人口为准。")
        severity: Severity = "warning"
        if _other_unit(total, district.people):
            severity = "error"
            hint = Text(
                "One of the two seems to count in thousands or ten thousands; both are whole persons.",
                "其中之一似以千人或万人为单位；两者都应以“人”为单位。",
            )
        elif total >= TWICE * district.people > 0:
            severity = "error"
            hint = Text(
                "Residents seem to stand there twice: look for sums, subtotals and villages beside their town among the units; "
                "if the district's number is of another year or kind, correct it.",
                "居民似重复计入：请核对单元中是否有合计、小计或村居与其街镇并列；如区总数为其他年份或口径，请更正。",
            )
        yield Finding(severity, "totals-differ", "districts", what, hint, district.row, district.district_id)


def _other_unit(total: float, people: float) -> bool:
    """Whether one number is a thousand or ten thousand times the other, within a fifth."""
    if not people > 0:
        return False
    times = max(total / people, people / total)
    return any(0.8 <= times / unit <= 1.25 for unit in (1e3, 1e4))


def areas_that_differ(chart: Chart) -> Iterator[Finding]:
    """Polygons of districts that are much larger or smaller than the area that is stated, often by water."""
    drawn = {district_id: area / 1e6 for district_id, area in chart.shapes.area.items()}
    for district in records(chart.region.districts.drop_duplicates("district_id")):
        km2, stated = drawn.get(district.district_id, np.nan), district.area_km2
        if not stated > 0 or not abs(km2 / stated - 1) > AREA_OFF:
            continue
        what = Text(
            f"{district.name}: its polygon covers {km2:,.0f} km², area_km2 says {stated:,.0f} ({km2 / stated - 1:+.0%}).",
            f"{district.name}：面为 {km2:,.0f} 平方公里，area_km2 为 {stated:,.0f}（{km2 / stated - 1:+.0%}）。",
        )
        hint = Text(
            "Right where the polygon includes water; do not share people out by area then.",
            "如面含水域则属正常，但此时不宜按面积分摊人口。",
        )
        yield Finding("warning", "areas-differ", "districts", what, hint, district.row, district.district_id)


def groups_larger_than_people(chart: Chart) -> Iterator[Finding]:
    """A group (65 and over, …) that counts more than all residents of its unit."""
    units = chart.region.units
    for group in (str(name) for name in units.columns if str(name).startswith("people_")):
        larger = units[(units[group] > units["people"]) & (units["people"] >= 0)]
        for unit, some in zip(records(larger), larger[group], strict=True):
            what = Text(
                f"{unit.name}: {group} = {some:,.0f} is more than all its {unit.people:,.0f} persons.",
                f"{unit.name}：{group} = {some:,.0f}，超过总人口 {unit.people:,.0f} 人。",
            )
            hint = Text("Correct one of the two.", "请更正其中之一。")
            yield Finding("warning", "group-larger-than-people", "units", what, hint, unit.row, unit.unit_id)


def unreachable_units(chart: Chart) -> Iterator[Finding]:
    """A unit from which no hospital can be reached, by the travel table, else by the roads."""
    region = chart.region
    if region.travel is not None and len(region.travel):
        travel = region.travel[region.travel["hospital_id"].isin(region.hospitals["hospital_id"])]
        if not travel["unit_id"].isin(region.units["unit_id"]).any():
            return  # it is of other units or hospitals, which is said elsewhere
        blank = travel.index[travel["minutes"].isna()]
        unread = [i for i in blank if chart.already_said("travel", row_of(travel, i), "minutes")]
        timed = travel.drop(index=blank.difference(unread))
        reached = region.units["unit_id"].isin(timed["unit_id"]).to_numpy()
        where = Text("in the travel table", "出行时间表中")
    elif region.travel is None and len(chart.road_ends) and chart.road_ends["condition"].eq("fine").any():
        reached = _on_connected_roads(chart) | region.units[["lon", "lat"]].isna().any(axis=1).to_numpy()
        where = Text("on the roads", "道路上")
    else:
        return
    for unit in records(region.units[~reached]):
        what = Text(
            f"From {unit.name} no hospital can be reached {where.en} ({unit.people:,.0f} persons).",
            f"{where.zh}，从 {unit.name} 无法到达任何医院（{unit.people:,.0f} 人）。",
        )
        hint = Text("Add the missing times or roads.", "请补充缺失的出行时间或道路。")
        yield Finding("error", "unreachable-unit", "units", what, hint, unit.row, unit.unit_id)


def _on_connected_roads(chart: Chart) -> np.ndarray:
    """Which units stand near a road that leads to some service point."""
    region, settings = chart.region, TravelSettings(detour=1.0, speed_km_h={})
    assert region.roads is not None
    from scipy.sparse.csgraph import connected_components  # heavy
    from sklearn.neighbors import BallTree  # heavy; only roads need it

    nodes, graph = road_graph(region.roads)
    if not len(nodes):
        return np.zeros(len(region.units), dtype=bool)

    tree = BallTree(radians_lat_lon(nodes), metric="haversine")
    _, part = connected_components(graph, directed=False)
    points = service_points(region, pd.unique(region.hospitals["hospital_id"]).tolist())
    unit_node, point_node = snap(region.units, tree, settings)[0], snap(points, tree, settings)[0]
    served = np.isin(part, part[point_node[point_node >= 0]])
    reached: np.ndarray = (unit_node >= 0) & served[unit_node]
    return reached

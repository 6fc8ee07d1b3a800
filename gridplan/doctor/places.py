"""Places that cannot be right: swapped, absurd, outside every district, without a district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.words.findings import Finding
from gridplan.words.text import Text

BORDER_KM = 0.5  # a place this little outside its district is put down to the drawing of the border
WRONG = ["swapped", "absurd"]


def swapped_or_absurd(chart: Chart) -> Iterator[Finding]:
    """Latitude where longitude should be, or coordinates far from the rest of the region."""
    for place in records(chart.places[chart.places["condition"].isin(WRONG)]):
        yield _misplaced(chart, place.condition, place.table, place)
    for place in records(chart.road_ends[chart.road_ends["condition"].isin(WRONG)].drop_duplicates("row")):
        yield _misplaced(chart, place.condition, "roads", place)
    districts = chart.region.districts[chart.swapped_districts]
    if districts.empty:
        return
    middles = districts.geometry.representative_point()
    for place in records(districts.assign(id=districts["district_id"], lon=middles.x, lat=middles.y)):
        yield _misplaced(chart, "swapped", "districts", place)


def _misplaced(chart: Chart, condition: str, table: str, place: Any) -> Finding:
    at = f"lon = {place.lon:.10g}, lat = {place.lat:.10g}"
    if condition == "swapped":
        what = Text(f"{place.name}: {at} look swapped.", f"{place.name}：{at}，经纬度似乎颠倒。")
        hint = Text(
            "Swap the two, or run gridplan check DIR --repair NEW.",
            "请对调两者，或运行 gridplan check DIR --repair NEW。",
        )
        return Finding("error", "swapped-lon-lat", table, what, hint, place.row, place.id)
    middle = f"{chart.middle[0]:.2f}, {chart.middle[1]:.2f}"
    what = Text(
        f"{place.name}: {at} is far from everything else (around {middle}).",
        f"{place.name}：{at} 远离本地区（{middle} 一带）。",
    )
    hint = Text(
        "Look for a slipped digit, or degrees and minutes; lon and lat are decimal degrees.",
        "请检查是否错位或误用度分秒；经纬度应为十进制度。",
    )
    return Finding("error", "absurd-coordinate", table, what, hint, place.row, place.id)


def outside_every_district(chart: Chart) -> Iterator[Finding]:
    """A unit that lies in no district; just beyond the border of its own, it is only warned of."""
    if not chart.all_have_shapes:
        return
    known = {"", *chart.region.districts["district_id"]}
    for place in records(chart.units_in_place[chart.units_in_place["found"] == ""]):
        if place.district_id in chart.invalid or place.district_id not in known:
            continue  # nobody knows what an invalid polygon contains; an unknown district is said elsewhere
        if place.km_out <= BORDER_KM:
            metres = f"{place.km_out * 1000:.0f}"
            what = Text(
                f"{place.name} lies {metres} m outside its district {place.district_id}.",
                f"{place.name} 位于所属区 {place.district_id} 边界外 {metres} 米。",
            )
            hint = Text(
                "So little may be the drawing of the border; check the point.",
                "差距很小，可能是边界概化所致；请核对。",
            )
            yield Finding("warning", "unit-beyond-border", "units", what, hint, place.row, place.id)
            continue
        nearest, km = _nearest_district(chart, place.lon, place.lat)
        if nearest in chart.invalid:
            continue
        near = chart.called(nearest)
        what = Text(
            f"{place.name} lies outside every district, {km:.1f} km from {near}.",
            f"{place.name} 不在任何区内，距 {near} {km:.1f} 公里。",
        )
        hint = Text("Correct its location, or the polygons of the districts.", "请更正其位置，或更正区边界。")
        yield Finding("error", "outside-districts", "units", what, hint, place.row, place.id)


def _nearest_district(chart: Chart, lon: float, lat: float) -> tuple[str, float]:
    km = chart.shapes.distance(chart.points(pd.Series([lon]), pd.Series([lat]))[0]) / 1000
    return str(km.idxmin()), float(km.min())


def unit_without_district(chart: Chart) -> Iterator[Finding]:
    """A unit that names no district where the polygons cannot tell."""
    if chart.all_have_shapes:
        return  # reading joins it, or it is outside every district
    units = chart.places[(chart.places["table"] == "units") & (chart.places["district_id"] == "")]
    for place in records(units):
        what = Text(
            f"{place.name} names no district, and no polygon contains it.",
            f"{place.name} 没有所属区，也不在任何区的面内。",
        )
        hint = Text(
            "Fill in district_id in each row, also below the first of a group, or give the districts polygons.",
            "请在每一行填写 district_id（同组只写首行的，请向下填充），或为各区提供面。",
        )
        yield Finding("error", "unit-without-district", "units", what, hint, place.row, place.id)


def branch_without_location(chart: Chart) -> Iterator[Finding]:
    """A branch that serves nobody until it is located."""
    branches = chart.region.branches
    for branch in records(branches[branches[["lon", "lat"]].isna().any(axis=1)]):
        if any(chart.already_said("branches", branch.row, column) for column in ("lon", "lat")):
            continue
        effect = (
            Text("it is planned, so only the map lacks it", "属规划院区，仅地图上不显示")
            if branch.status == "planned"
            else Text("it is no service point and gives no priority", "不作为服务点，也不产生优先级")
        )
        what = Text(f"{branch.name} has no location: {effect.en}.", f"{branch.name} 没有位置：{effect.zh}。")
        hint = Text("Fill in lon and lat.", "请填写 lon、lat。")
        yield Finding(
            "warning", "branch-without-location", "branches", what, hint, branch.row, branch.branch_id
        )

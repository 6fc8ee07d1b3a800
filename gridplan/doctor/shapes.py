"""Polygons: invalid or missing ones, overlaps and gaps, parts that do not touch."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.geography.adjacency import components, islands, touching
from gridplan.geography.metric import to_degrees
from gridplan.words.findings import Finding
from gridplan.words.text import Text

LEAST_KM2 = 0.01  # smaller overlaps and gaps are slips of the pen
SHOWN_NAMES = 6
REASONS = {  # as GEOS words them
    "Self-intersection": Text("it crosses itself", "自相交"),
    "Ring Self-intersection": Text("its edge touches itself", "环自相交"),
    "Too few points in geometry component": Text("it has too few corners", "角点过少"),
    "Hole lies outside shell": Text("a hole lies outside it", "内环在外环之外"),
    "Holes are nested": Text("a hole lies in a hole", "内环嵌套"),
    "Nested shells": Text("a part lies within a part", "外环嵌套"),
    "Interior is disconnected": Text("its inside falls apart", "内部不连通"),
    "Invalid Coordinate": Text("a coordinate is no number", "坐标无效"),
}


def invalid_polygons(chart: Chart) -> Iterator[Finding]:
    """A polygon that crosses itself or is otherwise none."""
    for name, key in (("districts", "district_id"), ("units", "unit_id")):
        table: gpd.GeoDataFrame = getattr(chart.region, name)
        for record in records(table[~table.geometry.is_valid & table.geometry.notna()]):
            reason, where = _reason(record.geometry)
            what = Text(
                f"The polygon of {record.name} is invalid: {reason.en}{where}.",
                f"{record.name} 的面无效：{reason.zh}{where}。",
            )
            hint = Text(
                "Redraw it there, or run gridplan check DIR --repair NEW.",
                "请在该处修正，或运行 gridplan check DIR --repair NEW。",
            )
            yield Finding("error", "invalid-polygon", name, what, hint, record.row, getattr(record, key))


def _reason(shape: shapely.Geometry) -> tuple[Text, str]:
    """What is wrong, and near which longitude and latitude."""
    words = shapely.is_valid_reason(shape)
    said = re.fullmatch(r"(.*?)\[(\S+) (\S+)\]", words)
    if said is None:
        return Text(words, words), ""
    reason = REASONS.get(said[1].strip(), Text(said[1].strip(), said[1].strip()))
    return reason, f" ({float(said[2]):.5f}, {float(said[3]):.5f})"


def without_polygon(chart: Chart) -> Iterator[Finding]:
    """A district without a polygon where others have one."""
    districts = chart.region.districts
    missing = districts.geometry.isna() | districts.geometry.is_empty
    if missing.all():
        return
    for district in records(districts[missing]):
        if not chart.already_said("districts", district.row, "shape"):
            what = Text(
                f"{district.name} has no polygon: what lies in it is not checked.",
                f"{district.name} 没有面，无法核对其中的位置。",
            )
            hint = Text(
                "Add its polygon; the ids of two files may differ.", "请补充；也可能是两个文件的编号不一致。"
            )
            yield Finding(
                "warning",
                "district-without-polygon",
                "districts",
                what,
                hint,
                district.row,
                district.district_id,
            )


def overlaps(chart: Chart) -> Iterator[Finding]:
    """Districts, or units, that share ground."""
    units = chart.region.units
    for name, key, shapes in (
        ("districts", "district_id", chart.shapes),
        ("units", "unit_id", chart.valid_shapes(units, "unit_id")),
    ):
        table = getattr(chart.region, name).drop_duplicates(key)
        shared = list(_shared_ground(shapes.drop(list(chart.invalid), errors="ignore")))
        by_id = dict(zip(table[key], records(table), strict=True)) if shared else {}
        for one, two, km2 in shared:
            first, second = by_id[one], by_id[two]
            what = Text(
                f"{second.name} and {first.name} ({one}) overlap by {km2:.2f} km².",
                f"{second.name} 与 {first.name}（{one}）重叠 {km2:.2f} 平方公里。",
            )
            hint = Text("Take the borders from one source.", "请采用同一来源的边界。")
            yield Finding("warning", "overlap", name, what, hint, second.row, two)


def _shared_ground(shapes: gpd.GeoSeries) -> Iterator[tuple[str, str, float]]:
    drawn = np.asarray(shapes, dtype=object)
    if shapely.coverage_is_valid(drawn):  # borders are the same corner by corner: nothing is shared
        return
    first, second = shapely.STRtree(drawn).query(drawn, predicate="intersects")
    first, second = first[first < second], second[first < second]
    km2 = shapely.area(shapely.intersection(drawn[first], drawn[second])) / 1e6
    for pair in np.flatnonzero(km2 >= LEAST_KM2):
        yield shapes.index[first[pair]], shapes.index[second[pair]], float(km2[pair])


def gaps(chart: Chart) -> Iterator[Finding]:
    """Ground between districts that belongs to none; only where all have a valid polygon."""
    if not chart.all_have_shapes or chart.invalid:
        return
    whole = shapely.get_parts(shapely.union_all(np.asarray(chart.shapes, dtype=object)))
    holes = [
        shapely.polygons(ring) for part in whole if part.geom_type == "Polygon" for ring in part.interiors
    ]
    holes = sorted((hole for hole in holes if hole.area >= LEAST_KM2 * 1e6), key=lambda hole: -hole.area)
    middles = to_degrees(shapely.point_on_surface(holes), chart.region.metric_crs)
    for hole, at in zip(holes, middles, strict=True):
        near = chart.shapes.index[chart.shapes.distance(hole) < 1].tolist()
        km2, place = f"{hole.area / 1e6:.2f}", f"{at.x:.4f}, {at.y:.4f}"
        what = Text(
            f"{km2} km² near {place} belong to no district (between {', '.join(near)}).",
            f"{place} 附近有 {km2} 平方公里不属于任何区（{'、'.join(near)} 之间）。",
        )
        hint = Text(
            "Right for a lake or an enclave; else take the borders from one source.",
            "如为湖泊或飞地则无误；否则请采用同一来源的边界。",
        )
        yield Finding("warning", "gap", "districts", what, hint, id=near[0] if near else "")


def cut_off_parts(chart: Chart) -> Iterator[Finding]:
    """Districts whose residents live in parts that do not touch."""
    parts = _settled_parts(chart)
    if not parts["cut_off"].any():
        return
    for district in records(chart.region.districts.drop_duplicates("district_id")):
        off = parts[(parts["district_id"] == district.district_id) & parts["cut_off"]]
        if off.empty:
            continue
        names = [name for units in off["units"] for name in units]
        more = f" … (+{len(names) - SHOWN_NAMES})" if len(names) > SHOWN_NAMES else ""
        count, people = off["part"].nunique() + 1, f"{off['people'].sum():,.0f}"
        shown = ", ".join(names[:SHOWN_NAMES]) + more
        what = Text(
            f"{district.name} is in {count} parts that do not touch; cut off from the main one: {shown} "
            f"({people} persons).",
            f"{district.name}分为互不相连的 {count} 部分；与主体不相连的有：{shown}（{people} 人）。",
        )
        hint = Text(
            "Check that travel between them makes sense: a straight line does not see water.",
            "请核对其间的出行时间：直线距离看不到水面。",
        )
        yield Finding("warning", "island", "districts", what, hint, district.row, district.district_id)


def _settled_parts(chart: Chart) -> gpd.GeoDataFrame:
    """The pieces of each district that hold units: district_id, people, units (names), part, cut_off."""
    whole = gpd.GeoDataFrame(
        {"district_id": chart.shapes.index}, geometry=np.asarray(chart.shapes), crs=chart.shapes.crs
    )
    pieces = whole.explode(ignore_index=True)
    units = chart.units_in_place
    people = np.nan_to_num(chart.region.units["people"].to_numpy(dtype=float)[units.index])
    points = chart.points(units["lon"], units["lat"])
    piece, unit = shapely.STRtree(points).query(np.asarray(pieces.geometry), predicate="intersects")
    own = np.flatnonzero(units["district_id"].to_numpy()[unit] == pieces["district_id"].to_numpy()[piece])
    own = own[np.argsort(unit[own], kind="stable")]  # names in the order of the table
    unit, piece = unit[own], piece[own]
    names = units["name"].astype(str).to_numpy()
    groups = pieces["district_id"].to_numpy()
    degrees = gpd.GeoSeries(to_degrees(pieces.geometry, chart.region.metric_crs), crs=4326)
    part = components(len(pieces), touching(degrees, chart.region.metric_crs), groups)
    weight = np.bincount(piece, people[unit], minlength=len(pieces))
    pieces = pieces.assign(people=weight, part=part, cut_off=islands(part, groups, weight))
    settled = pieces.loc[np.unique(piece)]
    return settled.assign(units=[names[unit[piece == p]].tolist() for p in settled.index])

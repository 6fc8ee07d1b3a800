"""The sheet: everything a map says, as plain data. Names and words leave Python here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.geography.made_borders import made_borders
from gridplan.inputs.region import Region
from gridplan.plans.plan import Plan
from gridplan.policies.rules import DistrictCap
from gridplan.show.map.sheet_grids import FORMS, forms, roles
from gridplan.show.map.sheet_layers import layer_sheet, number, positions, said
from gridplan.show.map.tiles import Tiles
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.palette import MARKS, NOBODY, PRIORITY_LINES
from gridplan.show.shared.typed_names import typed_names
from gridplan.show.shared.words import GRID_WORDS, NOT_PUBLIC, WORDS
from gridplan.words.text import Text, halves, shown_now, two_halves
from gridplan.words.vocabulary import (
    CATEGORIES,
    CHANGES,
    GRID,
    KINDS,
    OWNERSHIPS,
    PRIORITIES,
    RELATIONS,
    ROLES,
    STATUSES,
    TIERS,
)


def sheet(plan: Plan, areas: Areas, tiles: Tiles | None = None) -> dict[str, Any]:
    """All that map and legend say, keyed by position in the region's tables; only plain values."""
    region = plan.region
    return {
        "title": region.title or region.name,
        "shown": shown_now(),
        "heading": said(heading_of(plan)),
        "policy": [*halves(plan.policy.title), plan.policy.source],
        "outcome": said(plan.outcome),
        "proven": plan.status == "optimal",
        "facts": _facts(plan),
        "notes": [said(note) for note in warnings(plan)],
        "dates": [said(line) for line in dated(plan)],
        "sources": [said(two_halves(source)) for source in plan.region.sources],
        "alternative": said(_alternative(plan)),
        "pinyin": typed_names(plan.region),
        "tiles": None if tiles is None else _tiles(tiles),
        "words": {key: said(text) for key, text in WORDS.items()},
        "grid_words": {key: said(text) for key, text in GRID_WORDS.items()},
        "vocabulary": _vocabulary(),
        "marks": {key: [mark.path, mark.letter] for key, mark in MARKS.items()},
        "lines": {str(n): [line.colour, line.weight, line.dashes] for n, line in PRIORITY_LINES.items()},
        "nobody": NOBODY,
        "layers": [layer_sheet(plan, name, areas) for name in (result.layer for result in plan.layers)],
        "units": unit_rows(region),
        "districts": _districts(plan, areas),
        "hospitals": hospital_rows(region, region.hospitals),
        "roles": roles(plan),
        "branches": _branches(plan),
        "findings": [[f.severity, f.id, *said(f.what), *said(f.hint)] for f in plan.findings],
        "views": frames(region, areas),
        "from_points": from_points(region),
    }


def from_points(region: Region) -> dict[str, Any]:
    """Whose lines are dashed: 1 where units were drawn from points, and the positions of such districts."""
    made = made_borders(region)
    return {"units": int(made.units.any()), "districts": np.flatnonzero(made.districts).tolist()}


def heading_of(plan: Plan) -> Text:
    """What the plan says: who partners whom, the grids, or both."""
    if GRID not in plan.policy.layers:
        return Text("Who partners whom", "市级医院与区合作结对方案")
    if not plan.policy.partner_layers:
        return Text("Grids and who leads them", "城市医联体网格布局方案")
    return Text("Who partners whom, and who leads the grids", "市级医院与区合作结对及网格布局方案")


def warnings(plan: Plan) -> list[Text]:
    """What stands under every map: not for publication, whether people are modelled."""
    lines = [NOT_PUBLIC]
    if plan.region.modelled:
        lines.append(Text(f"People of units are {plan.region.people}", "单元人口为推算值，非普查数"))
    if (made := made_borders(plan.region).text) is not None:
        lines.append(made)
    return lines


def notes(plan: Plan) -> list[Text]:
    """The warnings, and whose data it is."""
    lines = warnings(plan)
    if plan.region.sources:
        told = [two_halves(source) for source in plan.region.sources]
        chinese, english = "；".join(t.zh for t in told), "; ".join(t.en for t in told)
        lines.append(Text(f"Data: {english}", f"数据来源：{chinese}"))
    return lines


def dated(plan: Plan) -> list[Text]:
    """Of when the data is, and the approval number of the base map, where region.toml says so."""
    region, lines = plan.region, []
    if region.data_date:
        lines.append(Text(f"Date of data: {region.data_date}", f"数据截至：{region.data_date}"))
    if region.map_approval:
        lines.append(Text(f"Map approval no.: {region.map_approval}", f"审图号：{region.map_approval}"))
    return lines


def _facts(plan: Plan) -> list[list[Any]]:
    total = plan.region.units["people"].sum()
    return [
        [*said(Text("districts", "区")), f"{len(plan.region.districts):,}"],
        [*said(Text("units", "单元")), f"{len(plan.region.units):,}"],
        [*said(Text("residents", "常住人口")), f"{total:,.0f}"],
    ]


def _alternative(plan: Plan) -> Text:
    """The map in a sentence, for those who cannot see it."""
    region = plan.region
    figures = [len(region.districts), len(region.units), plan.pairs["hospital_id"].nunique()]
    return Text(
        f"Map of {figures[0]} districts and {figures[1]:,} units, coloured by their hospital ({figures[2]} hospitals). "
        "Whatever it shows can be found by the search and in the panel beside it.",
        f"地图：{figures[0]} 个区、{figures[1]:,} 个单元，按所属医院（共 {figures[2]} 家）着色。图上内容均可通过搜索和右侧面板获取。",
    )


def _tiles(tiles: Tiles) -> dict[str, Any]:
    return {
        "urls": list(tiles.urls),
        "subdomains": tiles.subdomains,
        "most": tiles.most,
        "attribution": said(tiles.attribution),
    }


def _vocabulary() -> dict[str, Any]:
    lists: Mapping[str, Mapping[Any, Text]] = {
        "kind": KINDS,
        "tier": TIERS,
        "category": CATEGORIES,
        "ownership": OWNERSHIPS,
        "status": STATUSES,
        "relation": RELATIONS,
        "priority": PRIORITIES,
        "change": CHANGES,
        "role": ROLES,
        "form": FORMS,
    }
    return {name: {str(key): said(text) for key, text in words.items()} for name, words in lists.items()}


def unit_rows(region: Region) -> dict[str, list[Any]]:
    """Units: id, name, people, position of the district; a list each."""
    units = region.units
    district = positions(region.districts["district_id"])
    return {
        "id": [str(i) for i in units["unit_id"]],
        "name": [_name(n) for n in units["name"]],
        "people": [number(p) for p in units["people"]],
        "district": [district.get(str(d), -1) for d in units["district_id"]],
    }


def _districts(plan: Plan, areas: Areas) -> list[dict[str, Any]]:
    cap = plan.policy.on(plan.region).rule(DistrictCap)
    counted = plan.pairs[plan.pairs["counted"] == 1].groupby("district_id").size()
    form = forms(plan)
    return [
        {
            "id": row.district_id,
            "name": _name(row.name),
            "name_en": _name(row.name_en),
            "kind": _name(row.kind),
            "people": number(row.people),
            "counted": int(counted.get(row.district_id, 0)),
            "cap": cap.limit(row.district_id) if cap else None,
            "form": form.get(row.district_id),
            "point": None if np.isnan(lon) else [float(lat), float(lon)],
        }
        for row, (lon, lat) in zip(_records(plan.region.districts), areas.middles, strict=True)
    ]


def _records(table: pd.DataFrame) -> list[Any]:
    return list(pd.DataFrame(table).itertuples(index=False, name="Row"))


def _name(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def hospital_rows(region: Region, hospitals: pd.DataFrame) -> list[dict[str, Any]]:
    """What a map says of hospitals."""
    district = positions(region.districts["district_id"])
    return [
        {
            "id": row.hospital_id,
            "name": _name(row.name),
            "name_en": _name(row.name_en),
            "category": _name(row.category),
            "tier": _name(row.tier),
            "ownership": _name(row.ownership),
            "district": district.get(row.district_id, -1),
        }
        for row in _records(hospitals)
    ]


def _branches(plan: Plan) -> list[dict[str, Any]]:
    district = positions(plan.region.districts["district_id"])
    hospital = positions(plan.region.hospitals["hospital_id"])
    return [
        {
            "id": row.branch_id,
            "name": _name(row.name),
            "hospital": hospital.get(row.hospital_id, -1),
            "district": district.get(row.district_id, -1),
            "status": _name(row.status),
            "relation": _name(row.relation),
        }
        for row in _records(plan.region.branches)
    ]


def frames(region: Region, areas: Areas) -> dict[str, list[list[float]]]:
    """Frames to jump to, as [[south, west], [north, east]]: the whole region, and its centre where it has one."""
    views = {"city": _frame(areas.districts)}
    central = (region.districts["kind"] == "central").to_numpy()
    if central.any() and not central.all():
        views["centre"] = _frame(areas.districts[central])
    return views


def _frame(areas: np.ndarray) -> list[list[float]]:
    west, south, east, north = (round(float(edge), 5) for edge in shapely.total_bounds(areas))
    return [[south, west], [north, east]]

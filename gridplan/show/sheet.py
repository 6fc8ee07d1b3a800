"""The sheet: everything a map says, as plain data. Names and words leave Python here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.plan.measures import mean_minutes, people, people_beyond
from gridplan.plan.plan import Plan
from gridplan.policy.goals import UNITS
from gridplan.policy.goals import number as number_of
from gridplan.policy.rules import DistrictCap, HospitalCap
from gridplan.show.areas import Areas, joined_by, middle_of
from gridplan.show.catchments import catchment_colours
from gridplan.show.layers import candidates_of
from gridplan.show.palette import MARKS, NOBODY, PRIORITY_LINES
from gridplan.show.sheet_grids import FORMS, forms, grid_facts, roles
from gridplan.show.words import GRID_WORDS, NOT_PUBLIC, WORDS
from gridplan.text import Text, two_halves
from gridplan.vocabulary import (
    CATEGORIES,
    CHANGES,
    GRID,
    KINDS,
    LAYERS,
    OWNERSHIPS,
    PRIORITIES,
    RELATIONS,
    ROLES,
    STATUSES,
    TIERS,
    both_words,
)

Pair = list[str]  # Chinese, English


def said(text: Text) -> Pair:
    """Chinese first, then English; once where both are the same."""
    return [text.zh, text.en if text.en != text.zh else ""]


def sheet(plan: Plan, areas: Areas) -> dict[str, Any]:
    """All that map and legend say, keyed by position in the region's tables; only plain values."""
    region = plan.region
    return {
        "title": region.title or region.name,
        "heading": said(heading_of(plan)),
        "policy": [plan.policy.title.zh, plan.policy.title.en, plan.policy.source],
        "outcome": said(plan.outcome),
        "proven": plan.status == "optimal",
        "facts": _facts(plan),
        "notes": [said(note) for note in notes(plan)],
        "words": {key: said(text) for key, text in WORDS.items()},
        "grid_words": {key: said(text) for key, text in GRID_WORDS.items()},
        "vocabulary": _vocabulary(),
        "marks": {key: [mark.path, mark.letter] for key, mark in MARKS.items()},
        "lines": {str(n): [line.colour, line.weight, line.dashes] for n, line in PRIORITY_LINES.items()},
        "nobody": NOBODY,
        "layers": [_layer(plan, name, areas) for name in (result.layer for result in plan.layers)],
        "units": _units(plan),
        "districts": _districts(plan, areas),
        "hospitals": _hospitals(plan),
        "roles": roles(plan),
        "branches": _branches(plan),
        "findings": [[f.severity, f.id, *said(f.what), *said(f.hint)] for f in plan.findings],
        "views": _views(plan, areas),
    }


def heading_of(plan: Plan) -> Text:
    """What the plan says: who partners whom, the grids, or both."""
    if GRID not in plan.policy.layers:
        return Text("Who partners whom", "市级医院与区合作结对方案")
    if not plan.policy.partner_layers:
        return Text("Grids and who leads them", "城市医联体网格布局方案")
    return Text("Who partners whom, and who leads the grids", "市级医院与区合作结对及网格布局方案")


def notes(plan: Plan) -> list[Text]:
    """What stands under every map: not for publication, whether people are modelled, whose data it is."""
    lines = [NOT_PUBLIC]
    if plan.region.modelled:
        lines.append(Text(f"People of units are {plan.region.people}", "单元人口为推算值，非普查数"))
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


def number(value: float, decimals: int = 0) -> float | None:
    """A number that JSON can hold; None where there is none."""
    if pd.isna(value) or not np.isfinite(value):
        return None
    return round(float(value), decimals) if decimals else round(float(value))


def _facts(plan: Plan) -> list[list[Any]]:
    total = plan.region.units["people"].sum()
    return [
        [*said(Text("districts", "区")), f"{len(plan.region.districts):,}"],
        [*said(Text("units", "单元")), f"{len(plan.region.units):,}"],
        [*said(Text("residents", "常住人口")), f"{total:,.0f}"],
    ]


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


def _positions(ids: pd.Series) -> dict[str, int]:
    return {str(one): n for n, one in enumerate(ids)}


def _layer(plan: Plan, name: str, areas: Areas) -> dict[str, Any]:
    """One layer: its partners with colours and numbers, the partner and minutes of every unit, and the pairs."""
    hospital = _positions(plan.region.hospitals["hospital_id"])
    district = _positions(plan.region.districts["district_id"])
    pairs = plan.pairs_frame(name)
    colours = catchment_colours(plan, name, areas.touching)
    numbers = {h: n for n, h in enumerate(colours, start=1)}
    served, mean = people(plan, layer=name), mean_minutes(plan, "hospital_id", name)
    cap = plan.policy.rule(HospitalCap)
    counted = set(pairs.loc[pairs["counted"] == 1, "hospital_id"])
    rows = plan.assignment[plan.assignment["layer"] == name].set_index("unit_id")
    rows = rows.reindex(plan.region.units["unit_id"])
    return {
        "name": said(both_words(LAYERS, name)),
        "grid": name == GRID,
        "candidates": np.flatnonzero(candidates_of(plan, name)).tolist(),
        "facts": _layer_facts(plan, name),
        "partners": [
            {
                "hospital": hospital[h],
                "number": n,
                "colour": colours[h],
                "people": number(served.get(h, 0)),
                "mean": number(mean.get(h, np.nan), 1),
                "districts": int((pairs["hospital_id"] == h).sum()),
                "units": int((rows["hospital_id"] == h).sum()),
                "cap": cap.limit(h) if cap and h in counted else None,
            }
            for h, n in numbers.items()
        ],
        "of_unit": [numbers.get(h, 0) - 1 for h in rows["hospital_id"]],
        "minutes": [number(m, 1) for m in rows["minutes"]],
        "pairs": [
            {
                "district": district[row.district_id],
                "hospital": hospital[row.hospital_id],
                "priority": int(row.priority),
                "counted": int(row.counted),
                "people": number(row.people),
                "mean": number(row.mean_minutes, 1),
                "change": row.change,
            }
            for row in pairs.itertuples()
        ],
        "badges": _badges(rows, numbers, areas),
    }


def _layer_facts(plan: Plan, name: str) -> list[list[str]]:
    if name == GRID:
        return [[*said(text), value] for text, value in grid_facts(plan)]
    rows = plan.assignment[plan.assignment["layer"] == name]
    total = rows["people"].sum()
    mean = (rows["people"] * rows["minutes"]).sum() / max(1, total)
    beyond = int(people_beyond(plan, 60, "layer", name).sum())
    each = plan.preference_each(name)
    facts = [
        [*said(Text("pairs", "结对")), f"{(plan.pairs['layer'] == name).sum():,}"],
        [*said(Text("mean minutes", "人均分钟")), f"{mean:.1f}"],
        [*said(Text("residents beyond 60 min", "超过 60 分钟人口")), f"{beyond:,}"],
    ]
    for goal in plan.layer(name).goals:
        unit, values = UNITS[goal.unit], (number_of(v, goal.unit) for v in (goal.value, goal.bound))
        noun = Text(f"{goal.text.en}, {unit.en} ≥ bound", f"{goal.text.zh}（{unit.zh}）≥ 下界")
        facts.append([*said(noun), " ≥ ".join(values)])
    if each is not None:
        text = Text("min per resident that priorities cost", "优先次序使人均增加分钟")
        facts.append([*said(text), f"{each:.1f}"])
    return facts


def _badges(rows: pd.DataFrame, numbers: Mapping[str, int], areas: Areas) -> list[list[float]]:
    """Where a partner's number is written: once in each district it serves (lat, lon, position of the partner)."""
    keys = rows["district_id"].astype("str") + "\n" + rows["hospital_id"].astype("str")
    badges = []
    for key, area in sorted(
        joined_by(areas.units, keys.reset_index(drop=True)).items(), key=lambda item: str(item[0])
    ):
        partner = numbers.get(str(key).split("\n")[-1])
        if partner is not None:
            lon, lat = middle_of(area)
            badges.append([lat, lon, partner - 1])
    return badges


def _units(plan: Plan) -> dict[str, list[Any]]:
    units = plan.region.units
    district = _positions(plan.region.districts["district_id"])
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


def _hospitals(plan: Plan) -> list[dict[str, Any]]:
    district = _positions(plan.region.districts["district_id"])
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
        for row in _records(plan.region.hospitals)
    ]


def _branches(plan: Plan) -> list[dict[str, Any]]:
    district = _positions(plan.region.districts["district_id"])
    hospital = _positions(plan.region.hospitals["hospital_id"])
    return [
        {
            "name": _name(row.name),
            "hospital": hospital.get(row.hospital_id, -1),
            "district": district.get(row.district_id, -1),
            "status": _name(row.status),
            "relation": _name(row.relation),
        }
        for row in _records(plan.region.branches)
    ]


def _views(plan: Plan, areas: Areas) -> dict[str, list[list[float]]]:
    """Frames to jump to, as [[south, west], [north, east]]: the whole region, and its centre where it has one."""
    views = {"city": _frame(areas.districts)}
    central = (plan.region.districts["kind"] == "central").to_numpy()
    if central.any() and not central.all():
        views["centre"] = _frame(areas.districts[central])
    return views


def _frame(areas: np.ndarray) -> list[list[float]]:
    west, south, east, north = (round(float(edge), 5) for edge in shapely.total_bounds(areas))
    return [[south, west], [north, east]]

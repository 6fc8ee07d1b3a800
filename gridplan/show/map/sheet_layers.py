"""What the map says of one layer, as plain data: partners, units, pairs, why and who would be next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gridplan.ask.question import questions_of
from gridplan.plans.measures import mean_minutes, people, people_beyond
from gridplan.plans.plan import Plan
from gridplan.plans.prices import rule_prices
from gridplan.policies.goals import PERSON_MINUTES, WEIGHTED, figure
from gridplan.policies.groups import demand
from gridplan.policies.rules import HospitalCap
from gridplan.show.map.board import candidates_of
from gridplan.show.map.next_best import next_best
from gridplan.show.map.paints import binding
from gridplan.show.map.sheet_grids import grid_facts
from gridplan.show.report.report_proof import proof
from gridplan.show.shared.areas import Areas, middle_of
from gridplan.show.shared.before_after import shifts
from gridplan.show.shared.before_after import told as before_and_after
from gridplan.show.shared.catchments import catchment_colours
from gridplan.show.shared.per_hospital import capacity_of
from gridplan.words.text import Text, halves
from gridplan.words.vocabulary import GRID, LAYERS, both_words

PLACES = 3  # of a number on the map
Pair = list[str]  # Chinese, English


def said(text: Text) -> Pair:
    """Chinese first, then English; once where both are the same."""
    return list(halves(text))


def number(value: float, decimals: int = 0) -> float | None:
    """A number that JSON can hold; None where there is none."""
    if pd.isna(value) or not np.isfinite(value):
        return None
    return round(float(value), decimals) if decimals else round(float(value))


def positions(ids: pd.Series) -> dict[str, int]:
    """The position of each id in its table."""
    return {str(one): n for n, one in enumerate(ids)}


def layer_sheet(plan: Plan, name: str, areas: Areas) -> dict[str, Any]:
    """One layer: its partners with colours and numbers, the partner and minutes of every unit, and the pairs."""
    hospital = positions(plan.region.hospitals["hospital_id"])
    district = positions(plan.region.districts["district_id"])
    pairs = plan.pairs_frame(name)
    colours = catchment_colours(plan, name, areas.touching)
    numbers = {h: n for n, h in enumerate(colours, start=1)}
    served, mean = people(plan, layer=name), mean_minutes(plan, "hospital_id", name)
    cap = plan.policy.rule(HospitalCap)
    room, beds = capacity_of(plan), plan.region.hospitals.set_index("hospital_id")["beds"]
    counted = set(pairs.loc[pairs["counted"] == 1, "hospital_id"])
    rows = plan.assignment[plan.assignment["layer"] == name].set_index("unit_id")
    rows = rows.reindex(plan.region.units["unit_id"])
    q = questions_of(plan, name)  # its problem is built once, for who is next and for what binds
    return {
        "name": said(both_words(LAYERS, name)),
        "grid": name == GRID,
        "candidates": np.flatnonzero(candidates_of(plan, name)).tolist(),
        "facts": _facts(plan, name),
        "goals": _goals(plan, name),
        "good": said(proof(plan.layer(name))),
        "next": next_best(q),
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
                "capacity": number(room.get(h, np.nan)),
                "beds": number(beds.get(h, np.nan)),
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
                "main": int(row.main),
                "people": number(row.people),
                "mean": number(row.mean_minutes, 1),
                "change": row.change,
            }
            for row in pairs.itertuples()
        ],
        "badges": _badges(rows, numbers, areas),
        "binding": binding(q),
        "before": before_rows(plan, name, district),
    }


def before_rows(plan: Plan, name: str, district: dict[str, int]) -> list[list[Any]]:
    """Today → plan, the city first (-1), then each district: partners, minutes, beyond 60 minutes, who travels less / more."""
    table, _ = before_and_after(plan)
    if not len(table):
        return []
    mine = table[table["layer"] == name]
    city = mine["district_id"] == ""
    return [
        [district.get(row.district_id, -1), *shifts(row)]
        for row in pd.concat([mine[city], mine[~city]]).itertuples()
    ]


def _facts(plan: Plan, name: str) -> list[list[str]]:
    if name == GRID:
        return [[*said(text), value] for text, value in grid_facts(plan)]
    rows = plan.assignment[plan.assignment["layer"] == name]
    total = rows["people"].sum()
    mean = (rows["people"] * rows["minutes"]).sum() / max(1, total)
    beyond = int(people_beyond(plan, 60, "layer", name).sum())
    facts = [
        (Text("pairs", "结对"), f"{(plan.pairs['layer'] == name).sum():,}"),
        (Text("mean minutes", "人均出行时间（分钟）"), f"{mean:.1f}"),
        (Text("residents beyond 60 min", "超过 60 分钟人口"), f"{beyond:,}"),
    ]
    return [[*said(text), value] for text, value in facts]


def _goals(plan: Plan, name: str) -> list[list[str]]:
    """What each goal reached, in figures that speak: sums of person-minutes as minutes per resident."""
    total = max(1.0, float(demand(plan.region, plan.policy).sum()))
    priced = Text("mean minutes, priorities counted", "人均出行时间（分钟，含优先级折算）")
    if name == GRID:
        priced = Text("mean minutes, as the goal counts", "人均出行时间（分钟，按目标计）")
    figures = [
        (priced, f"{goal.value / total:.1f}")
        if goal.unit in (PERSON_MINUTES, WEIGHTED)
        else (goal.text, figure(goal.value, goal.unit).zh)
        for goal in plan.layer(name).goals
    ]
    each = plan.preference_each(name)
    if each is not None:
        figures.append(
            (Text("min per resident that priorities cost", "优先次序使人均增加分钟"), f"{each:.1f}")
        )
    result, served = (
        plan.layer(name),
        int(plan.assignment.loc[plan.assignment["layer"] == name, "people"].sum()),
    )
    figures += [
        (Text(f"min per resident that {rule.en} costs", f"{rule.zh}使人均增加分钟"), f"{more:.2f}")
        for rule, more, _ in rule_prices(
            plan.policy, result.value, result.without, served, result.goals[-1].unit
        )
    ]
    return [[*said(text), value] for text, value in figures]


def _badges(rows: pd.DataFrame, numbers: Mapping[str, int], areas: Areas) -> list[list[float]]:
    """Where a partner's number may be written, once in each district it serves: position of the partner, lat, lon, lat, lon, …

    The first place is the best one, the others are for where a name or a hospital covers it.
    """
    keys = rows["district_id"].astype("str") + "\n" + rows["hospital_id"].astype("str")
    badges = []
    for key, area in sorted(areas.joined(keys).items(), key=lambda item: str(item[0])):
        partner = numbers.get(str(key).split("\n")[-1])
        if partner is not None:
            badges.append([partner - 1, *(edge for lon, lat in _places(area) for edge in (lat, lon))])
    return badges


def _places(area: BaseGeometry) -> list[tuple[float, float]]:
    """Up to three places inside an area (lon, lat), each in the middle of what the circles around the others leave."""
    places = []
    for _ in range(PLACES):
        parts = shapely.get_parts(area)
        area = shapely.union_all(
            parts[shapely.get_dimensions(parts) == 2]
        )  # borders that touch leave lines, too
        lon, lat = middle_of(area)
        if np.isnan(lon):
            break
        places.append((lon, lat))
        middle = shapely.Point(lon, lat)
        area = area.difference(middle.buffer(middle.distance(area.boundary)))
    return places

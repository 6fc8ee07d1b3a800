"""What the map shows besides who serves whom: classes of minutes and load, what binds, where something was noticed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.ask.question import LayerQuestions
from gridplan.optimise.rules import constraints
from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import Areas
from gridplan.show.shared.palette import BINDING, CHANGE, INK, RAMPS, Ramp
from gridplan.words.text import Text, both, halves

COLOURS = {"ink": INK, "binding": BINDING}
UNITS = {
    "minutes": (1, Text("min", "分钟"), Text("", "")),
    "capacity": (100, both("%"), Text(" of capacity", "承载能力的 ")),
    "mean": (100, both("%"), Text(" of the mean load", "平均负荷的 ")),
}


def ramps() -> dict[str, dict[str, Any]]:
    """Breaks, colours and words of the classes: minutes, share of the capacity, share of the mean load."""
    return {
        key: {
            "breaks": list(ramp.breaks),
            "colours": list(ramp.colours),
            "labels": [list(halves(t)) for t in _labels(ramp, *UNITS[key])],
        }
        for key, ramp in RAMPS.items()
    }


def change_ramp() -> dict[str, Any]:
    """The same of minutes more (+) or fewer (−) than before."""
    low, high = CHANGE.breaks[0], CHANGE.breaks[-1]
    middle = [
        Text(f"within {b:g} min", f"增减 {b:g} 分钟以内")
        if a == -b
        else Text(f"{_signed(a)} to {_signed(b)} min", f"{_signed(a)} 至 {_signed(b)} 分钟")
        for a, b in itertools.pairwise(CHANGE.breaks)
    ]
    first = Text(f"{_signed(low)} min or less", f"{_signed(low)} 分钟及以下")
    last = Text(f"over {_signed(high)} min", f"超过 {_signed(high)} 分钟")
    return {
        "breaks": list(CHANGE.breaks),
        "colours": list(CHANGE.colours),
        "labels": [list(halves(label)) for label in (first, *middle, last)],
    }


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−")


def _labels(ramp: Ramp, times: int, unit: Text, of: Text) -> Iterable[Text]:
    """ "up to 10 min", "10–20 min", … "over 90 min"; of what a share is stands in the first and the last alone."""
    edges = [f"{limit * times:g}" for limit in ramp.breaks]
    yield Text(f"up to {edges[0]} {unit.en}{of.en}", f"不超过{of.zh or ' '}{edges[0]} {unit.zh}")
    for low, high in itertools.pairwise(edges):
        yield Text(f"{low}–{high} {unit.en}", f"{low}–{high} {unit.zh}")
    yield Text(f"over {edges[-1]} {unit.en}{of.en}", f"超过{of.zh or ' '}{edges[-1]} {unit.zh}")


def binding(q: LayerQuestions) -> dict[str, list[int]]:
    """Districts and hospitals of a layer that have no room left, as positions in the region: what `gp.tight` would loosen.

    Districts at their cap (SH-2); hospitals at theirs (SH-3), or without room for the largest unit they could serve.
    """
    plan = q.plan
    full = {place for constraint in constraints().values() for place in constraint.full(q)}
    districts = [q.problem.district_ids[d] for d in sorted({d for d, _ in full if d >= 0})]
    hospitals = [q.problem.hospital_ids[h] for h in sorted({h for _, h in full if h >= 0})]
    return {
        "districts": pd.Index(plan.region.districts["district_id"]).get_indexer(pd.Index(districts)).tolist(),
        "hospitals": pd.Index(plan.region.hospitals["hospital_id"]).get_indexer(pd.Index(hospitals)).tolist(),
    }


def noted(plan: Plan, areas: Areas) -> list[list[float]]:
    """Where something was noticed about the data: lat, lon, then the positions of the findings there."""
    places = _places(plan, areas)
    there: dict[tuple[float, float], list[float]] = {}
    for n, finding in enumerate(plan.findings):
        lat, lon = places.get((finding.table, finding.id), (np.nan, np.nan))
        if np.isfinite(lat) and np.isfinite(lon):
            there.setdefault((round(lat, 5), round(lon, 5)), []).append(n)
    return [[*place, *which] for place, which in there.items()]


def _places(plan: Plan, areas: Areas) -> dict[tuple[str, str], tuple[float, float]]:
    """(table, id) → lat, lon of what findings are about; units and districts without a point by their areas."""
    region, found = plan.region, {}
    middles = shapely.get_coordinates(shapely.point_on_surface(areas.units), return_index=True)
    units = np.full((len(region.units), 2), np.nan)
    units[middles[1]] = middles[0]
    for table, ids, lon_lat in (
        ("units", region.units["unit_id"], units),
        ("districts", region.districts["district_id"], areas.middles),
        ("hospitals", region.hospitals["hospital_id"], region.hospitals[["lon", "lat"]].to_numpy(float)),
        ("branches", region.branches["branch_id"], region.branches[["lon", "lat"]].to_numpy(float)),
    ):
        found.update(
            {
                (table, str(one)): (float(lat), float(lon))
                for one, (lon, lat) in zip(ids, lon_lat, strict=True)
            }
        )
    return found

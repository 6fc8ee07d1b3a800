"""Where the map's pairs and sites stand, as plain numbers: `folium_map.py` and `assets/board.js` make layers of them.

Only positions in the sheet's tables, never a name: what a layer says comes from the sheet. Units and districts are no
layers: they travel packed (`packed.py`) and are drawn on one canvas (`assets/shapes.js`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import Areas
from gridplan.words.vocabulary import GRID

Place = list[float]  # of a site: lat, lon, position in its table


def board(plan: Plan, areas: Areas) -> dict[str, Any]:
    """The middle of the region, and per layer its pairs, candidates, branches of these, and the other hospitals."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(areas.units))
    region, layers = plan.region, []
    for result in plan.layers:
        hospitals = candidates_of(plan, result.layer)
        branches = region.branches["hospital_id"].isin(region.hospitals.loc[hospitals, "hospital_id"])
        layers.append(
            {
                "pairs": _pair_lines(plan, result.layer, areas),
                "candidates": _sites(region.hospitals, hospitals),
                "branches": _sites(region.branches, branches),
                "others": _sites(region.hospitals, _others(plan, result.layer)),
            }
        )
    return {"centre": [(south + north) / 2, (west + east) / 2], "layers": layers}


def _pair_lines(plan: Plan, layer: str, areas: Areas) -> list[list[Any]]:
    """Position of each pair, and its ends (lon, lat): the middle of the district, the seat of the partner.

    None to grid leads, which stand in their district; none where an end has no place.
    """
    if layer == GRID:
        return []
    pairs, region = plan.pairs_frame(layer), plan.region
    district = pd.Index(region.districts["district_id"]).get_indexer(pd.Index(pairs["district_id"]))
    hospital = pd.Index(region.hospitals["hospital_id"]).get_indexer(pd.Index(pairs["hospital_id"]))
    seats = region.hospitals[["lon", "lat"]].to_numpy(dtype=float)
    ends = np.stack([areas.middles[district], seats[hospital]], axis=1)
    there = np.isfinite(ends).all(axis=(1, 2))
    return [[n, *ends[n].tolist()] for n in np.flatnonzero(there).tolist()]


def candidates_of(plan: Plan, layer: str) -> np.ndarray:
    """Which hospitals of the region may be partners in a layer, or lead in the layer of grids."""
    able = plan.candidates
    return (
        plan.region.hospitals["hospital_id"].isin(able.loc[able["layer"] == layer, "hospital_id"]).to_numpy()
    )


def _others(plan: Plan, layer: str) -> np.ndarray:
    """Which hospitals are none: neither in this layer nor, beside partners, in another layer of partners."""
    near = [layer] if layer == GRID else list(plan.policy.partner_layers)
    return ~np.logical_or.reduce([candidates_of(plan, one) for one in near])


def _sites(table: pd.DataFrame, chosen: np.ndarray | pd.Series) -> list[Place]:
    """Located rows of a table."""
    lat_lon = table[["lat", "lon"]].to_numpy(dtype=float)
    rows = np.flatnonzero(np.asarray(chosen) & ~np.isnan(lat_lon).any(axis=1))
    return [[lat, lon, n] for (lat, lon), n in zip(lat_lon[rows].tolist(), rows.tolist(), strict=True)]

"""Which consortium an institution belongs to, as the judge sees it: the grid that holds it, or is nearest to it."""

from __future__ import annotations

import numpy as np
import shapely

from gridplan.geography.metric import in_metres
from gridplan.judging.programme.claims import Claimed

ON_BORDER_M = 1.0  # so much farther than the nearest unit, and it may stand in either


def units_at(claimed: Claimed, district: str, lon: float, lat: float) -> set[str]:
    """Units of a district that a place stands in, or is nearest to; on a border, all of them."""
    shapes, here = claimed.grid_shapes, claimed.drawn_units.get(district, np.array([], dtype=int))
    if not len(here) or not np.isfinite([lon, lat]).all():
        return set()
    point = in_metres(np.array([shapely.Point(lon, lat)]), claimed.region.metric_crs)[0]
    metres = shapely.distance(shapes[here], point)
    near = here[metres <= metres.min() + ON_BORDER_M]
    return set(claimed.region.units["unit_id"].to_numpy()[near])


def leads_at(claimed: Claimed, district: str, lon: float, lat: float) -> set[str]:
    """Grid leads of these units; empty where the plan has no grids there."""
    lead = claimed.leads
    if not lead:
        return set()
    return {str(lead[u]) for u in units_at(claimed, district, lon, lat) if u in lead}

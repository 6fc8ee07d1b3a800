"""Which units a place stands in, as the judge sees it: those that hold it, or are nearest to it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gridplan.geography.metric import to_metres

ON_BORDER_M = 1.0  # so much farther than the nearest unit, and it may stand in either


def standing_in(
    places: pd.DataFrame, units: pd.DataFrame, shapes: np.ndarray, crs: CRS
) -> Iterator[tuple[str, set[str]]]:
    """For each institution the units of its district that it stands in or is nearest to; on a border, all of them.

    Parameters
    ----------
    places : institution_id, district_id, lon, lat.
    shapes : the area of every unit, in metres.
    """
    points = to_metres(shapely.points(places[["lon", "lat"]].fillna(0.0).to_numpy(float)), crs)
    drawn, home, ids = ~shapely.is_empty(shapes), units["district_id"].to_numpy(), units["unit_id"].to_numpy()
    located = np.isfinite(places[["lon", "lat"]].to_numpy(float)).all(axis=1)
    for district in places["district_id"].unique():
        here = np.flatnonzero((home == district) & drawn)
        mine = np.flatnonzero(places["district_id"].to_numpy() == district)
        for n in mine.tolist():
            near = here[:0]
            if located[n] and len(here):
                metres = shapely.distance(shapes[here], points[n])
                near = here[metres <= metres.min() + ON_BORDER_M]
            yield str(places["institution_id"].iloc[n]), {str(unit) for unit in ids[near]}

"""Shapes in metres that lie where they lay in degrees."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

LONGEST_EDGE = 0.01  # degrees, about 1 km: a straight line in WGS 84 and one in metres then differ by 2 cm


def in_metres(areas: gpd.GeoSeries, crs: CRS) -> np.ndarray:
    """Valid shapes in `crs`; None stays None.

    Long edges get corners on the way: an edge of 20 km that is straight in degrees bows by metres in a metric
    CRS, and would overlap a neighbour that has corners along it.
    """
    fine = gpd.GeoSeries(shapely.segmentize(np.asarray(areas, dtype=object), LONGEST_EDGE), crs=4326)
    valid: np.ndarray = shapely.make_valid(np.asarray(fine.to_crs(crs), dtype=object))
    return valid

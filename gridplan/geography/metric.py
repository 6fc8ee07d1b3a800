"""Shapes in metres that lie where they lay in degrees, and back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj

LONGEST_EDGE = 0.01  # degrees, about 1 km: a straight line in WGS 84 and one in metres then differ by 2 cm


def in_metres(areas: gpd.GeoSeries, crs: CRS) -> np.ndarray:
    """Valid shapes in `crs`; None stays None.

    Long edges get corners on the way: an edge of 20 km that is straight in degrees bows by metres in a metric
    CRS, and would overlap a neighbour that has corners along it.
    """
    fine = shapely.segmentize(np.asarray(areas, dtype=object), LONGEST_EDGE)
    valid: np.ndarray = shapely.make_valid(to_metres(fine, crs))
    return valid


def to_metres(shapes: Any, crs: CRS) -> np.ndarray:
    """Shapes (lon, lat) as they lie in a projected `crs`, corner by corner; None stays None.

    The same numbers as `GeoSeries.to_crs` gives, since both projections of a region (CGCS2000, UTM) lie on WGS 84 as it
    is; but nobody searches the tables of datum shifts for a tenth of a second each way.
    """
    there = _projection(crs.to_wkt())
    return _moved(shapes, lambda xy: np.column_stack(there(xy[:, 0], xy[:, 1])))


def to_degrees(shapes: Any, crs: CRS) -> np.ndarray:
    """The way back: shapes in a projected `crs` as lon, lat."""
    there = _projection(crs.to_wkt())
    return _moved(shapes, lambda xy: np.column_stack(there(xy[:, 0], xy[:, 1], inverse=True)))


def _moved(shapes: Any, move: Any) -> np.ndarray:
    moved: np.ndarray = shapely.transform(np.asarray(shapes, dtype=object), move)
    return moved


@lru_cache(maxsize=8)
def _projection(wkt: str) -> Proj:
    return Proj(wkt)

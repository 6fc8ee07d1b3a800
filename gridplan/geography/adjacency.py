"""Which areas touch, and what hangs together."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gridplan.geography.metric import in_metres

TOLERANCE_M = 1.0
LEAST_EDGE_M = 10.0


def touching(
    areas: gpd.GeoSeries, crs: CRS, tolerance_m: float = TOLERANCE_M, least_edge_m: float = LEAST_EDGE_M
) -> np.ndarray:
    """Pairs of areas that share an edge.

    Two areas share an edge where at least `least_edge_m` of one's boundary lies within `tolerance_m` of the
    other: borders drawn twice, slightly apart, still count, and meeting at a corner does not.

    Parameters
    ----------
    areas : polygons in WGS 84; empty and missing ones touch nothing.
    crs : projected CRS in metres, `region.metric_crs`.
    tolerance_m, least_edge_m : metres.

    Returns
    -------
    int array (pairs, 2) of positions in `areas`, each pair once, the smaller position first, sorted.
    """
    shapes = in_metres(areas, crs)
    drawn_once = _same_segments(shapes, least_edge_m)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=tolerance_m)
    near = pd.MultiIndex.from_arrays([first[first < second], second[first < second]])
    drawn_twice = _close_borders(shapes, near.difference(drawn_once), tolerance_m, least_edge_m)
    pairs: np.ndarray = np.array([*drawn_once, *drawn_twice], dtype=int).reshape(-1, 2)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _same_segments(shapes: np.ndarray, least_edge_m: float) -> pd.MultiIndex:
    """Pairs whose boundaries have segments in common, corner by corner (to the millimetre); quick."""
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = corners[:-1][same_ring], corners[1:][same_ring]
    segments = pd.DataFrame(np.sort(_millimetres(start, end), axis=1), columns=["from", "to"])
    segments["metres"] = np.hypot(*(end - start).T)
    segments["area"] = part_owner[ring_part[ring[:-1][same_ring]]]
    segments = segments.sort_values(["from", "to", "area"], ignore_index=True)
    after = segments.shift(-1)
    shared = (segments["from"] == after["from"]) & (segments["to"] == after["to"])
    pairs = pd.DataFrame({"first": segments["area"], "second": after["area"], "metres": segments["metres"]})[
        shared
    ]
    pairs = pairs[pairs["first"] != pairs["second"]].astype({"second": int})
    metres = pairs.groupby(["first", "second"])["metres"].sum()
    return pd.MultiIndex.from_tuples(metres.index[metres >= least_edge_m], names=[None, None])


def _millimetres(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A number per corner for both ends of every segment; the same place has the same number."""
    places = pd.DataFrame(np.round(np.vstack([start, end]) * 1000).astype(np.int64))
    return places.groupby([0, 1], sort=False).ngroup().to_numpy().reshape(2, -1).T


def _close_borders(
    shapes: np.ndarray, pairs: pd.MultiIndex, tolerance_m: float, least_edge_m: float
) -> pd.MultiIndex:
    """Of `pairs`, those where enough of each boundary lies within the tolerance of the other area."""
    first, second = (pairs.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
    border, wide = shapely.boundary(shapes), shapely.buffer(shapes, tolerance_m, quad_segs=2)
    shared = np.minimum(
        shapely.length(shapely.intersection(border[first], wide[second])),
        shapely.length(shapely.intersection(border[second], wide[first])),
    )
    return pairs[shared >= least_edge_m]


def components(n: int, pairs: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """Number the parts that hang together: areas with the same number can be walked between.

    Parameters
    ----------
    n : how many areas there are.
    pairs : from `touching`.
    groups : a label per area (its district, its partner); pairs across groups do not connect.

    Returns
    -------
    int array (n,), numbered from 0 in the order of first appearance.
    """
    if groups is not None and len(pairs):
        pairs = pairs[np.asarray(groups)[pairs[:, 0]] == np.asarray(groups)[pairs[:, 1]]]
    least = np.arange(n)  # of each area: the first one known to hang together with it
    one, other = (pairs[:, 0], pairs[:, 1]) if len(pairs) else (least[:0], least[:0])
    while (differs := least[one] != least[other]).any():
        one, other = one[differs], other[differs]
        ends = np.sort([least[one], least[other]], axis=0)
        np.minimum.at(least, ends[1], ends[0])
        while (least[least] != least).any():
            least = least[least]
    numbers: np.ndarray = np.unique(least, return_inverse=True)[1]
    return numbers


def islands(parts: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Whether an area is cut off from the main part of its group, the part with the most weight (people).

    Parameters
    ----------
    parts : from `components(…, groups)`.
    groups, weights : a label and a weight per area.

    Returns
    -------
    bool array (n,).
    """
    weight = np.bincount(parts, np.nan_to_num(np.asarray(weights, dtype=float)))
    size = np.bincount(parts)
    cut_off = np.zeros(len(parts), dtype=bool)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        candidates = np.unique(parts[members])
        main = max(candidates, key=lambda part: (weight[part], size[part], -part))
        cut_off[members] = parts[members] != main
    return cut_off

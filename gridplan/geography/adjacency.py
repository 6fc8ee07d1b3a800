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
    near = _others_near(shapes, drawn_once, tolerance_m)
    drawn_twice = near[_close_borders(shapes, near, tolerance_m) >= least_edge_m]
    pairs: np.ndarray = np.concatenate([drawn_once, drawn_twice])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _same_segments(shapes: np.ndarray, least_edge_m: float) -> np.ndarray:
    """Pairs whose boundaries have segments in common, corner by corner (to the millimetre); quick."""
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    place = _numbers(corners)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.sort([place[start], place[start + 1]], axis=0)
    segment = ends[0] * len(corners) + ends[1]
    order = np.argsort(segment, kind="stable")  # of the areas of one segment the first comes first
    start, segment = start[order], segment[order]
    area = part_owner[ring_part[ring[start]]]
    pair = area[:-1] * len(shapes) + area[1:]
    shared = (segment[1:] == segment[:-1]) & (area[1:] != area[:-1])
    pairs, of_pair = np.unique(pair[shared], return_inverse=True)
    metres = np.bincount(of_pair, np.hypot(*(corners[start + 1] - corners[start])[:-1][shared].T), len(pairs))
    return np.column_stack(np.divmod(pairs[metres >= least_edge_m], len(shapes)))


def _numbers(corners: np.ndarray) -> np.ndarray:
    """A number per corner; those in the same place, to the millimetre, have the same number."""
    x, y = (pd.factorize(along)[0] for along in np.round(corners * 1000).astype(np.int64).T)
    numbers: np.ndarray = pd.factorize(x * (len(y) + 1) + y)[0]
    return numbers


def _others_near(shapes: np.ndarray, known: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Pairs that are within the tolerance of each other, without those that are known."""
    west, south, east, north = (shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * tolerance_m).T
    one, other = shapely.STRtree(shapes).query(
        np.where(np.isnan(west), None, shapely.box(west, south, east, north))
    )
    pairs = np.column_stack([one, other])[one < other]
    pairs = pairs[~np.isin(pairs @ [len(shapes), 1], known @ [len(shapes), 1])]
    return pairs[shapely.dwithin(shapes[pairs[:, 0]], shapes[pairs[:, 1]], tolerance_m)]


def _close_borders(shapes: np.ndarray, pairs: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Of each pair, how much of either's boundary lies within the tolerance of the other, the lesser of the two, in metres."""
    first, second = shapes[pairs].T
    around = np.full(len(shapes), None, dtype=object)
    asked = np.unique(pairs)
    around[asked] = shapely.buffer(shapes[asked], tolerance_m, quad_segs=2)
    return np.minimum(
        shapely.length(shapely.intersection(shapely.boundary(first), around[pairs[:, 1]])),
        shapely.length(shapely.intersection(shapely.boundary(second), around[pairs[:, 0]])),
    )


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

"""Areas for points: Thiessen cells inside their district."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gridplan.geography.metric import in_metres, to_degrees, to_metres
from gridplan.inputs.region import Region

KEPT = 4  # regions whose areas are kept, since each question of one plan needs them again
APART_M = 0.5  # points in one place are set this far apart, so that each gets its slice
GRID_M = 0.001  # corners of cells lie on this grid, so that nearly equal corners become equal
NEAR_M = 1.0  # edges of cells that are farther from a border do not meet it, whatever the grid
HULL_MARGIN_M = 500.0  # least width of the rim around the points of a district without geometry


def unit_areas(units: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoSeries:
    """A polygon for every unit: its own, else the part of its district that is nearest to its point.

    Within a district the cells share their edges exactly (a valid coverage) and fill what the units' own
    polygons leave free, to the millimetre. A point outside its district is taken to the nearest place in it;
    points in one place share its cell in slices. Districts without geometry (or unknown ones) are cut together, so that
    none lies on another: each has the ground nearest to its units, within their convex hulls widened by half their usual
    spacing, at least 500 m, and outside of whatever is drawn.

    Parameters
    ----------
    units : unit_id, district_id, lon, lat, geometry (polygon or None).
    districts : district_id, geometry (polygon or None).
    crs : projected CRS in metres, `region.metric_crs`.

    Returns
    -------
    GeoSeries of (multi)polygons, WGS 84, on the index of `units`, named "geometry". A unit without a location
    (or with one that is not on earth) has an empty polygon; so has a point whose district is filled by polygons of other units.
    """
    stated = gpd.GeoSeries(units["geometry"], crs=4326)
    if len(units) and _has_area(stated).all() and _on_earth(stated):
        return stated.rename("geometry")
    own = in_metres(stated, crs)
    points = to_metres(shapely.points(units["lon"].to_numpy(float), units["lat"].to_numpy(float)), crs)
    to_cut = ~_has_area(own) & np.isfinite(shapely.get_x(points))
    drawn = zip(districts["district_id"], in_metres(districts.geometry, crs), strict=True)
    shapes = {district_id: shape for district_id, shape in drawn if _has_area(shape)}

    cells, nowhere = np.full(len(units), shapely.Polygon(), dtype=object), []
    for district_id, members in units.groupby("district_id", dropna=False).indices.items():
        cut = members[to_cut[members]]
        if not len(cut):
            continue
        shape = shapes.get(district_id)
        if shape is None:
            nowhere.append(cut)
        else:
            given = own[members[_has_area(own[members])]]
            free = shape.difference(shapely.union_all(given)) if len(given) else shape
            cells[cut] = _thiessen(points[cut], free)
    if nowhere:
        taken = [*shapes.values(), *own[_has_area(own)]]
        cells[np.concatenate(nowhere)] = _around(points, nowhere, taken)
    areas = gpd.GeoSeries(to_degrees(cells, crs), index=units.index, crs=4326, name="geometry")
    return areas.where(~_has_area(own), units["geometry"])


@lru_cache(maxsize=KEPT)
def areas_of(region: Region) -> gpd.GeoSeries:
    """`unit_areas` of a region, cut once for all that ask; not to be written to."""
    return unit_areas(region.units, region.districts, region.metric_crs)


def _has_area(shapes: Any) -> Any:
    return shapely.area(shapes) > 0  # NaN, so False, for None


def _on_earth(shapes: gpd.GeoSeries) -> bool:
    west, south, east, north = shapes.total_bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def _hull(points: np.ndarray) -> BaseGeometry:
    from scipy.spatial import cKDTree  # heavy; only districts without a shape need it

    xy = shapely.get_coordinates(points)
    spacing = np.median(cKDTree(xy).query(xy, k=2)[0][:, 1]) if len(xy) > 1 else 0.0
    return shapely.convex_hull(shapely.multipoints(points)).buffer(max(HULL_MARGIN_M, float(spacing) / 2))


def _around(points: np.ndarray, groups: list[np.ndarray], taken: list[BaseGeometry]) -> np.ndarray:
    """Cells of the units of all districts without geometry, in the order of `groups`."""
    hulls = shapely.union_all([_hull(points[group]) for group in groups])
    free = hulls.difference(shapely.union_all(taken)) if taken else hulls
    return _thiessen(points[np.concatenate(groups)], free if free.area > 0 else hulls)


def _thiessen(points: np.ndarray, free: BaseGeometry) -> np.ndarray:
    """The part of `free` nearest to each point; all lines are cut together, so neighbours share edges."""
    if free.area == 0:
        return np.full(len(points), shapely.Polygon(), dtype=object)
    if len(points) == 1:
        return np.array([free], dtype=object)
    seeds = _set_apart(_bring_inside(points, free))
    reach = free.union(shapely.multipoints(seeds)).envelope
    edges = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=reach, only_edges=True)
    faces = shapely.get_parts(shapely.polygonize(_lines(free, shapely.get_parts(edges))))
    middles = shapely.point_on_surface(faces)
    shapely.prepare(free)
    inside = shapely.contains(free, middles)
    faces, middles = faces[inside], middles[inside]
    owner = shapely.STRtree(shapely.points(seeds)).nearest(middles)
    cells = np.full(len(points), shapely.Polygon(), dtype=object)
    order = np.argsort(owner, kind="stable")
    seeds_with_faces, starts = np.unique(owner[order], return_index=True)
    for seed, parts in zip(seeds_with_faces, np.split(faces[order], starts[1:]), strict=True):
        cells[seed] = _joined(parts)
    return cells


def _lines(free: BaseGeometry, edges: np.ndarray) -> np.ndarray:
    """The border of `free` and the edges in it, with corners wherever they meet once they lie on the grid.

    Most edges are far from the border and stay whole; those that are short, and what is beside them, may cross on the grid.
    """
    border = shapely.boundary(free)
    shapely.prepare(border)
    near = shapely.dwithin(border, edges, NEAR_M)
    short = edges[shapely.length(edges) < NEAR_M]
    near[shapely.STRtree(edges).query(short, predicate="dwithin", distance=NEAR_M)[1]] = True
    met = shapely.union(border, shapely.multilinestrings(edges[near]), grid_size=GRID_M)
    whole = shapely.set_precision(edges[~near], GRID_M, mode="pointwise")
    return np.concatenate([shapely.get_parts(met), whole[shapely.length(whole) > 0]])


def _joined(parts: np.ndarray) -> BaseGeometry:
    return parts[0] if len(parts) == 1 else shapely.coverage_union_all(parts)


def _bring_inside(points: np.ndarray, shape: BaseGeometry) -> np.ndarray:
    shapely.prepare(shape)
    outside = ~shapely.intersects(shape, points)
    brought = points.copy()
    if outside.any():
        core = shape.buffer(-4 * APART_M)
        lines = shapely.shortest_line(core if core.area > 0 else shape, points[outside])
        brought[outside] = shapely.get_point(lines, 0)
    return shapely.get_coordinates(brought)


def _set_apart(xy: np.ndarray) -> np.ndarray:
    """Points that lie in one place (to the centimetre) are put on a small circle around it."""
    apart = xy.copy()
    for together in _same_place(xy):
        angle = 2 * np.pi * np.arange(len(together)) / len(together)
        apart[together] += APART_M * np.column_stack([np.cos(angle), np.sin(angle)])
    return apart


def _same_place(xy: np.ndarray) -> list[np.ndarray]:
    places = pd.DataFrame(np.round(xy, 2)).groupby([0, 1], sort=False).indices.values()
    return [np.asarray(place) for place in places if len(place) > 1]

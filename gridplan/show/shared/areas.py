"""Areas as they are drawn: simplified together, so that neighbours still share their borders."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gridplan.geography.adjacency import touching
from gridplan.geography.metric import to_degrees, to_metres
from gridplan.geography.tessellate import areas_of
from gridplan.inputs.region import Region
from gridplan.show.shared.lattice import Cells, cells_of

VERTICES = 40_000  # a map of these stays under 2 MB and pans at once
CORNERS = 20  # of a unit, where there are so many units that these make more
SAMPLED = 500  # areas by which the tolerance is found, at least; fewer are looked at whole
TOLERANCE_M = 5.0
CELLS = 20_000  # units: larger regions whose units stand on a lattice are drawn as its cells
DECIMALS = 5  # of a degree: about one metre


@dataclass(frozen=True, eq=False)
class Areas:
    """What a map of a region draws.

    Parameters
    ----------
    units, districts : (multi)polygons in the order of the region's tables, WGS 84, 5 decimals; may be empty.
    middles : (n, 2) a place well inside each district (lon, lat), NaN where it has no area; labels and lines meet there.
    touching : positions of the pairs of units that share an edge, (n, 2), asked before they were simplified.
    cells : the lattice, where units are its cells.
    ground : the units' areas as they were before they were simplified, or on a lattice their own polygons, else its squares.
    """

    units: np.ndarray
    districts: np.ndarray
    middles: np.ndarray
    touching: np.ndarray
    ground: gpd.GeoSeries
    cells: Cells | None = None
    _joined: dict[tuple[Hashable, ...], dict[Hashable, BaseGeometry]] = field(
        default_factory=dict, init=False, repr=False
    )

    def joined(self, labels: pd.Series | np.ndarray) -> dict[Hashable, BaseGeometry]:
        """`joined_by` of the units' areas, worked out once: map and report draw the same catchments."""
        key = tuple(labels)
        if key not in self._joined:
            self._joined[key] = joined_by(self.units, labels, lambda: self._apart)
        return self._joined[key]

    @cached_property
    def _apart(self) -> np.ndarray:
        return _apart(self.units)


def drawn_areas(region: Region, vertices: int = VERTICES) -> Areas:
    """Areas for units and districts, simplified to at most about `vertices` points, or 20 a unit where that is more.

    A district is the union of its units' drawn areas, so that both have the same borders; one without units is
    drawn from its own polygon. Cells of a lattice are drawn as its squares, and districts by their own polygons, since
    cells without people are missing. Never for computing: what is drawn is not what was measured.
    """
    cells = cells_of(region.units) if len(region.units) > CELLS else None
    own = to_metres(region.districts.geometry, region.metric_crs)
    if cells is not None:
        squares = cells.squares()
        joined = joined_by(squares, region.units["district_id"])
        drawn = _rounded(_simplified(own, vertices), region.metric_crs)
        named = zip(region.districts["district_id"], drawn, strict=True)
        outlines = np.array(
            [joined.get(d, shape) if not _has_area(shape) else shape for d, shape in named], dtype=object
        )
        stated = np.asarray(region.units.geometry, dtype=object)
        ground = gpd.GeoSeries(np.where(shapely.area(stated) > 0, stated, squares), crs=4326)
        return Areas(squares, outlines, _middles(outlines), cells.touching(), ground, cells)
    exact = areas_of(region)
    metric = to_metres(exact, region.metric_crs)  # before: a projection is not for two threads at once
    # GEOS does not hold Python up: half the time where there are two processors
    with ThreadPoolExecutor(1) as beside:
        edges = beside.submit(touching, exact, region.metric_crs)
        simple = _simplified(metric, max(vertices, CORNERS * len(region.units)))
    joined = joined_by(simple, region.units["district_id"])
    districts = [joined.get(d, shape) for d, shape in zip(region.districts["district_id"], own, strict=True)]
    outlines = _rounded(np.array(districts, dtype=object), region.metric_crs)
    units = _rounded(simple, region.metric_crs)
    return Areas(units, outlines, _middles(outlines), edges.result(), exact)


def _has_area(shape: BaseGeometry | None) -> bool:
    return shape is not None and shape.area > 0


def _middles(areas: np.ndarray) -> np.ndarray:
    return np.array([middle_of(area) for area in areas])


def middle_of(area: BaseGeometry | None) -> tuple[float, float]:
    """The middle of the largest circle inside the largest part of an area (lon, lat); NaN where there is none."""
    if area is None or area.is_empty or area.area == 0:
        return np.nan, np.nan
    parts = shapely.get_parts(shapely.make_valid(area))
    largest = parts[int(np.argmax(shapely.area(parts)))]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=np.sqrt(largest.area) / 100)
    lon, lat = shapely.get_coordinates(circle)[0]
    return round(float(lon), DECIMALS), round(float(lat), DECIMALS)


def joined_by(
    areas: np.ndarray, labels: pd.Series | np.ndarray, apart: Callable[[], np.ndarray] | None = None
) -> dict[Hashable, BaseGeometry]:
    """The union of the areas of each label; labels whose areas are all empty are left out. `apart` asks `_apart` of the areas."""
    asked = apart or cache(partial(_apart, areas))
    joined = {}
    for label, members in pd.Series(labels).groupby(np.asarray(labels)).indices.items():
        members = members[~shapely.is_empty(areas[members])]
        if not len(members):
            continue
        whole = _covered(areas[members])
        if whole is None:
            others = areas[members[asked()[members]]]
            fitting = _covered(areas[members[~asked()[members]]])
            whole = shapely.union_all(areas[members] if fitting is None else [fitting, *others])
        joined[label] = whole
    return joined


def _apart(areas: np.ndarray) -> np.ndarray:
    """Of each area, whether some of its border is not its neighbour's corner by corner, as where a crossing was mended."""
    some = np.flatnonzero(~shapely.is_empty(areas))
    apart = np.zeros(len(areas), dtype=bool)
    apart[some] = ~shapely.is_empty(shapely.coverage_invalid_edges(areas[some]))
    return apart


def _covered(shapes: np.ndarray) -> BaseGeometry | None:
    """The union without working out any crossing, since borders are the same corner by corner; None where they are not."""
    try:
        whole = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:  # they overlap
        return None
    area = float(shapely.area(shapes).sum())
    return whole if shapely.is_valid(whole) and abs(whole.area - area) <= 1e-9 * area else None


def _simplified(areas: np.ndarray, vertices: int) -> np.ndarray:
    """The tolerance is found by some of the areas where they are many: each pass over all of them takes its time."""
    if shapely.get_num_coordinates(areas).sum() <= vertices:
        return areas
    some = areas[:: max(1, len(areas) // SAMPLED)]
    tolerance = (
        _tolerance(some, vertices * len(some) / max(1, len(areas))) if len(some) < len(areas) else TOLERANCE_M
    )
    simple = areas
    while tolerance < 2000:
        simple = shapely.coverage_simplify(simple, tolerance)
        if shapely.get_num_coordinates(simple).sum() <= vertices:
            break
        tolerance *= 2
    return simple


def _tolerance(areas: np.ndarray, vertices: float) -> float:
    """The tolerance, doubled as often as these areas ask for."""
    tolerance = TOLERANCE_M
    while tolerance < 1000:
        areas = shapely.coverage_simplify(areas, tolerance)
        if shapely.get_num_coordinates(areas).sum() <= vertices:
            break
        tolerance *= 2
    return tolerance


def _rounded(areas: np.ndarray, crs: CRS) -> np.ndarray:
    degrees = to_degrees(areas, crs)
    rounded: np.ndarray = shapely.transform(degrees, lambda xy: np.round(xy, DECIMALS))
    crossed = ~shapely.is_valid(rounded)  # narrow necks, closed by simplifying or rounding
    mended = shapely.make_valid(degrees[crossed], method="structure", keep_collapsed=False)
    rounded[crossed] = shapely.set_precision(mended, 10.0**-DECIMALS)
    return rounded

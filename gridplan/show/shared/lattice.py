"""Units that are cells of a lattice in degrees, as those of population grids are."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

OFF = 0.25  # of a cell: farther from the middle of a cell of the lattice no unit may be


@dataclass(frozen=True, eq=False)
class Cells:
    """A lattice, and where each unit stands on it.

    Parameters
    ----------
    origin : middle of the cell (0, 0), degrees (lon, lat).
    size : of a cell, degrees.
    places : (n, 2) column and row of each unit, whole numbers.
    """

    origin: np.ndarray
    size: np.ndarray
    places: np.ndarray

    def squares(self) -> np.ndarray:
        """The cell of each unit as a polygon; neighbours share their corners to the last bit."""
        low = self.origin + (self.places - 0.5) * self.size
        high = self.origin + (self.places + 0.5) * self.size
        squares: np.ndarray = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        return squares

    def touching(self) -> np.ndarray:
        """(pairs, 2) units whose cells share an edge, each pair once, the smaller position first, sorted."""
        columns, rows = self.places.max(axis=0) + 2
        at = np.full((columns, rows), -1)
        at[tuple(self.places.T)] = np.arange(len(self.places))
        sides = [(at[:-1], at[1:]), (at[:, :-1], at[:, 1:])]
        pairs = np.vstack([np.column_stack([one.ravel(), other.ravel()]) for one, other in sides])
        pairs = np.sort(pairs[(pairs >= 0).all(axis=1)], axis=1)
        sorted_pairs: np.ndarray = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        return sorted_pairs


def cells_of(units: gpd.GeoDataFrame) -> Cells | None:
    """The lattice that the units stand on; None where they do not: some are elsewhere, nowhere, or share a cell.

    Parameters
    ----------
    units : lon, lat, geometry; squares, or points without a polygon.
    """
    shapes = np.asarray(units.geometry, dtype=object)
    drawn = shapely.area(shapes) > 0
    boxes = shapely.bounds(shapes[drawn])
    if (shapely.area(shapely.box(*boxes.T)) > shapely.area(shapes[drawn]) * (1 + 1e-6)).any():
        return None
    middles = units[["lon", "lat"]].to_numpy(dtype=float, copy=True)
    middles[drawn] = (boxes[:, :2] + boxes[:, 2:]) / 2
    axes = [_axis(values) for values in middles.T] if np.isfinite(middles).all() else [None, None]
    if axes[0] is None or axes[1] is None:
        return None
    (west, wide, column), (south, high, row) = axes[0], axes[1]
    places = np.column_stack([column, row])
    if len(np.unique(places, axis=0)) < len(places):
        return None
    return Cells(np.array([west, south]), np.array([wide, high]), places)


def _axis(values: np.ndarray) -> tuple[float, float, np.ndarray] | None:
    """Where the lattice begins on one axis, its step, the place of each value; None where there is none."""
    gaps = np.diff(np.unique(values.round(6)))
    if not len(gaps):
        return None
    step = float(gaps[gaps < 1.5 * np.median(gaps)].mean())
    at = (values - values.min()) / step
    places = np.rint(at).astype(np.int64)
    return None if np.abs(at - places).max() > OFF else (float(values.min()), step, places)

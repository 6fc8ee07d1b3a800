"""Shapes as the page carries them: whole numbers on one grid, told as steps from corner to corner, in base64.

A corner costs some four bytes instead of the twenty of GeoJSON. What neighbours share lies on the same points of the
grid, so they do not part. `assets/shapes.js` reads what is written here.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import shapely

from gridplan.show.shared.areas import DECIMALS, Areas

STEP = 10.0**-DECIMALS  # of a degree, between two points of the grid


def packed_areas(areas: Areas, labels: list[np.ndarray]) -> dict[str, Any]:
    """All shapes of a map.

    Parameters
    ----------
    labels : per layer, the position of each unit's partner, -1 for none; the catchments are packed in that order.

    Returns
    -------
    `origin` and `step` of the grid, the `area` of all units in its squares, then the shapes: `units` or `cells`, `districts`, `catchments` per layer.
    """
    west, south, _, _ = shapely.total_bounds(np.concatenate([areas.units, areas.districts]))
    origin = np.array([west, south])
    catchments = []
    for of_unit in labels:
        joined = areas.joined(of_unit)
        inside = [joined.get(n, shapely.Polygon()) for n in range(of_unit.max(initial=-1) + 1)]
        catchments.append(packed(np.array(inside, dtype=object), origin))
    cells = areas.cells
    return {
        "origin": [float(west), float(south)],
        "step": STEP,
        "area": float(shapely.area(areas.units).sum()) / STEP**2,
        "units": None if cells is not None else packed(areas.units, origin),
        "cells": None
        if cells is None
        else {
            "origin": [float(edge) for edge in cells.origin],
            "size": [float(edge) for edge in cells.size],
            "places": text(steps(cells.places)),
        },
        "districts": packed(areas.districts, origin),
        "catchments": catchments,
    }


def packed(shapes: np.ndarray, origin: np.ndarray) -> dict[str, str]:
    """(Multi)polygons: rings of each shape, corners of each ring (the closing one left out), steps between all corners."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    places = np.rint((xy - origin) / STEP).astype(np.int64)
    last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    return {
        "rings": text(np.bincount(shape[part], minlength=len(shapes))),
        "corners": text(np.bincount(ring[~last], minlength=len(rings))),
        "places": text(steps(places[~last])),
    }


def steps(places: np.ndarray) -> np.ndarray:
    """From each place (x, y) to the next, as whole numbers from 0: 0, −1, 1, −2, 2 … → 0, 1, 2, 3, 4 …"""
    step = np.diff(places, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    return np.where(step < 0, -2 * step - 1, 2 * step)


def text(numbers: np.ndarray) -> str:
    """Whole numbers from 0 in base64, seven bits a byte, the lowest first; the eighth says that more follow."""
    left = np.asarray(numbers, dtype=np.uint64)
    sizes = np.ones(len(left), dtype=np.int64)
    for bits in range(7, 64, 7):
        sizes += left >= np.uint64(1 << bits)
    written = np.zeros(int(sizes.sum()), dtype=np.uint8)
    start = np.cumsum(sizes) - sizes
    for place in range(int(sizes.max(initial=0))):
        here = sizes > place
        more = np.where(sizes[here] > place + 1, 128, 0)
        written[start[here] + place] = ((left[here] >> np.uint64(7 * place)) & np.uint64(127)) + more.astype(
            np.uint64
        )
    return base64.b64encode(written.tobytes()).decode("ascii")

"""Features of a GeoJSON one by one, and their shapes: lists of coordinates take several times the room of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

BEGIN = re.compile(r'"features"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*')
SPACE = re.compile(r"[ \t\n\r]*")
BATCH = 2_000  # features whose lists of coordinates stand side by side


def one_by_one(text: str) -> dict[str, Any] | None:
    """A FeatureCollection whose shapes are drawn while it is read; None where the text is anything else, or no JSON.

    Returns
    -------
    The content as `json.loads` gives it, but "geometry" is a shape wherever it can be drawn.
    """
    begin, decoder, features = BEGIN.search(text), json.JSONDecoder(), list[Any]()
    mark = uuid4().hex  # no file holds it
    if begin is None:
        return None
    try:
        at, sign = begin.end(), ","
        while sign == ",":
            feature, at = decoder.raw_decode(text, at)
            features.append(feature)
            if len(features) % BATCH == 0:
                _draw(features[-BATCH:])
            end = _after(text, at)
            sign, at = text[end], _after(text, end + 1)
        content = json.loads(f'{text[: begin.end()]}"{mark}"{text[end:]}')  # all but the features
    except (ValueError, IndexError, RecursionError):
        return None
    if (
        not isinstance(content, dict)
        or content.get("type") != "FeatureCollection"
        or content.get("features") != [mark]
    ):
        return None
    _draw(features[len(features) // BATCH * BATCH :])
    return {**content, "features": features}


def _after(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return at if space is None else space.end()


def _draw(features: Sequence[Any]) -> None:
    own = [f for f in features if isinstance(f, dict)]
    for feature, shape in zip(own, drawn([f.get("geometry") for f in own]), strict=True):
        if shape is not None:
            feature["geometry"] = shape


def drawn(geometries: Sequence[Any]) -> NDArray[np.object_]:
    """A shape for each geometry of GeoJSON (one that is a shape already stays it), without heights; None where it is none."""
    shapes = np.full(len(geometries), None, dtype=object)
    plain = []
    for n, one in enumerate(geometries):
        if isinstance(one, BaseGeometry):
            shapes[n] = one
        elif one is not None:
            plain.append(n)
    quick = _polygons([geometries[n] for n in plain])
    if quick is None and plain:
        texts = np.array([json.dumps(geometries[n]) for n in plain], dtype=object)
        quick = shapely.force_2d(shapely.from_geojson(texts, on_invalid="ignore"))
    shapes[plain] = quick
    return shapes


def _polygons(geometries: Sequence[Any]) -> NDArray[np.object_] | None:
    """The shapes of geometries that are all sound (multi)polygons without heights; None where one is not."""
    try:
        kinds = [one["type"] for one in geometries]
        if not set(kinds) <= {"Polygon", "MultiPolygon"}:
            return None
        parts = [
            [one["coordinates"]] if kind == "Polygon" else one["coordinates"]
            for kind, one in zip(kinds, geometries, strict=True)
        ]
        polygons = list(chain.from_iterable(parts))
        rings = list(chain.from_iterable(polygons))
        corners = np.array(list(chain.from_iterable(rings)))
        in_part, in_polygon, in_ring = (
            np.array([len(one) for one in some]) for some in (parts, polygons, rings)
        )
    except (TypeError, KeyError, ValueError, AttributeError):  # ragged, or no lists
        return None
    if min(len(rings), in_part.min(initial=1), in_polygon.min(initial=1)) == 0 or not _sound(
        corners, in_ring
    ):
        return None
    if corners.min() <= 1 and any(isinstance(n, bool) for ring in rings for corner in ring for n in corner):
        return None
    lines = shapely.linearrings(corners.astype(float), indices=np.repeat(np.arange(len(rings)), in_ring))
    whole = shapely.polygons(lines, indices=np.repeat(np.arange(len(polygons)), in_polygon))
    shapes: NDArray[np.object_] = whole[np.cumsum(in_part) - in_part]
    several = np.array(kinds) == "MultiPolygon"
    if several.any():
        inside = np.repeat(several, in_part)
        of_shape = np.repeat(np.arange(several.sum()), in_part[several])
        shapes[several] = shapely.multipolygons(whole[inside], indices=of_shape)
    return shapes


def _sound(corners: NDArray[Any], in_ring: NDArray[np.int_]) -> bool:
    """Whether all corners are pairs of numbers and every ring has four or more and ends where it begins."""
    if corners.ndim != 2 or corners.shape[1] != 2 or corners.dtype.kind not in "fi":
        return False
    if in_ring.min() < 4 or not np.isfinite(corners).all():
        return False
    last = np.cumsum(in_ring) - 1
    return bool((corners[last] == corners[last - in_ring + 1]).all())

"""Datums: GCJ-02 and BD-09 to WGS 84 and back.

GCJ-02 (Amap, Tencent) and BD-09 (Baidu) are WGS 84 shifted by up to 700 m by published trigonometric series;
neither is a map projection, so pyproj cannot express them. The formula of GCJ-02 is the public one that came
out with "emq"'s EvilTransform (2011) and stands in eviltransform, coordTransform and PRCoords; that of
BD-09 is Baidu's own further twist of GCJ-02. The inverse has no closed form: five fixed-point steps bring the
error under a micrometre. Outside a box around China (0.8293–55.8271° N, 72.004–137.8347° E) GCJ-02 is WGS 84.
CGCS2000 and WGS 84 differ by centimetres and are taken as the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shift = Callable[[Array, Array], tuple[Array, Array]]

STEPS = 5
_AXIS = 6378245.0  # Krasovsky 1940, metres
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU = np.pi * 3000.0 / 180.0
SHIFTED = ("gcj02", "bd09")


def to_wgs84(lon: Array, lat: Array, datum: str) -> tuple[Array, Array]:
    """Degrees of `datum` (wgs84, cgcs2000, gcj02, bd09) as degrees of WGS 84; NaN stays NaN."""
    if datum == "gcj02":
        return _inverse(wgs84_to_gcj02, lon, lat)
    if datum == "bd09":
        return _inverse(wgs84_to_gcj02, *_inverse(gcj02_to_bd09, lon, lat))
    if datum in ("wgs84", "cgcs2000"):
        return np.asarray(lon, float), np.asarray(lat, float)
    raise ValueError(f"unknown datum {datum!r}")


def wgs84_to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Degrees of WGS 84 as degrees of GCJ-02."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    angle = np.radians(lat)
    bend = 1.0 - _ECCENTRICITY_2 * np.sin(angle) ** 2
    d_lat = np.degrees(north / (_AXIS * (1.0 - _ECCENTRICITY_2) / (bend * np.sqrt(bend))))
    d_lon = np.degrees(east / (_AXIS / np.sqrt(bend) * np.cos(angle)))
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def gcj02_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Degrees of GCJ-02 as degrees of BD-09."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def wgs84_to(lon: Array, lat: Array, datum: str) -> tuple[Array, Array]:
    """Degrees of WGS 84 as degrees of `datum`."""
    if datum == "gcj02":
        return wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    return to_wgs84(lon, lat, datum)


def geometry_to_wgs84(geometry: Any, datum: str) -> Any:
    """The same geometries (one, or an array; None stays None) in WGS 84 degrees, to 1e-7 (1 cm)."""
    if datum not in SHIFTED:
        return geometry

    def moved(points: Array) -> Array:
        return np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum)).round(7)

    return shapely.transform(geometry, moved)


def _waves(along: Array, *terms: tuple[float, float]) -> Array:
    total: Array = sum(
        (size * np.sin(along / period * np.pi) for size, period in terms), np.zeros_like(along)
    )
    return total


def _inverse(shift: Shift, lon: Array, lat: Array) -> tuple[Array, Array]:
    """The point that `shift` brings to (lon, lat): subtract the shift at the last guess, again and again."""
    goal_lon, goal_lat = np.asarray(lon, float), np.asarray(lat, float)
    at_lon, at_lat = goal_lon, goal_lat
    for _ in range(STEPS):
        shifted_lon, shifted_lat = shift(at_lon, at_lat)
        at_lon, at_lat = at_lon - (shifted_lon - goal_lon), at_lat - (shifted_lat - goal_lat)
    return at_lon, at_lat

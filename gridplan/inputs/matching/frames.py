"""Frames that do not fit: X that is the northing, a zone's number before the easting, a table in the next province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gridplan.inputs.column import Table
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text

Array = NDArray[np.float64]
PREFIXED = 1e7  # an easting above it begins with the number of its zone
ZONE = 1e6
BESIDE = 3.0  # degrees beyond its area in which a projection may still have been used
MOST = 0.9
LEAST = 3
ELSEWHERE_DEGREES = 0.3  # beyond the bounds of the region
LARGEST_CITY = 2.0  # times its size that places may lie beyond it
THREE_DEGREE, SIX_DEGREE = range(25, 46), range(13, 24)


def are_degrees(x: NDArray[np.generic], y: NDArray[np.generic]) -> bool:
    """False where more than half of the coordinates are beyond any degree."""
    known = np.isfinite(x) & np.isfinite(y)
    beyond = known & ((np.abs(x) > 360) | (np.abs(y) > 360))
    return not beyond.sum() > known.sum() / 2


def upright(x: Array, y: Array, crs: CRS, sheet: Sheet, table: Table, notes: Notes) -> tuple[Array, Array]:
    """Metres as easting and northing without a zone's number; what had to be turned or taken off is said."""
    x, y = _without_zone(x, crs, sheet, table, notes), _without_zone(y, crs, sheet, table, notes)
    straight, turned = _within(x, y, crs), _within(y, x, crs)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any() or straight[known].mean() > 1 - MOST or turned[known].mean() < MOST:
        return x, y
    notes.warn(
        "x-is-north",
        table.name,
        Text(
            f"{sheet.file}: X is the northing and Y the easting, as surveyors write them; they are read swapped.",
            f"{sheet.file}：X 为纵坐标（北向）、Y 为横坐标（东向），已对调读取。",
        ),
        Text("Look at a few places on the map.", "请在地图上核对几个位置。"),
    )
    return y, x


def _within(x: Array, y: Array, crs: CRS) -> NDArray[np.bool_]:
    """Which metres lie in the area that a projection is made for, or beside it."""
    area = crs.area_of_use
    if area is None:
        return np.isfinite(x) & np.isfinite(y)
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
    within: NDArray[np.bool_] = (
        (lon >= area.west - BESIDE)
        & (lon <= area.east + BESIDE)
        & (lat >= area.south - BESIDE)
        & (lat <= area.north + BESIDE)
    )
    return within


def _without_zone(values: Array, crs: CRS, sheet: Sheet, table: Table, notes: Notes) -> Array:
    """Eastings without the number of their zone before them, where the projection does not have it."""
    prefixed = np.isfinite(values) & (values > PREFIXED)
    if not prefixed.any() or prefixed.sum() < np.isfinite(values).sum() / 2 or _false_easting(crs) > ZONE:
        return values
    zones = sorted({int(value // ZONE) for value in values[prefixed]})
    stated = _middle(crs)
    wrong = [zone for zone in zones if stated is not None and stated not in _middles(zone)]
    if wrong:
        right = _epsg_of_zone(wrong[0])
        notes.error(
            "wrong-zone",
            table.name,
            Text(
                f"{sheet.file}: the eastings begin with the zone {wrong[0]}, but {crs.name} has its middle at {stated:.0f}°.",
                f"{sheet.file}：横坐标带号为 {wrong[0]}，而 {crs.name} 的中央经线是 {stated:.0f}°。",
            ),
            Text(
                f'Write crs = "{right}" in [tables.{table.name}].',
                f'请在 [tables.{table.name}] 中写 crs = "{right}"。',
            ),
            id="crs",
        )
        return values
    notes.warn(
        "zone-prefix",
        table.name,
        Text(
            f"{sheet.file}: the eastings begin with the number of their zone ({zones[0]}); it is taken off.",
            f"{sheet.file}：横坐标带有带号（{zones[0]}），已去掉。",
        ),
        Text("Right where the places lie in the city.", "如位置都在本市则无误。"),
    )
    return np.where(prefixed, values % ZONE, values)


def _false_easting(crs: CRS) -> float:
    return _parameter(crs, "False easting") or 0.0


def _middle(crs: CRS) -> float | None:
    """The central meridian."""
    return _parameter(crs, "Longitude of natural origin")


def _parameter(crs: CRS, name: str) -> float | None:
    operation = crs.coordinate_operation
    found = [p.value for p in operation.params if p.name == name] if operation else []
    return float(found[0]) if found else None


def _middles(zone: int) -> set[float]:
    return (
        {float(zone * 3)} if zone in THREE_DEGREE else {float(zone * 6 - 3)} if zone in SIX_DEGREE else set()
    )


def _epsg_of_zone(zone: int) -> str:
    """CGCS2000 with the zone's number before the easting: 3-degree zones 25 to 45, 6-degree zones 13 to 23."""
    return (
        f"EPSG:{4513 + zone - 25}"
        if zone in THREE_DEGREE
        else f"EPSG:{4491 + zone - 13}"
        if zone in SIX_DEGREE
        else "EPSG:4547"
    )


def likely_crs(x: Array, y: Array) -> str:
    """The frame that metres tell themselves, by the number of a zone before the easting; "" where they do not."""
    for values in (x, y):
        known = values[np.isfinite(values)]
        zones = {int(value // ZONE) for value in known if value > PREFIXED}
        if len(zones) == 1 and len(known):
            (zone,) = zones
            return _epsg_of_zone(zone) if zone in THREE_DEGREE or zone in SIX_DEGREE else ""
    return ""


def candidates() -> Iterator[str]:
    """Frames in metres that a city of China may have used: CGCS2000 by 3 and by 6 degrees, and UTM."""
    yield from (f"EPSG:{code}" for code in range(4534, 4555))
    yield from (f"EPSG:{code}" for code in range(4502, 4513))
    yield from (f"EPSG:{32600 + zone}" for zone in range(43, 54))


@dataclass(frozen=True)
class Around:
    """The bounds of a region in degrees, by its districts' polygons, else by most of its places."""

    west: float
    south: float
    east: float
    north: float

    def outside(self, lon: Array, lat: Array) -> NDArray[np.bool_]:
        """Which places lie far beyond it: farther than it is wide, and than a neighbour town would be."""
        x, y = (
            max(ELSEWHERE_DEGREES, (b - a) * LARGEST_CITY)
            for a, b in ((self.west, self.east), (self.south, self.north))
        )
        out: NDArray[np.bool_] = (
            (lon < self.west - x) | (lon > self.east + x) | (lat < self.south - y) | (lat > self.north + y)
        )
        return out


def around(shapes: NDArray[np.object_] | None, others: list[tuple[Array, Array]]) -> Around | None:
    """The bounds of polygons, else of the places of other tables; None where there are none."""
    if shapes is not None and any(shape is not None for shape in shapes):
        return Around(*(float(edge) for edge in shapely.total_bounds(shapes)))
    lon, lat = (np.concatenate([pair[k] for pair in others]) if others else np.array([]) for k in (0, 1))
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < LEAST:
        return None
    return Around(lon[known].min(), lat[known].min(), lon[known].max(), lat[known].max())


def note_elsewhere(data: pd.DataFrame, table: Table, city: Around, crs: CRS | None, notes: Notes) -> bool:
    """Say where nearly all places of a table lie far from the rest of the region, and which frame would bring them there.

    Returns
    -------
    bool : whether they do.
    """
    lon, lat = data["lon"].to_numpy(float), data["lat"].to_numpy(float)
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < LEAST:
        return False
    out = city.outside(lon[known], lat[known])
    if (
        out.mean() < MOST or not city.outside(lat[known], lon[known]).any()
    ):  # swapped ones are said one by one
        return False
    middle = float(np.median(lon[known])), float(np.median(lat[known]))
    home = (city.west + city.east) / 2, (city.south + city.north) / 2
    km = np.hypot((middle[0] - home[0]) * np.cos(np.radians(home[1])), middle[1] - home[1]) * 111.2
    fits = _fitting(lon[known], lat[known], city, crs) if crs is not None else []
    hint = Text(
        "Check crs and datum of this table in region.toml, and that the file is of this city.",
        "请核对 region.toml 中本表的 crs、datum，并确认文件属于本市。",
    )
    if fits:
        hint = Text(
            f'Read in {" or ".join(fits)} they would lie in the region: write crs = "{fits[0]}" in [tables.{table.name}].',
            f'按 {" 或 ".join(fits)} 读取则落在本地区内：请在 [tables.{table.name}] 中写 crs = "{fits[0]}"。',
        )
    notes.error(
        "table-elsewhere",
        table.name,
        Text(
            f"{int(out.sum())} of {int(known.sum())} places of {table.name} lie some {km:,.0f} km from the region.",
            f"{table.title.zh}表的 {int(known.sum())} 个位置中有 {int(out.sum())} 个在本地区约 {km:,.0f} 公里之外。",
        ),
        hint,
        id="crs",
    )
    return True


def _fitting(lon: Array, lat: Array, city: Around, crs: CRS) -> list[str]:
    """The frames in which the same metres would lie in the region, the first two."""
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat)
    return frames_within(np.asarray(x), np.asarray(y), city)


def frames_within(x: Array, y: Array, city: Around) -> list[str]:
    """The frames in which metres lie in the region, the first two."""
    found = []
    for name in candidates():
        there = Transformer.from_crs(name, 4326, always_xy=True).transform(x, y)
        if (
            np.isfinite(there[0]).all()
            and city.outside(np.asarray(there[0]), np.asarray(there[1])).mean() < 1 - MOST
        ):
            found.append(name)
    return found[:2]

"""A table that lies elsewhere as a whole: in the next province or city, or in another frame than is said; and what would fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gridplan.inputs.column import Table
from gridplan.inputs.datum import to_wgs84, wgs84_to
from gridplan.inputs.matching.frames import MOST, WEB_MERCATOR, between
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text

Array = NDArray[np.float64]
LEAST, HALF = 3, 0.5
ELSEWHERE_DEGREES = 0.3  # beyond the bounds of the region
BEYOND_DEGREES = 5.0
NEAR_MIDDLE = 6.0  # degrees from a frame's central meridian in which a city uses it
LARGEST_CITY = 2.0  # times its size that places may lie beyond it
ASTRAY_KM = 1.5  # from every district: farther than a wrong datum or the drawing of a border explains
KM = 111.2  # of a degree of latitude
LEAST_SHARE, LEFT = 0.01, 0.25  # of places that misfit before, and of those after


def candidates(lon: float) -> Iterator[str]:
    """Frames in metres that a city of China at this longitude may have used: CGCS2000 by 3 and by 6 degrees, UTM, Web
    Mercator.
    """
    by_three = ((f"EPSG:{4534 + n}", 75 + 3 * n) for n in range(21))
    by_six = ((f"EPSG:{4502 + n}", 75 + 6 * n) for n in range(11))
    utm = ((f"EPSG:{32600 + zone}", 6 * zone - 183) for zone in range(43, 54))
    yield from (name for name, middle in (*by_three, *by_six, *utm) if abs(middle - lon) <= NEAR_MIDDLE)
    yield WEB_MERCATOR


@dataclass(frozen=True)
class Around:
    """Where a region is: its bounds in degrees, by its districts' polygons, else by most of its places.

    `shapes` are the polygons, where every district has one.
    """

    west: float
    south: float
    east: float
    north: float
    shapes: NDArray[np.object_] | None = None

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

    def km_astray(self, lon: Array, lat: Array) -> Array:
        """How far places lie from the nearest district, 0 in one; 0 for all where not every district has a polygon."""
        km = np.zeros(len(lon))
        if self.shapes is None:
            return km
        out = ~np.any([shapely.intersects_xy(shape, lon, lat) for shape in self.shapes], axis=0)
        scale = KM * np.array([np.cos(np.radians((self.south + self.north) / 2)), 1])
        flat = shapely.transform(self.shapes, lambda points: points * scale)
        places = shapely.points(np.column_stack([lon[out], lat[out]]) * scale)
        if len(places):
            km[out] = np.min([shapely.distance(shape, places) for shape in flat], axis=0)
        return km

    def astray(self, lon: Array, lat: Array) -> NDArray[np.bool_]:
        """Which places do not lie in the region: in no district or near one, or by its bounds where these are all that is known."""
        return self.outside(lon, lat) if self.shapes is None else self.km_astray(lon, lat) > ASTRAY_KM

    def beyond(self, lon: Array, lat: Array) -> NDArray[np.bool_]:
        """Which places are so far off that each is said alone: swapped, or no place at all."""
        home = (self.west + self.east) / 2, (self.south + self.north) / 2
        far: NDArray[np.bool_] = (np.abs(lon - home[0]) > BEYOND_DEGREES) | (
            np.abs(lat - home[1]) > BEYOND_DEGREES
        )
        return far


def around(shapes: NDArray[np.object_] | None, others: list[tuple[Array, Array]]) -> Around | None:
    """Where polygons are, else the places of other tables; None where there are none."""
    if shapes is not None and any(shape is not None for shape in shapes):
        west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
        if any(shape is None or shape.is_empty for shape in shapes):
            return Around(west, south, east, north)
        valid = shapely.make_valid(shapes)
        shapely.prepare(valid)
        return Around(west, south, east, north, valid)
    lon, lat = (np.concatenate([pair[k] for pair in others]) if others else np.array([]) for k in (0, 1))
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < LEAST:
        return None
    return Around(lon[known].min(), lat[known].min(), lon[known].max(), lat[known].max())


def note_elsewhere(
    data: pd.DataFrame, table: Table, city: Around, districts: Collection[str], crs: CRS | None, notes: Notes
) -> bool:
    """Say where nearly all places of a table lie far from the rest of the region, or most in none of its districts; and
    what would bring them there.

    Parameters
    ----------
    districts : ids; of records of other districts it is said elsewhere that these are unknown.

    Returns
    -------
    bool : whether they do.
    """
    lon, lat = data["lon"].to_numpy(float), data["lat"].to_numpy(float)
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < LEAST:
        return False
    own = data["district_id"].fillna("").isin(["", *districts]).to_numpy()[known]
    lon, lat, n = lon[known], lat[known], int(known.sum())
    far, km_out = city.outside(lon, lat), city.km_astray(lon, lat)
    out = (km_out > ASTRAY_KM) & ~city.beyond(lon, lat) & own
    if far.mean() >= MOST and city.outside(lat, lon).any():  # swapped ones are said one by one
        home = (city.west + city.east) / 2, (city.south + city.north) / 2
        middle = float(np.median(lon)), float(np.median(lat))
        km = KM * np.hypot((middle[0] - home[0]) * np.cos(np.radians(home[1])), middle[1] - home[1])
        what = Text(
            f"{int(far.sum())} of {n} places of {table.name} lie some {km:,.0f} km from the region.",
            f"{table.title.zh}表的 {n} 个位置中有 {int(far.sum())} 个在本地区约 {km:,.0f} 公里之外。",
        )
    elif out.mean() > HALF:
        km = float(np.median(km_out[out]))
        what = Text(
            f"{int(out.sum())} of {n} places of {table.name} lie in no district, some {km:,.0f} km from the nearest.",
            f"{table.title.zh}表的 {n} 个位置中有 {int(out.sum())} 个不在任何区内，距最近的区约 {km:,.0f} 公里。",
        )
    else:
        return False
    notes.error("table-elsewhere", table.name, what, _what_would_fit(lon, lat, table, city, crs), id="crs")
    return True


def _what_would_fit(lon: Array, lat: Array, table: Table, city: Around, crs: CRS | None) -> Text:
    fits = _fitting(lon, lat, city, crs) if crs is not None else []
    if fits:
        return Text(
            f'Read in {" or ".join(fits)} they would lie in the region: write crs = "{fits[0]}" in [tables.{table.name}].',
            f'按 {" 或 ".join(fits)} 读取则落在本地区内：请在 [tables.{table.name}] 中写 crs = "{fits[0]}"。',
        )
    if crs is None and (example := _minutes_for_decimals(lon, lat, city)):
        return Text(
            f"Their decimals are minutes and seconds ({example}): read so they lie in the region. Write them as decimal "
            "degrees, or with ° ′ ″.",
            f"小数部分应为分、秒（{example}）：按此读取则落在本地区内。请改为十进制度，或写成度分秒（° ′ ″）。",
        )
    return Text(
        "Check that the file is of this city, crs and datum of this table in region.toml, and the polygons of the districts.",
        "请核对文件是否属于本市、region.toml 中本表的 crs 与 datum，以及各区边界。",
    )


def _minutes_for_decimals(x: Array, y: Array, city: Around) -> str:
    """An example, where degrees read as DD.MMSS (116.3336 for 116°33′36″) lie in the region; else ""."""
    for datum in ("wgs84", "gcj02", "bd09"):
        written = [np.round(degrees, 6) for degrees in wgs84_to(x, y, datum)]
        parts = [_of_decimals(degrees) for degrees in written]
        if any((m >= 60).any() or (s >= 60).any() for _, m, s in parts):
            continue
        lon, lat = (d + m / 60 + s / 3600 for d, m, s in parts)
        if city.astray(*to_wgs84(lon, lat, datum)).mean() < 1 - MOST:
            degree, minute, second = (float(part[0]) for part in parts[0])
            return f"{written[0][0]:.4f} = {degree:.0f}°{minute:.0f}′{second:g}″"
    return ""


def _of_decimals(degrees: Array) -> tuple[Array, Array, Array]:
    """Degrees, minutes and seconds of numbers DD.MMSS."""
    whole = np.floor(degrees)
    seconds = np.round((degrees - whole) * 1e4, 2)  # MMSS
    return whole, np.floor(seconds / 100), np.round(seconds % 100, 2)


def _fitting(lon: Array, lat: Array, city: Around, crs: CRS) -> list[str]:
    """The frames in which the same metres would lie in the region, the first two."""
    x, y = between(4326, crs).transform(lon, lat)
    return frames_within(np.asarray(x), np.asarray(y), city)


def frames_within(x: Array, y: Array, city: Around, among: Sequence[str] = ()) -> list[str]:
    """The frames in which metres lie in the region, the first two; `among` those that may be, by default all candidates."""
    found = []
    for name in among or candidates((city.west + city.east) / 2):
        there = _degrees_in(name, x, y)
        if np.isfinite(there[0]).all() and city.astray(*there).mean() < 1 - MOST:
            found.append(name)
    return found[:2]


def _degrees_in(name: str, x: Array, y: Array) -> tuple[Array, Array]:
    lon, lat = between(name, 4326).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def note_other_frame(
    data: pd.DataFrame, table: Table, shapes: dict[str, shapely.Geometry], crs: CRS, notes: Notes
) -> None:
    """Say where metres fit the districts that their records state much better in another frame.

    UTM read as Gauss-Krüger lies 1 to 2 km off, which nothing else tells. A table is suspected as by its datum: where at
    least three places and 1 % of them lie outside their district, and of these a quarter at most in the other frame.
    """
    own = np.array([shapes.get(id) for id in data["district_id"]], dtype=object)
    lon, lat = data["lon"].to_numpy(float), data["lat"].to_numpy(float)
    known = np.isfinite(lon) & np.isfinite(lat) & (own != None)  # noqa: E711
    lon, lat, own = lon[known], lat[known], own[known]

    def misfits(lon: Array, lat: Array) -> int:
        return int((~shapely.intersects_xy(own, lon, lat)).sum())

    before, n = misfits(lon, lat), len(lon)
    if before < max(LEAST, LEAST_SHARE * n):
        return
    x, y = between(4326, crs).transform(lon, lat)
    after, name = min(
        (misfits(*_degrees_in(name, x, y)), name)
        for name in candidates(float(np.median(shapely.get_x(shapely.centroid(own)))))
    )
    if after > LEFT * before:
        return
    title = CRS.from_user_input(name).name
    notes.warn(
        "other-frame",
        table.name,
        Text(
            f"The metres look like {title}, not {crs.name}: of {n} places {before} lie outside their district, and {after} "
            f"if read as {title}.",
            f"坐标像是 {title}，而不是 {crs.name}：{n} 个点中有 {before} 个不在所属区内，按 {title} 读取则为 {after} 个。",
        ),
        Text(
            f'If so, write crs = "{name}" in [tables.{table.name}].',
            f'如属实，请在 [tables.{table.name}] 中写 crs = "{name}"。',
        ),
        id="crs",
    )

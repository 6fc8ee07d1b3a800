"""Metres as files write them: X that is the northing, a zone's number before the easting or none, and the frame they tell."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
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
THREE_DEGREE, SIX_DEGREE, UTM = range(25, 46), range(13, 24), range(46, 54)
WEB_MERCATOR = "EPSG:3857"
OF_THE_WEB = Text("Web Mercator, as web maps have it", "网络地图所用的 Web 墨卡托")
OF_A_ZONE = Text("the first digits are the number of that zone", "首两位是该带带号")
CHINA_IN_IT = (8.1e6, 15.1e6), (0.35e6, 7.1e6)  # eastings and northings


@lru_cache(maxsize=64)
def between(one: CRS | str | int, other: CRS | str | int) -> Transformer:
    """The way from one frame to another, x before y; PROJ searches its tables for it for some tenth of a second."""
    return Transformer.from_crs(one, other, always_xy=True)


def are_degrees(x: NDArray[np.generic], y: NDArray[np.generic]) -> bool:
    """False where more than half of the coordinates are beyond any degree."""
    known = np.isfinite(x) & np.isfinite(y)
    beyond = known & ((np.abs(x) > 360) | (np.abs(y) > 360))
    return not beyond.sum() > known.sum() / 2


def upright(x: Array, y: Array, crs: CRS, sheet: Sheet, table: Table, notes: Notes) -> tuple[Array, Array]:
    """Metres as easting and northing, with a zone's number only where the frame has it; what had to be turned, taken off or
    put before them is said."""
    if _by_zones(crs):
        x, y = (_zone_mended(a, b, crs, sheet, table, notes) for a, b in ((x, y), (y, x)))
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
    lon, lat = between(crs, 4326).transform(x, y)
    within: NDArray[np.bool_] = (
        (lon >= area.west - BESIDE)
        & (lon <= area.east + BESIDE)
        & (lat >= area.south - BESIDE)
        & (lat <= area.north + BESIDE)
    )
    return within


def _zone_mended(values: Array, other: Array, crs: CRS, sheet: Sheet, table: Table, notes: Notes) -> Array:
    """Eastings without the number of their zone where the projection does not have it, and with it where it has."""
    own = int(_false_easting(crs) // ZONE)
    known = np.isfinite(values) & np.isfinite(other)
    most = max(known.sum() / 2, 1)
    if own:
        bare = known & (values > 0) & (values < ZONE)
        if bare.sum() < most or (other[known] > ZONE).mean() < MOST:
            return values
        what = Text(
            f"{sheet.file}: the eastings lack the number of their zone, which {crs.name} has; {own} is put before them.",
            f"{sheet.file}：{crs.name} 的横坐标应带带号，文件中没有，已补上 {own}。",
        )
        mended = np.where(bare, values + own * ZONE, values)
    else:
        prefixed = known & (values > PREFIXED)
        zones = sorted({int(value // ZONE) for value in values[prefixed]})
        if prefixed.sum() < most or not all(_epsg_of_zone(zone) for zone in zones):
            return values
        stated = _middle(crs)
        if wrong := [zone for zone in zones if stated is not None and stated not in _middles(zone)]:
            _refuse_zone(values, other, wrong[0], stated, crs, sheet, table, notes)
            return values
        what = Text(
            f"{sheet.file}: the eastings begin with the number of their zone ({zones[0]}); it is taken off.",
            f"{sheet.file}：横坐标带有带号（{zones[0]}），已去掉。",
        )
        mended = np.where(prefixed, values % ZONE, values)
    right = Text("Right where the places lie in the city.", "如位置都在本市则无误。")
    notes.warn("zone-prefix", table.name, what, right)
    return mended


def _refuse_zone(
    values: Array,
    other: Array,
    zone: int,
    stated: float | None,
    crs: CRS,
    sheet: Sheet,
    table: Table,
    notes: Notes,
) -> None:
    notes.error(
        "wrong-zone",
        table.name,
        Text(
            f"{sheet.file}: the eastings begin with the zone {zone}, but {crs.name} has its middle at {stated:.0f}°.",
            f"{sheet.file}：横坐标带号为 {zone}，而 {crs.name} 的中央经线是 {stated:.0f}°。",
        ),
        line_to_write(likely_crs(values, other), table),
        id="crs",
    )


def note_nowhere(x: Array, y: Array, crs: CRS, sheet: Sheet, table: Table, notes: Notes) -> None:
    """Say that metres cannot be those of a frame: it has no place for them on earth."""
    if any((f.table, f.code) == (table.name, "wrong-zone") for f in notes.findings):
        return
    example = next((f"{a:.10g}, {b:.10g}" for a, b in zip(x, y, strict=True) if np.isfinite(a + b)), "")
    notes.error(
        "wrong-crs",
        table.name,
        Text(
            f"{sheet.file}: the coordinates ({example} …) cannot be metres of {crs.name}: they would lie nowhere.",
            f"{sheet.file}：坐标（{example} ……）不可能是 {crs.name} 的米制坐标，按此无法定位。",
        ),
        line_to_write(likely_crs(x, y), table),
        id="crs",
    )


def line_to_write(names: Iterable[str], table: Table, example: str = "") -> Text:
    """The line of region.toml that says the frame of a table's metres: one of those that they tell, else to be asked for."""
    likely = [(name, OF_THE_WEB if name == WEB_MERCATOR else OF_A_ZONE) for name in names]
    if not likely:
        such = f', e.g. crs = "{example}"' if example else ""
        such_zh = f'，例如 crs = "{example}"' if example else ""
        return Text(
            f"Ask whoever made the file for its projection, and write it as crs in [tables.{table.name}]{such}.",
            f"请向文件提供方问明投影，并在 [tables.{table.name}] 中写明 crs{such_zh}。",
        )
    lines = " or ".join(f'crs = "{name}" ({why.en})' for name, why in likely)
    lines_zh = " 或 ".join(f'crs = "{name}"（{why.zh}）' for name, why in likely)
    return Text(f"Write {lines} in [tables.{table.name}].", f"请在 [tables.{table.name}] 中写 {lines_zh}。")


def _by_zones(crs: CRS) -> bool:
    """Whether a projection is one of zones: Gauss-Krüger or UTM."""
    method = (crs.coordinate_operation.method_name if crs.coordinate_operation else "").casefold()
    return "transverse" in method or "gauss" in method


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
    """The central meridians of the zones that have a number: by 3 and by 6 degrees, and of UTM."""
    by_three = {float(zone * 3)} if zone in THREE_DEGREE else set()
    by_six = {float(zone * 6 - 3)} if zone in SIX_DEGREE else set()
    return by_three | by_six | ({float(zone * 6 - 183)} if zone in UTM else set())


def _epsg_of_zone(zone: int) -> str:
    """CGCS2000 with the zone's number before the easting (3-degree zones 25 to 45, 6-degree zones 13 to 23), UTM; else ""."""
    if zone in THREE_DEGREE:
        return f"EPSG:{4513 + zone - 25}"
    if zone in SIX_DEGREE:
        return f"EPSG:{4491 + zone - 13}"
    return f"EPSG:{32600 + zone}" if zone in UTM else ""


def likely_crs(x: Array, y: Array) -> list[str]:
    """The frames that metres tell themselves: by the number of a zone before the easting; Web Mercator by their size."""
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return []
    x, y = x[known], y[known]
    zones = [{int(value // ZONE) for value in values if value > PREFIXED} for values in (x, y)]
    found = [name for own in zones if len(own) == 1 and (name := _epsg_of_zone(*own))][:1]
    web = any(
        all(((low <= v) & (v <= high)).all() for v, (low, high) in zip(pair, CHINA_IN_IT, strict=True))
        for pair in ((x, y), (y, x))
    )
    return found + [WEB_MERCATOR] * web

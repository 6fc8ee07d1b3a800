"""Places that stand in one cell: "121.48,31.23", 31°13′N 121°29′E, WKT, GeoJSON. They become columns, or shapes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import shapely

from gridplan.inputs.column import Table
from gridplan.inputs.formats.sheet import Remark, Sheet
from gridplan.inputs.schema import UNITS
from gridplan.inputs.sheets.cells import half_width, is_blank
from gridplan.inputs.sheets.headers import datum_in, is_known
from gridplan.inputs.sheets.numbers import as_written
from gridplan.words.text import Text

WKT = re.compile(r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
GEOJSON = re.compile(r'\s*\{.*"coordinates"', re.DOTALL)
PAIR = re.compile(r"[(\[]?\s*([^,;|/\s、()\[\]]+)\s*[,;|/、\s]\s*([^,;|/\s、()\[\]]+)\s*[)\]]?")
LAT_FIRST = re.compile(r"纬.{0,3}经|lat.{0,8}(lng|lon)|n.{0,3}e$", re.IGNORECASE)
LON_FIRST = re.compile(r"经.{0,3}纬|(lng|lon).{0,12}lat", re.IGNORECASE)
DEGREE = next(column for column in UNITS if column.name == "lon")
LEAST = 0.5  # of the filled cells that must be places


def with_places(sheet: Sheet, table: Table) -> Sheet:
    """The sheet with columns lon and lat, or with shapes, where the file gives places in one column only."""
    names = table.names
    if not table.spatial or "lon" not in names or sheet.geometry is not None:
        return sheet
    others = [h for h in sheet.headers if not _is_other(h, table)]
    for header in others:
        filled = [cell for cell in sheet.cells[header].tolist() if not is_blank(cell)]
        if filled and sum(bool(WKT.match(c) or GEOJSON.match(c)) for c in filled) >= LEAST * len(filled):
            return _with_shapes(sheet, header)
    if any(is_known(h, _only(table, "lon"), {}) for h in sheet.headers):
        return sheet
    for header in others:
        sheet = _with_pair(sheet, header)
    return sheet


def _is_other(header: str, table: Table) -> bool:
    """Whether a header is that of another column, so that no places are looked for in it."""
    return is_known(header, replace(table, columns=tuple(c for c in table if c.kind != "degree")), {})


def _only(table: Table, name: str) -> Table:
    return replace(table, columns=tuple(c for c in table if c.name == name))


def _with_shapes(sheet: Sheet, header: str) -> Sheet:
    texts = [re.sub(r"^\s*SRID=\d+;", "", cell, flags=re.IGNORECASE) for cell in sheet.cells[header]]
    wkt = np.array([text if WKT.match(text) else None for text in texts], dtype=object)
    other = np.array([text if GEOJSON.match(text) else None for text in texts], dtype=object)
    shapes = shapely.from_wkt(wkt, on_invalid="ignore")
    drawn = shapely.from_geojson(other, on_invalid="ignore")
    shapes = np.array([a if a is not None else b for a, b in zip(shapes, drawn, strict=True)], dtype=object)
    broken = tuple(
        row
        for row, text, shape in zip(sheet.rows, texts, shapes, strict=True)
        if not is_blank(text) and shape is None
    )
    return replace(sheet, geometry=shapely.force_2d(shapes), broken_shapes=(*sheet.broken_shapes, *broken))


def _with_pair(sheet: Sheet, header: str) -> Sheet:
    """With a column each for longitude and latitude, where most cells of this one hold both."""
    texts = sheet.cells[header].tolist()
    pairs = [_pair(cell) for cell in texts]
    filled = sum(not is_blank(cell) for cell in texts)
    found = [pair for pair in pairs if pair is not None]
    if not found or len(found) < LEAST * filled:
        return sheet
    turned = _latitude_first(header, found)
    if turned is None:
        return sheet.noting(_unclear(sheet, header))
    ends = [("", "") if pair is None else pair for pair in pairs]
    cells = sheet.cells.copy()
    suffix = f"_{datum}" if (datum := datum_in(header)) else ""
    for name, at in (("lon", 1 if turned else 0), ("lat", 0 if turned else 1)):
        cells[f"{name}{suffix}"] = [
            pair[at] if pair != ("", "") or is_blank(cell) else cell
            for pair, cell in zip(ends, sheet.cells[header], strict=True)
        ]
    order = Text("latitude first", "纬度在前") if turned else Text("longitude first", "经度在前")
    return replace(sheet, cells=cells).noting(
        Remark(
            "pair-in-cell",
            Text(
                f"{sheet.file}: '{header}' holds both coordinates, {order.en}; it is read as lon and lat.",
                f"{sheet.file}：“{header}”一格含经纬度（{order.zh}），已拆分读取。",
            ),
            Text("Look at a few places on the map.", "请在地图上核对几个位置。"),
        )
    )


def _pair(cell: str) -> tuple[str, str] | None:
    """Both halves of a cell that holds two coordinates."""
    match = PAIR.fullmatch(half_width(cell).replace("，", ",").replace("；", ";"))
    if match is None:
        return None
    one, two = (as_written(half, DEGREE) for half in match.groups())
    if one is None or two is None or not (abs(one.value) <= 180 and abs(two.value) <= 180):
        return None
    return match[1], match[2]


def _latitude_first(header: str, pairs: list[tuple[str, str]]) -> bool | None:
    """Whether latitude comes first: no latitude is beyond 90; else by the header. None where nothing tells."""
    values = np.array([[as_written(half, DEGREE).value for half in pair] for pair in pairs])  # type: ignore[union-attr]
    beyond = (np.abs(values) > 90).sum(axis=0)
    if beyond[0] != beyond[1]:
        return bool(beyond[1] > beyond[0])
    if LON_FIRST.search(header):
        return False
    return True if LAT_FIRST.search(header) else None


def _unclear(sheet: Sheet, header: str) -> Remark:
    return Remark(
        "pair-unclear",
        Text(f"{sheet.file}: '{header}' holds two coordinates, and nothing says which is the longitude.",
             f"{sheet.file}：“{header}”一格含两个坐标，无法判断哪个是经度。"),
        Text("Call the column “lon,lat” or “lat,lon”.", "请把表头写成“经纬度”或“纬度,经度”。"),
        error=True,
    )  # fmt: skip

"""Coordinates of a file → WGS 84 degrees.

region.toml says the datum, and it wins; what a file says of its CRS tells only the projection. Where the two
contradict, a warning says so. Metres can be in no shifted datum (GCJ-02, BD-09).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gridplan.inputs.column import Table
from gridplan.inputs.datum import SHIFTED, geometry_to_wgs84, to_wgs84
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.matching.frames import (
    are_degrees,
    between,
    likely_crs,
    line_to_write,
    note_nowhere,
    upright,
)
from gridplan.inputs.matching.stated_datum import datums_of_rows
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text
from gridplan.words.vocabulary import DATUMS

PAIRS = (("lon", "lat"), ("from_lon", "from_lat"), ("to_lon", "to_lat"))
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Frame:
    """What the coordinates of a file are: a datum by name, and a projection where they are metres."""

    datum: str
    crs: CRS | None

    @property
    def projected(self) -> bool:
        """Whether coordinates are metres."""
        return self.crs is not None and self.crs.is_projected

    def degrees(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Coordinates as degrees of the datum: the projection undone, the datum not touched."""
        if not self.projected or self.crs is None:
            return x, y
        lon, lat = between(self.crs, self.crs.geodetic_crs).transform(
            np.asarray(x, float), np.asarray(y, float)
        )
        return np.where(np.isfinite(lon), lon, np.nan).round(7), np.where(
            np.isfinite(lat), lat, np.nan
        ).round(7)


def frame_of(sheet: Sheet, table: Table, datum: str, crs: CRS | None, notes: Notes) -> Frame:
    """The datum and projection of a file, with the contradictions noted."""
    stated = sheet.crs
    if stated is not None and crs is not None and not crs.equals(stated, ignore_axis_order=True):
        _warn_contradiction(sheet, table, stated, f'crs = "{crs.name}"', notes)
    elif stated is not None and (datum in SHIFTED or _datum_of(stated) not in ("wgs84", "cgcs2000")):
        _warn_contradiction(sheet, table, stated, f'datum = "{datum}"', notes)
    frame = Frame(datum, crs if crs is not None else stated)
    if frame.projected and datum in SHIFTED:
        name, projection = DATUMS[datum], frame.crs.name if frame.crs else ""
        notes.fault(
            "projected-gcj02",
            table.name,
            Text(
                f"{sheet.file} is in metres ({projection}), but {name.en} knows only degrees.",
                f"{sheet.file} 的坐标是米（{projection}），而 {name.zh} 只有经纬度。",
            ),
            Text(
                f'Write datum = "cgcs2000" or "wgs84" in [tables.{table.name}].',
                f'请在 [tables.{table.name}] 中写 datum = "cgcs2000" 或 "wgs84"。',
            ),
            id="datum",
        )
    return frame


def place_columns(
    data: pd.DataFrame, sheet: Sheet, table: Table, frame: Frame, notes: Notes, own_datum: str = ""
) -> pd.DataFrame:
    """The table with its lon and lat columns in WGS 84 degrees; `own_datum` is what is said of this very table.

    Beside shapes in metres, columns may be degrees or metres: degrees where they can be degrees. In a frame in metres
    the column called X may be the northing, as in surveyors' lists, and a zone's number may stand before the easting.
    """
    placed = data.copy()
    datums = datums_of_rows(sheet, table, frame.datum, own_datum, notes)
    for lon, lat in PAIRS:
        if lon in placed and lat in placed:
            x, y = placed[lon].to_numpy(float), placed[lat].to_numpy(float)
            if sheet.geometry is None or not are_degrees(x, y):
                if frame.projected and frame.crs is not None and not are_degrees(x, y):
                    x, y = upright(x, y, frame.crs, sheet, table, notes)
                metres, (x, y) = (x, y), frame.degrees(x, y)
                given = np.isfinite(metres).all(axis=0).any()
                if frame.crs is not None and given and not np.isfinite((x, y)).all(axis=0).any():
                    note_nowhere(*metres, frame.crs, sheet, table, notes)
            if not are_degrees(x, y):
                _no_crs(sheet, table, x, y, notes)
            for datum in [d for d in SHIFTED if (datums == d).any()]:
                some = datums == datum
                moved = to_wgs84(x[some], y[some], datum)
                x, y = x.copy(), y.copy()
                x[some], y[some] = moved[0].round(7), moved[1].round(7)
            placed[lon], placed[lat] = x, y
    return placed


def place_shapes(sheet: Sheet, table: Table, frame: Frame, notes: Notes) -> Shapes | None:
    """The shapes of a file in WGS 84 degrees; None where the file has none."""
    if sheet.geometry is None:
        return None
    shapes: Shapes = shapely.force_2d(sheet.geometry)
    shapes = np.array([None if s is None or s.is_empty else s for s in shapes], dtype=object)
    if frame.projected:
        shapes = shapely.transform(shapes, lambda p: np.column_stack(frame.degrees(p[:, 0], p[:, 1])))
    corners = shapely.bounds(shapes)
    if not are_degrees(corners[:, 0], corners[:, 1]):
        _no_crs(sheet, table, corners[:, 0], corners[:, 1], notes)
        return shapes
    moved: Shapes = geometry_to_wgs84(shapes, frame.datum)
    return moved


def points_of(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A longitude and latitude inside each shape (NaN for None): the point itself, or one on the polygon."""
    points = shapely.point_on_surface(shapely.make_valid(shapes))
    given = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    points = np.where(given, shapes, points)
    return shapely.get_x(points), shapely.get_y(points)


def is_polygon(shapes: Shapes) -> NDArray[np.bool_]:
    """Which shapes are polygons or multipolygons."""
    kinds: NDArray[np.bool_] = np.isin(
        shapely.get_type_id(shapes), [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
    )
    return kinds


def _datum_of(crs: CRS) -> str:
    """wgs84 or cgcs2000 where a CRS stands on one of them, else the name of what it stands on."""
    name = str((crs.geodetic_crs or crs).name)
    plain = name.casefold().replace("_", "").replace(" ", "")
    if "wgs" in plain and "84" in plain:
        return "wgs84"
    return "cgcs2000" if "2000" in plain and ("china" in plain or "cgcs" in plain) else name


def _warn_contradiction(sheet: Sheet, table: Table, stated: CRS, used: str, notes: Notes) -> None:
    notes.warn(
        "crs-contradicts",
        table.name,
        Text(
            f"{sheet.file} says it is in {stated.name}, region.toml says {used}; region.toml is believed.",
            f"{sheet.file} 自称坐标系为 {stated.name}，而 region.toml 写 {used}；以 region.toml 为准。",
        ),
        Text(
            f"If the file is right, say so in [tables.{table.name}].",
            f"如果文件正确，请在 [tables.{table.name}] 中写明。",
        ),
    )


def _no_crs(sheet: Sheet, table: Table, x: Any, y: Any, notes: Notes) -> None:
    likely = likely_crs(np.asarray(x, float), np.asarray(y, float))
    notes.fault(
        "missing-crs",
        table.name,
        Text(
            f"The coordinates of {sheet.file} are not degrees, and nothing says what they are.",
            f"{sheet.file} 的坐标不是经纬度，也没有说明投影。",
        ),
        line_to_write(likely, table, "EPSG:4547"),
        id="crs",
    )

"""Tables with shapes → one GeoPackage (OGC 12-128r18), by SQLite itself: GDAL would take longer to load than this to write."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

APPLICATION, VERSION = 0x47504B47, 10300  # "GPKG", 1.3
WGS84 = 4326
GEOMETRY = "geom"
MOMENT = "2000-01-01T00:00:00.000Z"  # of every file, so that the same plan gives the same bytes
_ENVELOPE, _EMPTY, _LITTLE = 0b00000010, 0b00010000, 0b00000001
_FRAMES = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    (
        "WGS 84 geodetic", WGS84, "EPSG", WGS84,
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
        'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
    ),
)  # fmt: skip
_BOOK = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT '{moment}', min_x DOUBLE,
    min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY REFERENCES gpkg_contents(table_name),
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES
    gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL);
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT '{moment}');
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
"""
_STYLE = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, "
    "useAsDefault, description, owner) VALUES ('', '', ?, ?, ?, ?, '', 1, 'gridplan', '')"
)


def write_geopackage(
    path: Path,
    layers: Mapping[str, gpd.GeoDataFrame],
    styles: Mapping[str, str],
    described: Mapping[str, str],
) -> None:
    """A new GeoPackage.

    Parameters
    ----------
    layers : name → its records with shapes in WGS 84.
    styles : name → QML, which QGIS takes by itself.
    described : name → what the file says of that layer.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as book:
        book.execute("PRAGMA synchronous = OFF")  # the folder is seen onto the disk as a whole
        book.execute("PRAGMA journal_mode = OFF")
        book.execute(f"PRAGMA application_id = {APPLICATION}")
        book.execute(f"PRAGMA user_version = {VERSION}")
        with book:
            book.execute("BEGIN")
            for line in _BOOK.format(moment=MOMENT).split(";\n"):
                book.execute(line)
            book.executemany(
                "INSERT INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition) "
                "VALUES (?, ?, ?, ?, ?)",
                _FRAMES,
            )
            for name, layer in layers.items():
                _write_layer(book, name, layer, described.get(name, ""))
            book.executemany(_STYLE, [(name, GEOMETRY, name, qml) for name, qml in styles.items()])


def _write_layer(book: sqlite3.Connection, name: str, layer: gpd.GeoDataFrame, described: str) -> None:
    shapes, kind = _of_one_kind(np.asarray(layer.geometry, dtype=object))
    records = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    columns = [f"{_quoted(str(column))} {_sql_type(records[column])}" for column in records]
    book.execute(
        f"CREATE TABLE {_quoted(name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        f"{', '.join([f'{GEOMETRY} {kind}', *columns])})"
    )
    places = ", ".join("?" * (len(columns) + 1))
    names = ", ".join([GEOMETRY, *(_quoted(str(column)) for column in records)])
    cells = [_cells(records[column]) for column in records]
    book.executemany(
        f"INSERT INTO {_quoted(name)} ({names}) VALUES ({places})",
        zip(_blobs(shapes), *cells, strict=True),
    )
    bounds = shapely.bounds(shapes[shapely.is_geometry(shapes) & ~shapely.is_empty(shapes)])
    around = (
        [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
        if len(bounds)
        else [None] * 4
    )
    book.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) "
        "VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)",
        (name, name, described, *around, WGS84),
    )
    book.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", (name, GEOMETRY, kind, WGS84))


def _of_one_kind(shapes: np.ndarray) -> tuple[np.ndarray, str]:
    """The shapes, all of one kind, and its name: where polygons stand among multipolygons all are such."""
    there = shapely.is_geometry(shapes)
    kinds = set(shapely.get_type_id(shapes[there]).tolist())
    multi = shapely.GeometryType.MULTIPOLYGON
    if len(kinds) > 1 and kinds == {shapely.GeometryType.POLYGON, multi}:
        single = there & (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
        shapes = shapes.copy()
        shapes[single] = [shapely.multipolygons([one]) for one in shapes[single]]
        kinds = {multi}
    return shapes, shapely.GeometryType(kinds.pop()).name if len(kinds) == 1 else "GEOMETRY"


def _blobs(shapes: np.ndarray) -> list[bytes | None]:
    """Each shape as a GeoPackage keeps it: a head with its frame and bounds, then WKB."""
    wkb = shapely.to_wkb(shapes, byte_order=1)
    bounds = shapely.bounds(shapes)[:, [0, 2, 1, 3]].tolist()
    empty = shapely.is_empty(shapes).tolist()
    bare = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _EMPTY, WGS84)
    return [
        None if body is None else bare + body if nothing
        else struct.pack("<2sBBi4d", b"GP", 0, _LITTLE | _ENVELOPE, WGS84, *box) + body
        for body, box, nothing in zip(wkb, bounds, empty, strict=True)
    ]  # fmt: skip


def _sql_type(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(values):
        return "INTEGER"
    return "REAL" if pd.api.types.is_float_dtype(values) else "TEXT"


def _cells(values: pd.Series) -> list[Any]:
    """What SQLite keeps of a column; blank is NULL."""
    known = values.notna().tolist()
    as_is = pd.api.types.is_numeric_dtype(values)
    cells = values.tolist() if as_is else values.astype(object).tolist()
    return [
        None if not there else cell if as_is or isinstance(cell, str) else str(cell)
        for cell, there in zip(cells, known, strict=True)
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

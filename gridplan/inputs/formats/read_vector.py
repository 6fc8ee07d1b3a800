"""GeoPackage, Shapefile and GeoParquet → Sheet.

GeoPackage and the shapes of a Shapefile go through pyogrio, after their first bytes were looked at; the attributes of a
Shapefile are read by `dbf.py`, because GDAL takes GBK without .cpg for Latin-1.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely.errors import ShapelyError

from gridplan.inputs.formats.dbf import LONGEST_NAME, read_dbf
from gridplan.inputs.formats.read_json import not_readable
from gridplan.inputs.formats.sheet import Known, Remark, Sheet, text_frame
from gridplan.inputs.sheets.cells import as_text
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.text import Text, both

SQLITE = b"SQLite format 3\x00"
SHAPEFILE = struct.pack(">i", 9994)
PARQUET = b"PAR1"
_READ_ERRORS = (
    RuntimeError,
    ValueError,
    OSError,
    ShapelyError,
)  # pyogrio's errors are kinds of these, but for shapes


def read_geopackage(path: Path, table: str, known: Known, layer: str | None) -> Sheet:
    """One layer of a GeoPackage: the named one, else the one named like the table, else the only one with its headers."""
    with path.open("rb") as stream:
        if stream.read(16) != SQLITE:
            raise not_readable(
                path, "GeoPackage", Text("its first bytes are not those of SQLite", "文件头不是 SQLite")
            )
    import pyogrio  # GDAL takes long to load, and most regions are CSV and GeoJSON

    with _gdal(path, "GeoPackage"):
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        chosen, remarks = (layer, []) if layer is not None else _layer(path, layers, table, known)
        if chosen not in layers:
            raise FileFault(
                "missing-layer",
                Text(f"Which layer of {path.name} holds the {table}?", f"{path.name} 的哪个图层是 {table}？"),
                Text(
                    f'Write layer = "…" in [tables.{table}]; its layers: {listed(layers)}.',
                    f'请在 [tables.{table}] 中写 layer = "…"；图层：{listed(layers)}。',
                ),
            )
        if pyogrio.read_info(path, layer=chosen)["driver"] != "GPKG":
            raise not_readable(
                path, "GeoPackage", Text("it is another kind of SQLite file", "是另一种 SQLite 文件")
            )
        frame = pyogrio.read_dataframe(path, layer=chosen, datetime_as_string=True)
    return frame_sheet(path.name, frame).noting(*remarks)


def _layer(path: Path, layers: Sequence[str], table: str, known: Known) -> tuple[str | None, list[Remark]]:
    """The layer of a table; None where several could be it."""
    if table in layers:
        return table, []
    if len(layers) == 1:
        return layers[0], []
    import pyogrio

    fits = {name: sum(map(known, pyogrio.read_info(path, layer=name)["fields"])) for name in layers}
    best = [name for name in layers if fits[name] == max(fits.values(), default=0)]
    if len(best) != 1 or fits[best[0]] < 2:
        return None, []
    return best[0], [
        Remark(
            "layer-chosen",
            Text(
                f"{path.name}: the layer '{best[0]}' is read, it has most headers of {table}.",
                f"{path.name}：读取图层“{best[0]}”，其字段与 {table} 表最相符。",
            ),
            Text(
                f'To use another, write layer = "…" in [tables.{table}].',
                f'如需另一图层，请在 [tables.{table}] 中写 layer = "…"。',
            ),
        )
    ]


def frame_sheet(file: str, frame: pd.DataFrame) -> Sheet:
    """A table of Python, with shapes or without, as if it were read from a file; record n is row n + 1."""
    named = isinstance(frame, gpd.GeoDataFrame) and frame._geometry_column_name in frame
    shape = str(frame.geometry.name) if named else ""
    geometry = np.asarray(frame.geometry, dtype=object) if named else None
    others = [c for c in frame.columns if c not in (shape, "row")]
    records = [
        [as_text(_scalar(v)) for v in values]
        for values in frame[others].astype(object).itertuples(index=False)
    ]
    crs = CRS(frame.crs) if named and frame.crs is not None else None
    rows = [int(row) for row in frame["row"]] if "row" in frame else [n + 2 for n in range(len(frame))]
    return Sheet(file, text_frame([str(c) for c in others], records), rows, geometry, crs)


def _scalar(value: object) -> object:
    """A value of numpy or pandas as one of Python; their kinds of nothing as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is pd.NA or value is pd.NaT else value


def read_parquet(path: Path) -> Sheet:
    """A (Geo)Parquet file."""
    with path.open("rb") as stream:
        if stream.read(4) != PARQUET:
            raise not_readable(
                path, "Parquet", Text("its first bytes are not those of one", "文件头不是 Parquet")
            )
    try:
        frame = gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" not in str(error).casefold():
            raise
        frame = pd.read_parquet(path)
    return frame_sheet(path.name, frame)


def read_shapefile(path: Path) -> Sheet:
    """A Shapefile: shapes by GDAL, attributes from the .dbf in the encoding that its bytes prove."""
    with path.open("rb") as stream:
        if stream.read(4) != SHAPEFILE:
            raise not_readable(
                path, "Shapefile", Text("its first bytes are not those of one", "文件头不是 Shapefile")
            )
    dbf = _beside(path, ".dbf")
    if dbf is None or _beside(path, ".shx") is None:
        suffix = ".dbf" if dbf is None else ".shx"
        raise not_readable(path, "Shapefile", Text(f"its {suffix} is missing", f"缺少 {suffix} 文件"))
    try:
        read = read_dbf(dbf, _beside(path, ".cpg"))
    except ValueError as error:
        raise not_readable(dbf, "DBF", Text("it is cut short", "文件不完整")) from error
    import pyogrio

    with _gdal(path, "Shapefile"):
        if pyogrio.read_info(path, encoding="ISO-8859-1")["driver"] != "ESRI Shapefile":
            raise not_readable(
                path, "Shapefile", Text("GDAL takes it for something else", "GDAL 识别为其他格式")
            )
        frame = pyogrio.read_dataframe(path, columns=[], encoding="ISO-8859-1")
    if len(frame) != len(read.records):
        raise not_readable(
            path,
            "Shapefile",
            Text(
                f"{len(frame)} shapes but {len(read.records)} records",
                f"{len(frame)} 个图形，{len(read.records)} 条记录",
            ),
        )
    crs = None if frame.crs is None else CRS(frame.crs)
    geometry = np.asarray(frame.geometry, dtype=object)
    cells = text_frame(read.headers, read.records)
    sheet = Sheet(path.name, cells, read.rows, geometry, crs, read.encoding, read.claimed, cut=LONGEST_NAME)
    remarks = [_halved(path, read.halved)] if read.halved else []
    return sheet.noting(*remarks, *([_starred(path, read.starred)] if read.starred else []))


def _halved(path: Path, rows: list[int]) -> Remark:
    return Remark(
        "cut-text",
        Text(f"{path.name}: a text was cut inside a character (rows {row_ranges(rows)}); the half character is left out.",
             f"{path.name}：有文字在半个汉字处被截断（第 {row_ranges(rows)} 行），已舍去半个字。"),
        Text("Look at these names; a wider field, or a GeoPackage, keeps them whole.", "请核对这些名称；加宽字段或改用 GeoPackage 可保留全名。"),
        rows[0],
    )  # fmt: skip


def _starred(path: Path, rows: list[int]) -> Remark:
    return Remark(
        "starred-cell",
        Text(f"{path.name}: fields full of stars (rows {row_ranges(rows)}) are read as blank; so the format writes what it lacks.",
             f"{path.name}：第 {row_ranges(rows)} 行有填满星号的字段，按空白读取（该格式以此表示缺值）。"),
        Text("If a number was too long for its field, fill it in.", "如因数字超出字段宽度，请补填。"),
        rows[0],
    )  # fmt: skip


def _beside(path: Path, suffix: str) -> Path | None:
    """The file of the same name with another ending, in capitals or not."""
    same = (p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.casefold() == suffix)
    return next(same, None)


@contextmanager
def _gdal(path: Path, kind: str) -> Iterator[None]:
    """What GDAL cannot read is a fault of the file; what it only mutters about is left to the doctor."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except _READ_ERRORS as error:
        raise not_readable(path, kind, both(str(error).rpartition("; ")[2].rstrip("."))) from error

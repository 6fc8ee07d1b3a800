"""GeoJSON, GeoPackage and Shapefile → Sheet.

GeoJSON is parsed as the JSON it is, never handed to GDAL, which decides by content what a file is (a VRT
named .geojson would read any other file). GeoPackage and the shapes of a Shapefile go through pyogrio, after
their first bytes were looked at; the attributes of a Shapefile are read here, because GDAL takes GBK without
.cpg for Latin-1.
"""

from __future__ import annotations

import json
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from gridplan.inputs.sheets.cells import as_text
from gridplan.inputs.sheets.encoding import choose, decode, decode_cut, known_encoding
from gridplan.inputs.sheets.guard import refuse_large
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.inputs.sheets.read_grid import Sheet, text_frame
from gridplan.words.text import Text, both

SQLITE = b"SQLite format 3\x00"
SHAPEFILE = struct.pack(">i", 9994)
_DBF_LANGUAGES = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
_READ_ERRORS = (
    RuntimeError,
    ValueError,
    OSError,
    ShapelyError,
)  # pyogrio's errors are kinds of these, but for shapes
LONGEST_CLAIM = 64
MAX_BYTES = 512 * 2**20


def read_geojson(path: Path) -> Sheet:
    """A FeatureCollection: a column per property; record n is row n + 1, as if under a header."""
    text, encoding = decode(path.read_bytes(), path.name)
    if not text.lstrip().startswith(("{", "[")):
        raise _not_readable(path, "GeoJSON", Text("it does not start with { or [", "开头不是 { 或 ["))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_readable(path, "GeoJSON", both(str(error))) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise _not_readable(path, "GeoJSON", Text("it has no list of features", "没有 features 列表"))
    if not features:
        raise FileFault(
            "empty-file",
            Text(f"{path.name} has no features.", f"{path.name} 中没有任何要素。"),
            Text("Export it again with its records.", "请连同记录重新导出。"),
        )
    properties = [f.get("properties") or {} for f in features]
    if strange := [n for n, p in enumerate(properties, start=1) if not isinstance(p, dict)]:
        why = Text(
            f"the properties of feature {strange[0]} are no object",
            f"第 {strange[0]} 个要素的 properties 不是对象",
        )
        raise _not_readable(path, "GeoJSON", why)
    if all("id" in f for f in features) and not any("id" in p for p in properties):
        properties = [{"id": f["id"], **p} for f, p in zip(features, properties, strict=True)]
    headers = list(dict.fromkeys(key for p in properties for key in p))
    records = [[_json_text(p.get(key)) for key in headers] for p in properties]
    shapes = [f.get("geometry") for f in features]
    geometry = _shapes([None if s is None else json.dumps(s) for s in shapes])
    rows = [number + 2 for number in range(len(features))]
    broken = tuple(r for r, s, g in zip(rows, shapes, geometry, strict=True) if s is not None and g is None)
    return Sheet(
        path.name,
        text_frame(headers, records),
        rows,
        geometry,
        _stated_crs(content),
        encoding,
        broken_shapes=broken,
    )


def read_geopackage(path: Path, table: str, layer: str | None) -> Sheet:
    """One layer of a GeoPackage: the named one, else the one named like the table, else the only one."""
    with path.open("rb") as stream:
        if stream.read(16) != SQLITE:
            raise _not_readable(
                path, "GeoPackage", Text("its first bytes are not those of SQLite", "文件头不是 SQLite")
            )
    import pyogrio  # GDAL takes long to load, and most regions are CSV and GeoJSON

    with _gdal(path, "GeoPackage"):
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        chosen = layer or (table if table in layers else layers[0] if len(layers) == 1 else None)
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
            raise _not_readable(
                path, "GeoPackage", Text("it is another kind of SQLite file", "是另一种 SQLite 文件")
            )
        frame = pyogrio.read_dataframe(path, layer=chosen, datetime_as_string=True)
    geometry = np.asarray(frame.geometry, dtype=object) if "geometry" in frame else None
    headers = [c for c in frame.columns if c != "geometry"]
    records = [
        [as_text(v) for v in values] for values in frame[headers].astype(object).itertuples(index=False)
    ]
    crs = CRS(frame.crs) if geometry is not None and frame.crs is not None else None
    rows = [number + 2 for number in range(len(frame))]
    return Sheet(path.name, text_frame(headers, records), rows, geometry, crs)


def read_shapefile(path: Path) -> Sheet:
    """A Shapefile: shapes by GDAL, attributes from the .dbf in the encoding that its bytes prove."""
    with path.open("rb") as stream:
        if stream.read(4) != SHAPEFILE:
            raise _not_readable(
                path, "Shapefile", Text("its first bytes are not those of one", "文件头不是 Shapefile")
            )
    dbf = _beside(path, ".dbf")
    if dbf is None or _beside(path, ".shx") is None:
        suffix = ".dbf" if dbf is None else ".shx"
        raise _not_readable(path, "Shapefile", Text(f"its {suffix} is missing", f"缺少 {suffix} 文件"))
    headers, records, encoding, claimed, kept = _read_dbf(dbf, _beside(path, ".cpg"))
    import pyogrio

    with _gdal(path, "Shapefile"):
        if pyogrio.read_info(path, encoding="ISO-8859-1")["driver"] != "ESRI Shapefile":
            raise _not_readable(
                path, "Shapefile", Text("GDAL takes it for something else", "GDAL 识别为其他格式")
            )
        frame = pyogrio.read_dataframe(path, columns=[], encoding="ISO-8859-1")
    if len(frame) != len(records):
        raise _not_readable(
            path,
            "Shapefile",
            Text(
                f"{len(frame)} shapes but {len(records)} records",
                f"{len(frame)} 个图形，{len(records)} 条记录",
            ),
        )
    crs = None if frame.crs is None else CRS(frame.crs)
    geometry = np.asarray(frame.geometry, dtype=object)
    return Sheet(path.name, text_frame(headers, records), kept, geometry, crs, encoding, claimed)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else as_text(value)


def _shapes(texts: list[str | None]) -> NDArray[np.object_]:
    if not texts:
        return np.empty(0, dtype=object)
    shapes: NDArray[np.object_] = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    return shapely.force_2d(shapes)


def _stated_crs(content: dict[str, Any]) -> CRS | None:
    """The CRS of the old `crs` member; None where there is none or it names none."""
    try:
        return CRS.from_user_input(content["crs"]["properties"]["name"])
    except (KeyError, TypeError, ValueError, CRSError):
        return None


def _beside(path: Path, suffix: str) -> Path | None:
    """The file of the same name with another ending, in capitals or not."""
    same = (p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.casefold() == suffix)
    return next(same, None)


def _read_dbf(dbf: Path, cpg: Path | None) -> tuple[list[str], list[list[str]], str, str, list[int]]:
    """Headers, records, encoding, the encoding wrongly claimed, row of each record (dBase III, IV)."""
    refuse_large(dbf, MAX_BYTES)
    data = dbf.read_bytes()
    try:
        count, header_size, record_size = struct.unpack_from("<IHH", data, 4)
        fields: list[tuple[bytes, int]] = []
        position = 32
        while data[position] != 0x0D:
            name = data[position : position + 11].partition(b"\0")[0]
            fields.append((name, data[position + 16]))
            position += 32
        if record_size < 1 + sum(width for _, width in fields):
            raise IndexError
        if len(data) < header_size + count * record_size:
            raise IndexError
    except (struct.error, IndexError) as error:
        raise _not_readable(dbf, "DBF", Text("it is cut short", "文件不完整")) from error
    starts = np.cumsum([1, *(width for _, width in fields)])
    raw: list[list[bytes]] = []
    rows: list[int] = []
    for number in range(count):
        record = data[header_size + number * record_size :][:record_size]
        if record[:1] != b"*":
            raw.append([record[a:b] for a, b in pairwise(starts)])
            rows.append(number + 2)
    claim = _claim(cpg) if cpg else _DBF_LANGUAGES.get(data[29])
    pieces = [(name, len(name) >= 10) for name, _ in fields]
    pieces += [(cell.rstrip(b" \0"), _full(cell)) for record in raw for cell in record]
    encoding = choose(pieces, claim, dbf.name)
    headers = [decode_cut(name, encoding, cut) for name, cut in pieces[: len(fields)]]
    records = [[decode_cut(cell.rstrip(b" \0"), encoding, _full(cell)) for cell in r] for r in raw]
    only_ascii = all(piece.isascii() for piece, _ in pieces)
    wrong = claim is not None and cpg is not None and known_encoding(claim) != encoding and not only_ascii
    return headers, records, encoding, claim or "" if wrong else "", rows


def _claim(cpg: Path) -> str:
    """What a .cpg says; it is a word."""
    with cpg.open("rb") as stream:
        return stream.read(LONGEST_CLAIM).decode("ascii", errors="replace").strip()


def _full(cell: bytes) -> bool:
    """Whether a field is filled to its width, so that its last character may be cut."""
    return len(cell) > 0 and cell[-1:] not in (b" ", b"\0")


@contextmanager
def _gdal(path: Path, kind: str) -> Iterator[None]:
    """What GDAL cannot read is a fault of the file; what it only mutters about is left to the doctor."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except _READ_ERRORS as error:
        raise _not_readable(path, kind, both(str(error).rpartition("; ")[2].rstrip("."))) from error


def _not_readable(path: Path, kind: str, why: Text) -> FileFault:
    return FileFault(
        "unreadable-file",
        Text(
            f"{path.name} is not a readable {kind}: {why.en}.", f"{path.name} 不是可读的 {kind}：{why.zh}。"
        ),
        Text(
            "Export it again from its source, e.g. as GeoPackage or CSV.",
            "请从原软件重新导出，例如 GeoPackage 或 CSV。",
        ),
    )

"""KML and KMZ → Sheet: a record per placemark, with its name, its data and its shape. Read as the XML it is, not by GDAL."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import shapely
from pyproj import CRS

from gridplan.inputs.formats.dbf import MAX_BYTES
from gridplan.inputs.formats.read_json import not_readable
from gridplan.inputs.formats.sheet import Sheet, text_frame
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

Element = ElementTree.Element
MULTI = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
SHAPES = (*MULTI, "MultiGeometry")
TAGS = re.compile(r"<[^>]*>")


def read_kml(path: Path) -> Sheet:
    """The placemarks of a KML, or of the KML in a KMZ.

    Raises
    ------
    FileFault : it is no KML, declares entities, or has no placemark.
    """
    data = _unpacked(path) if path.suffix.casefold() == ".kmz" else path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise not_readable(path, "KML", Text("it declares entities", "声明了实体"))
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise not_readable(path, "KML", Text(f"it is no XML ({error})", f"不是 XML（{error}）")) from error
    marks = [mark for mark in root.iter() if _tag(mark) == "Placemark"]
    if not marks:
        raise FileFault(
            "empty-file",
            Text(f"{path.name} has no placemarks.", f"{path.name} 中没有任何地标（Placemark）。"),
            Text("Export it again with its records.", "请连同记录重新导出。"),
        )
    records = [dict(_data(mark)) for mark in marks]
    headers = list(dict.fromkeys(key for record in records for key in record))
    rows = [number + 2 for number in range(len(marks))]
    shapes = np.full(len(marks), None, dtype=object)
    broken = []
    for position, mark in enumerate(marks):
        drawn = [child for child in mark if _tag(child) in SHAPES]
        try:
            shapes[position] = _shape(drawn[0]) if drawn else None
        except (ValueError, IndexError, shapely.errors.ShapelyError):
            broken.append(rows[position])
    frame = text_frame(headers, [[record.get(key, "") for key in headers] for record in records])
    return Sheet(path.name, frame, rows, shapes, CRS.from_epsg(4326), broken_shapes=tuple(broken))


def _unpacked(path: Path) -> bytes:
    """The KML in a KMZ: its doc.kml, else its only one."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = [part for part in package.infolist() if part.filename.casefold().endswith(".kml")]
            first = [part for part in parts if part.filename.casefold() == "doc.kml"]
            if len(first or parts) != 1:
                raise not_readable(
                    path, "KMZ", Text(f"it holds {len(parts)} KML files", f"其中有 {len(parts)} 个 KML 文件")
                )
            (part,) = first or parts
            if part.file_size > MAX_BYTES:
                raise not_readable(path, "KMZ", Text("it unpacks to too much", "解压后过大"))
            return package.read(part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise not_readable(path, "KMZ", Text("it is no zip", "不是 ZIP 压缩文件")) from error


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _data(mark: Element) -> Iterator[tuple[str, str]]:
    """Name, description and the extended data of a placemark."""
    for child in mark:
        if _tag(child) in ("name", "description", "address"):
            yield _tag(child), TAGS.sub("", child.text or "").strip()
    for child in mark.iter():
        if _tag(child) == "SimpleData":
            yield str(child.get("name")), (child.text or "").strip()
        elif _tag(child) == "Data":
            value = next((v.text or "" for v in child if _tag(v) == "value"), "")
            yield str(child.get("name")), value.strip()


def _shape(element: Element) -> shapely.Geometry | None:
    kind = _tag(element)
    if kind == "MultiGeometry":
        parts = [part for child in element if _tag(child) in SHAPES and (part := _shape(child)) is not None]
        kinds = {part.geom_type for part in parts}
        multi = MULTI.get(kinds.pop()) if len(kinds) == 1 else None
        return multi(parts) if multi else shapely.GeometryCollection(parts)
    if kind == "Polygon":
        rings = [
            (_tag(boundary), _corners(ring))
            for boundary in element
            for ring in boundary
            if _tag(ring) == "LinearRing"
        ]
        outer = next(ring for tag, ring in rings if tag == "outerBoundaryIs") if rings else []
        return shapely.Polygon(outer, [ring for tag, ring in rings if tag == "innerBoundaryIs"])
    corners = _corners(element)
    return shapely.Point(corners[0]) if kind == "Point" else shapely.LineString(corners)


def _corners(element: Element) -> list[tuple[float, float]]:
    """Longitude and latitude of each corner; heights are left aside."""
    text = next((child.text or "" for child in element if _tag(child) == "coordinates"), "")
    corners = [piece.split(",") for piece in text.split()]
    return [(float(corner[0]), float(corner[1])) for corner in corners]

"""GeoJSON, Esri JSON and TopoJSON → Sheet. They are parsed as the JSON they are, never handed to GDAL, which decides by
content what a file is (a VRT named .geojson would read any other file).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from gridplan.inputs.formats.features import drawn, one_by_one
from gridplan.inputs.formats.router_answer import is_answer, of_router, refuse_refusal
from gridplan.inputs.formats.sheet import Remark, Sheet, text_frame
from gridplan.inputs.sheets.cells import as_text
from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.text import Text, both

WEB_MERCATOR = {102100: 3857, 102113: 3857}  # numbers that only Esri knows


def read_geojson(path: Path, table: str, layer: str | None) -> Sheet:
    """A list of features: a column per property; record n is row n + 1, as if under a header.

    Raises
    ------
    FileFault : it is none of the three, or a TopoJSON of which nobody said which layer.
    """
    text, encoding = decode(path.read_bytes(), path.name)
    if not text.lstrip().startswith(("{", "[")):
        raise not_readable(path, "GeoJSON", Text("it does not start with { or [", "开头不是 { 或 ["))
    halves = "\\ud" in text or "\\uD" in text
    try:
        content = (None if halves else one_by_one(text)) or json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_readable(path, "GeoJSON", both(str(error))) from error
    if halves:  # half a character is an error here, not where somebody writes it
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    refuse_refusal(path, content)
    if is_answer(content):
        return of_router(path, content, encoding)
    remarks: tuple[Remark, ...] = ()
    crs = _stated_crs(content) if isinstance(content, dict) else None
    if isinstance(content, dict) and content.get("type") == "Topology":
        content = {"features": _of_topology(path, content, table, layer)}
        remarks = (_told(path, "TopoJSON"),)
    elif (
        isinstance(content, dict)
        and "features" in content
        and ("geometryType" in content or "spatialReference" in content)
    ):
        crs = _esri_crs(content)
        content = {"features": _of_esri(path, content)}
        remarks = (_told(path, "Esri JSON"),)
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise not_readable(path, "GeoJSON", Text("it has no list of features", "没有 features 列表"))
    if not features:
        raise FileFault(
            "empty-file",
            Text(f"{path.name} has no features.", f"{path.name} 中没有任何要素。"),
            Text("Export it again with its records.", "请连同记录重新导出。"),
        )
    return _sheet(path, features, crs, encoding, remarks)


def _sheet(
    path: Path, features: list[dict[str, Any]], crs: CRS | None, encoding: str, remarks: tuple[Remark, ...]
) -> Sheet:
    properties = [f.get("properties") or {} for f in features]
    if strange := [n for n, p in enumerate(properties, start=1) if not isinstance(p, dict)]:
        why = Text(
            f"the properties of feature {strange[0]} are no object",
            f"第 {strange[0]} 个要素的 properties 不是对象",
        )
        raise not_readable(path, "GeoJSON", why)
    if all("id" in f for f in features) and not any("id" in p for p in properties):
        properties = [{"id": f["id"], **p} for f, p in zip(features, properties, strict=True)]
    headers = list(dict.fromkeys(key for p in properties for key in p))
    records = [[_json_text(p.get(key)) for key in headers] for p in properties]
    shapes = [f.get("geometry") for f in features]
    geometry = drawn(shapes)
    rows = [number + 2 for number in range(len(features))]
    broken = tuple(r for r, s, g in zip(rows, shapes, geometry, strict=True) if s is not None and g is None)
    frame = text_frame(headers, records)
    return Sheet(path.name, frame, rows, geometry, crs, encoding, broken_shapes=broken, remarks=remarks)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else as_text(value)


def _stated_crs(content: dict[str, Any]) -> CRS | None:
    """The CRS of the old `crs` member; None where there is none or it names none."""
    try:
        return CRS.from_user_input(content["crs"]["properties"]["name"])
    except (KeyError, TypeError, ValueError, CRSError):
        return None


def _esri_crs(content: dict[str, Any]) -> CRS | None:
    """What `spatialReference` says; None where there is none or it names none."""
    said = content.get("spatialReference")
    said = said if isinstance(said, dict) else {}
    number: Any = said.get("latestWkid", said.get("wkid"))
    try:
        return CRS.from_epsg(WEB_MERCATOR.get(number, number)) if number else CRS.from_user_input(said["wkt"])
    except (KeyError, TypeError, ValueError, CRSError):
        return None


def _of_esri(path: Path, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Features of Esri JSON (attributes; x and y, points, paths or rings) as those of GeoJSON."""
    features = content["features"]
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise not_readable(path, "Esri JSON", Text("it has no list of features", "没有 features 列表"))
    return [{"properties": f.get("attributes"), "geometry": _esri_shape(f.get("geometry"))} for f in features]


def _esri_shape(shape: Any) -> dict[str, Any] | None:
    if not isinstance(shape, dict):
        return None
    if "rings" in shape:
        return _of_rings(shape["rings"])
    if "paths" in shape:
        return {"type": "MultiLineString", "coordinates": shape["paths"]}
    if "points" in shape:
        return {"type": "MultiPoint", "coordinates": shape["points"]}
    return {"type": "Point", "coordinates": [shape.get("x"), shape.get("y")]} if "x" in shape else None


def _of_rings(rings: Any) -> dict[str, Any]:
    """Rings as polygons: one that lies in a ring of the other direction is its hole, as Esri draws them."""
    try:
        drawn = [shapely.Polygon([corner[:2] for corner in ring]) for ring in rings]
    except (TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        return {"type": "Polygon", "coordinates": rings}  # that it is none is said with its row
    clockwise = [not shapely.is_ccw(polygon.exterior) for polygon in drawn]
    outer = [n for n, turned in enumerate(clockwise) if turned] or list(range(len(drawn)))
    holes: dict[int, list[Any]] = {n: [] for n in outer}
    for n in (n for n in range(len(drawn)) if n not in holes):
        home = [o for o in outer if drawn[o].covers(drawn[n].representative_point())]
        if home:
            holes[min(home, key=lambda o: drawn[o].area)].append(rings[n])
    return {"type": "MultiPolygon", "coordinates": [[rings[n], *inner] for n, inner in holes.items()]}


def _of_topology(path: Path, content: dict[str, Any], table: str, layer: str | None) -> list[dict[str, Any]]:
    """Features of one object of a TopoJSON: its arcs put together again."""
    objects = content.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise not_readable(path, "TopoJSON", Text("it has no objects", "没有 objects"))
    names = list(objects)
    chosen = layer or (table if table in names else names[0] if len(names) == 1 else None)
    if chosen not in names:
        raise FileFault(
            "missing-layer",
            Text(f"Which object of {path.name} holds the {table}?", f"{path.name} 的哪个对象是 {table}？"),
            Text(
                f'Write layer = "…" in [tables.{table}]; its objects: {listed(names)}.',
                f'请在 [tables.{table}] 中写 layer = "…"；对象：{listed(names)}。',
            ),
        )
    try:
        arcs, transform = _arcs(content), content.get("transform")
        found = objects[chosen]
        members = found["geometries"] if found.get("type") == "GeometryCollection" else [found]
        return [
            {"properties": {"id": m["id"], **(m.get("properties") or {})} if "id" in m else m.get("properties"),
             "geometry": _untangled(m, arcs, transform)}
            for m in members
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise not_readable(
            path, "TopoJSON", Text("its arcs do not fit its objects", "弧段与对象不符")
        ) from error


def _arcs(content: dict[str, Any]) -> list[list[list[float]]]:
    transform = content.get("transform")
    arcs: list[list[list[float]]] = []
    for arc in content.get("arcs", []):
        points = np.array([point[:2] for point in arc], dtype=float)
        if transform:
            points = _scaled(np.cumsum(points, axis=0), transform)
        arcs.append(points.tolist())
    return arcs


def _scaled(points: NDArray[np.float64], transform: dict[str, Any]) -> NDArray[np.float64]:
    """Whole numbers of a quantised TopoJSON as the coordinates that they count."""
    scaled: NDArray[np.float64] = points * transform["scale"] + transform["translate"]
    return scaled


def _untangled(
    shape: dict[str, Any], arcs: list[list[list[float]]], transform: dict[str, Any] | None
) -> dict[str, Any] | None:
    """A geometry of TopoJSON with coordinates in the place of arcs; points are counted each from the origin."""

    def line(parts: Sequence[int]) -> list[list[float]]:
        pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in parts]
        return [*pieces[0], *(point for a, b in pairwise(pieces) for point in b[1:])] if pieces else []

    kind = shape.get("type")
    match kind:
        case "Polygon" | "MultiLineString":
            return {"type": kind, "coordinates": [line(ring) for ring in shape["arcs"]]}
        case "MultiPolygon":
            return {"type": kind, "coordinates": [[line(ring) for ring in part] for part in shape["arcs"]]}
        case "LineString":
            return {"type": kind, "coordinates": line(shape["arcs"])}
        case "Point" | "MultiPoint" if transform:
            points = np.array(shape["coordinates"], dtype=float)[..., :2]
            return {"type": kind, "coordinates": _scaled(points, transform).tolist()}
    return None if kind is None else {"type": kind, "coordinates": shape["coordinates"]}


def _told(path: Path, kind: str) -> Remark:
    return Remark(
        "other-json",
        Text(f"{path.name} is {kind}; it is read as such.", f"{path.name} 是 {kind}，已按此读取。"),
        Text("Look at a few shapes on the map.", "请在地图上核对几个图形。"),
    )


def not_readable(path: Path, kind: str, why: Text) -> FileFault:
    """A file of places that is not what it should be."""
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

"""A good region folder, and small ways to break it."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import geopandas as gpd
import openpyxl
from shapely import affinity
from shapely.geometry import mapping, shape

from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region

Break = Callable[[Path], None]
CORNERS = {(x, y): (round(120 + x * 0.05, 4), round(30 + y * 0.05, 4)) for x in range(5) for y in range(4)}


def good_folder(folder: Path) -> Path:
    """tiny_town as files; its units are points in units.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _good_files().items():
        (folder / name).write_bytes(content)
    return folder


@cache
def _good_files() -> dict[str, bytes]:
    town = tiny_town()
    points = town.units.set_geometry(gpd.GeoSeries([None] * len(town.units), crs=4326))
    with tempfile.TemporaryDirectory() as folder:
        return {f.name: f.read_bytes() for f in write_region(town.with_tables(units=points), folder)}


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


def write_rows(file: Path, rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    file.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def cells(table: str, id: str, **values: str) -> Break:
    """Other values in the first record that begins with `id`."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        record = next(r for r in records if r[0] == id)
        for name, value in values.items():
            record[header.index(name)] = value
        write_rows(folder / f"{table}.csv", [header, *records])

    return breaks


def again(table: str, id: str, **values: str) -> Break:
    """The record a second time, at the end, with other values."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        record = list(next(r for r in records if r[0] == id))
        for name, value in values.items():
            record[header.index(name)] = value
        write_rows(folder / f"{table}.csv", [header, *records, record])

    return breaks


def district(id: str, **values: object) -> Break:
    """Other properties of a district."""

    def breaks(folder: Path) -> None:
        change_feature(folder, "districts", id, properties=values)

    return breaks


def drawn(id: str, geometry: object) -> Break:
    """Another polygon of a district: corners as (column, line) of tiny_town's grid."""

    def breaks(folder: Path) -> None:
        change_feature(folder, "districts", id, geometry=geometry)

    return breaks


def polygon(*corners: tuple[int, int]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[CORNERS[corner] for corner in (*corners, corners[0])]]}


def change_feature(
    folder: Path, table: str, id: str, properties: object = None, geometry: object = None
) -> None:
    file = folder / f"{table}.geojson"
    content = json.loads(file.read_text(encoding="utf-8"))
    feature = next(f for f in content["features"] if f["properties"]["district_id"] == id)
    feature["properties"] |= properties or {}
    feature["geometry"] = geometry or feature["geometry"]
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def turned(id: str) -> Break:
    """The polygon of a district with latitude first."""

    def breaks(folder: Path) -> None:
        content = json.loads((folder / "districts.geojson").read_text(encoding="utf-8"))
        feature = next(f for f in content["features"] if f["properties"]["district_id"] == id)
        swapped = affinity.affine_transform(shape(feature["geometry"]), [0, 1, 1, 0, 0, 0])
        change_feature(folder, "districts", id, geometry=mapping(swapped))

    return breaks


def without_district(id: str) -> Break:
    """One district fewer."""

    def breaks(folder: Path) -> None:
        file = folder / "districts.geojson"
        content = json.loads(file.read_text(encoding="utf-8"))
        content["features"] = [f for f in content["features"] if f["properties"]["district_id"] != id]
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return breaks


def without_records(table: str, *ids: str) -> Break:
    """Some records fewer; all, where none is named."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        write_rows(folder / f"{table}.csv", [header, *(r for r in records if ids and r[0] not in ids)])

    return breaks


def without_column(table: str, name: str) -> Break:
    """One column fewer."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        at = header.index(name)
        write_rows(folder / f"{table}.csv", [[*r[:at], *r[at + 1 :]] for r in (header, *records)])

    return breaks


def header(table: str, old: str, new: str) -> Break:
    """Another header."""

    def breaks(folder: Path) -> None:
        first, *records = rows_of(folder / f"{table}.csv")
        write_rows(folder / f"{table}.csv", [[new if name == old else name for name in first], *records])

    return breaks


def settings(old: str, new: str) -> Break:
    """Another line in region.toml."""

    def breaks(folder: Path) -> None:
        file = folder / "region.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return breaks


def appended(name: str, text: str) -> Break:
    """More lines at the end of a file."""

    def breaks(folder: Path) -> None:
        old = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(old + text, encoding="utf-8")

    return breaks


def every(table: str, **change: Callable[[str], str]) -> Break:
    """Other values in all records: each column by a function of its text."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        for record in records:
            for name, changed in change.items():
                record[header.index(name)] = changed(record[header.index(name)])
        write_rows(folder / f"{table}.csv", [header, *records])

    return breaks


def with_column(table: str, name: str, value: str) -> Break:
    """One column more, the same in all records."""

    def breaks(folder: Path) -> None:
        header, *records = rows_of(folder / f"{table}.csv")
        write_rows(folder / f"{table}.csv", [[*header, name], *([*record, value] for record in records)])

    return breaks


def swapped(table: str) -> Break:
    """All longitudes under lat, all latitudes under lon."""
    return both(header(table, "lon", "was lon"), header(table, "lat", "lon"), header(table, "was lon", "lat"))


def renamed(old: str, new: str) -> Break:
    """A file under another name."""
    return lambda folder: (folder / old).rename(folder / new) and None


def edited(name: str, old: str, new: str) -> Break:
    """Other words in a file, at their first place."""

    def breaks(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return breaks


def deleted(name: str) -> Break:
    """A file gone."""
    return lambda folder: (folder / name).unlink()


def replaced(name: str, content: bytes) -> Break:
    """A file with other bytes."""

    def breaks(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return breaks


def travel(*without: str, **minutes: str) -> Break:
    """Some 20 minutes from all units to three hospitals; `without` some units, other minutes for T1_02=…"""

    def breaks(folder: Path) -> None:
        rows = [["unit_id", "hospital_id", "minutes"]]
        for n, unit in enumerate(row[0] for row in rows_of(folder / "units.csv")[1:]):
            value = minutes.get(unit.replace("-", "_"))
            rows += [
                [unit, hospital, value if value is not None else str(16 + (n + 3 * h) % 9)]
                for h, hospital in enumerate(("H1", "H2", "H3"))
                if unit not in without
            ]
        write_rows(folder / "travel.csv", rows)

    return breaks


def links(*rows: tuple[str, ...]) -> Break:
    """A table of links: from, to, way."""
    return lambda folder: write_rows(
        folder / "links.csv", [["from_unit", "to_unit", "way"], *(list(row) for row in rows)]
    )


def roads(*edges: tuple[object, ...]) -> Break:
    """A road graph."""
    names = ["from_lon", "from_lat", "to_lon", "to_lat", "minutes"]
    return lambda folder: write_rows(
        folder / "roads.csv", [names, *([str(x) for x in edge] for edge in edges)]
    )


def grid_of_roads(*without: tuple[float, float]) -> Break:
    """Roads between the middles of all squares, without those at some middles."""
    middle = {
        (x, y): (round(120.025 + x * 0.05, 4), round(30.025 + y * 0.05, 4))
        for x in range(4)
        for y in range(3)
    }
    ways = [((x, y), (x + 1, y)) for x in range(3) for y in range(3)] + [
        ((x, y), (x, y + 1)) for x in range(4) for y in range(2)
    ]
    edges = [
        (*middle[a], *middle[b], 8) for a, b in ways if middle[a] not in without and middle[b] not in without
    ]
    return roads(*edges)


def as_workbook(folder: Path, table: str, *sheets: str) -> None:
    """The table as an Excel file, on the last of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        book.create_sheet(sheet)
    for row in rows_of(folder / f"{table}.csv"):
        book[sheets[-1]].append(row)
    book.save(folder / f"{table}.xlsx")
    (folder / f"{table}.csv").unlink()


def both(*breaks: Break) -> Break:
    """One after the other."""

    def all_of_them(folder: Path) -> None:
        for each in breaks:
            each(folder)

    return all_of_them

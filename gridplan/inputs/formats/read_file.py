"""The one door inwards: a local file of an allowed kind → Sheet. Nothing is fetched or unpacked to disk."""

from __future__ import annotations

from pathlib import Path

from gridplan.inputs.formats.dbf import MAX_BYTES
from gridplan.inputs.formats.read_grid import read_csv
from gridplan.inputs.formats.read_json import read_geojson
from gridplan.inputs.formats.read_kml import read_kml
from gridplan.inputs.formats.read_vector import read_geopackage, read_parquet, read_shapefile
from gridplan.inputs.formats.read_workbook import not_excel_hint, read_excel
from gridplan.inputs.formats.sheet import Known, Sheet
from gridplan.inputs.sheets.guard import guarded_reading, refuse_large
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

PARQUET = (".parquet", ".geoparquet")
BOOKS = (".xlsx", ".xlsm")
SUFFIXES = (
    ".csv",
    ".tsv",
    *BOOKS,
    ".geojson",
    ".json",
    ".topojson",
    ".gpkg",
    ".shp",
    ".kml",
    ".kmz",
    *PARQUET,
)
OLD_BOOKS = (".xls", ".et", ".ett", ".xlsb", ".ods", ".numbers")


def read_file(
    path: Path, table: str, known: Known, layer: str | None = None, sheet: str | None = None
) -> Sheet:
    """The records of one file.

    Parameters
    ----------
    path : a local file, see `local_file`.
    table : the table that is looked for, the default layer of a GeoPackage and sheet of a workbook.
    known : whether a text is a header of that table; finds the header row under a title.
    layer, sheet : of a GeoPackage, of a workbook.

    Raises
    ------
    FileFault : where the file cannot be used.
    """
    with guarded_reading(path.name):
        refuse_large(path, MAX_BYTES)
        return _read(path, table, known, layer, sheet)


def _read(path: Path, table: str, known: Known, layer: str | None, sheet: str | None) -> Sheet:
    suffix = path.suffix.casefold()
    if suffix in (".csv", ".tsv"):
        return read_csv(path, known)
    if suffix in BOOKS:
        return read_excel(path, table, known, sheet)
    if suffix == ".gpkg":
        return read_geopackage(path, table, known, layer)
    if suffix == ".shp":
        return read_shapefile(path)
    if suffix in (".kml", ".kmz"):
        return read_kml(path)
    return read_parquet(path) if suffix in PARQUET else read_geojson(path, table, layer)


def local_file(folder: Path, name: str) -> Path:
    """The path of a file named in region.toml, relative to its folder.

    Raises
    ------
    FileFault : for addresses, GDAL's virtual paths, endings that are not read, and files that are not there.
    """
    if "://" in name or name.replace("\\", "/").casefold().startswith(("/vsi", "pg:", "//")):
        raise FileFault(
            "not-local",
            Text(f"'{name}' is not a local file.", f"“{name}”不是本地文件。"),
            Text(
                "Save a copy beside region.toml; nothing is read from a network.",
                "请把文件保存到 region.toml 所在文件夹；程序不读取网络。",
            ),
        )
    with guarded_reading(name):  # a name that no file can have
        return _local_file(folder, name)


def _local_file(folder: Path, name: str) -> Path:
    path = folder / name
    if path.suffix.casefold() not in SUFFIXES:
        raise FileFault(
            "unknown-format",
            Text(f"{name}: files of this kind are not read.", f"{name}：不支持这种文件。"),
            unread_hint(path.suffix),
        )
    if not path.is_file():
        raise FileFault(
            "missing-file",
            Text(f"{name} is a folder, not a file.", f"{name} 是文件夹，不是文件。")
            if path.is_dir()
            else Text(f"There is no file {name} in {folder.name}.", f"{folder.name} 中没有文件 {name}。"),
            Text("Look at its name, and at where it is.", "请检查文件名和位置。"),
        )
    return path


def unread_hint(suffix: str) -> Text:
    """What to do with a file of a kind that is not read."""
    if suffix.casefold() in OLD_BOOKS:
        return not_excel_hint()
    return Text(
        "Save it as CSV, Excel (.xlsx), GeoJSON, GeoPackage or Shapefile (.shp, .shx, .dbf).",
        "请存为 CSV、Excel（.xlsx）、GeoJSON、GeoPackage 或 Shapefile（.shp、.shx、.dbf）。",
    )

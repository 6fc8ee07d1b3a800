"""A region folder → Region.

The way of a table: file → Sheet (text) → canonical columns, typed, WGS 84 (`read_table`) → here: shapes
become points and polygons, names of districts and hospitals become ids, missing districts are joined from
geometry, rows are sorted by id. Sharing people out needs Thiessen areas, which lie a floor above, so
`read_region` hands the wish back beside the Region; `gridplan.geography.reading.read` fulfils it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from gridplan.inputs.formats.read_vector import frame_sheet
from gridplan.inputs.located import join_districts, located, with_polygons, without_unlocated
from gridplan.inputs.matching.elsewhere import around, note_elsewhere, note_other_frame
from gridplan.inputs.matching.ids import ids_from_names
from gridplan.inputs.matching.joined import Read
from gridplan.inputs.matching.names import Names, city_names, ids_for_names
from gridplan.inputs.matching.of_sheets import districts_of_sheets, standing
from gridplan.inputs.matching.places_of_router import from_units, with_ids
from gridplan.inputs.matching.round_people import rounded_people
from gridplan.inputs.read_settings import FILE, Settings, read_settings
from gridplan.inputs.read_table import read_sheets, read_table
from gridplan.inputs.region import Region
from gridplan.inputs.schema import PROGRAMME_TABLES, TABLES
from gridplan.inputs.sheets.condense import condensed
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import DATUMS

EARTH = Geod(a=6371008.8, b=6371008.8)  # the sphere that travel uses
MADE_BY = ".source.txt"  # travel.csv's is travel.source.txt
SORTED_BY = {
    "districts": ["district_id"],
    "units": ["unit_id"],
    "hospitals": ["hospital_id"],
    "branches": ["branch_id"],
    "partnerships": ["hospital_id", "district_id"],
    "travel": ["unit_id", "hospital_id"],
    "roads": ["from_lon", "from_lat", "to_lon", "to_lat"],
    "links": ["from_unit", "to_unit"],
    "departments": ["hospital_id", "discipline"],
    "staff": ["hospital_id", "discipline"],
    "needs": ["district_id", "discipline"],
    "custody": ["managed_id", "hospital_id"],
    "slots": ["hospital_id", "discipline"],
    "flows": ["unit_id", "place_id"],
    "services": ["service", "hospital_id"],
    "support": ["hospital_id", "discipline"],
    "institutions": ["institution_id"],
}


def read_tables(tables: Mapping[str, pd.DataFrame], name: str, datum: str) -> Region:
    """The region in tables of Python, under any headers that files may have.

    Raises
    ------
    DataError : as `read_region`; an unknown table or datum.
    """
    notes = Notes()
    unknown = [key for key in tables if key not in TABLES]
    for key in unknown:
        notes.fault(
            "unknown-setting",
            "region",
            Text(f"There is no table {key}.", f"没有 {key} 表。"),
            did_you_mean(key, TABLES),
        )
    if datum not in DATUMS:
        notes.fault(
            "unknown-setting",
            "region",
            Text(f"The datum '{datum}' is not known.", f"坐标系“{datum}”不认识。"),
            did_you_mean(datum, DATUMS),
        )
    settings = Settings(name=name, datum=datum)
    found = {}
    for key, table in TABLES.items():
        frame = tables.get(key)
        if frame is None and table.required and not unknown:
            notes.fault(
                "missing-table",
                key,
                Text(f"There is no table {key}.", f"缺少{table.title.zh}表。"),
                Text("Give it, too.", "请一并给出。"),
            )
        elif frame is not None and not notes.broken:
            read = read_sheets([frame_sheet(key, frame)], table, settings.table(key), datum, notes)
            if read is not None:
                found[key] = read
    if notes.broken:
        raise _refused(Path(name), notes, {key: len(read.data) for key, read in found.items()})
    return _region(settings, found, notes)


def read_region(folder: Path | str, round_people: bool | None = None) -> tuple[Region, str]:
    """The region in a folder, and how its people are still to be shared out ("" for not at all).

    Parameters
    ----------
    round_people : whether decimals of persons are rounded; None for what region.toml says.

    Returns
    -------
    (Region, share) : share is "equal", "area", "column:NAME" or "".

    Raises
    ------
    DataError : where no Region can be made; `.findings` has every fault of every file.
    """
    folder = Path(folder)
    notes = Notes()
    if not folder.is_dir():
        notes.fault(
            "missing-folder",
            "region",
            Text(f"{folder} is a file, not a folder.", f"{folder} 是文件，不是文件夹。")
            if folder.exists()
            else Text(f"There is no folder {folder}.", f"没有文件夹 {folder}。"),
            Text(
                "A region is a folder with region.toml and its tables.",
                "一个规划区域是含 region.toml 和各表的文件夹。",
            ),
        )
        raise _refused(folder, notes)
    settings = read_settings(folder, notes)
    if settings is None:
        raise _refused(folder, notes)
    if round_people is not None:
        settings = replace(settings, round_people=round_people)
    tables = _read_tables(folder, settings, notes)
    if notes.broken:
        raise _refused(folder, notes, {name: len(read.data) for name, read in tables.items()})
    settings = replace(settings, sources=(*settings.sources, *_source_beside(folder, tables)))
    try:
        with guarded_reading(folder.name):
            return _region(settings, tables, notes), settings.share
    except FileFault as fault:  # shapes that can be read and not be worked with
        notes.fault(fault.code, "region", fault.what, fault.hint)
        raise _refused(folder, notes) from None


def _read_tables(folder: Path, settings: Settings, notes: Notes) -> dict[str, Read]:
    weight = settings.share.partition("column:")[2].strip()
    found = {}
    for name in TABLES:
        units, table = name == "units", settings.schema(name)
        read = read_table(
            folder,
            table,
            settings.table(name),
            settings.datum_of(name) or "wgs84",  # a missing datum is a fault already noted
            notes,
            extra=[weight] if units and weight else [],
            excused=["people"] if units and settings.share else [],
            round_people=settings.round_people,
        )
        if read is not None:
            found[name] = read
            if units and weight and weight not in read.data:
                near = did_you_mean(weight, read.data.columns.drop("row"))
                notes.fault(
                    "unknown-header",
                    "units",
                    Text(
                        f"{FILE}, people.share: {read.files} has no column '{weight}'.",
                        f"{FILE} 的 people.share：{read.files} 没有列“{weight}”。",
                    ),
                    near,
                    id=weight,
                )
    return found


def _source_beside(folder: Path, tables: Mapping[str, Read]) -> list[str]:
    """What `gridplan travel` wrote beside a table of minutes: which router made them, on which map."""
    if "travel" not in tables:
        return []
    file = folder / f"{Path(tables['travel'].files).stem}{MADE_BY}"
    return file.read_text(encoding="utf-8").split("\n")[:1] if file.is_file() else []


def _region(settings: Settings, tables: dict[str, Read], notes: Notes) -> Region:
    districts = ids_from_names(
        with_polygons(tables["districts"], "districts", notes), TABLES["districts"], notes
    )
    city = city_names(settings.title, settings.name)
    of_districts = Names(districts, "district_id", city, settings.names.get("districts"))
    units = _units(tables["units"], districts, of_districts, settings, notes)
    of_units = Names(units, "unit_id", city, settings.names.get("units"))
    if settings.leave_out_unlocated:
        units = without_unlocated(units, notes)
    hospitals = located(tables.get("hospitals"), "hospitals")
    hospitals = districts_of_sheets(hospitals, "hospitals", of_districts, notes)
    hospitals = ids_for_names(hospitals, "hospitals", "district_id", of_districts, notes)
    hospitals = ids_from_names(hospitals, TABLES["hospitals"], notes)
    units, of_units_sheets = standing(units, "unit_id")
    hospitals, of_hospitals_sheets = standing(hospitals, "hospital_id")
    of_hospitals = Names(hospitals, "hospital_id", city, settings.names.get("hospitals"))
    branches = ids_for_names(
        located(tables.get("branches"), "branches"), "branches", "district_id", of_districts, notes
    )
    branches = ids_from_names(
        ids_for_names(branches, "branches", "hospital_id", of_hospitals, notes), TABLES["branches"], notes
    )
    partnerships = located(tables.get("partnerships"), "partnerships")
    partnerships = ids_for_names(partnerships, "partnerships", "district_id", of_districts, notes)
    partnerships = ids_for_names(partnerships, "partnerships", "hospital_id", of_hospitals, notes)
    _note_elsewhere({"units": units, "hospitals": hospitals, "branches": branches}, tables, districts, notes)
    travel = None if "travel" not in tables else located(tables["travel"], "travel")
    if travel is not None:
        travel = from_units(travel, units, hospitals, notes)
        travel = with_ids(with_ids(travel, "unit_id", units, notes), "hospital_id", hospitals, notes)
        travel = ids_for_names(travel, "travel", "unit_id", of_units, notes)
        travel = ids_for_names(travel, "travel", "hospital_id", of_hospitals, notes)
    roads = None if "roads" not in tables else _roads(tables["roads"], notes)
    return Region(
        name=settings.name,
        **_programme_tables(tables, of_districts, of_hospitals, notes),
        title=settings.title,
        districts=gpd.GeoDataFrame(_sorted(districts, "districts"), geometry="geometry", crs=4326),
        units=gpd.GeoDataFrame(_sorted(units, "units"), geometry="geometry", crs=4326),
        hospitals=_sorted(hospitals, "hospitals"),
        branches=_sorted(branches, "branches"),
        partnerships=_sorted(partnerships, "partnerships"),
        travel=None if travel is None else _sorted(travel, "travel"),
        roads=None if roads is None else _sorted(roads, "roads"),
        links=None if "links" not in tables else _sorted(_links(tables, of_units, notes), "links"),
        people=f"modelled: {settings.modelled}" if settings.modelled else "given",
        sources=settings.sources,
        data_date=settings.data_date,
        map_approval=settings.map_approval,
        modelled_tables={name: said for name in tables if (said := settings.table(name).modelled)},
        files={name: read.files for name, read in tables.items()},
        sheets={"units": of_units_sheets, "hospitals": of_hospitals_sheets},
        findings=Findings(notes.findings),
    )


def _note_elsewhere(
    placed: dict[str, pd.DataFrame], tables: dict[str, Read], districts: pd.DataFrame, notes: Notes
) -> None:
    """Say which tables lie as a whole far from the rest, or in another frame."""
    places = {
        name: (data["lon"].to_numpy(float), data["lat"].to_numpy(float)) for name, data in placed.items()
    }
    drawn = around(districts["geometry"].to_numpy(), [])
    shapes = dict(zip(districts["district_id"], districts["geometry"], strict=True))
    nowhere = {f.table for f in notes.findings if f.code in ("wrong-zone", "wrong-crs")}
    for name, data in ((n, data) for n, data in placed.items() if n in tables and n not in nowhere):
        city = drawn or around(None, [pair for other, pair in places.items() if other != name])
        crs = tables[name].crs
        away = city is not None and note_elsewhere(data, TABLES[name], city, set(shapes), crs, notes)
        if crs is not None and not away:
            note_other_frame(data, TABLES[name], shapes, crs, notes)


def _units(
    read: Read, districts: pd.DataFrame, of_districts: Names, settings: Settings, notes: Notes
) -> pd.DataFrame:
    read = Read(located(read, "units"), read.shapes, read.files)
    units = districts_of_sheets(with_polygons(read, "units", notes), "units", of_districts, notes)
    units = ids_for_names(units, "units", "district_id", of_districts, notes)
    units = ids_from_names(join_districts(units, districts), TABLES["units"], notes)
    if settings.round_people:
        units = rounded_people(units, notes)
    return units


def _links(tables: dict[str, Read], of_units: Names, notes: Notes) -> pd.DataFrame:
    """Links between units by their ids; units that are left out may still be named."""
    links = located(tables["links"], "links")
    for end in ("from_unit", "to_unit"):
        links = ids_for_names(links, "links", end, of_units, notes)
    return links


def _programme_tables(
    tables: dict[str, Read], of_districts: Names, of_hospitals: Names, notes: Notes
) -> dict[str, pd.DataFrame]:
    """The tables that only a programme needs, those that are there; names of hospitals and districts as ids."""
    found = {}
    for name in (name for name in PROGRAMME_TABLES if name in tables):
        data = located(tables[name], name)
        for column in [c for c in ("hospital_id", "managed_id", "district_id") if c in data]:
            data = ids_for_names(
                data, name, column, of_districts if column == "district_id" else of_hospitals, notes
            )
        found[name] = _sorted(data, name)
    return found


def _roads(read: Read, notes: Notes) -> pd.DataFrame:
    """Edges with minutes: as given, or one per piece of each line, by its length and km_h."""
    data, ends = read.data, ["from_lon", "from_lat", "to_lon", "to_lat"]
    if read.shapes is not None:
        pieces = []
        for line, record in zip(read.shapes, data.to_dict("records"), strict=True):
            for part in shapely.get_parts([line]):
                corners = shapely.get_coordinates(part)
                pieces += [(*a, *b, record["km_h"], record["row"]) for a, b in pairwise(corners)]
        data = pd.DataFrame(pieces, columns=[*ends, "km_h", "row"]).assign(minutes=np.nan)
    from_lon, from_lat, to_lon, to_lat = (data[end].to_numpy(float) for end in ends)
    km = EARTH.inv(from_lon, from_lat, to_lon, to_lat)[2] / 1000
    speed = data["km_h"].where(data["km_h"] > 0)
    timed = data.assign(minutes=data["minutes"].fillna(pd.Series(km, index=data.index) / speed * 60))
    for row in timed.loc[timed["minutes"].isna(), "row"].drop_duplicates():
        notes.error(
            "road-without-time",
            "roads",
            Text(
                "The road has neither minutes nor a speed (km_h) above 0.",
                "道路既无分钟数，也无大于 0 的速度（km_h）。",
            ),
            Text("Give it one of the two.", "请至少填写一项。"),
            row=int(row),
        )
    return timed[[*ends, "minutes", "row"]]


def _sorted(data: pd.DataFrame, name: str) -> pd.DataFrame:
    return data.sort_values(SORTED_BY[name], kind="stable").reset_index(drop=True)


def _refused(folder: Path, notes: Notes, sizes: Mapping[str, int] | None = None) -> DataError:
    """What is wrong with files and tables first, then with rows."""
    findings = Findings(
        sorted(condensed(notes.findings, sizes or {}), key=lambda finding: finding.row is not None)
    )
    count = len(findings.errors)
    return DataError(
        Text(
            f"{folder.name} cannot be read: {count} fault{'' if count == 1 else 's'}.",
            f"无法读取 {folder.name}：{count} 处错误。",
        ),
        findings=findings,
    )

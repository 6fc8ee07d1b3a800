"""A region folder → Region.

The way of a table: file → Sheet (text) → canonical columns, typed, WGS 84 (`read_table`) → here: shapes
become points and polygons, names of districts and hospitals become ids, missing districts are joined from
geometry, rows are sorted by id. Sharing people out needs Thiessen areas, which lie a floor above, so
`read_region` hands the wish back beside the Region; `gridplan.geography.reading.read` fulfils it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from gridplan.inputs.place import is_polygon, points_of
from gridplan.inputs.read_settings import FILE, Settings, read_settings
from gridplan.inputs.read_table import Read, read_table
from gridplan.inputs.region import Region
from gridplan.inputs.schema import NUMERIC, PROGRAMME_TABLES, TABLES
from gridplan.inputs.sheets.condense import condensed
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean, listed
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Text

EARTH = Geod(a=6371008.8, b=6371008.8)  # the sphere that travel uses
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
    "support": ["hospital_id", "discipline"],
    "institutions": ["institution_id"],
}


def read_region(folder: Path | str) -> tuple[Region, str]:
    """The region in a folder, and how its people are still to be shared out ("" for not at all).

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
    tables = _read_tables(folder, settings, notes)
    if notes.broken:
        raise _refused(folder, notes, {name: len(read.data) for name, read in tables.items()})
    try:
        with guarded_reading(folder.name):
            return _region(settings, tables, notes), settings.share
    except FileFault as fault:  # shapes that can be read and not be worked with
        notes.fault(fault.code, "region", fault.what, fault.hint)
        raise _refused(folder, notes) from None


def _read_tables(folder: Path, settings: Settings, notes: Notes) -> dict[str, Read]:
    weight = settings.share.partition("column:")[2].strip()
    found = {}
    for name, table in TABLES.items():
        units = name == "units"
        read = read_table(
            folder,
            table,
            settings.table(name),
            settings.datum_of(name) or "wgs84",  # a missing datum is a fault already noted
            notes,
            extra=[weight] if units and weight else [],
            excused=["people"] if units and settings.share else [],
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


def _region(settings: Settings, tables: dict[str, Read], notes: Notes) -> Region:
    districts = _with_polygons(tables["districts"], "districts", notes)
    units = _units(tables["units"], districts, settings, notes)
    hospitals = _located(tables.get("hospitals"), "hospitals")
    branches = _located(tables.get("branches"), "branches")
    partnerships = _located(tables.get("partnerships"), "partnerships")
    hospitals = _ids_for_names(hospitals, "hospitals", "district_id", districts, notes)
    branches = _ids_for_names(branches, "branches", "district_id", districts, notes)
    branches = _ids_for_names(branches, "branches", "hospital_id", hospitals, notes)
    partnerships = _ids_for_names(partnerships, "partnerships", "district_id", districts, notes)
    partnerships = _ids_for_names(partnerships, "partnerships", "hospital_id", hospitals, notes)
    travel = None if "travel" not in tables else _located(tables["travel"], "travel")
    roads = None if "roads" not in tables else _roads(tables["roads"], notes)
    return Region(
        name=settings.name,
        **_programme_tables(tables, districts, hospitals, notes),
        title=settings.title,
        districts=gpd.GeoDataFrame(_sorted(districts, "districts"), geometry="geometry", crs=4326),
        units=gpd.GeoDataFrame(_sorted(units, "units"), geometry="geometry", crs=4326),
        hospitals=_sorted(hospitals, "hospitals"),
        branches=_sorted(branches, "branches"),
        partnerships=_sorted(partnerships, "partnerships"),
        travel=None if travel is None else _sorted(travel, "travel"),
        roads=None if roads is None else _sorted(roads, "roads"),
        links=None if "links" not in tables else _sorted(_links(tables, notes), "links"),
        people=f"modelled: {settings.modelled}" if settings.modelled else "given",
        sources=settings.sources,
        data_date=settings.data_date,
        map_approval=settings.map_approval,
        modelled_tables={name: said for name in tables if (said := settings.table(name).modelled)},
        files={name: read.files for name, read in tables.items()},
        findings=Findings(notes.findings),
    )


def _with_polygons(read: Read, name: str, notes: Notes) -> pd.DataFrame:
    """The table with a column geometry: polygons and None (points of units live on as lon and lat)."""
    data = read.data.copy()
    shapes = np.full(len(data), None, dtype=object) if read.shapes is None else read.shapes
    polygon = is_polygon(shapes)
    point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    wrong = ~polygon & (shapely.get_type_id(shapes) >= 0) & ~(point & (name == "units"))
    for position in np.flatnonzero(wrong):
        notes.error(
            "wrong-geometry",
            name,
            Text(
                f"The shape is a {shapes[position].geom_type}, not a polygon.",
                f"图形是 {shapes[position].geom_type}，不是面。",
            ),
            Text("Draw the area as a polygon.", "请用面（polygon）表示范围。"),
            row=int(data["row"].iloc[position]),
            id=str(data[TABLES[name].key].iloc[position]),
        )
    data["geometry"] = [shape if keep else None for shape, keep in zip(shapes, polygon, strict=True)]
    columns = [c for c in data.columns if c not in ("geometry", "row")]
    return data[[*columns, "geometry", "row"]]


def _units(read: Read, districts: pd.DataFrame, settings: Settings, notes: Notes) -> pd.DataFrame:
    located = Read(_located(read, "units"), read.shapes, read.files)
    units = _ids_for_names(_with_polygons(located, "units", notes), "units", "district_id", districts, notes)
    if settings.leave_out_unlocated:
        units = _without_unlocated(units, notes)
    return _join_districts(units, districts)


def _located(read: Read | None, name: str) -> pd.DataFrame:
    """The table with lon and lat, from its shapes where it states none; empty where there is no file."""
    if read is None:
        table = TABLES[name]
        types = {c.name: "float64" if c.kind in NUMERIC else "str" for c in table} | {"row": "int64"}
        return pd.DataFrame({c: pd.Series([], dtype=t) for c, t in types.items()})
    data = read.data.copy()
    if read.shapes is not None and "lon" in data:
        lon, lat = points_of(read.shapes)
        blank = data["lon"].isna() & data["lat"].isna()
        data["lon"], data["lat"] = data["lon"].mask(blank, lon), data["lat"].mask(blank, lat)
    return data


def _without_unlocated(units: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    missing = units["lon"].isna() | units["lat"].isna()
    for unit_id, name, row in units.loc[missing, ["unit_id", "name", "row"]].itertuples(index=False):
        notes.warn(
            "unit-left-out",
            "units",
            Text(f"{name} has no location and is left out of the plan.", f"{name} 没有位置，未纳入规划。"),
            Text("Give it lon and lat to plan it.", "补充经纬度后即可纳入。"),
            row=int(row),
            id=str(unit_id),
        )
    return units[~missing].reset_index(drop=True)


def _join_districts(units: pd.DataFrame, districts: pd.DataFrame) -> pd.DataFrame:
    """Units that state no district get the one that their point lies in ("" where none does)."""
    blank = units["district_id"] == ""
    shapes = districts["geometry"].to_numpy()
    if not blank.any() or not any(s is not None for s in shapes):
        return units
    points = shapely.points(units.loc[blank, ["lon", "lat"]].to_numpy(float))
    at, district = shapely.STRtree(shapes).query(points, predicate="intersects")
    first = pd.Series(districts["district_id"].to_numpy()[district], index=at).groupby(level=0).min()
    joined = units.copy()
    joined.loc[blank, "district_id"] = first.reindex(range(len(points))).fillna("").to_numpy()
    return joined


def _links(tables: dict[str, Read], notes: Notes) -> pd.DataFrame:
    """Links between units by their ids; units that are left out may still be named."""
    links, units = _located(tables["links"], "links"), tables["units"].data
    for end in ("from_unit", "to_unit"):
        links = _ids_for_names(links, "links", end, units, notes, key="unit_id")
    return links


def _programme_tables(
    tables: dict[str, Read], districts: pd.DataFrame, hospitals: pd.DataFrame, notes: Notes
) -> dict[str, pd.DataFrame]:
    """The tables that only a programme needs, those that are there; names of hospitals and districts as ids."""
    found = {}
    for name in (name for name in PROGRAMME_TABLES if name in tables):
        data = _located(tables[name], name)
        for column in [c for c in ("hospital_id", "managed_id", "district_id") if c in data]:
            named, key = (districts, "district_id") if column == "district_id" else (hospitals, "hospital_id")
            data = _ids_for_names(data, name, column, named, notes, key)
        found[name] = _sorted(data, name)
    return found


def _ids_for_names(
    data: pd.DataFrame, table: str, column: str, named: pd.DataFrame, notes: Notes, key: str = ""
) -> pd.DataFrame:
    """Where a column of ids holds exact, unique names of districts, hospitals or units: their ids, and a warning."""
    key = key or column
    if not set(data[column]) - set(named[key]) - {""}:
        return data
    unique = named[(named["name"] != "") & ~named["name"].duplicated(keep=False)]
    ids = pd.Series(unique[key].to_numpy(), index=unique["name"].to_numpy())
    known = set(named[key])
    is_name = data[column].isin(set(ids.index)) & ~data[column].isin(known)
    if not is_name.any():
        return data
    examples = listed(dict.fromkeys(f"{n} → {ids[n]}" for n in data.loc[is_name, column]))
    notes.warn(
        "names-as-ids",
        table,
        Text(
            f"{column} holds names; they are read as ids: {examples}.",
            f"{column} 写的是名称，已换为编号：{examples}。",
        ),
        Text("Ids stay right when a name changes.", "建议填写编号，名称变化时不受影响。"),
        id=column,
    )
    replaced = data.copy()
    replaced.loc[is_name, column] = data.loc[is_name, column].map(ids)
    return replaced


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

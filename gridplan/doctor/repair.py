"""repair_folder(): a new region folder with what can safely be put right, and the list of what was changed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridplan.doctor.chart import Chart
from gridplan.doctor.mending.accept import ACCEPTED, DECIMALS, known_codes, without_district_rows
from gridplan.doctor.mending.changes_made import Changes
from gridplan.doctor.record import PAIR_KEYS, is_blank
from gridplan.files.claim import claimed
from gridplan.files.swap import mended, replaced
from gridplan.files.whole import NEW, told
from gridplan.geography.sharing import share_people
from gridplan.inputs.datum import to_wgs84, wgs84_to
from gridplan.inputs.read_region import read_region
from gridplan.inputs.read_settings import read_settings
from gridplan.inputs.region import Region
from gridplan.inputs.schema import TABLES, UNITS
from gridplan.inputs.sheets.cells import guarded
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.write import write_region
from gridplan.words.errors import DataError
from gridplan.words.text import Text
from gridplan.words.vocabulary import FORMER_ADCODES

COORDINATES = (("lon", "lat"), ("from_lon", "from_lat"), ("to_lon", "to_lat"))


def repair_folder(
    folder: Path | str, new_folder: Path | str, *, accept: Collection[str] = ()
) -> pd.DataFrame:
    """Write a repaired copy of a region folder; the original is not touched.

    Put right are only faults with one safe answer: longitude and latitude swapped; rows that stand twice,
    equal in every cell; former district codes where today's is among the districts; rows of districts among the
    units that are the sum of the others; invalid polygons. Numbers, names, merged cells and frames that reading
    understood are written plainly. All else stays for a person to decide, by a code of `accept` or by hand: a cell
    that could not be read stays blank. What reading did on its way is in the list too. `check` the new folder
    afterwards.

    Parameters
    ----------
    folder : Path or str
        The region folder, as for `read`.
    new_folder : Path or str
        A new or empty folder; gets the canonical tables (WGS 84) and repairs.csv.
    accept : Collection[str], optional
        What else may be done: "people-with-decimals" (rounded, each district's total kept), "district-as-unit" (such
        rows left out whatever they count), "people-from-total" (the one unknown unit of a district gets what its total
        leaves: modelled), "blank-cell" (records that lack a needed cell are left out), "seconds-for-minutes",
        "repeated-minutes" (a number that stands for no way is left blank).

    Returns
    -------
    DataFrame
        Columns table, row (of the original file), id, column, before, after, why; as written to repairs.csv.

    Raises
    ------
    ArgumentError
        A code of `accept` is not known.
    DataError
        `new_folder` is not empty or cannot be written to (nothing is then in it), or the original cannot be read at all.

    Examples
    --------
    >>> import gridplan as gp
    >>> _ = gp.write_region(gp.tiny_town(), "town")
    >>> len(gp.repair_folder("town", "repaired"))
    0
    """
    known_codes(accept)
    new = Path(new_folder)
    if new.exists() and (not new.is_dir() or any(new.iterdir())):
        raise DataError(
            Text(
                f"{new} is not empty, so no repaired copy is written there.",
                f"{new} 不是空文件夹，未写入修复后的副本。",
            ),
            Text("Name a new folder.", "请指定一个新文件夹。"),
        )
    region, share = read_region(folder, round_people=True if DECIMALS in accept else None)
    changes = Changes([(f.table, f.row, f.id, "", "", "", f"reading: {f.what.en}") for f in region.findings])
    region = _without_repeated_rows(region, changes)
    region = _with_todays_adcodes(region, changes)
    region = _turned(region, Path(folder), changes)
    region = _with_valid_polygons(region, changes)
    region = without_district_rows(region, changes, False)
    for code in (code for code in ACCEPTED if code in accept):
        region = ACCEPTED[code](region, changes)
    if share:
        region = share_people(region, share)
        weights = [n for n in region.units if UNITS.column(str(n)) is None and n not in ("geometry", "row")]
        region = region.with_tables(units=region.units.drop(columns=weights))
    frame = changes.to_frame()
    words = frame.select_dtypes(exclude="number").columns
    safe = frame.assign(**{column: frame[column].astype(str).map(guarded) for column in words})
    with claimed(new) as claim:
        mended(claim)
        made = claim.work / NEW
        write_region(region, made)
        with told(new / "repairs.csv"):
            safe.to_csv(made / "repairs.csv", index=False, encoding="utf-8-sig")
        replaced(claim, lambda _: False)
    return frame


def _without_repeated_rows(region: Region, changes: Changes) -> Region:
    """Of rows that are equal in every cell the first stays."""
    for name, schema in TABLES.items():
        table = getattr(region, name)
        keys = [schema.key] if schema.key else PAIR_KEYS.get(name, [])
        if table is None or not keys:
            continue
        cells = pd.DataFrame(table).drop(columns=["row"], errors="ignore").astype(str)
        again = cells.duplicated() & ~is_blank(table[keys[0]])
        for index in table.index[again]:
            changes.note(name, index, table, "", "a row", "", "the same row stands above")
        if again.any():
            region = region.with_tables(**{name: table[~again].reset_index(drop=True)})
    return region


def _with_todays_adcodes(region: Region, changes: Changes) -> Region:
    """Former codes become today's, where today's district is there and the former is not."""
    known = set(region.districts["district_id"])
    today = {old: now for old, (_, now, _) in FORMER_ADCODES.items() if now in known and old not in known}
    for name in ("units", "hospitals", "branches", "partnerships"):
        table = getattr(region, name)
        old = table["district_id"].isin(list(today))
        for index in table.index[old]:
            then, now, called = FORMER_ADCODES[table.at[index, "district_id"]]
            why = f"{then} is {called} today"
            changes.note(name, index, table, "district_id", str(table.at[index, "district_id"]), now, why)
        if old.any():
            region = region.with_tables(
                **{name: table.assign(district_id=table["district_id"].replace(today))}
            )
    return region


def _turned(region: Region, folder: Path, changes: Changes) -> Region:
    """Swapped coordinates put right, in columns and in polygons.

    The datum was undone on reading, with the two swapped; so that is taken back, they are swapped, and the
    datum is undone again.
    """
    settings, chart = read_settings(folder, Notes()), Chart(region)
    for name in ("units", "hospitals", "branches", "roads"):
        table = getattr(region, name)
        datum = (settings.datum_of(name) if settings else "") or "wgs84"
        for lon, lat in COORDINATES if table is not None else ():
            if lon not in table:
                continue
            wrong = (chart.condition(table[lon], table[lat]) == "swapped").to_numpy()
            x, y = _swapped(table.loc[wrong, lon].to_numpy(), table.loc[wrong, lat].to_numpy(), datum)
            for index, new_x, new_y in zip(table.index[wrong], x, y, strict=True):
                before = f"{table.at[index, lon]:.10g}, {table.at[index, lat]:.10g}"
                changes.note(
                    name, index, table, f"{lon}, {lat}", before, f"{new_x:.10g}, {new_y:.10g}", "swapped"
                )
            if wrong.any():
                table = table.copy()
                table.loc[wrong, lon], table.loc[wrong, lat] = x, y
                region = region.with_tables(**{name: table})
    return _turned_polygons(region, settings.datum_of("districts") if settings else "wgs84", changes)


def _swapped(lon: np.ndarray, lat: np.ndarray, datum: str) -> tuple[np.ndarray, np.ndarray]:
    raw_lon, raw_lat = wgs84_to(lon, lat, datum)
    right_lon, right_lat = to_wgs84(raw_lat, raw_lon, datum)
    return right_lon.round(7), right_lat.round(7)


def _turned_polygons(region: Region, datum: str, changes: Changes) -> Region:
    for name in ("districts", "units"):
        table: gpd.GeoDataFrame = getattr(region, name)
        bounds = table.geometry.bounds
        middle = (
            pd.DataFrame({"lon": bounds["minx"] + bounds["maxx"], "lat": bounds["miny"] + bounds["maxy"]}) / 2
        )
        wrong = (Chart(region).condition(middle["lon"], middle["lat"]) == "swapped").to_numpy()
        if not wrong.any():
            continue
        shapes = table.geometry.to_numpy(dtype=object).copy()
        for position in np.flatnonzero(wrong):
            shapes[position] = shapely.transform(
                shapes[position], lambda xy: np.column_stack(_swapped(xy[:, 0], xy[:, 1], datum))
            )
            changes.note(name, table.index[position], table, "geometry", "", "", "swapped")
        region = region.with_tables(
            **{name: table.set_geometry(gpd.GeoSeries(shapes, table.index, crs=4326))}
        )
    return region


def _with_valid_polygons(region: Region, changes: Changes) -> Region:
    """Invalid polygons made valid; lines and points that fall off are dropped."""
    for name in ("districts", "units"):
        table: gpd.GeoDataFrame = getattr(region, name)
        invalid = (~table.geometry.is_valid & table.geometry.notna()).to_numpy()
        shapes = table.geometry.to_numpy(dtype=object).copy()
        for position in np.flatnonzero(invalid):
            why = shapely.is_valid_reason(shapes[position])
            parts = shapely.get_parts(shapely.make_valid(shapes[position]))
            shapes[position] = shapely.union_all(parts[shapely.area(parts) > 0])
            changes.note(name, table.index[position], table, "geometry", "invalid", "valid", why)
        if invalid.any():
            region = region.with_tables(
                **{name: table.set_geometry(gpd.GeoSeries(shapes, table.index, crs=4326))}
            )
    return region

"""Minutes from anywhere: a table in rows, or a matrix, as `Travel`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.geography.sources import NOT_IN_TABLE
from gridplan.geography.travel import LEFT_OUT_COLUMNS, Travel
from gridplan.inputs.formats.read_vector import frame_sheet
from gridplan.inputs.matching.names import Names, city_names, ids_for_names
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.read_table import read_sheets
from gridplan.inputs.region import Region
from gridplan.inputs.schema import TRAVEL
from gridplan.inputs.sheets.headers import is_known
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.errors import ArgumentError, DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Text

METHOD = "given"
WAYS = Text(
    "give a table with the columns unit_id, hospital_id and minutes, a matrix with unit ids as its index and hospital ids "
    "as its columns, or an array of units × hospitals in the order of the region",
    "请给出含 unit_id、hospital_id、minutes 三列的表，或行为单元编号、列为医院编号的矩阵，或按地区次序的 单元 × 医院 数组",
)

TURN = Text(
    "turn it round: units are its rows and hospitals its columns (matrix.T)",
    "请转置：行为单元、列为医院（matrix.T）",
)


def travel_of(region: Region, given: pd.DataFrame | np.ndarray, name: str = METHOD) -> Travel:
    """Minutes that were made elsewhere, for every unit and hospital of a region.

    Parameters
    ----------
    region : the city.
    given : DataFrame unit_id, hospital_id, minutes (under any header that a file may have); or DataFrame of minutes, its
        index unit ids (or names), its columns hospital ids (or names); or array (units × hospitals) in the order of
        `region.units` and `region.hospitals`. NaN, infinity, and pairs that are not there, are out of reach.
    name : of the source, as the plan tells it.

    Raises
    ------
    ArgumentError : it has none of these forms.
    DataError : its cells are no minutes.
    """
    units = region.units["unit_id"].to_numpy(dtype=object)
    hospitals = region.hospitals["hospital_id"].to_numpy(dtype=object)
    if isinstance(given, np.ndarray):
        if given.shape != (len(units), len(hospitals)):
            shape = " × ".join(map(str, given.shape))
            what = Text(
                f"the array of minutes is {shape}, not {len(units)} units × {len(hospitals)} hospitals",
                f"时间数组为 {shape}，应为 {len(units)} 个单元 × {len(hospitals)} 家医院",
            )
            raise ArgumentError(what, TURN if given.shape == (len(hospitals), len(units)) else WAYS)
        return _travel(units, hospitals, np.array(given, dtype=float), name)
    long = _rows(region, given)
    row = pd.Index(units).get_indexer(pd.Index(long["unit_id"]))
    column = pd.Index(hospitals).get_indexer(pd.Index(long["hospital_id"]))
    known = (row >= 0) & (column >= 0)
    if not known.any() and _turned(region, long):
        what = Text(
            "the minutes have hospitals where the units should stand", "给出的时间中单元与医院的位置颠倒"
        )
        raise ArgumentError(what, TURN)
    if not known.any():
        what = Text("none of the pairs given is one of this region", "给出的时间没有一对属于本地区")
        raise ArgumentError(
            what, WAYS, [str(long["unit_id"].iloc[0]), str(long["hospital_id"].iloc[0])] if len(long) else []
        )
    minutes = np.full((len(units), len(hospitals)), np.inf)
    values = long["minutes"].to_numpy(float)
    some = known & np.isfinite(values)
    np.minimum.at(minutes, (row[some], column[some]), values[some])
    return _travel(units, hospitals, minutes, name)


def _rows(region: Region, given: pd.DataFrame) -> pd.DataFrame:
    """A table as unit_id, hospital_id, minutes, whatever its headers; a matrix in rows."""
    if sum(is_known(str(header), TRAVEL, {}) for header in given.columns) < 2:
        matrix = given.copy()
        matrix.index.name = "unit_id"
        if "unit_id" in matrix.columns:
            matrix = matrix.set_index("unit_id")
        given = (
            matrix.rename(columns=str)
            .reset_index()
            .melt("unit_id", var_name="hospital_id", value_name="minutes")
        )
    notes = Notes()
    read = read_sheets([frame_sheet("travel", given)], TRAVEL, TableSettings(), "wgs84", notes)
    if read is None or notes.broken or any(f.severity == "error" for f in notes.findings):
        raise DataError(
            Text("the minutes given cannot be read", "给出的出行时间无法读取"),
            WAYS,
            findings=Findings(notes.findings),
        )
    of_units, of_hospitals = _names(region)
    data = ids_for_names(read.data, "travel", "unit_id", of_units, notes)
    return ids_for_names(data, "travel", "hospital_id", of_hospitals, notes)


def _names(region: Region) -> tuple[Names, Names]:
    city = city_names(region.title, region.name)
    return Names(region.units, "unit_id", city), Names(region.hospitals, "hospital_id", city)


def _turned(region: Region, long: pd.DataFrame) -> bool:
    """Whether hospitals stand in the place of units, and units in that of hospitals."""
    of_units, of_hospitals = _names(region)
    ends = [(long["unit_id"], of_hospitals), (long["hospital_id"], of_units)]
    return all(any(names.find(word) for word in words.unique()) for words, names in ends)


def _travel(units: np.ndarray, hospitals: np.ndarray, minutes: np.ndarray, name: str) -> Travel:
    if (minutes < 0).any():
        hint = Text("give NaN where there is no way", "不可达处请给 NaN")
        raise ArgumentError(Text("minutes are below 0", "出行时间为负数"), hint)
    minutes = np.where(np.isfinite(minutes), minutes, np.inf).round(4)
    row, column = np.nonzero(np.isinf(minutes))
    values = [units[row], hospitals[column], np.full(len(row), NOT_IN_TABLE, dtype=object)]
    left_out = pd.DataFrame(dict(zip(LEFT_OUT_COLUMNS, values, strict=True)))
    return Travel(units, hospitals, minutes, name, {"source": name}, left_out)

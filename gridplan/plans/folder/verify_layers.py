"""Layers for a GIS and the units in Parquet, where they carry no mark: read, and compared with what the plan would write."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridplan.files.scratch import scratch
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.notes import FileFault
from gridplan.plans.gis import GPKG, LAYERS, write_gpkg, write_parquet
from gridplan.plans.plan import Plan

UNITS = "assignment.parquet"
CLOSE = 1e-9
CLOSE_DEGREES = (
    1e-6  # corners of ground shared out among points may differ a little between versions of shapely
)


def foreign_layers(plan: Plan, folder: Path, names: list[str]) -> list[str]:
    """Which of these files (plan.gpkg, plan_units.parquet …, assignment.parquet) do not hold what the plan says.

    Each is compared with the file that the plan would write now: rows, columns, values, and where each shape lies.
    """
    if not names:
        return []
    with scratch() as made:
        if GPKG in names:
            write_gpkg(plan, made / GPKG)
        if set(names) - {GPKG, UNITS}:
            write_parquet(plan, made)
        if UNITS in names:
            plan.to_frame().to_parquet(made / UNITS, index=False)
        return [name for name in names if not _holds(folder / name, made / name)]


def _holds(file: Path, made: Path) -> bool:
    """Whether a file says what the other says that was just made; one that cannot be read does not."""
    if not made.is_file():  # a layer that this plan has not
        return False
    try:
        with guarded_reading(file.name):
            have = _tables(file)
    except FileFault:
        return False
    want = _tables(made)
    return have.keys() == want.keys() and all(_same(have[name], want[name]) for name in want)


def _tables(file: Path) -> dict[str, pd.DataFrame]:
    """What the file holds, layer by layer."""
    if file.name == UNITS:
        return {"": pd.read_parquet(file)}
    if file.suffix == ".parquet":
        return {"": gpd.read_parquet(file)}
    there = [str(name) for name in gpd.list_layers(file)["name"] if name in LAYERS]
    return {name: gpd.read_file(file, layer=name) for name in there}


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables say the same; a column that only one has must say nothing."""
    alone = set(one.columns) ^ set(other.columns)
    blank = [
        table[name].dropna().isin([False, ""]).all()
        for table in (one, other)
        for name in alone & set(table.columns)
    ]
    both = [name for name in other.columns if name not in alone]
    return len(one) == len(other) and all(blank) and all(_same_values(one[n], other[n]) for n in both)


def _same_values(one: pd.Series, other: pd.Series) -> bool:
    if isinstance(other, gpd.GeoSeries):
        have, want = (shapely.bounds(np.asarray(s, dtype=object)) for s in (one, other))
        return bool(np.allclose(have, want, rtol=0, atol=CLOSE_DEGREES, equal_nan=True))
    if pd.api.types.is_numeric_dtype(other) and pd.api.types.is_numeric_dtype(one):
        numbers, others = (s.to_numpy(dtype=float, na_value=np.nan) for s in (one, other))
        return bool(np.allclose(numbers, others, rtol=CLOSE, atol=CLOSE, equal_nan=True))
    return one.isna().equals(other.isna()) and one.dropna().astype(str).equals(other.dropna().astype(str))

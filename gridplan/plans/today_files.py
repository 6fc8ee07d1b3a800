"""The files of `gridplan today --out`: today as tables that Excel opens."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from gridplan.files.whole import told, write_whole
from gridplan.inputs.region import Region
from gridplan.plans.folder.csv_file import write_csv
from gridplan.plans.today import Today


def today_tables(now: Today) -> dict[str, pd.DataFrame]:
    """File name → table. Names differ from those of a plan folder, so that both may stand in one folder."""
    return {
        "today-districts.csv": now.districts_frame(),
        "today-pairs.csv": _named(now.region, now.pairs),
        "today-hospitals.csv": now.hospitals_frame(),
        "today-assignment.csv": _named(now.region, now.assignment),
        "today-rules.csv": now.verdict.rules_frame("en").merge(
            now.verdict.rules_frame("zh")[["rule", "slack", "sentence"]], on="rule", suffixes=("", "_zh")
        ),
        "today-breaches.csv": now.verdict.to_frame(),
    }


def write_today(now: Today, folder: str | Path) -> list[Path]:
    """Write the tables of today into a folder, which is made where it does not exist; each file is whole or not there.

    Returns
    -------
    The files.

    Raises
    ------
    DataError : the folder or a file cannot be written.
    """
    folder = Path(folder)
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in today_tables(now).items():
        write_whole(folder / name, partial(write_csv, table))
        files.append(folder / name)
    return files


def _named(region: Region, table: pd.DataFrame) -> pd.DataFrame:
    """Names beside ids."""
    named = table.copy()
    for noun in ("unit", "district", "hospital"):
        if f"{noun}_id" in named:
            names = getattr(region, f"{noun}s").set_index(f"{noun}_id")["name"]
            named.insert(
                named.columns.get_loc(f"{noun}_id") + 1, noun, named[f"{noun}_id"].map(names).fillna("")
            )
    return named

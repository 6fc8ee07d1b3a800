"""Ids for records that have none: made of their names, with their district, so that they stay the same."""

from __future__ import annotations

import pandas as pd

from gridplan.inputs.column import Table
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text

WITH_DISTRICT = ("units",)  # whose names recur from district to district


def ids_from_names(data: pd.DataFrame, table: Table, notes: Notes) -> pd.DataFrame:
    """The table with an id for each record, where its file has no column of ids at all.

    A unit is called DISTRICT-NAME; of the others only those that share a name are.
    """
    if data.empty or (data[table.key] != "").any() or not (data["name"] != "").any():
        return data
    names = data["name"]
    shared = names.duplicated(keep=False) | (table.name in WITH_DISTRICT)
    home = data["district_id"] if "district_id" in data and table.key != "district_id" else names
    full = (home + "-" + names).where(shared & (home != "") & (home != names), names)
    notes.warn(
        "ids-from-names",
        table.name,
        Text(
            f"{table.name} has no column {table.key}; ids are made of the names: {full.iloc[0]} …",
            f"{table.title.zh}表没有编号列，以名称作编号：{full.iloc[0]} …",
        ),
        Text("They stay the same as long as the names do.", "名称不变，编号即不变；有编号时请加上编号列。"),
        id=table.key,
    )
    return data.assign(**{table.key: full.where(names != "", "")})

"""Ids for records that have none: made of their names, with their district, so that they stay the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from gridplan.inputs.column import Table
from gridplan.inputs.sheets.headers import is_known
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.text import Text

LIKE_IDS = re.compile(r"编码|代码|编号|[^话真机]号$|(^|[^a-z])(id|code|no)s?$", re.IGNORECASE)
UNLIKE_IDS = re.compile(r"序号|邮|电话|传真|手机|证|帐号|账号|信用|微信|门牌|文号|区划|床号")
WITH_DISTRICT = ("units",)  # whose names recur from district to district


def note_unread_ids(
    files: str, headers: list[str], table: Table, columns: Mapping[str, str], notes: Notes
) -> None:
    """Name the columns that may hold ids and are not read, where a table without ids gets them from its names."""
    unread = [
        h
        for h in headers
        if LIKE_IDS.search(h) and not UNLIKE_IDS.search(h) and not is_known(h, table, columns)
    ]
    if unread:
        setting = f'columns = {{ {table.key} = "{unread[0]}" }}'
        notes.warn(
            "unread-ids",
            table.name,
            Text(
                f"{files}: {listed(unread)} is not read as {table.key}.",
                f"{files}：{listed(unread)} 未作为 {table.key} 读取。",
            ),
            Text(
                f"If it holds the ids, write {setting} in [tables.{table.name}].",
                f"如为编号，请在 [tables.{table.name}] 中写 {setting}。",
            ),
            id=table.key,
        )


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

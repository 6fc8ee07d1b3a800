"""Tables whose records stand on several sheets: the district that a sheet is called after, the sheet of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from gridplan.inputs.matching.names import Names
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.findings import Finding
from gridplan.words.text import Text

Standing = tuple[tuple[str, int, str], ...]


def districts_of_sheets(data: pd.DataFrame, table: str, names: Names, notes: Notes) -> pd.DataFrame:
    """Where no record names a district and each sheet is called after one: that district; told with sheets and rows."""
    if "sheet" not in data or (data["district_id"] != "").any():
        return data
    found = {title: names.find(str(title)) for title in dict.fromkeys(data["sheet"])}
    if any(len(ids) != 1 for ids in found.values()):
        return data
    ids = {title: next(iter(one)) for title, one in found.items()}
    rows = data.groupby("sheet", sort=False)["row"].agg(["min", "max"])
    told = listed(f"{title} {low}–{high} → {ids[title]}" for title, low, high in rows.itertuples())
    notes.warn(
        "district-from-sheet",
        table,
        Text(
            f"There is no column of districts; the name of each sheet is read as that of its rows: {told}.",
            f"表中没有所属区一列，按工作表名称填写其各行所属区：{told}。",
        ),
        Text("Right where each sheet is one district.", "如一张工作表即一个区则无误。"),
        id="district_id",
    )
    return data.assign(district_id=data["sheet"].map(ids))


def standing(data: pd.DataFrame, key: str) -> tuple[pd.DataFrame, Standing]:
    """The table without its column of sheets, and the id, row and sheet of each record; none where it is one sheet."""
    if "sheet" not in data:
        return data, ()
    told = data[[key, "row", "sheet"]].itertuples(index=False, name=None)
    return data.drop(columns="sheet"), tuple((str(id), int(row), str(sheet)) for id, row, sheet in told)


def with_sheets(findings: Iterable[Finding], sheets: Mapping[str, Standing]) -> list[Finding]:
    """The findings of rows, those of tables on several sheets with the sheet and row of whom they name."""
    told = []
    for finding in findings:
        stand = sheets.get(finding.table, ()) if finding.row is not None else ()
        places = [(row, sheet) for id, row, sheet in stand if id == finding.id]
        places = places or [(row, sheet) for _, row, sheet in stand if row == finding.row]
        if places and not any(f" · {sheet}" in finding.what.en for _, sheet in places):
            where = Text(
                listed(f"sheet {sheet}, row {row}" for row, sheet in places),
                listed(f"工作表“{sheet}”第 {row} 行" for row, sheet in places),
            )
            finding = replace(
                finding, what=Text(f"{finding.what.en} ({where.en})", f"{finding.what.zh}（{where.zh}）")
            )
        told.append(finding)
    return told

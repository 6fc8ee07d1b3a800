"""Partners outside the city (SH-20), CSV or Excel: what the report form says of them; every fault with its row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.matching.find_name import find_id
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.cells import clean_text
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

# column → headers that are read as it
HEADERS = {
    "hospital_id": ("hospital_id", "hospital", "医院", "医院名称", "本市医院"),
    "place": ("place", "province", "city", "省市", "所在省市", "地区"),
    "partner": ("partner", "合作单位", "单位名称", "合作医院"),
    "consent": ("consent", "办医主体意见", "意见"),
    "since": ("since", "起始时间", "起始", "签约时间"),
}
ASKED = ("hospital_id", "partner")


def read_outside(file: str | Path, region: Region) -> pd.DataFrame:
    """The partners outside the city of hospitals of the region.

    Returns
    -------
    DataFrame hospital_id, place, partner, consent, since (texts, "" where nothing is stated), in the order of the file.

    Raises
    ------
    DataError : the file cannot be read, lacks a column, or a row names no hospital of the region, or no partner.
    """
    path = Path(file)
    known = {header: column for column, headers in HEADERS.items() for header in headers}
    try:
        sheet = read_file(
            local_file(path.parent, path.name), "outside", lambda header: header.strip() in known
        )
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    at = {known[header.strip()]: n for n, header in enumerate(sheet.headers) if header.strip() in known}
    for column in (one for one in ASKED if one not in at):
        what = Text(f"{path.name} has no column {column}", f"{path.name} 缺少列“{HEADERS[column][2]}”")
        raise DataError(
            what, Text(f"its headers: {listed(sheet.headers)}", f"现有表头：{listed(sheet.headers)}")
        )
    rows, faults = [], []
    for number, cells in zip(sheet.rows, sheet.cells.itertuples(index=False, name=None), strict=True):
        row = {column: clean_text(str(cells[at[column]])) if column in at else "" for column in HEADERS}
        if not any(row.values()):
            continue
        try:
            row["hospital_id"] = find_id(region, "hospital", row["hospital_id"])
            if not row["partner"]:
                raise DataError(
                    Text("no partner is named", "未填合作单位"), Text("name it", "请填写合作单位")
                )
        except DataError as fault:
            faults.append(
                Finding("error", "outside", "outside", fault.what, fault.hint or Text("", ""), row=number)
            )
        rows.append(row)
    if faults:
        what = Text(f"{path.name} has {len(faults)} fault(s)", f"{path.name} 有 {len(faults)} 处错误")
        raise DataError(what, findings=Findings(faults))
    return pd.DataFrame(rows, columns=list(HEADERS))

"""A table of yearly rates of the population, CSV or Excel → canonical columns; every fault with its row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.formats.sheet import Sheet, text_frame
from gridplan.inputs.region import Region
from gridplan.inputs.schema import RATES
from gridplan.inputs.sheets.cells import as_text, clean_id, clean_number, clean_text, is_blank
from gridplan.inputs.sheets.headers import check_headers, is_known, map_headers
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean, listed
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

ALL, REST = "all", "rest"
DEFAULTS = {"births": 0.0, "growth": 0.0, "survival": 1.0, "ageing": 0.0, "migration": 0.0}


def read_rates(rates: str | Path | pd.DataFrame, region: Region) -> pd.DataFrame:
    """The yearly rates of each district and group.

    Parameters
    ----------
    rates : a CSV or Excel file, or a table of Python (docs/futures.md lists the columns).

    Returns
    -------
    DataFrame: a row for each district and group that is named: district_id, group, births, growth, survival, ageing,
    migration (shares per year), ages_to. A district's own row replaces the one of "all".

    Raises
    ------
    DataError : the file cannot be read, lacks a column, or has faults; `findings` lists every one with its row.
    """
    notes = Notes()
    try:
        sheet = _sheet(rates)
        if not isinstance(rates, pd.DataFrame):
            check_headers(sheet.file, sheet.headers, RATES, {})
        mapped = map_headers(sheet.file, sheet.headers, RATES, {}, notes)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    for lacking in [c.name for c in RATES if c.required and c.name not in mapped]:
        what = Text(f"{sheet.file} has no column {lacking}", f"{sheet.file} 缺少列 {lacking}")
        hint = Text(f"its headers: {listed(sheet.headers)}", f"现有表头：{listed(sheet.headers)}")
        notes.fault("missing-column", RATES.name, what, hint, id=lacking)
    rows = pd.DataFrame({"row": sheet.rows})
    if not notes.broken:
        for column in RATES:
            cells = (
                [""] * len(rows)
                if column.name not in mapped
                else [str(c) for c in sheet.cells.iloc[:, sheet.headers.index(mapped[column.name])]]
            )
            rows[column.name] = [_cell(cell, column.name) for cell in cells]
    faults = [*notes.findings] if notes.broken else list(_faults(rows, region))
    if faults:
        what = Text(f"{sheet.file} has {len(faults)} fault(s)", f"{sheet.file} 有 {len(faults)} 处错误")
        raise DataError(what, findings=Findings(faults))
    return _by_district(rows, region)


def _sheet(rates: str | Path | pd.DataFrame) -> Sheet:
    if isinstance(rates, pd.DataFrame):
        records = [[as_text(v) for v in record] for record in rates.itertuples(index=False, name=None)]
        return Sheet(
            RATES.name,
            text_frame([str(c) for c in rates.columns], records),
            list(range(2, len(rates) + 2)),
        )
    path = Path(rates)
    return read_file(
        local_file(path.parent, path.name), RATES.name, lambda header: is_known(header, RATES, {})
    )


def _cell(cell: str, name: str) -> object:
    if name in DEFAULTS:
        return DEFAULTS[name] if is_blank(cell) else clean_number(cell)
    return (clean_id(cell) or clean_text(cell)) if name == "district_id" else clean_text(cell)


def _faults(rows: pd.DataFrame, region: Region) -> Iterator[Finding]:
    districts = [ALL, *region.districts["district_id"]]
    groups = [REST, *(str(c) for c in region.units.columns if str(c).startswith("people_"))]
    seen: dict[tuple[str, str], int] = {}
    if rows.empty:
        yield _fault(
            "empty", Text("it has no rows", "没有数据行"), Text("write a row per group", "请按人群逐行填写")
        )
    for row in rows.itertuples():
        known = {"district_id": districts, "group": groups}
        if row.ages_to:
            known["ages_to"] = [g for g in groups if g != row.group]
        for column, words in known.items():
            value = getattr(row, column)
            if value not in words:
                what = Text(f"{column} {value!r} is not known", f"{column} {value!r} 无法识别")
                yield _fault("unknown", what, did_you_mean(str(value), words), row.row)
        for column in DEFAULTS:
            value, spec = getattr(row, column), RATES.column(column)
            assert spec is not None and spec.low is not None and spec.high is not None
            if value is None or pd.isna(value) or not spec.low <= value <= spec.high:
                what = Text(
                    f"{column} must be a share per year from {spec.low:g} to {spec.high:g}",
                    f"{column} 须为 {spec.low:g} 至 {spec.high:g} 的年比率",
                )
                hint = Text("0.012 means 1.2 % a year", "0.012 表示每年 1.2%")
                yield _fault("out-of-range", what, hint, row.row)
        if row.ageing and not row.ages_to:
            what = Text("ageing without ages_to", "填了 ageing 却没有 ages_to")
            yield _fault(
                "no-target", what, Text("name the group that they join", "请写明进入的人群"), row.row
            )
        key = (str(row.district_id), str(row.group))
        if key in seen:
            what = Text(
                f"{key[0]}, {key[1]} stands in row {seen[key]} too",
                f"{key[0]}、{key[1]} 与第 {seen[key]} 行重复",
            )
            yield _fault("duplicate", what, Text("keep one of them", "请只保留一行"), row.row)
        seen.setdefault(key, int(row.row))


def _fault(code: str, what: Text, hint: Text, row: int | None = None) -> Finding:
    return Finding("error", code, RATES.name, what, hint, row)


def _by_district(rows: pd.DataFrame, region: Region) -> pd.DataFrame:
    """A row per district and group, the district's own before that of all."""
    everywhere = rows[rows["district_id"] == ALL]
    parts = []
    for district in region.districts["district_id"]:
        own = rows[rows["district_id"] == district]
        both = pd.concat([own, everywhere]).drop_duplicates("group").assign(district_id=district)
        parts.append(both)
    return pd.concat(parts, ignore_index=True).drop(columns="row")

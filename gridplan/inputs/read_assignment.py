"""An assignment made or edited by hand, CSV or Excel → canonical columns, whatever its headers and sheets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gridplan.inputs.column import NUMERIC, plain
from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.formats.read_workbook import read_sheets
from gridplan.inputs.formats.sheet import Sheet, text_frame
from gridplan.inputs.schema import ASSIGNMENT
from gridplan.inputs.sheets.cells import as_text, clean_id, clean_number, clean_text, clean_word
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.headers import check_headers, factor_of, is_known, map_headers, stated_unit
from gridplan.inputs.sheets.notes import FileFault, Notes, listed
from gridplan.inputs.sheets.records import note_sheet, without_totals
from gridplan.words.errors import DataError
from gridplan.words.findings import Findings
from gridplan.words.text import Text

KINDS = (".csv", ".tsv", ".xlsx")
SHEET_NAMES = ("assignment", "分配", "分配assignment", "分配表")
COLUMNS = Text(
    "it needs layer (服务类别), unit_id (单元编号) and hospital_id (医院编号); names may stand for ids",
    "须有 layer（服务类别）、unit_id（单元编号）、hospital_id（医院编号）；编号可用名称代替",
)


def read_assignment(path: str | Path, sheet: str | None = None) -> pd.DataFrame:
    """An assignment made or edited by hand (CSV or Excel), under canonical headers, with its row numbers.

    Parameters
    ----------
    path : str or Path
        A CSV or Excel file.
    sheet : str, optional
        Of a workbook; by default the one that has columns of units and of hospitals.

    Returns
    -------
    DataFrame
        Columns: of layer, unit_id, unit, district_id, district, people, hospital_id, hospital and minutes those
        that the file has, and row. Ids are text; numbers are numbers, and text where they are none. What was
        left out or decided in reading is in `attrs["notes"]`, and comes with the verdict.

    Raises
    ------
    DataError
        The file cannot be read, or has no columns of units and hospitals.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> plan.assignment.to_csv("edited.csv", index=False)
    >>> gp.judge(plan.region, plan.policy, gp.read_assignment("edited.csv")).kept
    True
    """
    path, notes = Path(path), Notes()
    try:
        chosen = _chosen(_sheets(path), path.name, sheet, notes)
        note_sheet(chosen, ASSIGNMENT, notes)
        rows = _typed(chosen, notes)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    _refuse(notes, path.name)
    rows.attrs["notes"] = Findings(notes.findings)
    return rows


def canonical(table: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """A table of Python as `read_assignment` gives one; rows are counted from 2 where it has no column `row`.

    Raises
    ------
    DataError : its columns cannot be told.
    """
    try:
        rows = _typed(_sheet_of(table), notes)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    _refuse(notes, ASSIGNMENT.name)
    return rows


def _known(header: str) -> bool:
    return any(is_known(line, ASSIGNMENT, {}) for line in header.splitlines())


def _sheets(path: Path) -> dict[str, Sheet]:
    """Every sheet of a workbook, or the one of a CSV, which has no name."""
    if path.is_dir():
        hint = Text(
            "give a CSV or Excel file, or --plan for a plan folder",
            "请给出 CSV 或 Excel 文件；方案文件夹请用 --plan",
        )
        raise FileFault(
            "unknown-format", Text(f"{path} is a folder, not a file", f"{path} 是文件夹，不是文件"), hint
        )
    if path.suffix.casefold() not in KINDS:
        raise FileFault(
            "unknown-format",
            Text(f"{path.name}: an assignment is not read from files of this kind", f"{path.name}：分配表不支持这种文件"),
            Text("save it as CSV or Excel (.xlsx)", "请存为 CSV 或 Excel（.xlsx）"),
        )  # fmt: skip
    here = local_file(path.parent, path.name)
    if path.suffix.casefold() != ".xlsx":
        return {"": read_file(here, ASSIGNMENT.name, _known)}
    with guarded_reading(path.name):
        return read_sheets(here, _known)


def _chosen(sheets: dict[str, Sheet], file: str, wanted: str | None, notes: Notes) -> Sheet:
    """The sheet that was asked for, else the one with columns of units and of hospitals."""
    names = [name for name in sheets if name]
    if wanted is not None:
        if wanted not in sheets:
            what = Text(f"{file} has no sheet '{wanted}'", f"{file} 中没有工作表“{wanted}”")
            hint = Text(f"its sheets: {listed(names) or '-'}", f"工作表：{listed(names) or '无'}")
            raise FileFault("missing-sheet", what, hint)
        sheets = {wanted: sheets[wanted]}
    fit = {name: sheet for name, sheet in sheets.items() if not _lacking(sheet)}
    if not fit:
        raise _nothing_fits(sheets, file)
    called = [name for name in fit if plain(name) in SHEET_NAMES]
    if len(fit) > 1 and len(called) != 1:
        raise FileFault(
            "several-sheets",
            Text(f"{file}: which of the sheets {listed(fit)} is the assignment?", f"{file}：工作表 {listed(fit)} 中哪一张是分配表？"),
            Text("name one with --sheet, or put all rows into one sheet with a column layer", "请用 --sheet 指明，或合并为一张并加“服务类别”列"),
        )  # fmt: skip
    name = called[0] if len(fit) > 1 else next(iter(fit))
    if len(sheets) > 1:
        notes.warn(
            "sheet-chosen", ASSIGNMENT.name,
            Text(f"{file} has {len(sheets)} sheets; '{name}' was read.", f"{file} 有 {len(sheets)} 张工作表，读取了“{name}”。"),
            Text("Another one is read with --sheet NAME.", "如需另一张，请用 --sheet 名称。"),
        )  # fmt: skip
    return fit[name]


def _nothing_fits(sheets: dict[str, Sheet], file: str) -> FileFault:
    best = max(sheets.values(), key=lambda sheet: sum(map(_known, sheet.headers)), default=None)
    if best is None:
        return FileFault("empty-file", Text(f"{file} is empty", f"{file} 是空的"), COLUMNS)
    lacking, headers = _lacking(best), " ".join(listed(best.headers).split())
    return FileFault(
        "missing-column",
        Text(f"{file} lacks columns: {listed(lacking)}", f"{file} 缺少列：{listed(lacking)}"),
        Text(f"its headers: {headers}; {COLUMNS.en}", f"现有表头：{headers}；{COLUMNS.zh}"),
    )


def _lacking(sheet: Sheet) -> list[str]:
    """Of the columns without which nothing can be judged those that a sheet lacks; its names do for ids."""
    found = map_headers(sheet.file, _lines(sheet), ASSIGNMENT, {}, Notes())
    return [f"{noun}_id" for noun in ("unit", "hospital") if not {noun, f"{noun}_id"} & set(found)]


def _lines(sheet: Sheet) -> list[str]:
    """The headers; of one in several lines (单元编号 over unit id) the line that is known."""
    return [
        next((line for line in header.splitlines() if is_known(line, ASSIGNMENT, {})), header)
        for header in sheet.headers
    ]


def _sheet_of(table: pd.DataFrame) -> Sheet:
    """A table as if it were read from a file: text cells, and row numbers of its own or counted from 2."""
    rows = table["row"] if "row" in table else range(2, len(table) + 2)
    cells = table.drop(columns="row", errors="ignore")
    records = [[as_text(v) for v in record] for record in cells.itertuples(index=False, name=None)]
    return Sheet(
        ASSIGNMENT.name, text_frame([str(c) for c in cells.columns], records), [int(row) for row in rows]
    )


def _typed(sheet: Sheet, notes: Notes) -> pd.DataFrame:
    """Canonical columns of a sheet, cleaned, without rows of totals."""
    sheet = without_totals(sheet, ASSIGNMENT, notes)
    headers = _lines(sheet)
    if any(map(_known, headers)):
        check_headers(sheet.file, headers, ASSIGNMENT, {})
    rows = pd.DataFrame(index=range(len(sheet.rows)))
    for name, header in map_headers(sheet.file, headers, ASSIGNMENT, {}, notes).items():
        column = ASSIGNMENT.column(name)
        assert column is not None
        cells = sheet.cells.iloc[:, headers.index(header)]
        if column.kind in NUMERIC:
            unit = stated_unit(header, column)
            factor = (factor_of(unit, column) if unit else None) or 1.0
            numbers = [_number(cell) for cell in cells]
            scaled = [n * factor if isinstance(n, float) and factor != 1.0 else n for n in numbers]
            rows[name] = pd.Series(scaled, dtype=object).infer_objects()
        elif column.kind == "id":
            rows[name] = [_id(cell) for cell in cells]
        else:
            rows[name] = [clean_word(cell, column) if column.words else clean_text(cell) for cell in cells]
    return rows.assign(row=sheet.rows)


def _id(cell: str) -> str:
    """The id, or the text (a name, a remark, an id without its last digits) as it was written."""
    id = clean_id(cell)
    return id if id is not None and id.isascii() else clean_text(cell)


def _number(cell: str) -> float | str:
    """The number, or the text as it was written."""
    number = clean_number(cell)
    return cell if number is None else number


def _refuse(notes: Notes, file: str) -> None:
    if notes.broken:
        raise DataError(
            Text(f"{file} cannot be judged", f"{file} 无法核验"), findings=Findings(notes.findings)
        )

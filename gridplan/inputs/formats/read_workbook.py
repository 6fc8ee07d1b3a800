"""Excel workbooks → Sheet: what they hide is not read, merged cells are filled, only what is filled counts."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from gridplan.inputs.formats.choose_sheet import Page, chosen
from gridplan.inputs.formats.read_grid import sheet_of
from gridplan.inputs.formats.sheet import Known, Remark, Sheet, seen_first
from gridplan.inputs.sheets.cells import as_text, half_width, is_blank
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.text import Text

if TYPE_CHECKING:
    import openpyxl

MAX_UNPACKED = 256 * 2**20  # bytes that an xlsx may unpack to
MAX_RATIO = 100  # unpacked : packed, for what is large at all
LARGE = 16 * 2**20
MAX_CELLS = 20_000_000
KEPT = 3  # workbooks that stay in memory once they are read
STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (re.compile(rb"http://purl\.oclc\.org/ooxml/officeDocument/(\w+)"), rb"http://schemas.openxmlformats.org/officeDocument/2006/\1"),
    (re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)"), rb"http://schemas.openxmlformats.org/\1/2006/\2"),
)  # fmt: skip
PER_CENT = (9, 10)  # numbers of the formats 0% and 0.00%
OWN_FORMATS = 164  # number of the first format that is the book's own
_LITERAL = re.compile(r'"[^"]*"|\\.')
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_excel(path: Path, table: str, known: Known, sheet: str | None) -> Sheet:
    """One sheet of an .xlsx: the named one, else the one called like the table, else the one with most of its headers.

    Formulas give their last saved value. Hidden sheets are read only where they are named.

    Raises
    ------
    FileFault : there is no such sheet, or several could be the one.
    """
    pages = _pages(path, known)
    names = [page.title for page in pages]
    if sheet is not None and sheet not in names:
        raise FileFault(
            "missing-sheet",
            Text(f"{path.name} has no sheet '{sheet}'.", f"{path.name} 中没有工作表“{sheet}”。"),
            Text(f"Its sheets: {listed(names)}.", f"工作表：{listed(names)}。"),
        )
    if sheet is not None:
        return _sheet(path, next(page for page in pages if page.title == sheet), known, [])
    wanted, remarks = chosen(path, pages, table, known)
    return one_table(
        [_sheet(path, page, known, remarks if page is wanted[0] else []) for page in wanted],
        [page.title for page in wanted],
    )


def one_table(sheets: Sequence[Sheet], titles: Sequence[str]) -> Sheet:
    """The sheets of one table as the first of them, with the further ones; each says on which sheet it stands."""
    if len(sheets) == 1:
        return sheets[0]
    first, *further = [
        replace(sheet, file=f"{sheet.file} · {title}", title=title)
        for sheet, title in zip(sheets, titles, strict=True)
    ]
    return replace(first, further=tuple(further))


def read_sheets(path: Path, known: Known, hidden: bool = True) -> dict[str, Sheet]:
    """All sheets of an .xlsx that hold anything, by name; without hidden ones where they are not wanted."""
    pages = [page for page in _pages(path, known) if not page.empty and (hidden or not page.hidden)]
    return {page.title: _sheet(path, page, known, []) for page in pages}


def _sheet(path: Path, page: Page, known: Known, remarks: list[Remark]) -> Sheet:
    sheet = sheet_of(path.name, page.grid, known, "xlsx", page.merged, remarks, page.hidden_rows)
    sheet = seen_first(sheet, page.hidden_columns)
    filled = {name: rows for name, rows in sheet.merged.items() if rows and known(name)}
    if filled:
        rows = row_ranges({row for some in filled.values() for row in some})
        sheet = sheet.noting(
            Remark(
                "merged-cells",
                Text(
                    f"{path.name}: merged cells of {listed(filled)} are read in each of their rows ({rows}).",
                    f"{path.name}：{listed(filled)} 的合并单元格按每一行都填写读取（第 {rows} 行）。",
                ),
                Text("Right where the cell speaks of each row.", "如该单元格对每行都适用则无误。"),
            )
        )
    return sheet


def _pages(path: Path, known: Known) -> list[Page]:
    about = path.stat()
    pages = []
    for page, blocks in _unfilled(path, about.st_mtime_ns, about.st_size):
        page = replace(page, grid=[row[:] for row in page.grid], merged={})
        for block in blocks:
            _fill(page, block, len(page.grid), len(page.grid[0]) if page.grid else 0, known)
        pages.append(page)
    return pages


@lru_cache(maxsize=KEPT)
def _unfilled(path: Path, changed: int, size: int) -> tuple[tuple[Page, tuple[Any, ...]], ...]:
    """The pages of a workbook as it was then, and their merged ranges: opening a large one takes long, and it is read again."""
    refuse_bombs(path)
    package = _transitional(path)
    book = _opened(path, package)
    try:
        unsaved = _unsaved_formulas(package)
        return tuple(
            (_page(path, sheet, unsaved.get(sheet.title, {})), tuple(sheet.merged_cells.ranges))
            for sheet in book.worksheets
        )
    finally:
        book.close()


def _page(path: Path, sheet: Any, unsaved: dict[str, str]) -> Page:
    """The filled cells of a worksheet as text; a formula that was saved without its value as the formula."""
    from openpyxl.utils.cell import coordinate_to_tuple

    filled = {at: _shown(cell) for at, cell in sheet._cells.items() if cell.value is not None}
    filled |= {coordinate_to_tuple(at): formula for at, formula in unsaved.items()}
    height = max((row for row, _ in filled), default=0)
    width = max((column for _, column in filled), default=0)
    if height * width > MAX_CELLS:
        raise _too_large(path, f"{height:,} × {width:,} cells")
    grid = [[""] * width for _ in range(height)]
    for (row, column), text in filled.items():
        grid[row - 1][column - 1] = text
    hidden = frozenset(int(n) for n, shape in sheet.row_dimensions.items() if shape.hidden and n <= height)
    return Page(
        sheet.title,
        sheet.sheet_state != "visible",
        grid,
        hidden,
        hidden_columns=frozenset(
            column - 1
            for shape in sheet.column_dimensions.values()
            if shape.hidden
            for column in range(shape.min or 1, min(shape.max or 0, width) + 1)
        ),
    )


def _shown(cell: Any) -> str:
    """The text of a cell; a number that is shown in per cent as such: 0.123 under the format 0.0% → 12.3%."""
    value = cell.value
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return as_text(value)
    number = cell._style.numFmtId  # quick, for workbooks of 100,000 rows
    form = cell.number_format if number in PER_CENT or number >= OWN_FORMATS else ""
    if "%" not in form:
        return as_text(value)
    times = 1 if "%" not in _LITERAL.sub("", form) else 100  # "%" in quotes is shown and counts nothing
    return f"{as_text(round(float(value) * times, 10))}%"


def _fill(page: Page, block: Any, height: int, width: int, known: Known) -> None:
    """A cell merged over several rows or columns stands in each of them; a heading over several rows is one heading."""
    if block.min_row > height or block.min_col > width:
        return
    value = page.grid[block.min_row - 1][block.min_col - 1]
    rows = range(block.min_row - 1, min(block.max_row, height))
    columns = range(block.min_col - 1, min(block.max_col, width))
    if is_blank(value):
        return
    if known(half_width(value)):
        rows = rows[-1:]
        page.grid[block.min_row - 1][block.min_col - 1] = "" if len(columns) == 1 else value
    for row in rows:
        for column in columns:
            page.grid[row][column] = value
    if block.max_row > block.min_row:
        for column in columns:
            page.merged[column] = page.merged.get(column, frozenset()) | frozenset(rows)


def _opened(path: Path, package: io.BytesIO | Path) -> openpyxl.Workbook:
    import openpyxl  # heavy; only Excel files need it

    try:
        with warnings.catch_warnings():  # of styles and validations that openpyxl does not keep
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(package, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets many kinds through, from KeyError to its own
        raise _not_excel(path) from error


def _transitional(path: Path) -> io.BytesIO | Path:
    """The workbook as openpyxl knows it: of Strict Open XML (ISO 29500) a copy with the names of the usual form."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        if "xl/workbook.xml" not in names or STRICT not in package.read("xl/workbook.xml")[:4096]:
            return path
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as usual:
            for name in names:
                data = package.read(name)
                if name.endswith((".xml", ".rels")):
                    for strict, name_of_old in _STRICT_NAMES:
                        data = strict.sub(name_of_old, data)
                usual.writestr(name, data)
        copy.seek(0)
        return copy


def _unsaved_formulas(package: io.BytesIO | Path) -> dict[str, dict[str, str]]:
    """Sheet → cell → formula, of the formulas that were saved without a value (by a program that does not calculate)."""
    found: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(package) as parts:
        for title, part in _parts(parts).items():
            data = parts.read(part)
            cells = {
                m[1].decode(): f"={(m[2] or b'').decode('utf-8', 'replace')}" for m in _UNSAVED.finditer(data)
            }
            if cells:
                found[title] = cells
    return found


def _parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """Sheet → the part of the package that holds it; none where the package is not laid out as usual."""
    names = set(parts.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    links = {
        link.get("Id"): str(link.get("Target")).removeprefix("/xl/")
        for link in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    found = {str(sheet.get("name")): f"xl/{links.get(sheet.get(_LINK))}" for sheet in sheets}
    return {title: part for title, part in found.items() if part in names}


def not_excel_hint() -> Text:
    """What to do with a workbook that cannot be read."""
    return Text(
        "Open it in Excel or WPS and save it as .xlsx without a password, or as “CSV UTF-8”.",
        "请用 Excel 或 WPS 打开后另存为不加密的 .xlsx，或“CSV UTF-8”。",
    )


def _not_excel(path: Path) -> FileFault:
    return FileFault(
        "unreadable-file",
        Text(f"{path.name} is not a readable Excel workbook.", f"{path.name} 不是可读的 Excel 工作簿。"),
        not_excel_hint(),
    )


def _too_large(path: Path, size: str) -> FileFault:
    return FileFault(
        "too-large",
        Text(f"{path.name} would unpack to {size}.", f"{path.name} 解压后过大（{size}）。"),
        Text("Save only the cells that are used, or as CSV.", "请只保存用到的单元格，或另存为 CSV。"),
    )


def _declares_entities(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with package.open(part) as stream:
        start = stream.read(4096)
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start


def refuse_bombs(path: Path) -> None:
    """A workbook is a zip: look at what it would unpack to, and for entity tricks, before unpacking it."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if unpacked > MAX_UNPACKED or (unpacked > LARGE and unpacked / packed > MAX_RATIO):
                raise _too_large(path, f"{unpacked / 2**20:,.0f} MB")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares_entities(package, part):
                    raise _not_excel(path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise _not_excel(path) from error

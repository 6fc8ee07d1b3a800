"""CSV and Excel → Sheet. The header may stand on one of the first twenty rows, under a title."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from gridplan.inputs.sheets.cells import as_text, half_width, is_blank
from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.text import Text

if TYPE_CHECKING:
    import openpyxl

HEADER_ROWS = 20
MAX_UNPACKED = 256 * 2**20  # bytes that an xlsx may unpack to
MAX_RATIO = 100  # unpacked : packed, for what is large at all
LARGE = 16 * 2**20
MAX_CELLS = 20_000_000
MAX_COLUMNS = 2_000
Known = Callable[[str], bool]


@dataclass(frozen=True)
class Sheet:
    """What a file held: text cells under the headers of the file, and shapes where it has them.

    Parameters
    ----------
    file : its name, for messages.
    cells : a column of text per header, "" where empty.
    rows : the spreadsheet row of each record.
    geometry : a shape (or None) per record, or None where the format has none.
    crs : what the file says of its coordinates, None where it says nothing.
    encoding : of its text.
    claimed : the encoding that the file claimed, where that was wrong.
    broken_shapes : rows whose shape cannot be read.
    wide : rows with more cells than the header.
    """

    file: str
    cells: pd.DataFrame
    rows: list[int]
    geometry: NDArray[np.object_] | None = None
    crs: CRS | None = None
    encoding: str = "utf-8"
    claimed: str = ""
    broken_shapes: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()

    @property
    def headers(self) -> list[str]:
        """The headers as the file writes them."""
        return list(self.cells.columns)

    def keep(self, wanted: NDArray[np.bool_]) -> Sheet:
        """Only the wanted records."""
        geometry = None if self.geometry is None else self.geometry[wanted]
        rows = [row for row, keep in zip(self.rows, wanted, strict=True) if keep]
        cells = self.cells[wanted].reset_index(drop=True)
        return Sheet(
            self.file,
            cells,
            rows,
            geometry,
            self.crs,
            self.encoding,
            self.claimed,
            self.broken_shapes,
            self.wide,
        )


def text_frame(columns: Sequence[str], records: Sequence[Sequence[str]]) -> pd.DataFrame:
    """A table of text; a header that occurs twice gets a number."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position, header in enumerate(columns, start=1):
        name = header or f"column {position}"
        seen[name] += 1
        names.append(f"{name} #{seen[name]}" if seen[name] > 1 else name)
    return pd.DataFrame([list(r) for r in records], columns=names, dtype=str).fillna("")


def read_csv(path: Path, known: Known) -> Sheet:
    """A CSV (comma, semicolon or tab) in UTF-8, UTF-16 with BOM or GB18030."""
    text, encoding = decode(path.read_bytes(), path.name)
    head = "\n".join(text.splitlines()[: HEADER_ROWS + 1])
    delimiter = max(",;\t", key=head.count)
    try:
        grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileFault(
            "unreadable-file",
            Text(f"{path.name} is not a readable CSV: {error}.", f"{path.name} 不是可读的 CSV：{error}。"),
            Text("Look for an unclosed quote, or save it again.", "请检查未闭合的引号，或重新保存。"),
        ) from error
    return _sheet(path.name, grid, known, encoding)


def read_excel(path: Path, table: str, known: Known, sheet: str | None) -> Sheet:
    """One sheet of an .xlsx: the named one, else the one called like the table, else the first.

    Formulas give their last saved value.
    """
    book = _opened(path)
    names = [s.title for s in book.worksheets]
    sheet = table if sheet is None and table in names else sheet
    if sheet is not None and sheet not in names:
        raise FileFault(
            "missing-sheet",
            Text(f"{path.name} has no sheet '{sheet}'.", f"{path.name} 中没有工作表“{sheet}”。"),
            Text(f"Its sheets: {listed(names)}.", f"工作表：{listed(names)}。"),
        )
    chosen = book[sheet] if sheet is not None else book.worksheets[0]
    grid = _grid(path, chosen)
    book.close()
    return _sheet(path.name, grid, known, "xlsx")


def read_sheets(path: Path, known: Known) -> dict[str, Sheet]:
    """All sheets of an .xlsx that hold anything, by name; a cell merged over several rows stands in each of them."""
    book = _opened(path)
    found = {}
    for chosen in book.worksheets:
        grid = _grid(path, chosen)
        for block in chosen.merged_cells.ranges:
            value = grid[block.min_row - 1][block.min_col - 1]
            if not known(half_width(value)):  # a heading over several rows is one heading
                for row in grid[block.min_row : block.max_row]:
                    row[block.min_col - 1] = value
        if any(not is_blank(cell) for row in grid for cell in row):
            found[chosen.title] = _sheet(path.name, grid, known, "xlsx")
    book.close()
    return found


def _opened(path: Path) -> openpyxl.Workbook:
    _refuse_bombs(path)
    import openpyxl  # heavy; only Excel files need it

    try:
        with warnings.catch_warnings():  # of styles and validations that openpyxl does not keep
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets many kinds through, from KeyError to its own
        raise _not_excel(path) from error


def _grid(path: Path, sheet: Any) -> list[list[str]]:
    """The cells of a worksheet as text."""
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise _too_large(path, f"{sheet.max_row:,} × {sheet.max_column:,} cells")
    return [[as_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def _sheet(file: str, grid: list[list[str]], known: Known, encoding: str) -> Sheet:
    filled = [number for number, row in enumerate(grid) if any(not is_blank(c) for c in row)]
    if not filled:
        raise FileFault(
            "empty-file",
            Text(f"{file} is empty.", f"{file} 是空的。"),
            Text("It needs a row of headers and rows of records.", "需要一行表头和若干行数据。"),
        )
    widest = max(len(grid[n]) for n in filled[:HEADER_ROWS])
    if widest > MAX_COLUMNS:
        raise FileFault(
            "too-large",
            Text(f"{file} has {widest:,} columns.", f"{file} 有 {widest:,} 列。"),
            Text(
                f"At most {MAX_COLUMNS:,} are read; delete those that are empty.",
                f"最多读取 {MAX_COLUMNS:,} 列；请删除空列。",
            ),
        )
    header = max(filled[:HEADER_ROWS], key=lambda n: (sum(known(half_width(c)) for c in grid[n]), -n))
    headers = [half_width(c) for c in grid[header]]
    while headers and not headers[-1]:
        headers.pop()
    records, rows, wide = [], [], []
    for number in (n for n in filled if n > header):
        cells = grid[number]
        if any(not is_blank(c) for c in cells[len(headers) :]):
            wide.append(number + 1)
        records.append([*cells[: len(headers)], *[""] * (len(headers) - len(cells))])
        rows.append(number + 1)
    return Sheet(file, text_frame(headers, records), rows, encoding=encoding, wide=tuple(wide))


def _not_excel(path: Path) -> FileFault:
    return FileFault(
        "unreadable-file",
        Text(f"{path.name} is not a readable Excel workbook.", f"{path.name} 不是可读的 Excel 工作簿。"),
        Text(
            "Open it in Excel or WPS and save it as .xlsx without a password, or as “CSV UTF-8”.",
            "请用 Excel 或 WPS 打开后另存为不加密的 .xlsx，或“CSV UTF-8”。",
        ),
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


def _refuse_bombs(path: Path) -> None:
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

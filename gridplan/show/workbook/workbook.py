"""plan.xlsx: the plan's tables, typed, with frozen headings and filters. No text in it can run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gridplan.judging.verdict import Verdict
from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.plans.plan import Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.shared.bilingual_table import Column, Table, in_shown, two
from gridplan.show.shared.plan_tables import tables
from gridplan.show.shared.told_apart import as_named
from gridplan.words.text import halves

# Names stay text: no formulas, no links, no numbers made of ids. Nothing lies in a temporary folder on the way.
TEXT_ONLY = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
CREATED = datetime(2000, 1, 1)  # the same plan gives the same bytes; when it was made stands in Provenance
NUMBER_FORMATS = {
    "people": "#,##0",
    "minutes": "0.0",
    "number": "General",
    "share": "0.0%",
    "text": "@",
    "long": "@",
}
# Numbers among texts, by size: as officials read them; the cell keeps every digit.
WHOLE, LARGE, SMALL = "#,##0", "#,##0.0", "0.0##"
WIDTHS = {"people": 13.0, "minutes": 11.0, "number": 10.0, "share": 10.0, "text": 13.0, "long": 34.0}
WIDEST = {"text": 60.0, "long": 46.0}  # what is longer goes on in the next line of its cell
LINE = 15.0  # points of a line of text
BARRED = (
    "people",
    "minutes",
    "share",
)  # columns whose cells carry a bar, so that large and small are seen at once
BAR = {"type": "data_bar", "bar_color": "#9DBFE0", "min_type": "num", "min_value": 0}
MOST_ROWS = 1_048_575  # of a sheet, below its headings
LONGEST_CELL = 32_767  # characters that Excel keeps


def write_workbook(plan: Plan, path: Path, verdict: Verdict | None = None) -> Path:
    """Write the workbook: 概要, 结对, 变更, 网格, 成员单位 (where there are grids), 分配, 各区, 各医院, 规则, 数据提醒, 说明.

    Parameters
    ----------
    verdict : the judge's word on the plan, where it is at hand; else it is asked for.
    """
    try:
        return _written(plan, path, verdict)
    except FileCreateError as fault:
        raise fault.args[0] from None  # as the system said it


def _written(plan: Plan, path: Path, verdict: Verdict | None) -> Path:
    mark, plan = mark_of(plan), as_named(plan)
    with xlsxwriter.Workbook(str(path), TEXT_ONLY) as book:
        book.set_properties({"created": CREATED, "keywords": keyword(mark)})
        heading = book.add_format(
            {
                "bold": True,
                "bg_color": "#E6EDF4",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "border_color": "#8899AA",
            }
        )
        formats = {
            kind: book.add_format(
                {
                    "num_format": form,
                    "valign": "top",
                    "text_wrap": kind == "long",
                    **({"indent": 1} if form == "@" else {}),
                }
            )
            for kind, form in {**NUMBER_FORMATS, **{form: form for form in (WHOLE, LARGE, SMALL)}}.items()
        }
        for table in map(in_shown, tables(plan, verdict or verdict_of(plan))):
            for number, part in enumerate(_parts(table), start=1):
                title = two(table.title) if number == 1 else f"{two(table.title)} {number}"
                _write_sheet(book.add_worksheet(title), part, heading, formats)
    return path


def _parts(table: Table) -> list[Table]:
    """A table in as many sheets as it needs: Excel ends at row 1,048,576, and what is beyond would be dropped in silence."""
    starts = range(0, max(1, len(table.rows)), MOST_ROWS)
    return [replace(table, rows=table.rows[start : start + MOST_ROWS]) for start in starts]


def _write_sheet(sheet: Worksheet, table: Table, heading: Format, formats: dict[str, Format]) -> None:
    widths = [_width(column, [row[n] for row in table.rows]) for n, column in enumerate(table.columns)]
    heads = [[*filter(None, halves(column.heading))] for column in table.columns]
    for n, (wide, parts) in enumerate(zip(widths, heads, strict=True)):
        sheet.set_column(n, n, wide)
        sheet.write_string(0, n, "\n".join(parts), heading)
    deepest = max(
        sum(_lines(part, wide) for part in parts) for wide, parts in zip(widths, heads, strict=True)
    )
    sheet.set_row(0, LINE * max(2, deepest) + 2)
    long = [n for n, column in enumerate(table.columns) if column.kind == "long"]
    texts = [formats["long" if column.kind == "long" else "text"] for column in table.columns]
    for line, row in enumerate(table.rows, start=1):
        deep = max((_lines(row[n], widths[n]) for n in long if type(row[n]) is str), default=1)
        if deep > 1:  # said, since LibreOffice does not look for it
            sheet.set_row(line, LINE * deep)
        for n, value in enumerate(row):
            if type(value) is str:
                sheet.write_string(line, n, value[:LONGEST_CELL], texts[n])
            elif value is not None:
                _write_cell(sheet, line, n, value, formats, table.columns[n])
    for n, column in enumerate(table.columns):
        if table.rows and column.kind in BARRED:
            sheet.conditional_format(1, n, len(table.rows), n, BAR)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # ids are text on purpose
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(
    sheet: Worksheet, line: int, n: int, value: Any, formats: dict[str, Format], column: Column
) -> None:
    if value is None:
        return
    if isinstance(value, (int, float)):
        kind = column.kind if column.kind not in ("text", "long") else _among_texts(value)
        sheet.write_number(line, n, value, formats[kind])
    else:
        sheet.write_string(
            line, n, str(value)[:LONGEST_CELL], formats["long" if column.kind == "long" else "text"]
        )


def _width(column: Column, values: list[Any]) -> float:
    """Wide enough for most cells (a Chinese character takes two places), within reason."""
    texts = {str(value) for value in values if value is not None}
    longest = max((len(text) if text.isascii() else _places(text) for text in texts), default=0)
    least = WIDTHS[column.kind] if column.kind != "long" else 12.0
    return float(min(max(least, longest + 3), WIDEST.get(column.kind, 60.0)))


def _among_texts(value: float) -> str:
    """How a number is shown in a column of texts: 24,870,895; 512,715,392.0; 18.876; a gap of 1e-7 as it is."""
    if value == int(value):
        return WHOLE
    return LARGE if abs(value) >= 1000 else SMALL if abs(value) >= 0.001 else "number"


def _lines(text: str, wide: float) -> int:
    """How many lines a text takes in a cell so wide."""
    return sum(
        max(1, ceil((len(part) if part.isascii() else _places(part)) / max(1.0, wide - 2)))
        for part in text.split("\n")
    )


def _places(text: str) -> int:
    return len(text) + sum(sign > "\u2e80" for sign in text)

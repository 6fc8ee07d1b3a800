"""report.docx: the decision page and the tables of districts, for whoever edits and circulates them in Word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document as Page

from gridplan.judging.verdict import Verdict
from gridplan.plans.plan import Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.form.form import DISTRICTS, Fields, before_after, foot, head
from gridplan.show.form.paper import SIDE, line, new_page, save_page, section, table_of
from gridplan.show.map.sheet import dated, heading_of, warnings
from gridplan.show.report.report_decision import decision_lines
from gridplan.show.shared.before_after import told
from gridplan.show.shared.bilingual_table import Kind, Table, in_shown
from gridplan.show.shared.plan_tables import districts_table, hospitals_table, pairs_table
from gridplan.show.shared.told_apart import as_named
from gridplan.words.text import Text, halves

WIDE = 257  # mm between the margins of A4 across
PADDING = 2 * SIDE + 1.0  # mm of a cell that no text fills
CHINESE_MM, LATIN_MM = 0.36, 0.23  # how wide a sign is, in mm for each point of its size
SIZES = (9.0, 8.0, 7.0, 6.5)  # points, the largest in which no number and no id is broken
LEAST_SIGNS = 3  # Chinese signs beside each other, at least
BROKEN = 7  # signs of a long word in a heading that stand together where the page is too narrow for it
LONG = "\u3000" * 8  # a long text has room for so many Chinese signs at least
TOKEN = re.compile(rf"[\u0021-\u2e7f]+|[\u2e80-\uffff]{{1,{LEAST_SIGNS}}}")


def write_report_docx(
    plan: Plan, path: Path, fields: Fields | None = None, verdict: Verdict | None = None
) -> Path:
    """Write the sentences of the decision, before and after, and the tables of pairs, districts and hospitals."""
    page, title, plan = new_page(plan, heading_of(plan)), heading_of(plan), as_named(plan)
    head(page, plan, title)
    for sentence in [*decision_lines(plan, verdict or verdict_of(plan)), *dated(plan), *warnings(plan)[1:]]:
        line(page.add_paragraph(), sentence)
    table, _ = told(plan)
    if len(table):
        section(page, DISTRICTS)
        before_after(page, plan, table)
    for made in (pairs_table(plan), districts_table(plan), hospitals_table(plan)):
        _add(page, in_shown(made))
    foot(page, fields)
    return save_page(page, path)


def _add(page: Page, table: Table) -> None:
    """A table of the workbook under its title, as wide as the page; columns in which nothing stands are left out."""
    filled = [n for n in range(len(table.columns)) if any(row[n] not in (None, "") for row in table.rows)]
    section(page, table.title)
    heads = [table.columns[n].heading for n in filled]
    rows = [[_shown(row[n], table.columns[n].kind) for n in filled] for row in table.rows]
    cells = [[_said(heads[k]), *(row[k] for row in rows)] for k in range(len(filled))]
    size, widths = _widths(cells, [table.columns[n].kind == "long" for n in filled])
    table_of(page, list(zip(heads, widths, strict=True)), rows, size)


def _said(heading: Text) -> str:
    return " ".join(part for part in halves(heading) if part)


def _widths(columns: Sequence[Sequence[str]], long: Sequence[bool]) -> tuple[float, list[int]]:
    """The size of the letters, and mm for each column: at least its longest word, the rest of the page by what it would take.

    Names and other long texts get room for eight signs at least; where the page is too narrow, headings are broken, figures not.
    """
    for size, most in (*((size, 99) for size in SIZES), (SIZES[-1], BROKEN)):
        least = [
            PADDING
            + max(
                *(_long(token[:most], size) for token in _tokens(cells[0], False)),
                *(_long(token, size) for text in cells[1:] for token in _tokens(text, more)),
            )
            for cells, more in zip(columns, long, strict=True)
        ]
        if sum(least) <= WIDE:
            break
    asked = [PADDING + max(_long(text, size) for text in cells[1:] or [""]) for cells in columns]
    more = [max(0.0, a - b) for a, b in zip(asked, least, strict=True)]
    share = min(1.0, max(0.0, WIDE - sum(least)) / max(1.0, sum(more)))
    wide = [b + m * share for b, m in zip(least, more, strict=True)]
    left = max(0.0, WIDE - sum(wide)) / len(wide)
    fit = min(1.0, WIDE / sum(wide))  # a table for which even the smallest letters are too wide
    return size, [int((w + left) * fit) for w in wide]


def _tokens(text: str, long: bool) -> list[str]:
    """What is not to be broken."""
    return [*TOKEN.findall(text), LONG if long else "", ""]


def _long(text: str, size: float) -> float:
    """About how many mm a text takes in one line."""
    wide = sum(sign > "\u2e80" for sign in text)
    return size * (wide * CHINESE_MM + (len(text) - wide) * LATIN_MM)


def _shown(value: Any, kind: Kind) -> str:
    """A cell as officials read it: people whole, minutes to a tenth, shares in per cent."""
    if value is None or isinstance(value, str):
        return value or ""
    if kind == "share":
        return f"{value:.1%}"
    return f"{value:,.1f}" if kind == "minutes" else f"{value:,.0f}"

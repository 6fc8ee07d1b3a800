"""report.docx: the decision page and the tables of districts, for whoever edits and circulates them in Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.document import Document as Page

from gridplan.judging.verdict import Verdict
from gridplan.plans.plan import Plan
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.form.form import Fields, before_after, foot, head
from gridplan.show.form.paper import line, new_page, save_page, table_of
from gridplan.show.map.sheet import dated, heading_of, warnings
from gridplan.show.report.report_decision import decision_lines
from gridplan.show.shared.before_after import told
from gridplan.show.shared.bilingual_table import Table, in_shown
from gridplan.show.shared.plan_tables import districts_table, hospitals_table, pairs_table
from gridplan.words.text import Text, both

WIDE = 257  # mm between the margins of A4 across
WEIGHTS = {"text": 2.0, "long": 4.0, "people": 2.0, "minutes": 1.6, "number": 1.2, "share": 1.4}


def write_report_docx(
    plan: Plan, path: Path, fields: Fields | None = None, verdict: Verdict | None = None
) -> Path:
    """Write the sentences of the decision, before and after, and the tables of pairs, districts and hospitals."""
    page, title = new_page(plan, heading_of(plan)), heading_of(plan)
    head(page, plan, title)
    for sentence in [*decision_lines(plan, verdict or verdict_of(plan)), *dated(plan), *warnings(plan)[1:]]:
        line(page.add_paragraph(), sentence)
    table, _ = told(plan)
    if len(table):
        line(page.add_paragraph(), Text("Districts, today → plan", "各区现状 → 方案"), size=12, bold=True)
        before_after(page, plan, table)
    for made in (pairs_table(plan), districts_table(plan), hospitals_table(plan)):
        _add(page, in_shown(made))
    foot(page, fields)
    return save_page(page, path)


def _add(page: Page, table: Table) -> None:
    """A table of the workbook under its title, as wide as the page."""
    line(page.add_paragraph(), both(""))
    line(page.add_paragraph(), table.title, size=12, bold=True)
    weights = [WEIGHTS[column.kind] for column in table.columns]
    headings = [
        (column.heading, max(9, int(WIDE * weight / sum(weights))))
        for column, weight in zip(table.columns, weights, strict=True)
    ]
    table_of(page, headings, ([_shown(value) for value in row] for row in table.rows))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)

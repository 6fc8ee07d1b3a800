"""changes.docx: the table for the authority's report form (医疗联合体建设报告表, SH-10), to be completed and sealed in Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from docx.document import Document as Page
from docx.enum.text import WD_ALIGN_PARAGRAPH

from gridplan.plans.changes import SAID_FIRST, changes, count_text
from gridplan.plans.plan import Plan
from gridplan.show.form.paper import line, new_page, save_page, section, table_of
from gridplan.show.shared.before_after import ALL, BEYOND, MINUTES, MOVED, NOTE, PARTNERS, shifts, told
from gridplan.show.shared.told_apart import as_named
from gridplan.show.shared.words import NOT_PUBLIC
from gridplan.words.html import count, text_of
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import CHANGES, LAYERS, both_words

TITLE = Text("Report on the building of the medical consortium: pairs", "医疗联合体建设报告表（结对关系）")
HEADINGS = (
    (Text("no.", "序号"), 11), (Text("change", "变动"), 30), (Text("district", "区"), 25), (Text("hospital", "医院"), 56),
    (Text("layer", "服务类别"), 19), (Text("residents served", "服务人口"), 25), (Text("reason", "理由"), 91),
)  # fmt: skip
BEFORE_AFTER = (
    (Text("district", "区"), 35), (Text("layer", "服务类别"), 22), (PARTNERS, 45), (MINUTES, 50), (BEYOND, 55), (MOVED, 50),
)  # fmt: skip
OUTSIDE = (
    (Text("no.", "序号"), 11), (Text("hospital", "医院"), 62), (Text("province, city, partner outside", "省市及合作单位"), 84),
    (Text("sponsor's consent (SH-20)", "办医主体意见（SH-20）"), 50), (Text("since", "起始时间"), 50),
)  # fmt: skip
DISTRICTS = Text("Districts, today → plan", "各区现状 → 方案")
OUTSIDE_ROWS = 3  # blank rows for partners outside the city
WHERE_OTHERS = Text(
    "Where the authority has a form of its own, carry these rows over into it.",
    "主管部门另有表式的，请将本表内容转填。",
)


@dataclass(frozen=True)
class Fields:
    """What stands beside the seal; blank unless given, so that the same plan gives the same bytes.

    Parameters
    ----------
    unit, contact, date : who reports, whom to ask, and when, as they are to be printed.
    outside : partners outside the city as `read_outside` gives them; None where nobody has told.
    """

    unit: str = ""
    contact: str = ""
    date: str = ""
    outside: pd.DataFrame | None = None

    def lines(self) -> Iterator[Text]:
        """A line each, to be completed by hand where nothing is given."""
        for name, value in (
            (Text("Reported by (seal)", "填报单位（盖章）"), self.unit),
            (Text("Contact", "联系人"), self.contact),
            (Text("Date", "填报日期"), self.date),
        ):
            yield Text(f"{name.en}: {value}".rstrip(), f"{name.zh}：{value}")


def write_form(plan: Plan, path: Path, fields: Fields | None = None) -> Path:
    """Write new, adjusted, ended and kept pairs with their reasons as a Word file; A4 across, the heads repeated.

    The East Asian font is set beside the Latin one, else Word would pick its own for the Chinese. The same plan
    gives the same bytes.
    """
    page, plan = new_page(plan, TITLE), as_named(plan)
    table = changes(plan)
    head(page, plan, TITLE)
    line(page.add_paragraph(), count_text(plan, table))
    before, sentences = told(plan)
    for sentence in sentences:
        line(page.add_paragraph(), sentence)
    table_of(page, HEADINGS, rows_of(table))
    _before_after(page, plan, before)
    outside(page, plan, fields)
    foot(page, fields)
    return save_page(page, path)


def outside(page: Page, plan: Plan, fields: Fields | None, hospital_id: str | None = None) -> None:
    """Partners outside the city with what is known of them (SH-20), and blank rows for others; of one hospital or of all."""
    known = (fields or Fields()).outside
    rows: list[list[str]] = []
    names = plan.region.hospitals.set_index("hospital_id")["name"]
    for one in known.itertuples() if known is not None else ():
        if hospital_id in (None, one.hospital_id):
            where = " ".join(text_of(part) for part in (one.place, one.partner) if part)
            rows.append([text_of(names[one.hospital_id]), where, text_of(one.consent), text_of(one.since)])
    title = Text("Partners outside the city, to be completed", "市外合作单位（如有，请填写）")
    if rows:
        title = Text("Partners outside the city", "市外合作单位（如有其他，请补填）")
    section(page, title)
    rows += [[""] * 4 for _ in range(max(1, OUTSIDE_ROWS - len(rows)))]
    table_of(page, OUTSIDE, [[str(n), *row] for n, row in enumerate(rows, start=1)])


def head(page: Page, plan: Plan, title: Text) -> None:
    """Title, region and policy."""
    line(page.add_paragraph(), title, size=16, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    line(page.add_paragraph(), both(plan.region.title or plan.region.name), size=12)
    basis = f"：{plan.policy.source}" if plan.policy.source else ""
    line(
        page.add_paragraph(), Text(f"Policy: {plan.policy.title.en}", f"政策：{plan.policy.title.zh}{basis}")
    )


def foot(page: Page, fields: Fields | None) -> None:
    """Who reports and when, with room for the seal, and that it is not for the public; all of it on one page."""
    said = [both(""), *(fields or Fields()).lines()]
    parts = [line(page.add_paragraph(), text) for text in said]
    parts.append(line(page.add_paragraph(), WHERE_OTHERS, size=9))
    for part in parts:
        part.paragraph_format.keep_with_next = True
    line(page.add_paragraph(), NOT_PUBLIC, size=9)


def rows_of(table: pd.DataFrame) -> Iterator[list[Text | str]]:
    """The rows of changes as the form says them, what is new first."""
    order = table["change"].map({change: n for n, change in enumerate(SAID_FIRST)}).sort_values(kind="stable")
    for n, c in enumerate(table.loc[order.index].itertuples(), start=1):
        yield [str(n), *_row(c)]


def _row(c: Any) -> list[Text | str]:
    return [
        CHANGES[c.change], text_of(c.district), text_of(c.hospital), both_words(LAYERS, c.layer), count(c.people),
        Text(c.reason, c.reason_zh),
    ]  # fmt: skip


def _before_after(page: Page, plan: Plan, table: pd.DataFrame) -> None:
    """Each district today and in the plan, below the pairs."""
    section(page, DISTRICTS)
    before_after(page, plan, table)


def before_after(page: Page, plan: Plan, table: pd.DataFrame) -> None:
    """The table of before and after, and what its figures are of."""
    names = plan.region.districts.set_index("district_id")["name"]
    rows = (
        [
            text_of(names[row.district_id]) if row.district_id else ALL,
            both_words(LAYERS, row.layer),
            *shifts(row),
        ]
        for row in table.itertuples()
    )
    table_of(page, BEFORE_AFTER, rows)
    line(page.add_paragraph(), NOTE, size=9)

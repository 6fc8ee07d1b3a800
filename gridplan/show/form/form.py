"""changes.docx: the table for the authority's report form (医疗联合体建设报告表, SH-10), to be completed and sealed in Word."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
from docx import Document
from docx.document import Document as Page
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from gridplan.plans.changes import SAID_FIRST, changes, count_text
from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.plans.plan import Plan
from gridplan.show.shared.before_after import ALL, BEYOND, MINUTES, MOVED, NOTE, PARTNERS, shifts, told
from gridplan.show.shared.words import NOT_PUBLIC
from gridplan.words.findings import visible
from gridplan.words.html import count, text_of
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import CHANGES, LAYERS, both_words

LATIN, CHINESE = "Times New Roman", "SimSun"  # 宋体, as official documents are set
CREATED = datetime(2000, 1, 1)  # the same plan gives the same bytes; when it was made stands in plan.json
SOFT = RGBColor(0x5B, 0x68, 0x74)
TITLE = Text("Report on the building of the medical consortium: pairs", "医疗联合体建设报告表（结对关系）")
HEADINGS = (
    (Text("no.", "序号"), 11), (Text("change", "变动"), 19), (Text("district", "区"), 25), (Text("hospital", "医院"), 62),
    (Text("layer", "层"), 17), (Text("residents served", "服务人口"), 25), (Text("reason", "理由"), 98),
)  # fmt: skip
BEFORE_AFTER = (
    (Text("district", "区"), 35), (Text("layer", "层"), 22), (PARTNERS, 45), (MINUTES, 50), (BEYOND, 55), (MOVED, 50),
)  # fmt: skip
BLANKS = (Text("Reported by (seal)", "填报单位（盖章）"), Text("Contact", "联系人"), Text("Date", "填报日期"))
WHERE_OTHERS = Text(
    "Where the authority has a form of its own, carry these rows over into it.",
    "主管部门另有表式的，请将本表内容转填。",
)


def write_form(plan: Plan, path: Path) -> Path:
    """Write new, adjusted, ended and kept pairs with their reasons as a Word file; A4 across, the heads repeated.

    The East Asian font is set beside the Latin one, else Word would pick its own for the Chinese. The same plan
    gives the same bytes.
    """
    page = Document()
    _set_up(page, plan)
    table = changes(plan)
    _line(page.add_paragraph(), TITLE, size=16, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(page.add_paragraph(), both(plan.region.title or plan.region.name), size=12)
    basis = f"：{plan.policy.source}" if plan.policy.source else ""
    _line(
        page.add_paragraph(), Text(f"Policy: {plan.policy.title.en}", f"政策：{plan.policy.title.zh}{basis}")
    )
    _line(page.add_paragraph(), count_text(plan, table))
    before, sentences = told(plan)
    for sentence in sentences:
        _line(page.add_paragraph(), sentence)
    grid = page.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    grid.autofit = False
    _fill(grid.rows[0], [heading for heading, _ in HEADINGS], bold=True)
    _mark(grid.rows[0], "w:tblHeader")
    order = table["change"].map({change: n for n, change in enumerate(SAID_FIRST)}).sort_values(kind="stable")
    for n, c in enumerate(table.loc[order.index].itertuples(), start=1):
        row = grid.add_row()
        _mark(row, "w:cantSplit")
        _fill(
            row,
            [
                both(str(n)), CHANGES[c.change], both(text_of(c.district)), both(text_of(c.hospital)),
                both_words(LAYERS, c.layer), both(count(c.people)), Text(c.reason, c.reason_zh),
            ],
        )  # fmt: skip
    _widths(grid, [wide for _, wide in HEADINGS])
    _before_after(page, plan, before)
    _line(page.add_paragraph(), both(""))
    for blank in BLANKS:
        _line(page.add_paragraph(), Text(f"{blank.en}:", f"{blank.zh}："))
    _line(page.add_paragraph(), WHERE_OTHERS, size=9)
    _line(page.add_paragraph(), NOT_PUBLIC, size=9)
    return _save(page, path)


def _set_up(page: Page, plan: Plan) -> None:
    """A4 across, fonts for both scripts, and properties without a clock or a user's name."""
    part = page.sections[0]
    part.orientation, part.page_width, part.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    part.left_margin = part.right_margin = Mm(20)
    part.top_margin = part.bottom_margin = Mm(18)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    normal.paragraph_format.space_after = Pt(3)
    about = page.core_properties
    about.title, about.author, about.comments, about.language = _plain(TITLE.zh), "gridplan", "", "zh-CN"
    about.created = about.modified = CREATED
    about.keywords = keyword(mark_of(plan))


def _line(into: Paragraph, text: Text, size: float | None = None, bold: bool = False) -> Paragraph:
    """Chinese, then English smaller; once where both are the same."""
    parts = [(text.zh, False)] + ([(f" {text.en}", True)] if text.en != text.zh else [])
    for words, english in parts:
        into.add_run(_plain(words))._r.insert(0, deepcopy(_properties(size, bold, english)))
    return into


@cache
def _properties(size: float | None, bold: bool, english: bool) -> BaseOxmlElement:
    """Fonts, size and colour of a run (w:rPr), to be copied: building them anew for each run takes most of the time."""
    run = _blank().add_paragraph().add_run()
    run.font.name, run.bold = LATIN, bold
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    if size is not None or english:
        run.font.size = Pt((size or 10.5) * (0.8 if english else 1))
    if english:
        run.font.color.rgb = SOFT
    return run._r.get_or_add_rPr()


@cache
def _blank() -> Page:
    """Some document to make properties in: opening Word's template takes longer than filling it."""
    return Document()


def _plain(words: str) -> str:
    """Text that XML can hold: control signs of hostile names are shown as question marks."""
    return visible(words).replace("\ufffe", "?").replace("\uffff", "?")


def _fill(row: _Row, texts: list[Text], bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        _line(cell.paragraphs[0], text, size=9, bold=bold)


def _mark(row: _Row, what: str) -> None:
    """A property of a row: its heads repeat on each page, or it is never split between two."""
    row._tr.get_or_add_trPr().append(OxmlElement(what))


def _before_after(page: Page, plan: Plan, table: pd.DataFrame) -> None:
    """Each district today and in the plan, below the pairs."""
    _line(page.add_paragraph(), both(""))
    _line(page.add_paragraph(), Text("Districts, today → plan", "各区现状 → 方案"), size=12, bold=True)
    grid = page.add_table(rows=1, cols=len(BEFORE_AFTER), style="Table Grid")
    grid.autofit = False
    _fill(grid.rows[0], [heading for heading, _ in BEFORE_AFTER], bold=True)
    _mark(grid.rows[0], "w:tblHeader")
    names = plan.region.districts.set_index("district_id")["name"]
    for row in table.itertuples():
        line = grid.add_row()
        _mark(line, "w:cantSplit")
        where = both(text_of(names[row.district_id])) if row.district_id else ALL
        _fill(line, [where, both_words(LAYERS, row.layer), *map(both, shifts(row))])
    _widths(grid, [wide for _, wide in BEFORE_AFTER])
    _line(page.add_paragraph(), NOTE, size=9)


def _widths(grid: Table, widths: list[int]) -> None:
    for row in grid.rows:
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Mm(wide)


def _save(page: Page, path: Path) -> Path:
    """Word's archive, packed again with one date for all its parts."""
    packed = io.BytesIO()
    page.save(packed)
    with zipfile.ZipFile(packed) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, date_time=CREATED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, made.read(name))
    return path

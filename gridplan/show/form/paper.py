"""Word files as all forms need them: A4 across, fonts for both scripts, tables whose widths Word, WPS and LibreOffice keep."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from docx import Document
from docx.document import Document as Page
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.plans.plan import Plan
from gridplan.words.findings import visible
from gridplan.words.text import Text, both, halves, shown_now

LATIN, CHINESE = "Times New Roman", "SimSun"  # 宋体, as official documents are set
CREATED = datetime(2000, 1, 1)  # the same plan gives the same bytes; when it was made stands in plan.json
TABLE_SIZE = 9.0  # points
SIDE = 0.9  # mm left and right of what stands in a cell; Word's own 1.9 take a fifth of a wide table
FIGURE = re.compile(
    r"\d{1,3}(,\d{3})*(\.\d+)?%?"
)  # what stands to the right of its cell, so that large and small are seen
SOFT = RGBColor(0x5B, 0x68, 0x74)
RIGHT = '<w:pPr><w:jc w:val="right"/></w:pPr>'
SPACES = ' xml:space="preserve"'


def new_page(plan: Plan, title: Text) -> Page:
    """A4 across, fonts for both scripts, and properties without a clock or a user's name."""
    page = Document()
    part = page.sections[0]
    part.orientation, part.page_width, part.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    part.left_margin = part.right_margin = Mm(20)
    part.top_margin = part.bottom_margin = Mm(18)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    normal.paragraph_format.space_after = Pt(3)
    about = page.core_properties
    about.title, about.author, about.comments = _plain(halves(title)[0]), "gridplan", ""
    about.language = "en" if shown_now() == "en" else "zh-CN"
    about.created = about.modified = CREATED
    about.keywords = keyword(mark_of(plan))
    return page


def line(into: Paragraph, text: Text, size: float | None = None, bold: bool = False) -> Paragraph:
    """Chinese, then English smaller; once where both are the same, or where one language is asked for."""
    first, second = halves(text)
    parts = [(first, False)] + ([(f" {second}", True)] if second else [])
    for words, english in parts:
        into.add_run(_plain(words))._r.insert(0, deepcopy(_properties(size, bold, english)))
    return into


@cache
def _blank() -> Page:
    """Some document to make properties in: opening Word's template takes longer than filling it."""
    return Document()


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


def _plain(words: str) -> str:
    """Text that XML can hold: control signs of hostile names are shown as question marks."""
    return visible(words).replace("\ufffe", "?").replace("\uffff", "?")


def section(page: Page, title: Text) -> Paragraph:
    """A heading below some air; it is never the last line of a page."""
    line(page.add_paragraph(), both("")).paragraph_format.keep_with_next = True
    made = line(page.add_paragraph(), title, size=12, bold=True)
    made.paragraph_format.keep_with_next = True
    return made


def table_of(
    page: Page,
    headings: Sequence[tuple[Text, int]],
    rows: Iterable[Sequence[Text | str]],
    size: float = TABLE_SIZE,
) -> Table:
    """A table whose head repeats on each page and whose rows are never split between two.

    Its rows are written as XML and parsed at once: through python-docx each cell takes some twenty times as long.

    Parameters
    ----------
    headings : with the width of each column in mm. Both the grid (w:gridCol) and the cells (w:tcW) get it: WPS keeps the
        one, LibreOffice the other.
    """
    table = page.add_table(rows=0, cols=len(headings), style="Table Grid")
    table.autofit = False
    _narrow(table)
    widths = [wide for _, wide in headings]
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)
    twips = [Mm(wide).twips for wide in widths]
    told = [_row([heading for heading, _ in headings], twips, "w:tblHeader", size, bold=True)]
    told.extend(
        _row([both(t) if isinstance(t, str) else t for t in row], twips, "w:cantSplit", size) for row in rows
    )
    table._tbl.extend(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(told)}</w:tbl>"))
    return table


def _row(texts: Sequence[Text], twips: Sequence[int], what: str, size: float, bold: bool = False) -> str:
    """A row of a table; `what` says that its heads repeat on each page, or that it is never split between two."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{wide}"/></w:tcPr>'
        f"<w:p>{RIGHT if FIGURE.fullmatch(text.zh) else ''}{_runs(text, size, bold)}</w:p></w:tc>"
        for text, wide in zip(texts, twips, strict=True)
    )
    return f"<w:tr><w:trPr><{what}/></w:trPr>{cells}</w:tr>"


def _runs(text: Text, size: float, bold: bool) -> str:
    """What `line` adds, as XML."""
    first, second = halves(text)
    runs = f"<w:r>{_written(size, bold, False)}{_marked(first)}</w:r>"
    return runs + f"<w:r>{_written(size, bold, True)}{_marked(f' {second}')}</w:r>" if second else runs


@cache
def _written(size: float, bold: bool, english: bool) -> str:
    """The properties of a run as XML, without the names of namespaces, which stand at the table."""
    return re.sub(r' xmlns:\w+="[^"]*"', "", _properties(size, bold, english).xml)


def _marked(words: str) -> str:
    """Words of a run as XML; a break within them is one of Word's."""
    parts = re.split(r"([\t\n\r])", _plain(words))
    return "".join(
        ("<w:tab/>" if part == "\t" else "<w:br/>")
        if part in ("\t", "\n", "\r")
        else f"<w:t{SPACES if part != part.strip() else ''}>{escape(part, quote=False)}</w:t>"
        for part in parts
        if part
    )


def _narrow(table: Table) -> None:
    """Less air at the sides of cells (w:tblCellMar)."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(int(Mm(SIDE).twips)))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:  # the order that the form of Word files asks for
        look.addprevious(margins)


def save_page(page: Page, path: Path) -> Path:
    """Word's archive, packed again with one date for all its parts."""
    packed = io.BytesIO()
    page.save(packed)
    with zipfile.ZipFile(packed) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, date_time=CREATED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, made.read(name))
    return path

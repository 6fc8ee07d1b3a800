"""changes.docx: the authority's form holds the table of changes, set for Chinese, and nothing of the data runs in it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest

from gridplan.plans.changes import changes
from gridplan.show.form.form import HEADINGS, write_form
from gridplan.show.form.paper import CHINESE
from tests.show.handmade import HOSTILE, hostile_plan, plan_with_warning

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def rows(file: Path) -> list[list[str]]:
    table, _, _ = docx.Document(str(file)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_every_change_is_a_row_with_its_reason_in_both_languages(tmp_path: Path) -> None:
    plan = plan_with_warning()
    head, *body = rows(write_form(plan, tmp_path / "changes.docx"))
    assert head == [f"{heading.zh} {heading.en}" for heading, _ in HEADINGS]
    table = changes(plan)
    assert len(body) == len(table)
    assert [row[0] for row in body] == [str(n) for n in range(1, len(body) + 1)]
    for c in table.itertuples():
        (row,) = [row for row in body if (row[2], row[3]) == (c.district, c.hospital)]
        assert row[5] == f"{c.people:,}"
        assert row[6] == f"{c.reason_zh} {c.reason}"
    present = "保留（已有院区，未签约） kept (open campus, no agreement)"
    assert [row[1] for row in body] == ["新建 new"] * 8 + [present, "保留 kept"]


def test_chinese_has_a_font_of_its_own_and_heads_repeat(tmp_path: Path) -> None:
    """python-docx sets the Latin font alone; without w:eastAsia Word picks what it likes for the Chinese."""
    file = write_form(plan_with_warning(), tmp_path / "changes.docx")
    with zipfile.ZipFile(file) as packed:
        document = ElementTree.fromstring(packed.read("word/document.xml"))
        styles = packed.read("word/styles.xml").decode("utf-8")
    fonts = [run.find(f"{W}rPr/{W}rFonts") for run in document.iter(f"{W}r")]
    assert {font.get(f"{W}eastAsia") for font in fonts if font is not None} == {CHINESE}
    assert None not in fonts
    assert f'w:eastAsia="{CHINESE}"' in styles
    assert len(list(document.iter(f"{W}tblHeader"))) == 3  # pairs; before and after; partners outside
    size = next(document.iter(f"{W}pgSz"))
    assert int(size.get(f"{W}w", 0)) > int(size.get(f"{W}h", 0))  # A4 across


@pytest.mark.parametrize("text", [*HOSTILE, "bell\x07escape\x1b[31m", "not a sign \ufffe\uffff"])
def test_hostile_names_stay_text(text: str, tmp_path: Path) -> None:
    file = write_form(hostile_plan(text), tmp_path / "changes.docx")
    shown = [cell for row in rows(file)[1:] for cell in (row[2], row[3])]
    unseen = {
        7,
        27,
        0xFFFE,
        0xFFFF,
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
    }  # these would turn lines around
    assert set(shown) == {"".join("?" if ord(c) in unseen else c for c in text)}
    with zipfile.ZipFile(file) as packed:
        xml = packed.read("word/document.xml").decode("utf-8")
        links = packed.read("word/_rels/document.xml.rels").decode("utf-8")
    assert not any(tag in xml for tag in ("w:fldSimple", "w:instrText", "w:hyperlink", "w:object"))
    assert 'TargetMode="External"' not in links


def test_the_same_plan_gives_the_same_bytes_and_no_clock(tmp_path: Path) -> None:
    one, other = (write_form(plan_with_warning(), tmp_path / f"{n}.docx").read_bytes() for n in range(2))
    assert one == other
    with zipfile.ZipFile(tmp_path / "0.docx") as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {2000}
        about = packed.read("docProps/core.xml").decode("utf-8")
    assert "2000-01-01" in about
    assert "2013" not in about  # the day of the template

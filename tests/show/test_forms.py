"""The Word files that are handed in, and outputs in one language alone."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import openpyxl
import pytest

import gridplan as gp
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.form.form import Fields
from gridplan.show.form.forms import forms
from gridplan.show.form.paper import SIDE
from gridplan.show.report.report_decision import decision_lines
from gridplan.show.report.report_layers import hospitals
from gridplan.show.shared.plan_tables import hospitals_table
from gridplan.words.amount import people_exact, people_text
from gridplan.words.text import Shown
from tests.show.handmade import plan_with_warning, town_plan

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(?:residents?|districts?|minutes|hospitals?|travel|layer|priority|the|of|and)\b")
NAMES = ("changes.docx", "hospitals.docx", "report.docx")


@pytest.fixture(scope="module")
def plan() -> gp.Plan:
    return plan_with_warning()


@pytest.fixture(scope="module")
def written(plan: gp.Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[Shown, Path]:
    """The plan folder in each language, with its forms."""
    made: dict[Shown, Path] = {}
    for lang in ("zh", "en", "both"):
        made[lang] = gp.save(plan, tmp_path_factory.mktemp(lang) / "out", lang=lang, certificate=False)
        forms(plan, made[lang], lang=lang)
    return made


def of_data(plan: gp.Plan) -> str:
    """Every sign that names and remarks of the data have."""
    tables = (plan.region.districts, plan.region.hospitals, plan.region.units, plan.region.branches)
    names = [str(name) for table in tables for name in table["name"]]
    return "".join(
        [*names, plan.region.title or "", plan.region.name, plan.policy.source, plan.region.people]
    )


def texts(file: Path) -> list[str]:
    page = docx.Document(str(file))
    return [
        *(paragraph.text for paragraph in page.paragraphs),
        *(cell.text for table in page.tables for row in table.rows for cell in row.cells),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_form_is_in_one_language_alone(written: dict[Shown, Path], plan: gp.Plan, name: str) -> None:
    known = of_data(plan)
    chinese, english = texts(written["zh"] / name), texts(written["en"] / name)
    assert [text for text in chinese if ENGLISH.search(text)] == []
    left = ["".join(c for c in text if c not in known and c not in "（）、，。：；") for text in english]
    assert [text for text in left if CHINESE.search(text)] == []
    assert len(chinese) == len(texts(written["both"] / name)) or name == "report.docx"


def test_page_map_and_workbook_are_in_one_language_alone(written: dict[Shown, Path], plan: gp.Plan) -> None:
    for lang, page in written.items():
        html = (page / "report.html").read_text(encoding="utf-8")
        body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
        assert ('lang="en">' in body.split("<body>")[1]) == (lang == "both")
        assert f'<html lang="{"en" if lang == "en" else "zh-CN"}">' in html
        text = (page / "map.html").read_text(encoding="utf-8")
        block = re.search(r'id="data">(.*?)</script>', text, flags=re.DOTALL)
        assert block is not None
        sheet = json.loads(block[1])
        assert sheet["shown"] == lang and any(pair[1] for pair in sheet["words"].values()) == (lang == "both")
        heads = [cell.value for cell in openpyxl.load_workbook(page / "plan.xlsx").worksheets[2][1]]
        assert all(("\n" in str(head)) == (lang == "both") for head in heads)
    html = (written["zh"] / "report.html").read_text(encoding="utf-8").split("<body>")[1]
    plain = re.sub(r"<[^>]+>", " ", html)
    for source in plan.region.sources:
        plain = plain.replace(source, "")
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", plain), re.findall(
        r".{0,30}[a-z]{3,} [a-z]{2,} [a-z]{2,}.{0,30}", plain
    )[:3]


def test_widths_are_the_same_for_word_wps_and_libreoffice(written: dict[Shown, Path]) -> None:
    """WPS keeps w:gridCol, LibreOffice w:tcW; python-docx sets the cells alone."""
    for name in NAMES:
        with zipfile.ZipFile(written["both"] / name) as packed:
            document = ElementTree.fromstring(packed.read("word/document.xml"))
        tables = list(document.iter(f"{W}tbl"))
        assert tables
        for table in tables:
            grid = [column.get(f"{W}w") for column in table.iter(f"{W}gridCol")]
            for row in table.iter(f"{W}tr"):
                assert [cell.get(f"{W}w") for cell in row.iter(f"{W}tcW")] == grid
            assert sum(map(int, grid)) <= 257 * 1440 / 25.4 + 20  # twips between the margins


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_number_and_no_id_is_broken_in_the_report_and_no_column_is_blank(
    written: dict[Shown, Path], lang: Shown
) -> None:
    """A sign of Times New Roman is half as wide as high; a cell has some mm that no text fills."""
    for table in docx.Document(str(written[lang] / "report.docx")).tables[1:]:
        for column in table.columns:
            cells = list(column.cells)
            assert any(cell.text for cell in cells[1:])
            for cell in cells[1:]:
                size = cell.paragraphs[0].runs[0].font.size.pt if cell.text else 0
                tokens = re.findall(r"[\d,.A-Z]+", cell.text)
                need = max((len(token) * size * 0.5 * 0.3528 for token in tokens), default=0) + 2 * SIDE
                assert cell.width.mm >= need, (cell.text, cell.width.mm)
                assert not re.fullmatch(r"[\d,]{4,}\.0", cell.text)  # people are whole


def test_a_heading_stays_with_its_table_and_the_seal_with_its_date(written: dict[Shown, Path]) -> None:
    for name in NAMES:
        body = docx.Document(str(written["zh"] / name))
        seal = next(n for n, p in enumerate(body.paragraphs) if p.text.startswith("填报单位"))
        assert all(p.paragraph_format.keep_with_next for p in body.paragraphs[seal - 1 : seal + 4])
        for heading in (
            p for p in body.paragraphs if p.text in ("各区现状 → 方案", "各区", "结对", "各医院")
        ):
            assert heading.paragraph_format.keep_with_next


def test_each_hospital_has_a_form_of_its_own(written: dict[Shown, Path], plan: gp.Plan) -> None:
    page, table = docx.Document(str(written["zh"] / "hospitals.docx")), gp.changes(plan)
    ids = sorted(table["hospital_id"].unique())
    assert len(page.tables) == len(ids)
    names = plan.region.hospitals.set_index("hospital_id")["name"]
    heads = [p.text for p in page.paragraphs if p.text.startswith("医院：")]
    assert heads == [f"医院：{names[h]}（{h}）" for h in ids]
    assert sum(p.text.startswith("办医主体：") for p in page.paragraphs) == len(ids)
    assert sum('w:type="page"' in p._p.xml for p in page.paragraphs) == len(ids) - 1
    for grid, hospital in zip(page.tables, ids, strict=True):
        mine = table[table["hospital_id"] == hospital]
        assert [row.cells[4].text for row in grid.rows][1:] == [f"{n:,}" for n in mine["people"]]
        assert [row.cells[6].text for row in grid.rows][1:] == list(mine["reason_zh"])


def test_fields_are_blank_unless_given_and_the_same_words_give_the_same_bytes(
    plan: gp.Plan, tmp_path: Path
) -> None:
    given = {"unit": "小城卫生健康委员会", "date": "2026年3月1日"}
    one, other = (forms(plan, tmp_path / str(n), lang="zh", **given) for n in range(2))
    assert [file.name for file in one] == list(NAMES)
    assert [a.read_bytes() == b.read_bytes() for a, b in zip(one, other, strict=True)] == [True] * 3
    for file in one:
        said = texts(file)
        assert (
            "填报单位（盖章）：小城卫生健康委员会" in said
            and "填报日期：2026年3月1日" in said
            and "联系人：" in said
        )
    assert [line.zh for line in Fields().lines()] == ["填报单位（盖章）：", "联系人：", "填报日期："]


def test_the_report_in_word_says_what_the_page_says(written: dict[Shown, Path], plan: gp.Plan) -> None:
    said = texts(written["zh"] / "report.docx")
    for sentence in decision_lines(plan, verdict_of(plan)):
        assert sentence.zh in said
    for row in gp.measures.against_today(plan).itertuples():
        assert f"{row.partners_today} → {row.partners}" in said


def test_people_are_told_as_officials_read_them() -> None:
    assert (
        people_text(24_870_895).zh == "2,487.1 万人" and people_text(24_870_895).en == "24,870,895 residents"
    )
    assert people_exact(24_870_895).zh == "2,487.1 万人（24,870,895 人）" and people_exact(999).zh == "999 人"


def test_grids_alone_have_no_forms_and_other_languages_are_refused(plan: gp.Plan, tmp_path: Path) -> None:
    with pytest.raises(gp.errors.ArgumentError, match="lang='fr'"):
        forms(plan, tmp_path, lang="fr")  # type: ignore[arg-type]
    with pytest.raises(gp.errors.ArgumentError, match="lang='fr'"):
        gp.save(plan, tmp_path / "out", lang="fr")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_sponsors_are_told_where_the_table_has_them_and_nowhere_else(plan: gp.Plan) -> None:
    """No column of blanks; in the row of the hospital that has one, and a dash or nothing in the others."""
    heads = [column.heading.zh for column in hospitals_table(plan).columns]
    assert "办医主体" not in heads and "办医主体" not in hospitals(plan, {"general": {}})
    table = plan.region.hospitals
    named = table.assign(sponsor=table["hospital_id"].map({"H1": "申康中心 <b>"}))
    made = town_plan(plan.region.with_tables(hospitals=named))
    book, shown = hospitals_table(made), hospitals(made, {"general": {}})
    at = [column.heading.zh for column in book.columns].index("办医主体")
    assert {(row[0], row[at]) for row in book.rows if row[at]} == {("H1", "申康中心 <b>")}
    assert all(len(row) == len(book.columns) for row in book.rows)
    rows = re.findall(r"<tr>.*?</tr>", shown, flags=re.DOTALL)
    assert ["申康中心 &lt;b&gt;" in row for row in rows].count(True) == 1
    assert {len(re.findall(r"<t[hd][ >]", row)) for row in rows} == {11}


def test_partners_outside_the_city_are_rows_with_what_is_known(plan: gp.Plan, tmp_path: Path) -> None:
    """SH-20: rows of the form, and on the page of the hospital that they are of; blank rows are left for others."""
    file = tmp_path / "outside.csv"
    file.write_text(
        "医院,省市,合作单位,办医主体意见,起始时间\n市第一医院,江苏苏州,苏州邻市医院,同意,2024\nH3,,邻县医院,,\n",
        encoding="utf-8",
    )
    changes, hospitals, _ = forms(plan, tmp_path / "out", lang="zh", outside=file)
    table = docx.Document(str(changes)).tables[-1]
    told = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert told == [
        ["1", "市第一医院", "江苏苏州 苏州邻市医院", "同意", "2024"], ["2", "市第三医院", "邻县医院", "", ""], ["3", "", "", "", ""],
    ]  # fmt: skip
    assert (
        sum("邻县医院" in row.cells[2].text for t in docx.Document(str(hospitals)).tables for row in t.rows)
        == 1
    )
    file.write_text("医院,合作单位\n无此医院,甲\nH1,\n", encoding="utf-8")
    with pytest.raises(gp.DataError) as refused:
        forms(plan, tmp_path / "bad", outside=file)
    assert [fault.row for fault in refused.value.findings] == [2, 3]
    file.write_text("医院,省市\nH1,江苏\n", encoding="utf-8")
    with pytest.raises(gp.DataError, match="no column partner"):
        forms(plan, tmp_path / "bad", outside=file)

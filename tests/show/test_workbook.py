"""plan.xlsx: typed cells, bilingual headings, and text that stays text."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import gridplan as gp
from gridplan.plans.measures import people
from gridplan.show.workbook import workbook
from gridplan.show.workbook.workbook import write_workbook
from tests.show.handmade import HOSTILE, hostile_plan, plan_with_warning

SHEETS = [
    "概要 Summary", "现状与方案 Before and after", "结对 Pairs", "变更 Changes", "分配 Assignment", "各区 Districts", "各医院 Hospitals", "规则 Rules", "数据提醒 Findings",
    "说明 Provenance",
]  # fmt: skip


def opened(plan, folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_workbook(plan, folder / "plan.xlsx"))


def column(sheet, english: str) -> list:
    headings = [str(c.value).split("\n")[-1] for c in sheet[1]]
    n = headings.index(english)
    return [row[n].value for row in sheet.iter_rows(min_row=2)]


def test_the_sheets_stand_in_order_with_frozen_headings_and_filters(tmp_path: Path) -> None:
    book = opened(plan_with_warning(), tmp_path)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert all("\n" in cell.value for cell in sheet[1])


def test_units_that_are_too_many_for_a_workbook_stand_in_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridplan.plans.plan.MOST_IN_A_WORKBOOK", 3)
    plan = plan_with_warning()
    gp.save(plan, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")
    assert book.sheetnames == [name for name in SHEETS if name != "分配 Assignment"]
    said = {row[0].value: row[1].value for row in book["概要 Summary"].iter_rows(min_row=2)}
    assert "assignment.parquet" in said["各单元分配 where each unit goes"]
    rows = pd.read_parquet(tmp_path / "out" / "assignment.parquet")
    pd.testing.assert_frame_equal(rows, plan.to_frame())
    assert "assignment.parquet" in json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))["files"]
    monkeypatch.undo()
    gp.save(plan, tmp_path / "out")
    assert not (tmp_path / "out" / "assignment.parquet").exists()


def test_cells_hold_what_the_tables_hold_with_their_types(tmp_path: Path) -> None:
    plan = plan_with_warning()
    book = opened(plan, tmp_path)
    pairs, units = book["结对 Pairs"], book["分配 Assignment"]
    assert column(pairs, "hospital id") == plan.pairs["hospital_id"].tolist()
    assert column(pairs, "residents served") == plan.pairs["people"].tolist()
    assert column(units, "unit id") == plan.assignment["unit_id"].tolist()
    assert column(units, "minutes") == pytest.approx(plan.assignment["minutes"].tolist())
    hospitals = book["各医院 Hospitals"]
    served = dict(zip(column(hospitals, "hospital id"), column(hospitals, "residents served"), strict=True))
    assert served["H1"] == people(plan)["H1"]
    rules = book["规则 Rules"]
    assert column(rules, "clause") == [*(rule.id for rule in plan.policy.rules), "FIGURES"]
    room = dict(zip(column(rules, "clause"), column(rules, "room left, in English"), strict=True))
    assert room["SH-2"] == "3 of 3 at the cap"


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    for text in HOSTILE:
        book = opened(hostile_plan(text), tmp_path)
        found = 0
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n"), (text, cell.coordinate)
                    assert cell.hyperlink is None
                    found += cell.value == text
        assert found > 10, text


def test_a_long_text_is_cut_and_not_refused(tmp_path: Path) -> None:
    book = opened(hostile_plan("长" * 40_000), tmp_path)
    assert len(book["结对 Pairs"]["C2"].value) == 32_767


def test_people_minutes_and_shares_carry_bars_and_ids_do_not(tmp_path: Path) -> None:
    sheet = opened(plan_with_warning(), tmp_path)["结对 Pairs"]
    barred = {str(area.sqref).split(":")[0].rstrip("0123456789") for area in sheet.conditional_formatting}
    headings = {cell.column_letter: str(cell.value).split("\n")[-1] for cell in sheet[1]}
    assert {headings[letter] for letter in barred} == {"residents served", "mean minutes"}
    rules = [rule.type for area in sheet.conditional_formatting for rule in area.rules]
    assert rules == ["dataBar"] * 2


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel ends at row 1,048,576; what was beyond used to be dropped in silence."""
    plan = plan_with_warning()
    rows = len(plan.assignment)
    monkeypatch.setattr(workbook, "MOST_ROWS", rows - 1)
    book = openpyxl.load_workbook(workbook.write_workbook(plan, tmp_path / "plan.xlsx"))
    (first,) = [name for name in book.sheetnames if name.startswith("分配") and not name.endswith("2")]
    assert (book[first].max_row, book[f"{first} 2"].max_row) == (rows, 2)


def test_what_wraps_has_the_height_for_it_and_numbers_among_texts_are_rounded(tmp_path: Path) -> None:
    """LibreOffice shows a row as high as the file says; 18.8756581549317 is no figure to print."""
    book = opened(plan_with_warning(), tmp_path)
    for sheet in book:
        widths = {n: d.width for d in sheet.column_dimensions.values() for n in range(d.min, d.max + 1)}
        for cells in sheet.iter_rows():
            for cell in (c for c in cells if isinstance(c.value, str) and c.alignment.wrap_text):
                lines = sum(-(-len(part) // widths[cell.column]) for part in cell.value.split("\n"))
                height = sheet.row_dimensions[cell.row].height or 15
                assert height >= 15 * lines, (sheet.title, cell.value)
    values = [row[1] for row in book["概要 Summary"].iter_rows(min_row=2)]
    numbers = [c for c in values if isinstance(c.value, float) and abs(c.value) >= 0.001]
    assert numbers and all(c.number_format in ("#,##0", "#,##0.0", "0.0##") for c in numbers)

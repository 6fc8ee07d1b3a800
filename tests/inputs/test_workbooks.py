"""Workbooks as they are: merged, hidden, filtered, strict, formatted to the last row, with titles and footnotes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from inputs.folders import TOML, plain, town_folder
from openpyxl.styles import Font

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.inputs.formats.read_grid import sheet_of
from gridplan.inputs.formats.read_workbook import read_excel
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.schema import HOSPITALS, UNITS
from gridplan.inputs.sheets.headers import is_known
from gridplan.words.errors import DataError

TOWN = tiny_town()


def rows_of(name: str) -> list[list]:
    table = plain(name)
    return [list(table.columns), *table.to_numpy().tolist()]


def book_with(folder: Path, name: str, **sheets: list[list]) -> openpyxl.Workbook:
    for path in folder.glob(f"{name}.*"):
        path.unlink()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    return book


@pytest.fixture
def folder(tmp_path):
    return town_folder(tmp_path / "town")


def codes(folder: Path) -> set[str]:
    return {f.code for f in check(folder)}


def test_a_merged_cell_stands_in_each_of_its_rows_and_is_told(folder):
    rows = rows_of("units")
    book = book_with(folder, "units", 街道=rows)
    column = rows[0].index("district_id") + 1
    for first, last in ((2, 5), (6, 9), (10, 13)):
        book["街道"].merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
    book.save(folder / "units.xlsx")
    assert read(folder).units["district_id"].tolist() == TOWN.units["district_id"].tolist()
    assert codes(folder) == {"merged-cells"}


def test_a_number_merged_over_rows_is_nobodys(folder):
    rows = rows_of("units")
    book = book_with(folder, "units", 街道=rows)
    column = rows[0].index("people") + 1
    book["街道"].merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    book.save(folder / "units.xlsx")
    assert [f.row for f in check(folder).errors if f.code == "merged-number"] == [3, 4]


def test_hidden_sheets_and_rows_are_told(folder):
    rows = rows_of("hospitals")
    book = book_with(folder, "hospitals", 去年=rows[:4], 今年=rows)
    book["去年"].sheet_state = "hidden"
    book["今年"].row_dimensions[5].hidden = True
    book.save(folder / "hospitals.xlsx")
    assert len(read(folder).hospitals) == 7 and codes(folder) == {"hidden-sheet", "hidden-rows"}
    (folder / "region.toml").write_text(
        TOML + '[tables.hospitals]\nhidden_rows = "leave_out"\n', encoding="utf-8"
    )
    assert len(read(folder).hospitals) == 6


def test_of_two_sheets_that_fit_alike_one_is_asked_for_and_of_others_the_better_is_read(folder):
    rows = rows_of("hospitals")
    book_with(folder, "hospitals", 甲=rows, 乙=rows).save(folder / "hospitals.xlsx")
    assert codes(folder) == {"several-sheets"}
    book_with(folder, "hospitals", 说明=[["name", "x"], ["a", "b"]], 名录=rows).save(
        folder / "hospitals.xlsx"
    )
    assert read(folder).fingerprint == TOWN.fingerprint and codes(folder) == {"sheet-chosen"}


def test_a_formula_without_its_value_is_named(folder):
    rows = rows_of("hospitals")
    rows[3][rows[0].index("beds")] = "=400+500"
    book_with(folder, "hospitals", 名录=rows).save(folder / "hospitals.xlsx")
    (finding,) = check(folder).errors
    assert (finding.code, finding.row) == ("formula-without-value", 4) and "400+500" in finding.what.zh


def test_strict_open_xml_is_read(folder):
    usual = folder / "hospitals.xlsx"
    book_with(folder, "hospitals", 名录=rows_of("hospitals")).save(usual)
    parts = {}
    with zipfile.ZipFile(usual) as package:
        for name in package.namelist():
            text = package.read(name)
            text = re.sub(
                rb"http://schemas.openxmlformats.org/officeDocument/2006/(\w+)",
                rb"http://purl.oclc.org/ooxml/officeDocument/\1",
                text,
            )
            parts[name] = re.sub(rb"http://schemas.openxmlformats.org/(spreadsheetml|drawingml)/2006/(\w+)", rb"http://purl.oclc.org/ooxml/\1/\2", text)  # fmt: skip
    with zipfile.ZipFile(usual, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    assert read(folder).fingerprint == TOWN.fingerprint


def test_only_what_is_filled_counts(folder):
    book = book_with(folder, "hospitals", 名录=rows_of("hospitals"))
    book["名录"].cell(1_048_576, 3).font = Font(bold=True)
    book["名录"].cell(1_000_000, 16_000).font = Font(bold=True)
    book.save(folder / "hospitals.xlsx")
    sheet = read_excel(folder / "hospitals.xlsx", "hospitals", lambda h: is_known(h, HOSPITALS, {}), None)
    assert sheet.cells.shape == (7, len(plain("hospitals").columns))


def test_totals_headings_footnotes_and_numbered_columns_are_no_records(folder):
    head, *rows = rows_of("units")
    sheet = [
        ["某市各街道人口"], head, ["甲", "乙", 1, 2, 3, 4, 5, 6][: len(head)],
        ["一、城区"], *rows[:8], ["小计", None, 68000], ["二、郊县"], *rows[8:], ["北县合计", None, 13000], ["全市 合计", None, 81000],
        ["注：数据来源于统计局。"], ["填表人：张三   审核：李四"],
    ]  # fmt: skip
    book = book_with(folder, "units", 人口=sheet)
    book["人口"].merge_cells("A1:H1")
    book.save(folder / "units.xlsx")
    region = read(folder)
    assert region.units["unit_id"].tolist() == TOWN.units["unit_id"].tolist()
    assert sorted({f.code for f in region.findings}) == ["remark-row", "total-row"]


def grid(*rows: str) -> list[list[str]]:
    return [row.split("|") for row in rows]


@pytest.mark.parametrize(
    ("rows", "headers", "first"),
    [
        (
            grid("街道|常住人口|中心坐标|", "||经度|纬度", "甲|5|120|30"),
            ["街道", "常住人口", "经度", "纬度"],
            3,
        ),
        (
            grid("街道|常住人口||经度|纬度", "|合计|65岁及以上||", "甲|5|1|120|30"),
            ["街道", "常住人口", "65岁及以上", "经度", "纬度"],
            3,
        ),
        (
            grid("街道|人口|经度|纬度", "|（万人）|度|度", "甲|5|120|30"),
            ["街道", "人口（万人）", "经度（度）", "纬度（度）"],
            3,
        ),
        (
            grid("街道|人口|经度|纬度", "name|people|lon|lat", "甲|5|120|30"),
            ["街道", "人口", "经度", "纬度"],
            3,
        ),
        (grid("街道|人口|经度|纬度", "甲|1|2|3"), ["街道", "人口", "经度", "纬度"], 2),
    ],
)
def test_headers_in_two_rows_with_units_or_in_two_languages(rows, headers, first):
    sheet = sheet_of("x", rows, lambda h: is_known(h, UNITS, {}), "utf-8")
    assert sheet.headers == headers and sheet.rows[0] == first


def test_old_and_other_workbooks_are_refused_with_the_cure(folder):
    for name in ("hospitals.et", "hospitals.xls"):
        for path in folder.glob("hospitals.*"):
            path.unlink()
        (folder / name).write_bytes(b"\xd0\xcf\x11\xe0")
        with pytest.raises(DataError) as caught:
            read(folder)
        (finding,) = caught.value.findings
        assert finding.code == "unknown-format" and "WPS" in finding.hint.en

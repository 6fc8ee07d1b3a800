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
from gridplan.intake.begin import start
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


def by_district(
    folder: Path, kept: bool, district: str = "district_id"
) -> tuple[list[str], list[list[list]]]:
    """The units of the town, a grid per district, with or without the column of districts; and the districts' names."""
    named = dict(TOWN.districts[["district_id", "name"]].itertuples(index=False))
    head, *rows = rows_of("units")
    at = head.index(district)
    grids: dict[str, list[list]] = {}
    for row in rows:
        cut = [cell for n, cell in enumerate(row) if kept or n != at]
        grids.setdefault(named[row[at]], [[c for c in head if kept or c != district]]).append(cut)
    return list(grids), list(grids.values())


@pytest.mark.parametrize("kept", [True, False])
def test_a_sheet_per_district_is_one_table(folder, kept):
    titles, grids = by_district(folder, kept)
    sheets = dict(zip(titles, grids, strict=True))
    ordered = {titles[0]: sheets[titles[0]], "空": [], **sheets, "说明": [["本表由各区填报"]]}
    book_with(folder, "units", **ordered).save(folder / "units.xlsx")
    units, told = read(folder).units, plain("units")
    assert units[told.columns].astype(str).equals(told.astype(str)) and "sheet" not in units
    found = {f.code: f for f in check(folder)}
    assert set(found) == {"sheets-joined"} | ({"district-from-sheet"} if not kept else set())
    assert (
        all(t in found["sheets-joined"].what.zh for t in titles) and "说明" in found["sheets-joined"].what.zh
    )
    if not kept:
        assert f"{titles[0]} 2–{len(grids[0])}" in found["district-from-sheet"].what.zh


def test_a_hidden_sheet_of_a_district_is_told_and_not_read(folder):
    titles, grids = by_district(folder, kept=True)
    book = book_with(folder, "units", **dict(zip(titles, grids, strict=True)))
    book[titles[1]].sheet_state = "hidden"
    book.save(folder / "units.xlsx")
    assert len(read(folder).units) == len(TOWN.units) - len(grids[1]) + 1
    told = {f.code: f.what.zh for f in check(folder)}
    assert titles[1] in told["hidden-sheet"] and titles[1] not in told["sheets-joined"]


def test_a_unit_on_two_sheets_is_a_duplicate_with_sheet_and_row(folder):
    titles, grids = by_district(folder, kept=False)
    grids[2].append(grids[0][1])
    book_with(folder, "units", **dict(zip(titles, grids, strict=True))).save(folder / "units.xlsx")
    twice = next(f for f in check(folder).errors if f.code == "duplicate-id")
    for said, row in ((titles[0], 2), (titles[2], len(grids[2]))):
        assert f"工作表“{said}”第 {row} 行" in twice.what.zh and f"sheet {said}, row {row}" in twice.what.en


def test_a_wrong_cell_names_its_sheet_and_sheets_of_no_district_leave_the_district_to_the_map(folder):
    _, grids = by_district(folder, kept=False)
    grids[1][2][grids[1][0].index("people")] = "很多"
    book_with(folder, "units", **dict(zip(["甲", "乙", "丙"], grids, strict=True))).save(
        folder / "units.xlsx"
    )
    found = check(folder)
    assert "district-from-sheet" not in {f.code for f in found}
    wrong = next(f for f in found.errors if "很多" in f.what.zh)
    assert wrong.row == 3 and "units.xlsx · 乙" in wrong.what.zh


def test_start_takes_the_sheets_of_the_districts_as_one_table(folder):
    titles, grids = by_district(folder, kept=False)
    book_with(folder, "units", **dict(zip(titles, grids, strict=True))).save(folder / "各区人口.xlsx")
    (folder / "region.toml").unlink()
    begun = start(folder)
    assert "sheet =" not in (folder / "region.toml").read_text(encoding="utf-8")
    assert not begun.findings.errors and len(read(folder).units) == len(TOWN.units)

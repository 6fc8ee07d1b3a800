"""Rows of a sheet that are no records, and such that look like it: totals, remarks, headings, units, two rows of headers."""

from __future__ import annotations

import openpyxl
import pytest
from inputs.folders import plain, put, town_folder

from gridplan.geography.reading import read
from gridplan.inputs.formats.read_grid import sheet_of
from gridplan.inputs.formats.sheet import Sheet, text_frame
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.schema import HOSPITALS, PARTNERSHIPS, TABLES, UNITS
from gridplan.inputs.sheets.headers import is_known, map_headers
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.sheets.records import with_headings, without_totals

TOWN = tiny_town()


def _left(table, headers, rows):
    notes = Notes()
    sheet = Sheet("f", text_frame(headers, rows), list(range(2, len(rows) + 2)))
    return without_totals(sheet, table, notes).rows, notes.findings


@pytest.mark.parametrize(
    ("table", "headers", "row", "total"),
    [
        (HOSPITALS, ["医院编号", "医院名称", "服务范围"], ["A1", "江口医院", "全市"], False),
        (HOSPITALS, ["服务范围", "医院名称", "床位"], ["全市", "江口医院", "300"], False),
        (HOSPITALS, ["口径", "医院名称", "床位"], ["合计", "江口医院", "300"], False),
        (UNITS, ["类别", "街道", "人口"], ["全市", "江口街道", "8000"], False),
        (PARTNERSHIPS, ["支援医院", "受援区", "形式"], ["江口医院", "全市", "对口支援"], False),
        (UNITS, ["类别", "街道", "人口"], ["全市", "", "8000"], True),
        (UNITS, ["区县", "街道", "人口"], ["江东区小计", "", "8000"], True),
        (UNITS, ["区县", "街道", "人口"], ["江东区", "小计", "8000"], True),
        (UNITS, ["代码", "街道", "人口"], ["360100", "全市", "8000"], True),
        (UNITS, ["序号", "街道", "人口"], ["总 计", "", "8000"], True),
        (TABLES["departments"], ["医院", "科室", "床位"], ["江口医院", "合计", "80"], True),
    ],
)  # fmt: skip
def test_a_word_of_totals_counts_where_a_record_is_called_so(table, headers, row, total):
    rows, findings = _left(table, headers, [row, ["B2", "江南医院", "江南区"]])
    assert rows == ([3] if total else [2, 3])
    said = next(cell for cell in row if cell.endswith(("计", "全市")))
    assert [said in f.what.en for f in findings] == ([True] if total else [])


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        (["填表人：李", "", "", "审核：", "", ""], True),
        (["说明", "本表数据截至年底", "", "", "", ""], True),
        (["1.人口为年末数", "", "", "", "", ""], True),
        (["②人口为年末数", "", "", "", "", ""], True),
        (["2023", "", "", "", "", ""], False),
        (["填报单位", "某局", "联系电话", "0790-1234567", "", ""], False),
        (["来源", "江口街道", "8200", "", "", ""], False),
        (["口径：年末", "江口街道", "江东区", "8200", "115.1", "27.8"], False),
    ],
)
def test_a_row_that_begins_with_a_label_is_a_remark_unless_it_counts(row, remark):
    headers = ["编码", "街道", "区县", "人口", "经度", "纬度"]
    rows, _ = _left(UNITS, headers, [["1", "江南街道", "江东区", "9000", "115.2", "27.7"], row])
    assert rows == ([2] if remark else [2, 3])


@pytest.mark.parametrize(
    ("heads", "read_so"), [(("一、江东区", "二、江西县"), True), (("一、市属医院", "二、县属医院"), False)]
)
def test_headings_are_the_districts_where_no_column_is(heads, read_so):
    headers = ["机构代码", "机构名称", "床位"]
    rows = [[heads[0], "", ""], ["A", "江口医院", "1"], [heads[1], "", ""], ["B", "江尾医院", "2"]]
    sheet = with_headings(Sheet("f", text_frame(headers, rows), [2, 3, 4, 5]), HOSPITALS)
    if read_so:
        assert sheet.cells["district_id"].tolist() == ["江东区", "江西县"] and sheet.rows == [3, 5]
        assert [remark.code for remark in sheet.remarks] == ["headings-filled"]
    else:
        assert sheet.headers == headers


def _of_grid(grid):
    return sheet_of("f", grid, lambda header: is_known(header, HOSPITALS, {}), "utf-8")


def test_a_row_of_units_may_say_degrees_east_and_north():
    grid = [["机构代码", "床位", "经度", "纬度"], ["", "张", "°E", "°N"], ["A", "1", "115", "27"]]
    sheet = _of_grid(grid)
    assert sheet.rows == [3]
    assert set(map_headers("f", sheet.headers, HOSPITALS, {}, Notes())) == {
        "hospital_id",
        "beds",
        "lon",
        "lat",
    }


def test_a_heading_over_two_columns_is_read_with_the_word_below_it():
    grid = [["机构代码", "机构名称", "床位数", ""], ["", "", "编制", "开放"], ["A", "江口医院", "500", "450"]]
    assert _of_grid(grid).headers == ["机构代码", "机构名称", "编制床位数", "开放床位数"]


def test_a_number_that_excel_shows_in_per_cent_is_a_share(tmp_path):
    folder = town_folder(tmp_path / "town")
    units = plain("units").drop(columns=["people_65plus"]).assign(老年人口=0.185)
    book = openpyxl.Workbook()
    for row in [list(units.columns), *units.to_numpy(dtype=object).tolist()]:
        book.active.append(row)
    for (cell,) in book.active.iter_rows(min_row=2, min_col=len(units.columns)):
        cell.number_format = "0.0%"
    put(folder, "units.xlsx", "")
    book.save(folder / "units.xlsx")
    assert read(folder).units["people_65plus"].tolist() == [round(p * 0.185) for p in TOWN.units["people"]]

"""An assignment made or edited by hand: whatever a planner writes is understood, or named with its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplan.ask.nearest import repair
from gridplan.inputs.read_assignment import read_assignment
from gridplan.judging.verdict import Verdict
from gridplan.judging.verify import judge
from gridplan.plans.folder.csv_file import write_csv
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Candidates
from gridplan.show.workbook.workbook import write_workbook
from gridplan.words.errors import DataError
from tests.plans.judged import SHANGHAI, T1, TOWN, A, by_hand, cell, good, moved, place, rules_of


@pytest.mark.parametrize("column", ["layer", "unit_id", "hospital_id"])
def test_a_missing_column_is_said(column: str) -> None:
    with pytest.raises(DataError) as refused:
        judge(TOWN, SHANGHAI, A.drop(columns=column))
    assert refused.value.which == (column,) and "缺少列" in refused.value.say("zh")


def test_three_columns_are_enough() -> None:
    assert judge(TOWN, SHANGHAI, A[["layer", "unit_id", "hospital_id"]]).kept


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [("layer", "General", "SH-4"), ("unit_id", "T9-01", "SH-1"), ("hospital_id", "H9", "SH-4")],
)
@pytest.mark.parametrize("blank", [False, True])
def test_what_is_not_known_is_named_with_its_rows(column: str, value: str, rule: str, blank: bool) -> None:
    v = by_hand(cell(cell(A, 4, column, None if blank else value), 7, column, None if blank else value))
    unknown = [b for b in v.breaches if "not known" in b.what.en]
    assert [(b.rule, b.rows) for b in unknown] == [(rule, (4, 7))]
    assert blank or (getattr(unknown[0], column) == value and value in unknown[0].what.zh)
    assert sorted(
        b.unit_id for b in v.breaches if b.rule == "SH-1" and b.unit_id.startswith(("T1", "T2"))
    ) == ["T1-03", "T2-02"]


def test_a_file_of_another_region_is_told_at_once_not_unit_by_unit() -> None:
    v = by_hand(A.assign(unit_id="X" + A["unit_id"]))
    (told,) = [b for b in v.breaches if "not known" in b.what.en]
    assert told.rows == tuple(range(2, 26)) and "12 units are not known (XT1-01, " in told.line()
    assert "12 个单元不存在" in told.line("zh") and "请核对文件是否属于本地区" in told.line("zh")


def test_nothing_in_it() -> None:
    for frame in (A.iloc[:0], A.assign(hospital_id="nobody")):
        v = by_hand(frame)
        assert {"general", "tcm"} <= {b.layer for b in v.breaches} and "SH-1" in rules_of(v)


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    write_csv(cell(moved(A, "T1-01", "H3"), 9, "minutes", "soon"), tmp_path / "edited.csv")
    v = judge(TOWN, SHANGHAI, read_assignment(tmp_path / "edited.csv"))
    assert [place(b) for b in v.breaches] == [
        ("SH-2", "T1", "", "", T1),
        ("FIGURES", "T2", "H3", "T2-04", (9,)),
    ]


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = moved(A, "T1-01", "H3").sample(frac=1, random_state=1)
    assert [b.rule for b in by_hand(shuffled).breaches] == ["SH-2"]


def test_a_region_with_errors_is_not_judged() -> None:
    units = TOWN.units.copy()
    units.loc[0, "people"] = np.nan
    with pytest.raises(DataError) as refused:
        judge(TOWN.with_tables(units=units), SHANGHAI, A)
    assert refused.value.findings.errors


def test_a_table_that_the_policy_asks_for() -> None:
    asking = replace(SHANGHAI, travel=replace(SHANGHAI.travel, method="table"))
    with pytest.raises(DataError):
        judge(TOWN, asking, A)


def test_who_may_serve_is_judged_even_where_the_policy_does_not_say() -> None:
    v = by_hand(moved(A, "T1-01", "H7", "tcm"), without=("SH-4",))
    assert rules_of(v) == ["SH-4"]


# Files as planners make them

HEADERS = {"layer": "层", "unit_id": "单元编号", "district_id": "区编号", "people": "人口", "hospital_id": "医院编号", "minutes": "分钟"}  # fmt: skip
HOSPITAL_NAMES = dict(zip(TOWN.hospitals["hospital_id"], TOWN.hospitals["name"], strict=True))
UNIT_NAMES = dict(zip(TOWN.units["unit_id"], TOWN.units["name"], strict=True))
CHINESE_LAYERS = {"general": "综合", "tcm": "中医"}
ONE_LAYER = SHANGHAI.with_rule(Candidates(exempt=()))
Sheets = dict[str, list[list[Any]]]


def excel(path: Path, sheets: Sheets, merged: tuple[str, ...] = ()) -> Path:
    """A real workbook; `merged` cells are of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for block in merged:
        book.worksheets[0].merge_cells(block)
    book.save(path)
    return path


def listed(frame: pd.DataFrame, headers: dict[str, str] = HEADERS) -> list[list[Any]]:
    """A table as rows of cells, under Chinese headers."""
    return [[headers[c] for c in frame.columns], *frame.astype(object).to_numpy().tolist()]


def judged(path: Path, p: Policy = SHANGHAI, sheet: str | None = None) -> Verdict:
    return judge(TOWN, p, read_assignment(path, sheet))


def codes(v: Verdict) -> list[str]:
    return [note.code for note in v.notes]


def test_chinese_headers_and_words_are_read_from_excel_and_from_gbk(tmp_path: Path) -> None:
    frame = A.assign(layer=A["layer"].map(CHINESE_LAYERS))
    book = excel(tmp_path / "方案.xlsx", {"Sheet1": [["2025 年结对方案（手工调整）"], [], *listed(frame)]})
    frame.rename(columns=HEADERS).to_csv(tmp_path / "方案.csv", index=False, encoding="gbk")
    for path in (book, tmp_path / "方案.csv"):
        v = judged(path)
        assert v.kept, v.report()
    assert judged(book).notes == ()


def test_the_workbook_of_a_plan_is_judged_as_it_was_saved(tmp_path: Path) -> None:
    write_workbook(good(), tmp_path / "plan.xlsx")
    v = judged(tmp_path / "plan.xlsx")
    assert v.kept and codes(v) == ["sheet-chosen"]
    assert "'分配 Assignment' was read" in v.report("en") and "读取了“分配 Assignment”" in v.report("zh")


def test_names_stand_for_ids_and_are_noted(tmp_path: Path) -> None:
    frame = A[["layer", "unit_id", "hospital_id"]].assign(
        unit_id=A["unit_id"].map(UNIT_NAMES), hospital_id=A["hospital_id"].map(HOSPITAL_NAMES)
    )
    path = excel(
        tmp_path / "n.xlsx",
        {"s": listed(frame, {"layer": "层", "unit_id": "街道", "hospital_id": "合作医院"})},
    )
    v = judged(path)
    assert v.kept and codes(v) == ["names-for-ids"] * 2
    assert "24 row(s) name the hospital" in v.report("en") and "市第一医院 → H1" in v.report("zh")
    labels = frame.assign(hospital_id=[f"{HOSPITAL_NAMES[h]}（{h}）" for h in A["hospital_id"]])
    assert judge(TOWN, SHANGHAI, labels).kept


def test_a_name_that_two_have_is_refused_with_their_ids() -> None:
    hospitals = TOWN.hospitals.assign(
        name=["人民医院" if h in ("H1", "H6") else n for h, n in HOSPITAL_NAMES.items()]
    )
    frame = cell(A, 2, "hospital_id", "人民医院")
    v = judge(TOWN.with_tables(hospitals=hospitals), SHANGHAI, frame)
    named = [b for b in v.breaches if b.rule == "SH-4"]
    assert [b.rows for b in named] == [(2,)]
    assert "2 have that name (H1, H6); write the id" in named[0].line() and "请写编号" in named[0].line("zh")


def test_of_units_of_one_name_the_one_in_the_rows_district_is_meant() -> None:
    units = TOWN.units.assign(name=["镇中" if u in ("T1-01", "T2-01") else n for u, n in UNIT_NAMES.items()])
    region = TOWN.with_tables(units=units)
    assert judge(region, SHANGHAI, cell(A, 2, "unit_id", "镇中")).kept
    v = judge(region, SHANGHAI, cell(A, 2, "unit_id", "镇中").drop(columns="district_id"))
    assert sorted(rules_of(v)) == ["SH-1", "SH-1"] and "T1-01, T2-01" in v.report()


def test_a_name_beside_the_id_of_another_is_told() -> None:
    v = judge(TOWN, SHANGHAI, A.assign(hospital=A["hospital_id"].map(HOSPITAL_NAMES)))
    assert v.kept and v.notes == ()
    edited = cell(A.assign(hospital=A["hospital_id"].map(HOSPITAL_NAMES)), 2, "hospital", "市第三医院")
    v = judge(TOWN, SHANGHAI, edited)
    assert [place(b) for b in v.breaches] == [("FIGURES", "", "H1", "", (2,))]
    assert "市第三医院" in v.breaches[0].line("zh") and "the id was judged" in v.breaches[0].line("en")
    assert judge(
        TOWN, SHANGHAI, cell(edited, 2, "hospital", "市一院")
    ).kept  # an abbreviation is none of the others


@pytest.mark.parametrize("word", ["合计", "总 计：", "Total"])
def test_totals_and_remarks_are_left_out_with_a_note(word: str, tmp_path: Path) -> None:
    tail = [
        [word, None, None, 162000, None, None],
        [],
        [None, None, None, 81000],
        [None, "备注：手工调整"],
        ["", " "],
    ]
    v = judged(excel(tmp_path / "t.xlsx", {"s": [*listed(A), *tail]}))
    assert v.kept, v.report()
    assert codes(v)[0] == "total-row" and set(codes(v)[1:]) == {"remark-row", "remark"}
    assert "row 26" in v.report("en") and "备注" in v.report("zh")


def test_one_layer_need_not_be_said_and_two_must(tmp_path: Path) -> None:
    general = A[A["layer"] == "general"]
    assert judge(TOWN, ONE_LAYER, general.drop(columns="layer")).kept
    v = judged(excel(tmp_path / "o.xlsx", {"s": listed(cell(general, 5, "layer", None))}), ONE_LAYER)
    assert v.kept and codes(v) == ["layer-not-said"] and "1 row(s) name no layer" in v.report()
    with pytest.raises(DataError, match="layers are general, tcm") as refused:
        judge(TOWN, SHANGHAI, A.drop(columns="layer"))
    assert refused.value.which == ("layer",)
    blank = judge(TOWN, SHANGHAI, cell(A, 5, "layer", None))
    assert [(b.rule, b.rows) for b in blank.breaches] == [("SH-4", (5,)), ("SH-1", ())]


def test_people_under_a_header_in_another_unit_are_read_in_ours(tmp_path: Path) -> None:
    words = HEADERS | {"people": "人口（万人）"}
    v = judged(excel(tmp_path / "persons.xlsx", {"s": listed(A, words)}))
    assert not v.kept and {b.rule for b in v.breaches} == {"FIGURES"}
    assert "people printed 120000000, is 12000" in v.report("en")
    right = A.assign(people=A["people"].astype(float) / 10_000)
    assert judged(excel(tmp_path / "wan.xlsx", {"s": listed(right, words)})).kept


def test_ids_that_excel_made_numbers_of(tmp_path: Path) -> None:
    numbers = {u: 310101001 + n for n, u in enumerate(TOWN.units["unit_id"])}
    region = TOWN.with_tables(units=TOWN.units.assign(unit_id=[str(n) for n in numbers.values()]))
    frame = A.assign(unit_id=A["unit_id"].map(numbers))
    assert judge(region, SHANGHAI, frame.astype({"unit_id": float})).kept
    assert judge(region, SHANGHAI, read_assignment(excel(tmp_path / "i.xlsx", {"s": listed(frame)}))).kept
    frame.assign(unit_id=[f"{u}.0" for u in frame["unit_id"]]).to_csv(tmp_path / "i.csv", index=False)
    assert judge(region, SHANGHAI, read_assignment(tmp_path / "i.csv")).kept
    lost = judge(region, SHANGHAI, frame.assign(unit_id="3.1E+08"))
    assert "its last digits were lost in Excel" in lost.report() and "已被 Excel 丢失" in lost.report("zh")


def test_cells_merged_over_rows_stand_in_each_of_them(tmp_path: Path) -> None:
    rows = [[layer if n % 12 == 0 else None, *rest] for n, (layer, *rest) in enumerate(listed(A)[1:])]
    path = excel(tmp_path / "m.xlsx", {"s": [listed(A)[0], *rows]}, merged=("A2:A13", "A14:A25"))
    v = judged(path)
    assert v.kept, v.report()


def test_text_where_a_number_belongs_is_quoted_as_it_was_written(tmp_path: Path) -> None:
    frame = cell(cell(cell(A, 3, "people", "约1.2万"), 4, "people", None), 9, "minutes", "半小时")
    v = judged(excel(tmp_path / "w.xlsx", {"s": listed(frame)}))
    assert [b.line() for b in v.breaches] == [
        "FIGURES [general]: unit T1-02: people printed 约1.2万, is 12000 (row 3)",
        "FIGURES [general]: unit T1-03: people printed blank, is 10000 (row 4)",
        "FIGURES [general]: unit T2-04: minutes printed 半小时, is 2.0482 (row 9)",
    ]
    assert v.breaches[1].line("zh") == "FIGURES［综合］：单元 T1-03：人口写作 空，应为 10000（第 4 行）"


def test_the_sheet_is_chosen_by_its_headers_or_by_name(tmp_path: Path) -> None:
    sheets: Sheets = {"说明": [["手工方案"], ["单元", "备注"]], "第一稿": listed(A), "空": []}
    path = excel(tmp_path / "s.xlsx", sheets)
    v = judged(path)
    assert v.kept and "'第一稿' was read" in v.report()
    sheets["第二稿"] = listed(moved(A, "T1-01", "H3"))
    path = excel(tmp_path / "s.xlsx", sheets)
    with pytest.raises(DataError, match="which of the sheets 第一稿, 第二稿") as refused:
        judged(path)
    assert "--sheet" in refused.value.say("zh")
    assert judged(path, sheet="第一稿").kept and "SH-2" in rules_of(judged(path, sheet="第二稿"))
    with pytest.raises(DataError, match="no sheet '第三稿'") as refused:
        judged(path, sheet="第三稿")
    assert "第二稿" in refused.value.say("zh")


BAD_FILES: dict[str, tuple[bytes, str, str]] = {
    "old.xls": (b"\xd0\xcf\x11\xe0", "not read from files of this kind", "请存为 CSV 或 Excel"),
    "plan.pdf": (b"%PDF", "not read from files of this kind", "不支持这种文件"),
    "map.geojson": (b"{}", "not read from files of this kind", "不支持这种文件"),
    "fake.xlsx": (b"layer,unit_id", "not a readable Excel workbook", "不是可读的 Excel"),
    "zip.csv": (b"PK\x03\x04\x00\x00", "not a text file", "不是文本文件"),
    "empty.csv": (b"", "is empty", "是空的"),
    "pairs.csv": ("层,区编号,医院编号\n综合,T1,H1\n".encode(), "lacks columns: unit_id", "缺少列：unit_id"),
    "twice.csv": (b"layer,unit_id,unit_id,hospital_id\ngeneral,T1-01,T1-02,H1\n", "several columns called unit_id", "有多列都叫"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_judged_is_one_clear_message(name: str, tmp_path: Path) -> None:
    content, english, chinese = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_assignment(tmp_path / name)
    assert name in refused.value.say("en") and english in refused.value.say("en")
    assert name in refused.value.say("zh") and chinese in refused.value.say("zh")


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file gone\.csv"):
        read_assignment(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="is a folder") as refused:
        read_assignment(tmp_path)
    assert "--plan" in refused.value.say("zh")
    with pytest.raises(DataError, match="empty"):
        read_assignment(excel(tmp_path / "e.xlsx", {"s": []}))


def test_no_hospital_is_guessed_that_only_has_another_number() -> None:
    v = judge(TOWN, SHANGHAI, cell(cell(A, 2, "hospital_id", "市第六医院"), 3, "hospital_id", "市第二医院院"))
    said = [b.what.en for b in v.breaches if b.rule == "SH-4"]
    assert "did you mean" not in said[1] + said[0] or "did you mean '市第二医院'" in said[0] + said[1]
    assert sum("did you mean" in s for s in said) == 1


def test_a_part_of_one_name_only_is_a_guess_but_not_read() -> None:
    hospitals = TOWN.hospitals.assign(
        name=["大学附属仁济医院" if h == "H2" else n for h, n in HOSPITAL_NAMES.items()]
    )
    v = judge(TOWN.with_tables(hospitals=hospitals), SHANGHAI, cell(A, 3, "hospital_id", "仁济医院"))
    (told,) = [b for b in v.breaches if b.rule == "SH-4"]
    assert (
        "did you mean 大学附属仁济医院 (H2)?" in told.line()
        and "是否指 大学附属仁济医院 (H2)" in told.line("zh")
    )
    several = judge(TOWN, SHANGHAI, cell(A, 3, "hospital_id", "市第"))
    assert "did you mean" not in several.report()


def test_the_nearest_plan_understands_the_same_file(tmp_path: Path) -> None:
    frame = moved(A, "T1-01", "H3").assign(layer=A["layer"].map(CHINESE_LAYERS))
    path = excel(tmp_path / "near.xlsx", {"s": [*listed(frame), ["合计"]]})
    near = repair(TOWN, SHANGHAI, read_assignment(path))
    assert near.units == 1 and near.changes["before"].tolist() == ["H3"]


@given(st.sampled_from([c for c in A.columns if c != "layer"]), st.integers(2, 25), st.text(max_size=8))
@settings(max_examples=40)
def test_whatever_stands_in_a_cell_there_is_a_verdict(column: str, row: int, text: str) -> None:
    v = judge(TOWN, SHANGHAI, cell(A, row, column, text))
    for breach in v.breaches:
        assert breach.line("en") and breach.line("zh")
    assert all(note.line("zh") for note in v.notes)

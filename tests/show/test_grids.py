"""Grids on the map, in the report and in the workbook; whoever leads, no name ever runs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import gridplan as gp
from gridplan.plans.plan import Plan
from gridplan.policies.rules import CountyCommunities, GridLeads, NoProvincialLeads, WillingPrivate
from gridplan.show.map.draw_map import draw
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.words import GRID_WORDS, WORDS
from gridplan.show.workbook.workbook import write_workbook
from tests.plans.gridtown import GOOD, grid_plan, grid_policy, grid_town, island
from tests.show.handmade import HOSTILE, drawn
from tests.show.test_map import read
from tests.show.test_report import Words

if TYPE_CHECKING:
    from tests.conftest import Browser

MUNICIPAL = GridLeads(tiers=("district", "municipal"))


@cache
def both() -> Plan:
    return grid_plan(grid_town(), gp.policy("shanghai-2025-grids").with_rule(MUNICIPAL), GOOD)


@cache
def alone() -> Plan:
    """Grids alone; the north runs a county consortium and is left out."""
    here = {u: h for u, h in GOOD.items() if not u.startswith("T3")}
    return grid_plan(grid_town(T3="county"), grid_policy(WillingPrivate(), NoProvincialLeads()), here)


def hostile(text: str, rules: gp.Policy | None = None) -> Plan:
    """Every name of the region is `text`, so those of leads and members too."""
    town = grid_town(T3="county")
    named = {
        table: getattr(town, table).assign(name=text)
        for table in ("districts", "units", "hospitals", "branches")
    }
    for table in ("districts", "hospitals"):
        named[table] = named[table].assign(name_en=text)
    town = replace(town.with_tables(**named), name=text, title=text)
    here = {u: h for u, h in GOOD.items() if not u.startswith("T3")}
    return grid_plan(town, rules or grid_policy(WillingPrivate()), here)


def show(browser: Browser, plan: Plan, folder: Path) -> Any:
    browser.open(drawn(plan).save(folder / "map.html"))
    return browser.driver


def choose(driver: Any, n: int) -> None:
    driver.execute_script(f"document.querySelectorAll('input[name=layer]')[{n}].click()")


def test_the_layer_of_grids_is_switched_to_and_says_who_leads(browser: Browser, tmp_path: Path) -> None:
    plan = both()
    driver = show(browser, plan, tmp_path)
    choose(driver, 2)
    names = [e.text for e in driver.find_elements("css selector", ".partner .name")]
    assert names == ["市第二医院", "市第一医院", "东区人民医院", "北县人民医院", "市第三医院"]  # by residents
    side = driver.find_element("css selector", "#side").get_attribute("textContent")
    assert "网格牵头医院" in side and "2单元" in side and "结对关系" not in side
    assert driver.execute_script("return geo_json_pairs_2.getLayers().length") == 0
    assert driver.execute_script("return feature_group_candidates_2.getLayers().length") == 6  # V1 is willing
    assert driver.execute_script("return feature_group_candidates_0.getLayers().length") == 3
    assert driver.execute_script("return feature_group_others_2.getLayers().length") == 8
    colours = driver.execute_script(
        "return allUnits.map((n) => groups.find((g) => g.members.includes(n)).colour)"
    )
    rows = plan.to_frame("grid").set_index("unit_id")["hospital_id"]
    of = dict(zip(plan.region.units["unit_id"], colours, strict=True))
    assert all((of[a] == of[b]) == (rows[a] == rows[b]) for a in GOOD for b in ("T1-01", "T2-01", "T1-02"))
    assert browser.errors() == [] and browser.outside() == []


def test_a_unit_says_its_partners_and_its_grid_lead(browser: Browser, tmp_path: Path) -> None:
    plan = both()
    driver = show(browser, plan, tmp_path)
    for n, unit in enumerate(plan.region.units["unit_id"]):
        said = read(driver, "units", n)
        for row in plan.to_frame()[lambda f, u=unit: f["unit_id"] == u].itertuples():
            assert row.hospital in said and f"{row.minutes:.1f}" in said
        assert "网格 · 牵头医院" in said and "综合 · 合作医院" in said
    east = read(driver, "districts", 1)
    assert all(fact in east for fact in ("城市医疗集团", "东区人民医院", "14,000", "上限"))
    partner = read(driver, "feature_group_candidates_0", 0)
    assert "网格中的角色" in partner and "grid lead" in partner
    choose(driver, 2)
    assert "2 单元" in read(driver, "feature_group_candidates_2", 0)
    municipal = plan.region.hospitals["hospital_id"].tolist().index("H4")
    other = driver.execute_script(
        f"return hospitalPopup({municipal}).textContent"
    )  # fmt: skip
    assert "技术支持单位" in other and "不可牵头" in other


def test_grids_alone_are_a_map_of_one_layer(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, alone(), tmp_path)
    assert "网格布局方案" in driver.find_element("css selector", "h1").text
    assert len(driver.find_elements("css selector", "input[name=layer]")) == 1
    facts = driver.find_element("css selector", "#head .facts").text
    assert "不划网格" in facts and "北县" in facts
    north = read(driver, "units", 8)
    assert "不划网格：县域医共体" in north
    district = read(driver, "districts", 2)
    assert "不划网格：县域医共体" in district and "上限" not in district
    assert browser.errors() == [] and browser.outside() == []


def test_no_name_of_a_lead_or_member_ever_runs(browser: Browser, tmp_path: Path) -> None:
    for text in HOSTILE[:5]:  # all of them are tried on the fields that both kinds of plans have
        plan = hostile(text)
        driver = show(browser, plan, tmp_path)
        for layer, n in (("units", 0), ("districts", 2), ("feature_group_candidates_0", 0)):
            assert text in read(driver, layer, n), layer
        driver.execute_script("document.querySelector('input[name=others]').click()")
        assert text in driver.execute_script("return hospitalPopup(3).textContent")
        assert driver.execute_script("return document.body.textContent").count(text) > 15, text
        assert driver.execute_script("return window.__ran") is None, text
        (tmp_path / "report.html").write_text(report(plan, drawn_areas(plan.region)), encoding="utf-8")
        browser.open(tmp_path / "report.html")
        assert driver.execute_script("return window.__ran") is None, text
    assert browser.outside() == []
    assert browser.errors() == []


def test_words_of_grids_stand_in_for_words_of_partners() -> None:
    assert set(GRID_WORDS) <= set(WORDS)


def written(plan: Plan) -> str:
    return Words(report(plan, drawn_areas(plan.region))).text


def test_the_report_tells_the_grids_their_members_and_what_is_left_out() -> None:
    words = written(alone())
    table = gp.grids(alone())
    for fact in (
        "网格布局方案", "东区人民医院", "14,000", "+7.7%", "县域医共体", "北县 (T3)", "省人民医院", "中区康宁医院", "ZJ-7",
        "牵头医院分钟", "军队总医院",
    ):  # fmt: skip
        assert fact in words, fact
    assert all(f"{people:,}" in words for people in table["people"])
    assert "优先级 " not in words and "与现状相比" not in words  # no partners, no changes
    beside = written(both())
    assert "结对及网格布局方案" in beside and "SH-8" in beside and "与现状相比" in beside


def test_the_report_names_units_on_islands() -> None:
    plan = grid_plan(island(grid_town()), grid_policy(), GOOD)
    assert "第12街道 (T3-04)" in written(plan) and "links" in written(plan)


def sheet_of(book: openpyxl.Workbook, name: str) -> dict[str, list]:
    heads = [str(cell.value).split("\n")[-1] for cell in book[name][1]]
    return {head: [row[n].value for row in book[name].iter_rows(min_row=2)] for n, head in enumerate(heads)}


def test_the_workbook_has_a_sheet_of_grids_and_one_of_members(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(both(), tmp_path / "plan.xlsx"))
    assert book.sheetnames[1:6] == [
        "现状与方案 Before and after",
        "结对 Pairs",
        "变更 Changes",
        "网格 Grids",
        "成员单位 Members",
    ]
    grids, members = sheet_of(book, "网格 Grids"), sheet_of(book, "成员单位 Members")
    table = gp.grids(both())
    assert grids["grid lead id"] == table["hospital_id"].tolist()
    assert grids["residents"] == table["people"].tolist()
    assert grids["off the fair part"] == pytest.approx(table["deviation"].tolist())
    assert members["hospital id"] == gp.members(both())["hospital_id"].tolist()
    assert "技术支持单位 technical supporter" in members["role"]
    pairs = sheet_of(book, "结对 Pairs")
    assert "网格 grid" not in pairs["layer"] and len(pairs["layer"]) == 10
    units = sheet_of(book, "分配 Assignment")
    assert len(units["layer"]) == 36 and units["priority"][-1] is None


def test_the_workbook_of_grids_alone_has_no_pairs(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(alone(), tmp_path / "plan.xlsx"))
    assert book.sheetnames[1:4] == ["网格 Grids", "成员单位 Members", "分配 Assignment"]
    summary = sheet_of(book, "概要 Summary")
    said = dict(zip(summary["item"], summary["value"], strict=True))
    assert said["网格：网格数 grid: grids"] == 4
    assert said["网格：不划网格（县域医共体） grid: left out (county consortium)"] == "北县 (T3)"
    for text in HOSTILE[:8]:
        hostile_book = openpyxl.load_workbook(write_workbook(hostile(text), tmp_path / "plan.xlsx"))
        cells = [cell for sheet in hostile_book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in cells)


@pytest.mark.parametrize("make", [both, alone])
def test_it_is_saved_and_opens_again_as_the_same_map(make, tmp_path: Path) -> None:
    out = gp.save(make(), tmp_path / "out")
    again = gp.open_plan(out)
    assert gp.verify(again).kept
    assert (out / "map.html").read_text(encoding="utf-8") == draw(again).html == draw(make()).html


def test_a_county_community_is_named_as_its_form() -> None:
    plan = grid_plan(grid_town(T3="county"), grid_policy(CountyCommunities()), GOOD)
    assert "县域医疗共同体" in written(plan) and "县域医疗共同体" in draw(plan).html

"""The frame around the map, in Chromium with the network off: title block, search, cards, legend, inset."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import gridplan as gp
from gridplan.inputs.sample import tiny_town
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Capacity
from gridplan.show.report.report import report as report_of
from gridplan.show.shared.areas import drawn_areas
from gridplan.words.vocabulary import LAYERS
from tests.sample import sample_plan
from tests.show.handmade import drawn, plan_with_warning, town_plan

if TYPE_CHECKING:
    from tests.conftest import Browser

ROOT = Path(__file__).resolve().parent.parent.parent
ENTER, ESCAPE, DOWN, UP = "\ue007", "\ue00c", "\ue015", "\ue013"


@cache
def dated_plan() -> Plan:
    """tiny_town planned by hand, its data dated and its sources told in both languages."""
    sources = ("人口：普查 / Residents: census", "roads, a survey")
    region = replace(tiny_town(), data_date="2024-12-31", map_approval="沪S(2024)001号", sources=sources)
    return town_plan(region)


def show(browser: Browser, plan: Plan, folder: Path) -> Any:
    browser.open(drawn(plan).save(folder / "map.html"))
    return browser.driver


def card(driver: Any) -> str:
    """The text of the card that is open; one that is still fading away is none."""
    return driver.execute_script(
        "const card = map._popup; return card && card.isOpen() ? "
        "card.getElement().querySelector('.leaflet-popup-content').textContent : ''"
    )


def find(driver: Any, text: str) -> list[str]:
    """What the search lists for a text."""
    box = driver.find_element("css selector", "#find")
    box.clear()
    box.send_keys(text)
    return [row.text for row in driver.find_elements("css selector", "#found [role=option]")]


# --- Title block -------------------------------------------------------------------------------------------------


def test_the_title_block_says_plan_policy_outcome_dates_and_sources(browser: Browser, tmp_path: Path) -> None:
    plan = dated_plan()
    driver = show(browser, plan, tmp_path)
    head, foot = (
        driver.find_element("css selector", place).get_attribute("textContent")
        for place in ("#head", "#foot")
    )
    for fact in (
        plan.policy.title.zh,
        plan.policy.title.en,
        plan.policy.source,
        plan.outcome.zh,
        "没有更好的方案",
    ):
        assert fact in head
    for fact in (
        "数据截至：2024-12-31",
        "Date of data: 2024-12-31",
        "审图号：沪S(2024)001号",
        "人口：普查",
        "Residents: census",
    ):
        assert fact in foot
    report = report_of(plan, drawn_areas(plan.region))
    assert "数据截至：2024-12-31" in report and "审图号：沪S(2024)001号" in report
    assert browser.errors() == []


def test_no_figure_is_in_person_minutes(browser: Browser, tmp_path: Path) -> None:
    """A sum of 500 million person-minutes says nothing to anybody: it is told per resident."""
    plan = plan_with_warning()
    driver = show(browser, plan, tmp_path)
    body = driver.find_element("css selector", "body").get_attribute("textContent")
    assert "person-minutes" not in body and "人·分钟" not in body
    people = plan.region.units["people"].sum()
    assert f"{plan.layer('general').value / people:.1f}" in body


# --- Search ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("中医", "市中医院"),
        ("tcm", "市中医院"),
        ("H4", "市中医院"),
        ("szyy", "市中医院"),
        ("shizhongyi", "市中医院"),
        ("beixian", "北县"),
        ("T1-03", "T1-03"),
    ],
)
def test_places_are_found_however_they_are_typed(
    browser: Browser, tmp_path: Path, typed: str, first: str
) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    assert first in find(driver, typed)[0]
    driver.find_element("css selector", "#find").send_keys(ENTER)
    assert first in card(driver)


def test_the_search_is_driven_by_keys_and_says_what_it_does(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    driver.find_element("css selector", "body").send_keys("/")
    box = driver.switch_to.active_element
    assert box.get_attribute("id") == "find" and box.get_attribute("value") == ""
    assert box.get_attribute("role") == "combobox" and box.get_attribute("aria-expanded") == "false"
    names = find(driver, "院")
    assert len(names) > 3 and box.get_attribute("aria-expanded") == "true"
    chosen = "return [...document.querySelectorAll('#found [role=option]')].findIndex((o) => o.ariaSelected === 'true')"
    places = []
    for key in ("", DOWN, DOWN, UP):
        box.send_keys(key)
        places.append(driver.execute_script(chosen))
        assert box.get_attribute("aria-activedescendant") == f"found-{places[-1]}"
    assert places == [0, 1, 2, 1]
    assert re.search(r"\d", driver.find_element("css selector", "#live").get_attribute("textContent"))
    box.send_keys(ESCAPE)
    assert box.get_attribute("aria-expanded") == "false" and card(driver) == ""
    assert find(driver, "zzzz") == []
    assert "未找到" in driver.find_element("css selector", "#live").get_attribute("textContent")
    assert browser.errors() == []


def test_a_hospital_of_another_layer_is_found_and_its_layer_shown(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    assert driver.execute_script("return state.layer") == 0
    find(driver, "市中医院")
    driver.find_element("css selector", "#find").send_keys(ENTER)
    assert driver.execute_script("return sheet.layers[state.layer].name[0]") == LAYERS["tcm"].zh
    assert "市中医院" in card(driver)
    assert "市中医院" in driver.find_element("css selector", "#live").get_attribute("textContent")


# --- Cards -------------------------------------------------------------------------------------------------------


def test_a_unit_says_who_would_be_next_as_the_explanation_does(browser: Browser, tmp_path: Path) -> None:
    plan = plan_with_warning()
    driver = show(browser, plan, tmp_path)
    for n, unit in enumerate(plan.region.units["unit_id"].iloc[:6]):
        told = gp.explain(plan, unit=unit, seconds=0.2).table
        told = told[(told["layer"] == "general") & np.isfinite(told["minutes"])]
        mine = told[told["chosen"] == 1].iloc[0]
        barred = told["rule"].str.contains("SH-6|BAN|STANDARD|SH-1", regex=True)
        best = told[(told["chosen"] == 0) & ~barred].sort_values(["difference", "minutes"]).iloc[0]
        driver.execute_script(f"openUnit({n})")
        more = best["minutes"] - mine["minutes"]
        text = card(driver)
        name = plan.region.hospitals.set_index("hospital_id")["name"][best["hospital_id"]]
        assert f"{name}" in text and f"{'−' if more < 0 else '+'}{abs(more):.1f}" in text, unit
        if best["rule"]:
            assert best["rule"] in text


def test_a_hospital_says_its_load_against_its_capacity(browser: Browser, tmp_path: Path) -> None:
    plan = plan_with_warning()
    plan = replace(plan, policy=plan.policy.with_rule(Capacity()))
    driver = show(browser, plan, tmp_path)
    find(driver, "H1")
    driver.find_element("css selector", "#find").send_keys(ENTER)
    served = plan.pairs.loc[(plan.pairs["hospital_id"] == "H1"), "people"].sum()
    assert f"{served:,} / 60,000  ({round(100 * served / 60000)} %)" in card(driver)
    assert "3 · 上限 of at most 3" in card(driver)


def test_a_district_says_its_partners_its_cap_and_its_main_supporter(
    browser: Browser, tmp_path: Path
) -> None:
    plan = plan_with_warning()
    driver = show(browser, plan, tmp_path)
    pairs = plan.pairs_frame()
    for n, district in enumerate(plan.region.districts["district_id"]):
        mine = pairs[pairs["district_id"] == district]
        driver.execute_script(f"openDistrict({n})")
        text = card(driver)
        assert all(name in text for name in mine["hospital"])
        assert f"{int(mine['counted'].sum())} · 上限 of at most 2" in text
        supporter = mine.loc[mine["main"] == 1, "hospital"].iloc[0]
        marked = driver.execute_script(
            "return [...map._popup.getElement().querySelectorAll('.main')].map((one) => one.parentNode.textContent)"
        )
        assert len(marked) == 1 and marked[0].startswith(supporter)


# --- Legend, inset -----------------------------------------------------------------------------------------------


def test_the_legend_tells_what_is_shown_and_no_more(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    legend = "return document.getElementById('panel').textContent"
    assert "规划院区" in driver.execute_script(legend)
    driver.execute_script("document.querySelector('input[name=branches]').click()")
    assert "已开放的院区" not in driver.execute_script(legend)
    driver.execute_script("document.querySelector('input[name=pairs]').click()")
    assert driver.execute_script("return document.querySelectorAll('#panel .key line').length") == 0


@pytest.mark.parametrize("size", [(1600, 900), (1440, 900), (1280, 720)])
def test_the_legend_is_above_the_fold(browser: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
    )
    driver = show(browser, sample_plan(), tmp_path)
    hidden = (
        "const box = document.querySelector('.painted').getBoundingClientRect();"
        "return [...document.querySelectorAll('.partner, .toggle')].filter((one) => { const b = one.getBoundingClientRect();"
        "return b.bottom > innerHeight || (one.matches('.partner') && b.bottom > box.bottom + 6); }).length"
    )
    assert driver.execute_script(hidden) == 0
    assert driver.execute_script("return document.documentElement.scrollHeight <= innerHeight")


def test_today_and_plan_fold_out_of_a_line_and_the_legend_stays_in_sight(
    browser: Browser, tmp_path: Path
) -> None:
    """On a phone too, where the page scrolls: the legend is on the first screen below the map's."""
    plan = sample_plan()
    told = gp.measures.against_today(plan)
    city = told[(told["district_id"] == "") & (told["layer"] == plan.layers[0].layer)].iloc[0]
    for width, height in ((1440, 900), (390, 844)):
        browser.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        driver = show(browser, plan, tmp_path)
        line = driver.find_element("css selector", ".today summary")
        assert f"{city.minutes_today:.1f} → {city.minutes_same:.1f}" in line.text
        first = driver.find_element("css selector", ".partner").rect["y"]
        line.click()
        rows = driver.find_elements("css selector", ".before tbody tr")
        assert len(rows) == 1 + len(plan.region.districts)
        assert driver.find_element("css selector", ".partner").rect["y"] == first
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.errors() == []


def test_an_inset_names_the_central_districts_until_the_map_does(browser: Browser, tmp_path: Path) -> None:
    plan = sample_plan()
    driver = show(browser, plan, tmp_path)
    named = "return [...document.querySelectorAll('#inset .tag:not(.crowded)')].map((tag) => tag.textContent)"
    districts = plan.region.districts
    central = set(districts.loc[districts["kind"] == "central", "name"])
    assert central <= set(driver.execute_script(named))
    overlapping = (
        "const boxes = [...document.querySelectorAll('#inset .tag:not(.crowded) div, #inset .dot > div')].map((n) => "
        "n.getBoundingClientRect()); let n = 0; boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => { if (a.left < b.right - 4 "
        "&& b.left < a.right - 4 && a.top < b.bottom - 4 && b.top < a.bottom - 4) n += 1; })); return n"
    )
    dots = driver.execute_script("return document.querySelectorAll('#inset .dot').length")
    assert (
        dots > 3 and driver.execute_script(overlapping) <= dots
    )  # hospitals may touch, names may not cover them
    driver.execute_script("map.setView(L.latLngBounds(centre).getCenter(), 12, { animate: false })")
    assert not driver.find_element("css selector", "#inset").is_displayed()
    assert browser.errors() == []


def test_every_catchment_has_its_number_where_there_is_room(browser: Browser, tmp_path: Path) -> None:
    """Numbers step aside for names: at city scale few may be hidden, and none that shows lies under a name."""
    driver = show(browser, sample_plan(), tmp_path)
    count = "return document.querySelectorAll('.folium-map > .leaflet-pane .badge{}').length"
    all_of_them, hidden = (driver.execute_script(count.format(which)) for which in ("", ".crowded"))
    assert hidden < all_of_them / 2


@pytest.mark.parametrize("paint", ["minutes", "load"])
def test_the_legend_says_the_classes_that_units_are_painted_by(
    browser: Browser, tmp_path: Path, paint: str
) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    driver.find_element("css selector", f"input[name=paint][value={paint}]").click()
    said = driver.execute_script(
        "return [...document.querySelectorAll('.classes li')].map((row) => [row.firstChild.style.backgroundColor, row.textContent])"
    )
    heads = {
        label.text.split()[0] for label in driver.find_elements("css selector", ".paints label, .painted h2")
    }
    assert "出行分钟" in heads and not any(
        "承载能力" in head for head in heads
    )  # no hospital states a capacity
    rows = driver.execute_script(f"return legendOf('{paint}')")
    assert len(said) == len(rows) > 3
    assert all(row["zh"] in text and row["en"] in text for row, (_, text) in zip(rows, said, strict=True))
    assert driver.execute_script("return document.activeElement.value") == paint
    driver.execute_script("document.querySelector('input[name=units]').click()")
    assert driver.execute_script("return document.querySelectorAll('.classes li').length") == 0
    assert browser.errors() == []


# --- Those who do not see ----------------------------------------------------------------------------------------


def test_the_page_has_landmarks_names_and_an_alternative(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, plan_with_warning(), tmp_path)
    for landmark in ("header", "main", "aside", "footer", "[role=search]"):
        assert len(driver.find_elements("css selector", landmark)) == 1
    board = driver.find_element("css selector", "#map_plan")
    assert board.get_attribute("tabindex") == "0" and board.get_attribute("aria-label")
    described = driver.find_element("id", board.get_attribute("aria-describedby"))
    assert "3 个区、12 个单元" in described.get_attribute("textContent")
    nameless = (
        "return [...document.querySelectorAll('button, input, select, [role=listbox], [tabindex=\"0\"]')].filter((one) => "
        "!(one.ariaLabel || one.textContent.trim() || one.closest('label') || one.title)).map((one) => one.outerHTML)"
    )
    assert driver.execute_script(nameless) == []
    skip = driver.find_element("css selector", "#skip")
    assert skip.get_attribute("href").endswith("#map_plan") and skip.get_attribute("textContent")

"""Names of 400 characters, names that turn the writing, two hospitals of one name: on every page, in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import gridplan as gp
from gridplan.show.difference.difference import draw_difference
from gridplan.show.map.draw_map import draw
from gridplan.show.programme.programme_report import programme_report
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from tests.programme.town import plan as programme_plan
from tests.programme.town import region as programme_region

if TYPE_CHECKING:
    from tests.conftest import Browser

WIDTHS = (1280, 760)
TURNED = "\u202e院医一第市"


def longer(names: pd.Series) -> list[str]:
    """By turns one word of 400 letters, 400 Chinese characters, a name that turns the writing."""
    kinds = ("W" * 390, "长" * 390, TURNED)
    return [f"{name} {kinds[n % 3]}" for n, name in enumerate(names)]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    town = programme_region()
    named = {
        table: getattr(town, table).assign(name=longer(getattr(town, table)["name"]))
        for table in ("districts", "units", "hospitals", "branches")
    }
    hospitals = named["hospitals"]
    same = hospitals["hospital_id"].isin(["H1", "H2"])
    named["hospitals"] = hospitals.assign(name=hospitals["name"].where(~same, "同名医院"))
    town = town.with_tables(**named)
    plan = gp.plan(town, programme_plan().policy)
    other = gp.plan(town, plan.policy.with_rule(gp.rules.DistrictCap(1)))
    folder = tmp_path_factory.mktemp("pages")
    made = {name: folder / f"{name}.html" for name in ("map", "report", "difference", "programme")}
    draw(plan).save(made["map"])
    draw_difference(plan, other).save(made["difference"])
    made["report"].write_text(report(plan, drawn_areas(town)), encoding="utf-8")
    made["programme"].write_text(programme_report(gp.programme(plan)), encoding="utf-8")
    return made


def beyond(driver: Any) -> list[Any]:
    """How wide the page is, where it is wider than the window, and what reaches furthest beyond it."""
    return driver.execute_script(
        "const root = document.scrollingElement, room = root.clientWidth;"
        "if (root.scrollWidth <= room + 1) return [];"
        "const far = [...document.body.querySelectorAll('*')].map((one) => [Math.round(one.getBoundingClientRect().right),"
        "  one.tagName + '.' + one.className + ' in ' + one.parentElement.className + ': ' + one.textContent.slice(0, 30)]);"
        "return [root.scrollWidth, room, far.sort((a, b) => b[0] - a[0]).slice(0, 5)]"
    )


@pytest.mark.parametrize("name", ["map", "report", "difference", "programme"])
def test_no_name_widens_a_page(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    for width in WIDTHS:
        browser.driver.set_window_size(width, 900)
        browser.open(pages[name])
        assert beyond(browser.driver) == []
    browser.driver.set_window_size(1280, 900)
    assert browser.errors() == []


@pytest.mark.parametrize("name", ["map", "difference"])
def test_cards_stay_narrow_and_names_are_kept_to_themselves(
    name: str, browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages[name])
    opened = {
        "map": "openCard(unitPopup(0), map.getCenter())",
        "difference": "openCard(boards[1], unitCard(0), boards[1].getCenter())",
    }
    browser.driver.execute_script(opened[name])
    card = browser.driver.find_element("css selector", ".leaflet-popup")
    assert card.size["width"] < 480
    turned = browser.driver.execute_script(
        "const loose = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
        "while (walk.nextNode()) { const one = walk.currentNode.parentElement;"
        "  if (!walk.currentNode.data.includes('\\u202e') || !one || one.closest('script, #live, .unseen')) continue;"
        "  let near = one; while (near && getComputedStyle(near).unicodeBidi !== 'isolate') near = near.parentElement;"
        "  if (!near || near === document.body || near === document.documentElement) loose.push(one.outerHTML.slice(0, 120)); }"
        "return loose"
    )
    assert turned == []


@pytest.mark.parametrize("name", ["map", "report", "difference", "programme"])
def test_two_hospitals_of_one_name_are_told_apart(name: str, pages: dict[str, Path]) -> None:
    text = pages[name].read_text(encoding="utf-8")
    assert "同名医院·" in text

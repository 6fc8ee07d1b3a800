"""Every tab of the page and every slide: read by axe, wide and on a phone, nothing too small to be hit, nothing off the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gridplan as gp
from tests.desk.test_in_browser import SMALL, TARGET
from tests.show.table.driving import opened, until
from tests.show.test_axe import SIZES, violations

if TYPE_CHECKING:
    from tests.conftest import Browser

TABS = ("district", "hospitals", "rules", "gains", "solve", "curve", "log")
SLIDES = 5
WIDTH = "return document.documentElement.scrollWidth"


@pytest.mark.parametrize("size", SIZES)
def test_every_tab_and_every_slide_can_be_read(
    size: str, browser: Browser, town: gp.Plan, tmp_path: Path
) -> None:
    driver, (width, height) = browser.driver, SIZES[size]
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    opened(browser, gp.table(town).save(tmp_path / "table.html"), tmp_path / "home")
    # broken rules, a locked pair, a closed hospital, a unit given by hand, a variant; solved again, a curve drawn
    driver.execute_script("desk.lock(0, 0, 2); desk.close(2, true); desk.keep('one'); solveAgain();")
    until(driver, "!solving.running")
    driver.execute_script("at('tab_curve').click(); at('draw_curve').click();")
    until(driver, "document.querySelector('svg.curve')")
    driver.execute_script("desk.pair(2, 0, false); desk.pair(2, 1, false); desk.give([0], 1); desk.select(0); at('save').open = true;")  # fmt: skip
    assert driver.execute_script("return desk.now.breaches.length") > 0
    for tab in TABS:
        driver.execute_script("at(arguments[0]).click()", f"tab_{tab}")
        assert violations(driver) == [], tab
        assert driver.execute_script(SMALL, TARGET) == [], tab
        assert driver.execute_script(WIDTH) <= width, tab
    for slide in range(SLIDES):
        driver.execute_script("present(arguments[0])", slide)
        assert violations(driver) == [], slide
        assert driver.execute_script(SMALL.replace("document.query", "at('slides').query"), TARGET) == []
        assert driver.execute_script("return at('slides').scrollTop") == 0, "a slide begins at its heading"
        assert driver.execute_script("return at('slides').scrollWidth") <= width
    assert driver.execute_script("return SLIDES.length") == SLIDES
    assert browser.errors() == []


def test_today_is_told_of_the_same_residents(browser: Browser, town: gp.Plan, tmp_path: Path) -> None:
    """As report and workbook do: of those who have a partner today; by district and in all."""
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), tmp_path / "home")
    table = gp.measures.against_today(town)
    for place, layer in enumerate(town.policy.partner_layers):
        told = driver.execute_script("return againstToday(desk.model.layers[arguments[0]], desk.now.layers[arguments[0]])", place)  # fmt: skip
        mine = table[table["layer"] == layer].set_index("district_id")
        for district, found in zip([*town.region.districts["district_id"], ""], [*told["district"], told], strict=True):  # fmt: skip
            row = mine.loc[district]
            if row["people"] == row["people_without"]:
                assert found["mean"] is None
                continue
            assert found["mean"] == pytest.approx(row["minutes_same"] - row["minutes_today"], abs=1e-4)
            assert found["beyond"] == row["beyond_same"] - row["beyond_today"]
        assert told["without"] == mine.loc[""]["people_without"]

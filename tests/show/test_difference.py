"""What changes between plans, as Chromium shows it with the network off: figures, maps that move as one, the divider."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gridplan as gp
from gridplan.plans.plan import Plan
from gridplan.show.difference.difference import draw_difference, draw_named
from gridplan.show.difference.difference_sheet import Named
from gridplan.show.map.draw_map import PlanMap
from gridplan.show.shared.areas import CELLS, drawn_areas
from gridplan.words.text import both
from tests.plans.gridtown import GOOD, grid_plan, grid_town
from tests.show.handmade import HOSTILE, PAIRS, hostile_plan, plan_of, town_plan
from tests.show.test_shapes import city

if TYPE_CHECKING:
    from tests.conftest import Browser

# T2 gives H1 up for H2, T3 gives H2 up.
OTHER = {**PAIRS, ("general", "T2"): {"H3": 1, "H2": 1}, ("general", "T3"): {"H1": 3}}
CARD = "document.querySelector('.leaflet-popup-content').textContent"
PIXELS = (
    "const c = boards[{}].getPane('shapes').querySelector('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
    "let sum = 0; for (let i = 0; i < d.length; i += 4) sum = (sum * 31 + d[i] + d[i + 1] * 3 + d[i + 2] * 7) % 1000003; return sum"
)


@cache
def before() -> Plan:
    return town_plan()


@cache
def after() -> Plan:
    plan = before()
    return plan_of(plan.region, OTHER, plan.travel, plan.policy)


@cache
def drawn_difference() -> PlanMap:
    return draw_difference(before(), after())


def show(browser: Browser, folder: Path) -> Any:
    browser.open(drawn_difference().save(folder / "difference.html"))
    return browser.driver


def choose(driver: Any, name: str, value: object) -> None:
    driver.execute_script(f"document.querySelector('input[name={name}][value=\"{value}\"]').click()")


def digits(text: str) -> list[str]:
    """The figures of a text, as they stand there."""
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def test_the_panel_says_what_the_tables_say(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, tmp_path)
    panel = driver.find_element("css selector", "#panel")
    text = panel.get_attribute("textContent")
    moved = before().to_frame("general").merge(after().to_frame("general"), on="unit_id")
    moved = moved[moved["hospital_id_x"] != moved["hospital_id_y"]]
    tiles = {
        e.get_attribute("class"): e.text.split("\n")[0]
        for e in driver.find_elements("css selector", ".tiles div")
    }
    assert tiles == {
        "moved": f"{moved['people_x'].sum():,}", "moved_units": str(len(moved)), "added": "1", "dropped": "2",
    }  # fmt: skip
    for plan in (before(), after()):
        rows = plan.to_frame("general")
        assert f"{(rows['people'] * rows['minutes']).sum() / rows['people'].sum():.2f}" in text
    rows = driver.find_elements("css selector", ".districts tbody tr")
    assert [row.get_attribute("data-district") for row in rows] == ["T2", "T3"]
    means = [gp.measures.mean_minutes(plan)["T3"] for plan in (before(), after())]
    assert digits(rows[1].text)[-3:] == ["10,000", *(f"{mean:.2f}" for mean in means)]
    added = driver.find_element("css selector", ".pairs.added li").text
    assert "东区" in added and "市第二医院" in added and "8,000" in added
    dropped = [e.text for e in driver.find_elements("css selector", ".pairs.dropped li")]
    assert len(dropped) == 2 and "北县" in dropped[1] and "市第二医院" in dropped[1]
    driver.execute_script("document.querySelector('input[name=all]').click()")
    assert len(driver.find_elements("css selector", ".districts tbody tr")) == 3
    assert browser.outside() == []
    assert browser.errors() == []


def test_what_moves_one_map_moves_the_other(browser: Browser, tmp_path: Path) -> None:
    """Apart by a pixel at most, since a map begins on a whole one."""
    driver = show(browser, tmp_path)
    apart = "const [a, b] = boards; return [a.getZoom() - b.getZoom(), a.project(a.getCenter()).distanceTo(a.project(b.getCenter()))]"

    def together() -> bool:
        zoom, pixels = driver.execute_script(apart)
        return zoom == 0 and pixels <= 1

    assert together()
    for n in (0, 1):
        there = f"return boards[{1 - n}].getCenter().lng"
        driver.execute_script(f"boards[{n}].setView([30.05, 120.1], 12.5, {{animate: false}})")
        first = driver.execute_script(there)
        assert together() and first == pytest.approx(120.1, abs=1e-3)
        driver.execute_script(f"boards[{n}].panBy([70, 40], {{animate: false}})")
        assert together() and driver.execute_script(there) > first + 0.01
        driver.execute_script(f"boards[{n}].setZoom(11, {{animate: false}})")
        assert together() and driver.execute_script(f"return boards[{1 - n}].getZoom()") == 11
    driver.find_element("css selector", "[data-layout=swipe]").click()
    driver.execute_script("boards[0].panBy([31, 17], {animate: false})")
    origin = "return boards.map((b) => b.latLngToContainerPoint([30, 120])).map((p) => [p.x, p.y])"
    here, over = driver.execute_script(origin)
    assert here == pytest.approx(over, abs=0.01)  # over each other: not a pixel apart
    driver.find_element("css selector", ".districts .link").click()
    assert together()
    assert driver.execute_script("return frameOf(shapes.districts, 1).contains(boards[0].getCenter())")


def test_the_divider_works_by_keyboard_and_by_hand(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, tmp_path)
    divider = driver.find_element("css selector", "#divider")
    assert not divider.is_displayed()
    driver.find_element("css selector", "[data-layout=swipe]").click()
    assert divider.is_displayed() and divider.get_attribute("aria-valuenow") == "50"
    wide = driver.execute_script("return boards.map((b) => b.getSize().x)")
    assert wide[0] == wide[1] == driver.execute_script("return pairBox.clientWidth")
    for key, value in [
        ("\ue014", "52"),
        ("\ue012", "50"),
        ("\ue00e", "60"),
        ("\ue011", "0"),
        ("\ue010", "100"),
        ("\ue00f", "90"),
    ]:
        divider.send_keys(key)
        assert divider.get_attribute("aria-valuenow") == value, key
    clip = "return getComputedStyle(document.getElementById('half_after')).clipPath"
    assert driver.execute_script(clip).startswith("inset(0") and "90%" in driver.execute_script(clip)
    from selenium.webdriver import ActionChains

    ActionChains(driver).click_and_hold(divider).move_by_offset(-300, 0).release().perform()
    assert 40 < int(divider.get_attribute("aria-valuenow")) < 70
    # what lies left of the divider belongs to the first map, what lies right of it to the second
    at = "const b = pairBox.getBoundingClientRect(); return document.elementFromPoint(b.x + b.width * {}, b.y + b.height / 2).closest('.half').id"
    assert [driver.execute_script(at.format(x)) for x in (0.2, 0.85)] == ["half_before", "half_after"]
    driver.find_element("css selector", "[data-layout=beside]").click()
    assert not divider.is_displayed()
    assert driver.execute_script("return boards[0].getSize().x") < wide[0]
    assert browser.errors() == []


def test_units_that_change_are_marked_and_say_so(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, tmp_path)
    then, now = (plan.to_frame("general").set_index("unit_id") for plan in (before(), after()))
    changed = driver.execute_script("return changed.units")
    ids = before().region.units["unit_id"]
    assert [ids[n] for n in changed] == [
        u for u in ids if then.loc[u, "hospital_id"] != now.loc[u, "hospital_id"]
    ]
    for n in (changed[0], 0):
        said = driver.execute_script(f"openUnit({n}); return {CARD}")
        for row in (then.loc[ids[n]], now.loc[ids[n]]):
            assert row["hospital"] in said and f"{row['minutes']:.1f}" in said
        assert ("原方案" in said) == (n in changed)
    driver.execute_script("map.closePopup(); map.setView(placeIn(shapes.units, 4), 13, {animate: false})")
    driver.find_element("css selector", "#map_after").send_keys("\ue007")  # Enter: what lies in the middle
    assert before().region.units["name"].iloc[4] in driver.execute_script(f"return {CARD}")
    same = driver.execute_script("return boards.map((b, n) => [...new Set(planOf(n).of_unit)].length)")
    assert same == [then["hospital_id"].nunique(), now["hospital_id"].nunique()]


def test_the_page_can_be_searched(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, tmp_path)
    box = driver.find_element("css selector", "#find")
    box.send_keys("H1")
    assert "H1" in driver.find_elements("css selector", "#found [role=option]")[0].text
    box.send_keys("\ue007")
    assert "H1" in driver.execute_script(f"return {CARD}")
    assert browser.errors() == []


def test_paints_and_layers_change_both_maps(browser: Browser, tmp_path: Path) -> None:
    driver = show(browser, tmp_path)
    frame = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
    pictures = []
    for paint in ("partner", "minutes", "change"):
        choose(driver, "paint", paint)
        driver.execute_async_script(frame)
        pictures.append(driver.execute_script(PIXELS.format(1)))
        shown = driver.find_element("css selector", "#map_before").is_displayed()
        assert shown == (paint != "change")
    assert len(set(pictures)) == 3
    legend = driver.find_element("css selector", "#panel > .classes").text
    assert (
        "改善" in legend
        and "变差" in legend
        and len(driver.find_elements("css selector", "#panel > .classes li")) == 7
    )
    classes = driver.execute_script("return changed.units.map((n) => [minutesMore(n), classesOf(1)[n]])")
    breaks = driver.execute_script("return sheet.ramps.change.breaks")
    assert all(n == sum(more > limit for limit in breaks) for more, n in classes)
    assert any(more > 1 for more, _ in classes)
    choose(driver, "paint", "partner")
    assert driver.find_element("css selector", "#map_before").is_displayed()
    choose(driver, "layer", 1)
    assert driver.execute_script("return changed.units.length") == 0
    assert driver.find_element("css selector", ".tiles .moved dd").text == "0"
    assert "市中医院" in driver.find_element("css selector", ".partner-classes").text
    driver.find_element("css selector", "#theme").click()
    assert browser.errors() == []


def test_grids_are_compared_too(browser: Browser, tmp_path: Path) -> None:
    town, rules = grid_town(), gp.policy("shanghai-2025-grids")
    moved = {**GOOD, "T1-01": next(h for h in GOOD.values() if h != GOOD["T1-01"])}
    plans = [grid_plan(town, rules, one) for one in (GOOD, moved)]
    browser.open(draw_difference(*plans).save(tmp_path / "grids.html"))
    grid = [layer.layer for layer in plans[0].layers].index("grid")
    if grid:
        choose(browser.driver, "layer", grid)
    people = town.units.set_index("unit_id").loc["T1-01", "people"]
    assert browser.driver.find_element("css selector", ".tiles .moved dd").text == f"{people:,.0f}"
    assert browser.errors() == []


def test_cells_have_the_same_borders_as_polygons(browser: Browser, tmp_path: Path) -> None:
    plan, areas = city(CELLS + 1, cells=True)
    assert areas.cells is not None
    rows = plan.assignment
    partners = sorted(rows["hospital_id"].unique())
    swapped = {**dict(zip(partners, partners, strict=True)), partners[0]: partners[1]}
    other = replace(plan, assignment=rows.assign(hospital_id=rows["hospital_id"].map(swapped)))
    named = [Named(both("a"), plan), Named(both("b"), other)]
    browser.open(draw_named(named, 0, areas).save(tmp_path / "cells.html"))
    driver = browser.driver
    units = (
        rows[rows["layer"] == plan.layers[0].layer].set_index("unit_id").reindex(plan.region.units["unit_id"])
    )
    gone = (units["hospital_id"] == partners[0]).to_numpy()
    assert driver.execute_script("return changed.units.length") == gone.sum() > 0
    meets = gone[areas.touching].sum(axis=1)
    inner, sides = int((meets == 2).sum()), 4 * int(gone.sum())
    assert driver.execute_script("return changed.edges.length") == sides - 2 * inner
    assert browser.errors() == []


def test_no_name_ever_runs(browser: Browser, tmp_path: Path) -> None:
    """Each hostile text in every field, as the name of a scenario too: nothing runs, and it is read as it is written."""
    areas = drawn_areas(before().region)
    for text in HOSTILE:
        bad = hostile_plan(text)
        changed = plan_of(bad.region, OTHER, bad.travel, bad.policy)
        plans = [Named(both(f"{n}{text}"), plan) for n, plan in enumerate((bad, changed, bad))]
        browser.open(draw_named(plans, 0, areas).save(tmp_path / "map.html"))
        driver = browser.driver
        assert text in driver.execute_script(f"openUnit(changed.units[0]); return {CARD}")
        assert text in driver.execute_script(
            f"openCard(boards[0], siteCard(0, sites(0)[0]), [30, 120]); return {CARD}"
        )
        assert text.strip() in driver.execute_script("return document.getElementById('live').textContent")
        driver.execute_script(
            "const p = map.latLngToContainerPoint(placeIn(shapes.units, 0)), r = map.getContainer().getBoundingClientRect(); map.closePopup();"
            "map.getContainer().dispatchEvent(new MouseEvent('mousemove', {clientX: r.x + p.x, clientY: r.y + p.y, bubbles: true}))"
        )
        for place in ("h1", ".half-name", ".scenarios", ".districts", ".pairs", ".partner-classes", "footer"):
            said = driver.execute_script(f"return document.querySelector('{place}').textContent")
            assert text in said, (place, text)
        for paint in ("minutes", "change"):
            choose(driver, "paint", paint)
        assert driver.execute_script("return window.__ran") is None, text
        planted = (
            'body img, body iframe, body style, #side script, .leaflet-pane script, body a:not([href^="#"])'
        )
        assert driver.execute_script(f"return document.querySelectorAll('{planted}').length") == 0
    assert browser.outside() == []
    assert browser.errors() == []


def test_on_paper_all_is_on_one_sheet(browser: Browser, tmp_path: Path) -> None:
    """A3, the whole panel in sight, the maps over their whole width; afterwards as it was."""
    driver = show(browser, tmp_path)
    where = "return [map.getZoom(), map.getCenter().lat, map.getCenter().lng, pairBox.clientWidth]"
    driver.execute_script("openDistrict(1)")
    before_printing = driver.execute_script(where)
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type */Page\b", pdf)) == 1
    assert driver.execute_script(where) == pytest.approx(before_printing, abs=1e-3)
    driver.execute_script("onPaper()")
    panel = driver.execute_script("const p = at('panel'); return [p.scrollHeight, p.clientHeight]")
    assert panel[0] <= panel[1] + 1
    assert driver.execute_script("return map.getBounds().contains(sheet.views.city)")
    driver.execute_script("onScreen()")
    assert browser.errors() == []

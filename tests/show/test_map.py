"""The map as Chromium shows it with the network off: what it says, what it never runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from gridplan.plans.measures import mean_minutes, people
from gridplan.plans.plan import Plan
from gridplan.show.map.draw_map import SCRIPTS, draw, draw_areas
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.offline import asset
from gridplan.show.shared.words import WORDS
from tests.show.handmade import HOSTILE, hostile_plan, plan_with_warning, town_plan

if TYPE_CHECKING:
    from tests.conftest import Browser

# Popups are opened as a click would, and read as text.
OPEN = "const shape = {}.getLayers().find((l) => (l.feature ? l.feature.id : l.options.index) === {}); "
READ = (
    OPEN
    + "shape.openPopup(); return shape.getPopup().getElement().querySelector('.leaflet-popup-content').textContent"
)
CARD = "map._popup.getElement().querySelector('.leaflet-popup-content').textContent"
SHAPES = {"units": "openUnit", "districts": "openDistrict"}
PIXELS = (
    "const c = document.querySelector('.leaflet-shapes-pane canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
    "const seen = {}; for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) {"
    "const k = d[i] + ',' + d[i + 1] + ',' + d[i + 2]; seen[k] = (seen[k] || 0) + 1; } return Object.keys(seen).length"
)


@pytest.fixture
def plan() -> Plan:
    return plan_with_warning()


def show(browser: Browser, plan: Plan, folder: Path) -> Any:
    browser.open(draw(plan).save(folder / "map.html"))
    return browser.driver


def read(driver: Any, layer: str, n: int) -> str:
    """The card of a unit, a district, or a marker or pair of one of the board's layers."""
    if layer in SHAPES:
        return driver.execute_script(f"{SHAPES[layer]}({n}); return {CARD}")
    return driver.execute_script(READ.format(layer, n))


def hover(driver: Any, place: str) -> None:
    """Move the pointer to a place, an expression that gives a L.LatLng."""
    driver.execute_script(
        f"map.closePopup(); const p = map.latLngToContainerPoint({place}), r = map.getContainer().getBoundingClientRect();"
        "map.getContainer().dispatchEvent(new MouseEvent('mousemove', {clientX: r.x + p.x, clientY: r.y + p.y, bubbles: true}))"
    )


def test_the_page_asks_for_nothing_and_breaks_nowhere(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    assert browser.outside() == []
    assert browser.errors() == []
    assert driver.execute_script("return document.documentElement.lang") == "zh-CN"
    assert "小城" in driver.title


def test_every_unit_district_pair_and_site_is_drawn(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    drawn = {
        name: driver.execute_script(f"return {name}.getLayers().length")
        for name in (
            "geo_json_pairs_0", "geo_json_pairs_1",
            "feature_group_candidates_0", "feature_group_candidates_1", "feature_group_branches_0", "feature_group_others_0",
        )
    }  # fmt: skip
    assert list(drawn.values()) == [6, 4, 3, 2, 3, 2]
    assert driver.execute_script("return [shapes.units.size, shapes.districts.size]") == [12, 3]
    assert driver.execute_script(PIXELS) > 3  # the canvas shows fills of several colours
    tags = driver.find_elements("css selector", ".tag")
    assert {tag.text.split("\n")[0] for tag in tags} == {"中区", "东区", "北县"}


def test_popups_say_what_the_tables_say(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    frame = plan.to_frame("general")
    for n, unit in enumerate(plan.region.units.itertuples()):
        row = frame[frame["unit_id"] == unit.unit_id].iloc[0]
        said = read(driver, "units", n)
        for fact in (unit.name, f"{unit.people:,.0f}", row.hospital, f"{row.minutes:.1f}"):
            assert str(fact) in said
    first = read(driver, "feature_group_candidates_0", 0)
    assert "市第一医院" in first
    assert f"{people(plan)['H1']:,}" in first
    assert f"{mean_minutes(plan, 'hospital_id')['H1']:.1f}" in first
    assert "3 · 上限 of at most 3" in first
    east = read(driver, "districts", 1)
    assert all(fact in east for fact in ("东区", "26,000", "市第三医院", "市第一医院", "市中西医结合医院"))
    branch = read(driver, "feature_group_branches_0", 2)
    assert all(fact in branch for fact in ("市第三医院北院", "市第三医院", "规划", "院区"))


def test_every_word_on_the_page_exists_and_is_used() -> None:
    scripts = "".join(map(asset, SCRIPTS))
    by_key = {"city", "centre", *(f"find_{kind}" for kind in ("district", "hospital", "branch", "unit"))}
    assert {key for key in WORDS if not re.search(rf'[".]{key}\b', scripts)} <= by_key
    assert set(re.findall(r'word\("(\w+)"\)', scripts)) | set(
        re.findall(r"sheet\.words\.(\w+)", scripts)
    ) <= set(WORDS)


def test_layers_switch_and_toggle(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    shown = "return map_plan.hasLayer({})"
    assert driver.execute_script(shown.format("geo_json_pairs_0"))
    assert not driver.execute_script(shown.format("feature_group_others_0"))
    driver.execute_script("document.querySelectorAll('input[name=layer]')[1].click()")
    assert not driver.execute_script(shown.format("geo_json_pairs_0"))
    assert driver.execute_script(shown.format("geo_json_pairs_1"))
    names = [e.text for e in driver.find_elements("css selector", ".partner .name")]
    assert names == ["市中医院", "市中西医结合医院"]
    for key, layer in [("others", "feature_group_others_1"), ("pairs", "geo_json_pairs_1")]:
        before = driver.execute_script(shown.format(layer))
        driver.execute_script(f"document.querySelector('input[name={key}]').click()")
        assert driver.execute_script(shown.format(layer)) is not before
    colours = driver.execute_script(PIXELS)
    driver.execute_script("document.querySelector('input[name=units]').click()")
    assert driver.execute_script(PIXELS) < colours
    assert browser.errors() == []


def test_the_keyboard_reaches_hospitals_and_opens_them(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    sites = driver.find_elements("css selector", ".site.candidate[tabindex='0']")
    assert "市第一医院" in [site.get_attribute("aria-label") for site in sites]
    sites[0].send_keys("\ue007")  # Enter
    assert driver.find_elements("css selector", ".leaflet-popup-content")


def test_choosing_a_partner_fades_the_others(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    driver.execute_script("document.querySelector('.partner').click()")
    faint = "return groups.filter((g) => g.alpha < 0.5).reduce((sum, g) => sum + g.members.length, 0)"
    chosen = plan.to_frame("general")["hospital_id"].value_counts()
    assert driver.execute_script(faint) == 12 - chosen[people(plan).idxmax()]


def test_the_warnings_of_the_data_are_on_the_page(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    driver = show(browser, plan, tmp_path)
    assert "没有位置" in driver.find_element("css selector", ".finding").get_attribute("textContent")


def test_no_name_ever_runs(browser: Browser, tmp_path: Path) -> None:
    """Each hostile text in every field: nothing runs, no template is evaluated, and it is read as it is written."""
    areas = drawn_areas(town_plan().region)
    for text in HOSTILE:
        browser.open(draw_areas(hostile_plan(text), areas).save(tmp_path / "map.html"))
        driver = browser.driver
        for layer in (
            "units", "districts", "feature_group_candidates_0", "feature_group_branches_0",
        ):  # fmt: skip
            assert text in read(driver, layer, 0), layer
        driver.execute_script("document.querySelector('input[name=others]').click()")
        assert text in read(driver, "feature_group_others_0", 5)
        hover(driver, "placeIn(shapes.units, 0)")
        assert text in driver.find_element("css selector", ".leaflet-tooltip").get_attribute("textContent")
        box = driver.find_element("css selector", "#find")
        driver.execute_script(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            box,
            text[:20],
        )
        results = driver.execute_script("return document.getElementById('found').textContent")
        assert text in results, "search"
        box.send_keys("\ue007")
        live = driver.execute_script("return document.getElementById('live').textContent")
        assert text.strip() in live, "live region"
        page = driver.execute_script("return document.body.textContent")
        assert page.count(text) > 20, text
        assert driver.execute_script("return document.querySelector('h1').textContent").startswith(text)
        assert driver.execute_script("return window.__ran") is None, text
        assert (
            driver.execute_script(
                "return document.querySelectorAll('body img, body iframe, body style, #side script, .leaflet-pane script, "
                'body a:not([href^="#"])\').length'
            )
            == 0
        )
    assert browser.outside() == []
    assert browser.errors() == []


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert draw(town_plan()).html == draw(town_plan()).html


def test_a_city_of_twelve_units_is_light(plan: Plan) -> None:
    """Everything but the data weighs under 300 kB."""
    assert len(draw(plan).html.encode("utf-8")) < 300_000


def test_a_notebook_shows_the_map_in_a_frame_of_its_own(plan: Plan) -> None:
    shown = draw(plan)._repr_html_()
    assert shown.startswith("<iframe")
    assert 'sandbox="allow-scripts"' in shown
    assert "<script" not in shown


def test_a_map_in_a_notebook_frame_works(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    page = tmp_path / "notebook.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{draw(plan)._repr_html_()}", encoding="utf-8")
    browser.open(page)
    browser.driver.switch_to.frame(0)
    assert browser.driver.execute_script("return shapes.units.size") == 12
    assert browser.outside() == []
    assert browser.errors() == []


def test_a_badge_finds_its_places_where_an_area_has_lines_besides() -> None:
    from gridplan.show.map.sheet_layers import _places

    area = shapely.GeometryCollection([shapely.box(0, 0, 2, 1), shapely.LineString([(3, 0), (4, 1)])])
    assert len(_places(area)) == 3
    assert all(shapely.box(0, 0, 2, 1).contains(shapely.Point(place)) for place in _places(area))
    assert _places(shapely.LineString([(3, 0), (4, 1)])) == []

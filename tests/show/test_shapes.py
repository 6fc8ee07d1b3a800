"""Shapes on the map: packed and read again to the last step, found under the pointer, painted and marked as the tables say."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from selenium.webdriver import ActionChains

import gridplan as gp
from benchmarks.cases.synthetic import region
from benchmarks.maps import BUDGET_MB
from gridplan.ask.question import LayerQuestions
from gridplan.geography.adjacency import touching
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Capacity
from gridplan.show.map.draw_map import draw, draw_areas
from gridplan.show.map.packed import STEP, packed, steps, text
from gridplan.show.map.paints import binding, noted
from gridplan.show.shared.areas import CELLS, Areas, drawn_areas
from gridplan.show.shared.lattice import cells_of
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text
from tests.sample import sample_plan
from tests.show.handmade import town_plan
from tests.show.test_map import CARD, hover

if TYPE_CHECKING:
    from tests.conftest import Browser

ROOT = Path(__file__).resolve().parents[2]
RINGS = (
    "const of = shapes[arguments[0]]; return allUnits.slice(0, of.size).map((n) => { const rings = [];"
    "for (let r = of.rings[n]; r < of.rings[n + 1]; r++)"
    " rings.push([...of.places.subarray(2 * of.corners[r], 2 * of.corners[r + 1])]); return rings; })"
)


@cache
def city(units: int, cells: bool = False) -> tuple[Plan, Areas]:
    """A made-up city, planned, and its areas."""
    made = region(units, cells)
    return gp.plan(made, gp.policy("shanghai-2025"), seconds=60), drawn_areas(made)


def opened(browser: Browser, plan: Plan, areas: Areas, folder: Path) -> Any:
    browser.open(draw_areas(plan, areas).save(folder / "map.html"))
    return browser.driver


# --- Packing -------------------------------------------------------------------------------------------------------


def numbers(written: str) -> list[int]:
    """What `text` wrote, read a byte at a time."""
    found, value, shift = [], 0, 0
    for byte in base64.b64decode(written):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append(value)
            value, shift = 0, 0
    return found


@given(st.lists(st.integers(0, 2**40)))
def test_numbers_are_read_as_they_were_written(values: list[int]) -> None:
    assert numbers(text(np.array(values, dtype=np.int64))) == values


@given(st.lists(st.tuples(st.integers(-(2**30), 2**30), st.integers(-(2**30), 2**30)), max_size=30))
def test_steps_lead_from_place_to_place(places: list[tuple[int, int]]) -> None:
    at, found = np.zeros(2, dtype=int), []
    for pair in steps(np.array(places, dtype=np.int64).reshape(-1, 2)).reshape(-1, 2).tolist():
        at = at + [-(step + 1) // 2 if step % 2 else step // 2 for step in pair]
        found.append(tuple(at.tolist()))
    assert found == places


def test_empty_shapes_and_holes_keep_their_position() -> None:
    hole = shapely.box(0, 0, 0.1, 0.1).difference(shapely.box(0.02, 0.02, 0.05, 0.05))
    two = shapely.MultiPolygon([shapely.box(1, 1, 1.1, 1.1), shapely.box(2, 1, 2.1, 1.1)])
    written = packed(np.array([shapely.Polygon(), hole, two, shapely.Polygon()]), np.zeros(2))
    assert numbers(written["rings"]) == [0, 2, 2, 0]
    assert numbers(written["corners"]) == [4, 4, 4, 4]


@pytest.mark.parametrize("units", [230, 6_000])
def test_a_map_weighs_less_than_its_budget(units: int) -> None:
    plan, areas = city(units)
    assert len(plan.region.units) == units
    assert len(draw_areas(plan, areas).html.encode("utf-8")) < BUDGET_MB[units] * 1e6


def test_the_same_city_gives_the_same_bytes() -> None:
    plan, areas = city(230)
    assert draw_areas(plan, areas).html == draw(plan).html


def test_cells_weigh_less_than_their_part_of_the_budget() -> None:
    plan, areas = city(CELLS + 1, cells=True)
    assert areas.cells is not None
    assert len(draw_areas(plan, areas).html.encode("utf-8")) < BUDGET_MB[100_000] * 1e6 * CELLS / 100_000


@pytest.mark.parametrize("units", [230, 6_000])
def test_neighbours_do_not_part(units: int) -> None:
    """A city without gaps is drawn without gaps, but for the slivers of a step where a border has a corner on one side only."""
    plan, areas = city(units)
    assert not shapely.is_empty(areas.units).any()
    assert shapely.is_valid(areas.units).all()
    whole, exact = shapely.union_all(areas.units), shapely.union_all(np.asarray(plan.region.units.geometry))
    assert shapely.area(areas.units).sum() == pytest.approx(whole.area, rel=1e-4)
    gaps = sum(shapely.Polygon(hole).area for part in shapely.get_parts(whole) for hole in part.interiors)
    assert gaps < 1e-5 * whole.area
    assert whole.symmetric_difference(exact).area < 0.01 * exact.area


# --- Read in the browser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["units", "districts"])
def test_the_browser_reads_every_corner_as_it_was_packed(browser: Browser, tmp_path: Path, of: str) -> None:
    plan, areas = city(230)
    read = opened(browser, plan, areas, tmp_path).execute_script(RINGS, of)
    west, south, _, _ = shapely.total_bounds(np.concatenate([areas.units, areas.districts]))
    for shape, rings in zip(getattr(areas, of), read, strict=True):
        corners = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.get_parts(shape))]
        assert len(rings) == len(corners)
        for mine, theirs in zip(rings, corners, strict=True):
            degrees = np.array(mine).reshape(-1, 2) * STEP + [west, south]
            assert np.abs(degrees - theirs).max() < STEP / 10
    assert browser.errors() == []


def test_the_unit_under_the_pointer_is_found(browser: Browser, tmp_path: Path) -> None:
    plan, areas = city(230)
    driver = opened(browser, plan, areas, tmp_path)
    inside = shapely.get_coordinates(shapely.point_on_surface(areas.units))
    found = driver.execute_script(
        "return arguments[0].map(([x, y]) => unitAt(L.latLng(y, x)))", inside.tolist()
    )
    assert found == list(range(230))
    own = driver.execute_script("return allUnits.map((n) => unitAt(placeIn(shapes.units, n)))")
    assert own == list(range(230))
    assert driver.execute_script("return unitAt(L.latLng(30, 120))") == -1
    for n in (3, 150):
        hover(driver, f"placeIn(shapes.units, {n})")
        tip = driver.find_element("css selector", ".leaflet-tooltip").get_attribute("textContent")
        assert tip == plan.region.units["name"].iloc[n]


def test_a_click_opens_the_unit_or_where_units_are_off_the_district(browser: Browser, tmp_path: Path) -> None:
    plan, areas = city(230)
    driver = opened(browser, plan, areas, tmp_path)
    driver.execute_script("for (const key of ['pairs', 'candidates']) state.on.delete(key); refresh()")
    n = 7
    driver.execute_script(f"map.setView(placeIn(shapes.units, {n}), 13, {{ animate: false }})")
    board = driver.find_element("css selector", "#map_plan")
    ActionChains(driver).move_to_element(board).click().perform()
    assert plan.region.units["name"].iloc[n] in driver.execute_script(f"return {CARD}")
    driver.execute_script("state.on.delete('units'); refresh()")
    ActionChains(driver).move_to_element(board).click().perform()
    district = plan.region.districts.set_index("district_id")["name"][
        plan.region.units["district_id"].iloc[n]
    ]
    assert driver.execute_script(f"return {CARD}").startswith(district)


def test_cells_are_drawn_found_and_named(browser: Browser, tmp_path: Path) -> None:
    plan, areas = city(CELLS + 1, cells=True)
    driver = opened(browser, plan, areas, tmp_path)
    some = plan.region.units.iloc[::500]
    asked = some[["lat", "lon"]].to_numpy().tolist()
    found = driver.execute_script("return arguments[0].map((p) => unitAt(L.latLng(p)))", asked)
    assert found == list(range(0, CELLS + 1, 500))
    assert driver.execute_script("return unitAt(L.latLng(30.5, 120.5))") == -1
    driver.execute_script("openUnit(500)")
    assert some["name"].iloc[1] in driver.execute_script(f"return {CARD}")
    assert browser.errors() == []


# --- The lattice -----------------------------------------------------------------------------------------------------


def test_a_lattice_is_found_with_its_neighbours() -> None:
    units = region(400, cells=True).units
    cells = cells_of(units)
    assert cells is not None
    squares = cells.squares()
    there = shapely.points(units["lon"], units["lat"])
    assert shapely.contains(squares, there).all()
    made = region(400, cells=True)
    exact = touching(units.set_geometry(squares).geometry, made.metric_crs)
    assert cells.touching().tolist() == exact.tolist()
    as_squares = cells_of(units.set_geometry(squares))
    assert as_squares is not None and (as_squares.places == cells.places).all()


def test_what_stands_elsewhere_is_no_lattice() -> None:
    units = region(400, cells=True).units
    assert cells_of(region(60, cells=False).units) is None
    moved = units.assign(lon=units["lon"].where(units.index != 9, units["lon"] + 0.02))
    assert cells_of(moved) is None
    twice = units.assign(lon=units["lon"].iloc[[0, *range(399)]].to_numpy())
    assert cells_of(twice.assign(lat=units["lat"].iloc[[0, *range(399)]].to_numpy())) is None
    assert cells_of(units.assign(lat=units["lat"].where(units.index != 9))) is None


# --- Painting ---------------------------------------------------------------------------------------------------------


def test_units_are_painted_by_minutes_and_the_legend_says_how(browser: Browser, tmp_path: Path) -> None:
    plan = town_plan()
    driver = opened(browser, plan, drawn_areas(plan.region), tmp_path)
    driver.execute_script("state.paint = 'minutes'; refresh()")
    colour = driver.execute_script(
        "return allUnits.map((n) => groups.find((g) => g.members.includes(n)).colour)"
    )
    legend = driver.execute_script("return legendOf('minutes')")
    limits = [10, 20, 30, 45, 60, 90]
    rows = plan.to_frame("general").set_index("unit_id").loc[plan.region.units["unit_id"]]
    expected = [legend[int(np.searchsorted(limits, m, side="left"))]["colour"] for m in rows["minutes"]]
    assert colour == expected and len(set(colour)) > 1
    assert (legend[0]["zh"], legend[-1]["en"]) == ("不超过 10 分钟", "over 90 min")
    assert browser.errors() == []


def test_load_is_a_share_of_the_capacity_where_one_is_stated(browser: Browser, tmp_path: Path) -> None:
    plan = town_plan()
    areas = drawn_areas(plan.region)
    share = "return layer().partners.map((p) => [sheet.hospitals[p.hospital].id, loadShare(p)])"
    served = plan.pairs[plan.pairs["layer"] == "general"].groupby("hospital_id")["people"].sum()
    driver = opened(browser, plan, areas, tmp_path)
    room = plan.region.hospitals.set_index("hospital_id")["capacity_people"]
    assert dict(driver.execute_script(share)) == pytest.approx((served / room[served.index]).to_dict())
    driver = opened(browser, replace(plan, policy=plan.policy.with_rule(Capacity())), areas, tmp_path)
    assert dict(driver.execute_script(share)) == pytest.approx((served / room[served.index]).to_dict())
    driver.execute_script("state.paint = 'load'; refresh()")
    assert (
        driver.execute_script("return legendOf('load').map((row) => row.en)")[0] == "up to 50 % of capacity"
    )


def test_what_binds_is_what_gp_tight_would_loosen() -> None:
    plan = sample_plan()
    tight = gp.tight(plan, seconds=0.2).table
    for layer in ("general", "tcm"):
        marked, rows = binding(LayerQuestions(plan, layer)), tight[tight["layer"] == layer]
        districts = plan.region.districts["district_id"].iloc[marked["districts"]]
        hospitals = plan.region.hospitals["hospital_id"].iloc[marked["hospitals"]]
        assert set(districts) == set(rows.loc[rows["rule"] == "SH-2", "district_id"])
        assert set(hospitals) == set(rows.loc[rows["rule"].isin(["SH-3", "CAPACITY"]), "hospital_id"])
    assert binding(LayerQuestions(plan, "general"))["districts"]


def test_what_binds_is_drawn_when_asked_for(browser: Browser, tmp_path: Path) -> None:
    plan = sample_plan()
    driver = opened(browser, plan, drawn_areas(plan.region), tmp_path)
    full = binding(LayerQuestions(plan, "general"))
    ring = "return document.querySelectorAll('.leaflet-marker-pane .full').length"
    before = driver.execute_script("return painter._container.toDataURL()")
    assert driver.execute_script(ring) == 0
    driver.execute_script("document.querySelector('input[name=binding]').click(); painter._redraw()")
    assert driver.execute_script(ring) == len(full["hospitals"]) > 0
    assert full["districts"] and driver.execute_script("return painter._container.toDataURL()") != before
    assert browser.errors() == []


def test_findings_are_marked_where_they_are(browser: Browser, tmp_path: Path) -> None:
    words = Text("odd", "有疑问")
    about = [
        ("units", "T2-03"),
        ("hospitals", "H1"),
        ("hospitals", "H1"),
        ("districts", "T3"),
        ("region", ""),
    ]
    plan = town_plan(
        findings=Findings([Finding("warning", "odd", *one[:1], words, words, id=one[1]) for one in about])
    )
    areas = drawn_areas(plan.region)
    marks = noted(plan, areas)
    assert [mark[2:] for mark in marks] == [[0], [1, 2], [3]]
    assert marks[1][:2] == [30.07, 120.02]
    assert shapely.contains_xy(areas.units[6], marks[0][1], marks[0][0])
    driver = opened(browser, plan, areas, tmp_path)
    assert driver.find_elements("css selector", ".leaflet-marker-pane .noted") == []
    driver.execute_script("document.querySelector('input[name=noted]').click()")
    shown = driver.find_elements("css selector", ".leaflet-marker-pane .noted")
    assert len(shown) == 3
    driver.execute_script("noted.getLayers()[1].openPopup()")
    assert driver.execute_script(f"return {CARD}").count("有疑问") == 4  # two findings, what and hint

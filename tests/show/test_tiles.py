"""Tiles when they are asked for, of whom, and where they lie; and maps whose scripts stand beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import gridplan as gp
from gridplan.cli import app
from gridplan.inputs.datum import wgs84_to
from gridplan.inputs.sample import tiny_town
from gridplan.show.map.draw_map import draw
from gridplan.show.map.tiles import SERVICES, in_datum, tile_service
from gridplan.show.save import save
from gridplan.show.shared.areas import drawn_areas
from gridplan.words.errors import DataError
from tests.show.handmade import drawn, plan_with_warning, town_plan

if TYPE_CHECKING:
    from tests.conftest import Browser

KEYS = {name: "a&b/1" if "{key}" in service.urls[0] else None for name, service in SERVICES.items()}


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.mark.parametrize("name", SERVICES)
def test_tiles_are_fetched_from_their_service_and_from_nobody_else(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    browser.open(draw(town_plan(), tiles=name, key=KEYS[name]).save(tmp_path / "map.html"))
    asked = browser.outside()
    assert asked and all(url.startswith(SERVICES[name].hosts) for url in asked)
    if KEYS[name]:
        assert all("tk=a%26b%2F1" in url for url in asked)
    credit = browser.driver.find_element("css selector", ".credit").text
    assert SERVICES[name].attribution.zh in credit and SERVICES[name].attribution.en in credit
    assert all(
        "ERR_NAME_NOT_RESOLVED" in error for error in browser.errors()
    )  # and nothing is refused by the policy


def test_without_tiles_the_page_may_fetch_nothing() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', drawn(town_plan()).html)
    assert policy is not None and "img-src data:;" in policy[1] and "http" not in policy[1]


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_hosts_of_the_service_are_opened(name: str) -> None:
    html = draw(town_plan(), tiles=name, key=KEYS[name]).html
    images = re.search(r"img-src ([^;]+);", html)
    assert images is not None and images[1].split() == ["data:", *SERVICES[name].hosts]
    assert "default-src 'none'" in html


def test_what_is_drawn_above_amap_lies_where_amap_draws_it(browser: Browser, tmp_path: Path) -> None:
    """In Chromium: hospitals, units and lines are moved to GCJ-02, hundreds of metres away."""
    plan = plan_with_warning()
    browser.open(draw(plan, tiles="amap").save(tmp_path / "map.html"))
    where = browser.driver.execute_script(
        "return feature_group_candidates_0.getLayers().map((m) => [m.options.index, m.getLatLng().lng, m.getLatLng().lat])"
    )
    table = plan.region.hospitals
    for n, lon, lat in where:
        right = wgs84_to(table["lon"].iloc[[n]].to_numpy(), table["lat"].iloc[[n]].to_numpy(), "gcj02")
        assert np.allclose([lon, lat], np.ravel(right), atol=1e-9)
        assert abs(lon - table["lon"].iloc[n]) > 0.002
    middle = "return L.latLngBounds(sheet.views.city).getCenter().lng"
    moved = browser.driver.execute_script(middle)
    browser.open(draw(plan).save(tmp_path / "plain.html"))
    assert moved - browser.driver.execute_script(middle) > 0.002


def test_a_datum_moves_every_coordinate_and_nothing_else() -> None:
    plan = town_plan()
    areas = drawn_areas(plan.region)
    moved, drawn = in_datum(plan, areas, "gcj02")
    assert moved.assignment is plan.assignment and moved.travel is plan.travel
    for before, after in ((areas.units, drawn.units), (areas.districts, drawn.districts)):
        assert all(
            not a.equals(b) and abs(a.area / b.area - 1) < 0.01 for a, b in zip(before, after, strict=True)
        )
    assert in_datum(plan, areas, "cgcs2000") == (plan, areas)


@pytest.mark.parametrize(
    ("name", "key", "what", "hint"),
    [
        ("gogle", None, "no tiles are called 'gogle'", "osm, tianditu, amap"),
        ("tianditu", None, "need a key", "--tiles-key"),
        ("tianditu", "  ", "need a key", "--tiles-key"),
        ("osm", "x", "take no key", "leave"),
        ("ammap", None, "no tiles are called", "did you mean amap"),
        (None, "x", "no tiles", "osm"),
    ],
)
def test_wrong_tiles_are_one_clear_error(name: str | None, key: str | None, what: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        tile_service(name, key)
    assert what in str(caught.value) and hint in str(caught.value)


def test_a_key_never_breaks_out_of_its_address(browser: Browser, tmp_path: Path) -> None:
    key = '"></script><script>window.__ran=1</script>{x}&tk=2'
    browser.open(draw(town_plan(), tiles="tianditu", key=key).save(tmp_path / "map.html"))
    assert browser.driver.execute_script("return window.__ran") is None
    assert all(url.startswith(SERVICES["tianditu"].hosts) for url in browser.outside())


def test_assets_beside_the_maps_are_shared_and_work_from_a_disk(browser: Browser, tmp_path: Path) -> None:
    drawn = draw(plan_with_warning())
    for name in ("one.html", "two.html"):
        drawn.save(tmp_path / name, assets=True)
    files = {file.name for file in (tmp_path / "assets").iterdir()}
    assert len(files) == len({name.split(".")[0] + name.rsplit(".")[-1] for name in files})  # each once
    assert (tmp_path / "one.html").stat().st_size < len(drawn.html.encode()) - 150_000
    browser.open(tmp_path / "two.html")
    assert browser.driver.execute_script("return shapes.units.size") == 12
    assert (
        browser.driver.execute_script("return getComputedStyle(document.querySelector('aside')).display")
        == "flex"
    )
    assert browser.driver.execute_script("return document.querySelectorAll('.partner').length") > 0
    assert browser.outside() == [] and browser.errors() == []
    assert (
        "http" not in re.search(r'Policy" content="([^"]+)"', (tmp_path / "one.html").read_text("utf-8"))[1]
    )


def test_the_command_line_draws_tiles_and_assets(tmp_path: Path) -> None:
    out = save(gp.plan(tiny_town(), gp.policy("shanghai-2025")), tmp_path / "out")
    whole = (out / "map.html").read_text(encoding="utf-8")
    assert run("map", out, "--tiles", "osm", "--assets").exit_code == 0
    html = (out / "map.html").read_text(encoding="utf-8")
    assert "tile.openstreetmap.org" in html and 'src="assets/' in html and (out / "assets").is_dir()
    refused = run("map", out, "--tiles", "tianditu")
    assert refused.exit_code == 1 and "need a key" in refused.output
    assert (out / "map.html").read_text(encoding="utf-8") == html  # a refusal changes nothing
    assert CliRunner().invoke(app, ["map", str(out)]).exit_code == 0  # in both languages, as it was saved
    assert (out / "map.html").read_text(encoding="utf-8") == whole

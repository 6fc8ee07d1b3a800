"""The page's scripts: no name runs, no network, and every word is there in two languages."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.show.table_page.scripts import SCRIPTS, WASM, script
from gridplan.show.table_page.table_words import SENTENCES, WORDS
from tests.conftest import Browser
from tests.show.handmade import HOSTILE, hostile_plan
from tests.show.table.driving import downloaded, opened


@pytest.mark.parametrize("name", [" ".join(HOSTILE), "<!--<script>"], ids=["all", "one"])
def test_hostile_names_run_nothing(browser: Browser, name: str, tmp_path: Path) -> None:
    """In every field that the page shows, in a variant's name, and after the page was saved and opened again."""
    plan = hostile_plan(name)
    home = tmp_path / "home"
    driver = opened(browser, gp.table(plan).save(tmp_path / "table.html"), home)
    for hostile in HOSTILE:
        driver.execute_script("desk.keep(arguments[0])", hostile)
    driver.execute_script(
        "desk.selectDistrict(0); desk.give([0, 1], 1); desk.select(0); hover(0, {clientX: 9, clientY: 9});"
    )
    driver.execute_script(
        "window.print = () => {}; printPages(); for (let n = 0; n < 5; n++) present(n); leave();"
    )
    for tab in ("district", "hospitals", "rules", "gains", "solve", "log"):
        driver.execute_script("at(arguments[0]).click()", f"tab_{tab}")
    driver.execute_script("takeHome.page()")
    browser.open(downloaded(home / "table.html"))
    saved = driver.execute_script("return desk.saved.map((one) => one.name)")
    assert saved[: len(HOSTILE)] == [name.strip() for name in HOSTILE]
    assert driver.execute_script("return window.__ran === undefined && window.evaluated === undefined")
    assert not driver.find_elements("css selector", "body img, body iframe, main script, body > b")
    assert browser.outside() == []
    assert browser.errors() == []


def test_what_a_name_puts_into_pins_is_read_back_as_that_name(
    browser: Browser, town: gp.Plan, tmp_path: Path
) -> None:
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), tmp_path / "home")
    for text in HOSTILE:
        read = tomllib.loads(driver.execute_script("return 'name = ' + quoted(arguments[0])", text))
        assert read["name"] == text


def test_the_page_reaches_no_network_and_its_solver_is_what_the_package_ships(town: gp.Plan) -> None:
    html = gp.table(town).html
    rules = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert rules is not None
    assert rules[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in rules[1] and "http" not in rules[1] and "unsafe-inline" not in rules[1]
    assert "worker-src blob:" in rules[1]
    known = tomllib.loads(script("vendored.toml"))
    assets = resources.files("gridplan.show.table_page") / "assets"
    assert hashlib.sha256((assets / "highs.js").read_bytes()).hexdigest() == known["highs.js"]
    wasm = gzip.decompress((assets / WASM).read_bytes())
    assert hashlib.sha256(wasm).hexdigest() == known["highs.wasm"]
    licences = (Path(__file__).parents[3] / "THIRD_PARTY_LICENSES.md").read_text(encoding="utf-8")
    assert f"{known['package']} {known['version']}" in licences
    for line in script("highs-LICENSE.txt").splitlines():
        assert line.strip() in licences


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_only_ever_set_text(name: str) -> None:
    """start.js reads the page's own text once, before anything is in it."""
    banned = [
        "innerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "DOMParser",
        "srcdoc",
    ]
    assert [word for word in [*banned, "outerHTML ="] if word in script(name)] == []
    assert name == "start.js" or "outerHTML" not in script(name)


def test_every_word_that_the_scripts_say_is_there_and_none_is_idle() -> None:
    scripts = "".join(script(name) for name in (*SCRIPTS, "worker.js"))
    words = {**WORDS, **SENTENCES}
    said = set(re.findall(r'\b(?:say|say2|button|card|big|row3)\("([a-z_0-9]*[a-z0-9])"', scripts))
    assert said - words.keys() == set()
    literal = set(re.findall(r'"([a-z_0-9]+)"', scripts)) | set(re.findall(r"words\.([a-z_]+)", scripts))
    made = ("goal_", "breach_", "save_", "tab_", "paint_")  # said by their beginning
    hints = {key for key in words if key.endswith("_hint") and key.removesuffix("_hint") in literal}
    assert {key for key in words if key not in literal | hints and not key.startswith(made)} == set()

"""The table's page: its figures and verdicts are the judge's, its optimum is the engine's, and what is taken home reads back."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import random
import re
import time
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.region import Region
from gridplan.judging.goal_figures import MEASURES, SLIP, Facts
from gridplan.judging.judge_tables import PAIR
from gridplan.judging.verify import _judge
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.engines import solve
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Pin
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.table_page.scripts import SCRIPTS, WASM, script
from gridplan.show.table_page.table_data import evaluator_data, table_data
from gridplan.show.table_page.table_words import SENTENCES, WORDS
from gridplan.words.errors import InfeasibleError, PolicyError
from tests.conftest import Browser
from tests.plans.gridtown import GOOD, grid_plan, grid_town
from tests.show.handmade import HOSTILE, hostile_plan
from tests.show.table_cases import (
    lean,
    random_edits,
    random_locks,
    random_plan,
    random_rules,
    random_town,
    travel_of,
)

DRIVER = Path(__file__).with_name("table_driver.js").read_text(encoding="utf-8")
# Cases in every run of the tests; GRIDPLAN_TABLE_CASES draws more.
EVALUATED = SOLVED = int(os.environ.get("GRIDPLAN_TABLE_CASES", "25"))


def evaluated(browser: Browser, cases: list[dict[str, Any]]) -> list[Any]:
    code = f"{script('model.js')}\n{DRIVER}\nreturn arguments[0].map(evaluated);"
    found: list[Any] = browser.driver.execute_script(code, cases)
    return found


def held_to_the_judge(region: Region, rules: Policy, said: dict[str, Any], data: dict[str, Any]) -> None:
    """Every verdict and every figure of the page, for one assignment, worked out by the judge."""
    units = region.units["unit_id"].tolist()
    rows = [
        (layer["key"], unit, hospital)
        for layer in said["layers"]
        for unit, hospital in zip(units, layer["of"], strict=True)
        if hospital is not None
    ]
    given = pd.DataFrame(rows, columns=["layer", "unit_id", "hospital_id"])
    verdict, tables = _judge(region, rules, given, None, "")
    judged = {rule["id"] for rule in data["rules"] if rule["judged"]}
    told = {
        (b.rule, b.layer, b.district_id, b.hospital_id, b.unit_id)
        for b in verdict.breaches
        if b.rule in judged
    }
    assert {tuple(b) for b in said["breaches"]} == told
    merged = tables.assignment.merge(tables.pairs[[*PAIR, "priority"]], on=PAIR, how="left")
    listed, changes = tables.pairs[tables.pairs["listed"]], tables.changes()
    for layer in said["layers"]:
        facts = Facts(tables, *(t[t["layer"] == layer["key"]] for t in (merged, listed, changes)))
        _figures(facts, layer, region)
        if layer["unreached"] or not len(facts.rows):
            continue
        for goal, value in layer["goals"].items():
            least, most = MEASURES[goal.rstrip("2345")][0](goal, facts)
            slip = SLIP * max(1.0, most)
            assert least - slip <= value <= most + slip, goal


def _figures(facts: Facts, layer: dict[str, Any], region: Region) -> None:
    rows = facts.rows[np.isfinite(facts.rows["minutes"])]
    people, minutes = rows["people"], rows["minutes"].round(4)
    everybody = int(region.units["people"].sum())
    if layer["key"] != "grid":
        assert layer["without"] == everybody - people.sum()
    assert layer["beyond"] == people[minutes > 60].sum()
    if people.sum():
        assert layer["mean"] == pytest.approx((people * minutes).sum() / people.sum(), abs=1e-9)
    of_hospital = facts.rows.groupby("hospital_id")["people"].sum()
    assert sorted(load for load in layer["load"] if load) == sorted(of_hospital[of_hospital > 0])
    for district, (mean, beyond, _) in zip(region.districts["district_id"], layer["district"], strict=True):
        here = rows["district_id"] == district
        assert beyond == people[here & (minutes > 60)].sum()
        if people[here].sum():
            assert mean == pytest.approx((people * minutes)[here].sum() / people[here].sum(), abs=1e-9)


def evaluation_cases(seeds: range) -> list[tuple[Region, Policy, dict[str, Any]]]:
    made = []
    for seed in seeds:
        dice = random.Random(seed)
        region, rules = random_town(dice), random_rules(dice)
        try:
            plan = random_plan(dice, region, rules)
            data = lean(evaluator_data(plan))
        except PolicyError:  # the rules drawn contradict each other
            continue
        made.append((region, rules, {"data": data, "edits": random_edits(dice, data)}))
    return made


def test_the_page_judges_as_the_judge_does(browser: Browser) -> None:
    """Random towns, rules and plans, before and after random changes by hand."""
    cases = evaluation_cases(range(EVALUATED))
    assert len(cases) > EVALUATED // 2
    broken = 0
    for (region, rules, case), states in zip(
        cases, evaluated(browser, [c for _, _, c in cases]), strict=True
    ):
        for said in states:
            held_to_the_judge(region, rules, said, case["data"])
            broken += len(said["breaches"])
    assert broken > EVALUATED  # the plans drawn do break rules


@pytest.mark.parametrize("profile", ["chengdu-2018", "shanghai-2025-grids", "zhejiang-2020"])
def test_grids_are_judged_as_far_as_the_page_knows_them(browser: Browser, profile: str) -> None:
    region, rules = grid_town(), gp.policy(profile)
    plan = grid_plan(region, rules, GOOD)
    data = lean(evaluator_data(plan))
    assert [rule["id"] for rule in data["rules"] if not rule["judged"]]
    grid = len(data["layers"]) - 1
    edits = [
        ["give", grid, 0, 0],
        ["give", grid, 5, 1],
        ["close", grid, data["layers"][grid]["hospitals"][2], 0],
    ]
    edits[2] = ["close", grid, 0, data["layers"][grid]["hospitals"][2]]
    for said in evaluated(browser, [{"data": data, "edits": edits}])[0]:
        held_to_the_judge(region, rules, said, data)


# --- Solving ---------------------------------------------------------------------------------
def solved_in_page(browser: Browser, cases: list[dict[str, Any]]) -> list[Any]:
    wasm = (resources.files("gridplan.show.table_page") / "assets" / WASM).read_bytes()
    code = "\n".join(
        [
            script("highs.js"), script("model.js"), script("sets.js"), DRIVER,
            "const done = arguments[arguments.length - 1], cases = arguments[0];",
            "loadHighs(Uint8Array.from(atob(arguments[1]), (s) => s.charCodeAt(0)))",
            ".then((highs) => done(cases.map((one) => solved(highs, one)))).catch((fault) => done(String(fault && fault.stack)));",
        ]
    )  # fmt: skip
    browser.driver.set_script_timeout(300)
    found = browser.driver.execute_async_script(code, cases, base64.b64encode(gzip.decompress(wasm)).decode())
    assert isinstance(found, list), found
    return found


def solving_cases(seeds: range) -> list[tuple[Region, Policy, dict[str, Any]]]:
    made = []
    for seed in seeds:
        dice = random.Random(10_000 + seed)
        region, rules = random_town(dice), random_rules(dice, solvable=True)
        try:
            data = lean(evaluator_data(random_plan(dice, region, rules)))
        except PolicyError:
            continue
        made.append((region, rules, {"data": data, "locks": random_locks(dice, data)}))
    return made


def locked(rules: Policy, data: dict[str, Any], locks: list[list[int]]) -> Policy:
    """The policy with the locks as pins and bans, as pins.toml has them; the last word on a pair holds."""
    last = {(n, d, h): lock for n, d, h, lock in locks}
    for (n, d, h), lock in last.items():
        place = data["districts"][d]["id"], data["hospitals"][data["layers"][n]["hospitals"][h]]["id"]
        rules = rules.with_rule((Pin if lock == 1 else Ban)(*place))
    return rules


def agree(region: Region, rules: Policy, case: dict[str, Any], results: list[dict[str, Any]]) -> int:
    """The page's answer for every layer beside the engine's. Returns how many plans were compared."""
    rules, compared = locked(rules, case["data"], case["locks"]), 0
    try:
        pairs = pair_table(region, rules)
    except PolicyError:
        assert any(r["status"] in ("clash", "infeasible") for r in results)
        return 0
    travel = travel_of(region, rules)
    for layer, found in zip(case["data"]["layers"], results, strict=True):
        problem = build_problem(region, rules, travel, pairs, layer["key"])
        try:
            truth = solve(problem)
        except InfeasibleError:
            assert found["status"] in ("infeasible", "clash"), found
            continue
        assert truth.proven
        assert found["status"] == "optimal", (found, [(g.goal, g.value) for g in truth.goals])
        values = {goal["goal"]: goal for goal in found["goals"]}
        for goal in truth.goals:
            mine = values[goal.goal]
            assert mine["value"] == pytest.approx(goal.value, rel=1e-6, abs=1e-3), goal.goal
            assert mine["bound"] <= goal.value * (1 + 1e-6) + 1e-3
            assert found["seen"]["goals"][goal.goal] == pytest.approx(mine["value"], rel=1e-9, abs=1e-6)
        assert found["breaches"] == []
        compared += 1
    return compared


def test_the_optimum_of_the_page_is_the_engines(browser: Browser) -> None:
    """With locks that were not known when the page was made."""
    cases = solving_cases(range(SOLVED))
    found = solved_in_page(browser, [case for _, _, case in cases])
    compared = [agree(*case, results) for case, results in zip(cases, found, strict=True)]
    assert sum(compared) > SOLVED // 2


def test_what_the_page_does_not_know_it_names_and_does_not_solve(browser: Browser) -> None:
    region = gp.tiny_town()
    rules = gp.policy("shanghai-2025").with_rule(gp.rules.LeastShare(0.1), gp.rules.ConnectedParts())
    data = lean(evaluator_data(gp.plan(region, rules)))
    results = solved_in_page(browser, [{"data": data, "locks": []}])[0]
    assert [r["status"] for r in results] == ["unknown", "unknown"]
    assert [why[0].split()[0] for why in results[0]["why"]] == ["SHARE", "PARTS"]


# --- The page --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def town() -> gp.Plan:
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))


def opened(browser: Browser, page: Path, folder: Path) -> Any:
    folder.mkdir(exist_ok=True)
    driver = browser.driver
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.open(page)
    driver.execute_script("own.lang = 1; showAll();")
    return driver


def downloaded(file: Path) -> Path:
    """A file that the page saves, once it is whole."""
    for _ in range(200):
        if file.is_file() and file.stat().st_size and not list(file.parent.glob("*.crdownload")):
            return file
        time.sleep(0.05)
    raise AssertionError(
        f"{file.name} was not saved; there is {sorted(p.name for p in file.parent.iterdir())}"
    )


def until(driver: Any, code: str) -> None:
    for _ in range(600):
        if driver.execute_script(f"return !!({code})"):
            return
        time.sleep(0.1)
    raise AssertionError(f"never: {code}")


def test_a_plan_changed_by_hand_is_taken_home_and_read_back(
    browser: Browser, town: gp.Plan, tmp_path: Path
) -> None:
    """Switch, drag, lock, solve, save; then verify and plan read the same figures. No request, no error."""
    from selenium.webdriver import ActionChains

    home = tmp_path / "home"
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), home)
    assert driver.find_element("id", "standing").text == "The plan as made: proven optimal"
    assert driver.execute_script("return desk.now.breaches.length") == 0
    said = driver.execute_script("return desk.now.layers.map((part) => part.goals.travel)")
    assert said == pytest.approx([layer.value for layer in town.layers], rel=1e-9)

    # units are dragged over and given to the third hospital
    third = driver.execute_script(
        "return desk.layer().hospitals.findIndex((h) => data.hospitals[h].id === 'H3')"
    )
    driver.find_element("id", "tool_give").click()
    driver.find_element("css selector", f"#brush option[value='{third}']").click()
    # one of the larger partner's units in T1, so that both partners stay, and the one north of it
    units = driver.execute_script(
        "const of = desk.now.layers[0].of, at = (id) => data.units.id.indexOf(id);"
        "const many = (id) => desk.model.members[0].filter((u) => of[u] === of[at(id)]).length > 1;"
        "return many('T1-03') ? ['T1-03', 'T3-01'] : ['T1-04', 'T3-02'];"
    )
    places = driver.execute_script(
        "const box = board.canvas.getBoundingClientRect(), ratio = board.canvas.width / box.width;"
        "return arguments[0].map((id) => { const s = board.shapes[data.units.id.indexOf(id)].box;"
        "return [((s[0] + s[2]) / 2 * board.scale + board.x) / ratio - box.width / 2, ((s[1] + s[3]) / 2 * board.scale + board.y) / ratio - box.height / 2]; })",
        units,
    )
    canvas = driver.find_element("id", "board")
    chain = ActionChains(driver).move_to_element_with_offset(canvas, *map(round, places[0])).click_and_hold()
    chain.move_to_element_with_offset(canvas, *map(round, places[1])).release().perform()
    given = driver.execute_script(
        "return arguments[0].map((id) => desk.now.layers[0].of[data.units.id.indexOf(id)])", units
    )
    assert given == [third, third]
    assert driver.find_element("id", "standing").text == "By hand, not solved"
    line = driver.execute_script("return sentence(desk.state.lines.at(-1))")
    people = int(town.region.units.set_index("unit_id")["people"][units].sum())
    assert line.startswith(f"2 units ({people:,} people) go to Third Hospital: mean ")
    broken = driver.execute_script("return desk.now.breaches.map((b) => b.rule)")
    assert "SH-2" in broken  # three partners now: red, and not forbidden
    assert "broken" in driver.find_element("id", "card_rules").get_attribute("class")

    # assignment.csv: the judge finds the very same
    driver.execute_script("takeHome.assignment()")
    table = gp.read_assignment(downloaded(home / "assignment.csv"))
    verdict = gp.judge(town.region, town.policy, table)
    assert sorted({b.rule for b in verdict.breaches}) == sorted(set(broken))
    assert "手工调整，未经求解" in downloaded(home / "assignment.csv").read_text(encoding="utf-8-sig")
    own = table[table["layer"] == "general"]
    mean = (own["people"].astype(float) * own["minutes"].astype(float)).sum() / own["people"].astype(
        float
    ).sum()
    assert driver.execute_script("return desk.now.layers[0].mean") == pytest.approx(mean, abs=1e-9)

    # undone, redone; a pair is locked and the rest solved again
    driver.find_element("id", "undo").click()
    assert driver.find_element("id", "standing").text == "The plan as made: proven optimal"
    driver.execute_script("desk.selectDistrict(data.districts.findIndex((d) => d.id === 'T1'))")
    driver.find_element("id", f"lock_0_{third}").click()
    driver.find_element("id", "tab_solve").click()
    driver.find_element("id", "solve_now").click()
    until(driver, "!solving.running")
    assert driver.execute_script("return solving.fault") == ""
    assert driver.find_element("id", "standing").text == "Proven best with these locks"
    value = driver.execute_script("return desk.state.proof.map((one) => one.value)")
    driver.execute_script("takeHome.pins()")
    pinned = gp.policy(downloaded(home / "pins.toml"))
    again = gp.plan(town.region, pinned)
    assert again.status == "optimal"
    assert [layer.value for layer in again.layers] == pytest.approx(value, rel=1e-6)
    assert value[0] > town.layers[0].value
    (home / "assignment.csv").unlink()
    driver.execute_script("takeHome.assignment()")
    solved = gp.read_assignment(downloaded(home / "assignment.csv"))
    assert gp.judge(town.region, pinned, solved).kept

    # the page itself, with the variant inside
    driver.execute_script("desk.keep('locked'); takeHome.page()")
    driver.execute_script("takeHome.picture()")
    assert downloaded(home / "table.png").read_bytes().startswith(b"\x89PNG")
    browser.open(downloaded(home / "table.html"))
    assert driver.execute_script("return desk.saved.map((one) => one.name)") == ["locked"]
    driver.execute_script("own.lang = 0; desk.take(0)")
    assert driver.find_element("id", "standing").text == "在所锁定条件下已证明最优"
    assert browser.outside() == []
    assert browser.errors() == []


def test_closing_a_hospital_undoing_and_presenting(browser: Browser, town: gp.Plan, tmp_path: Path) -> None:
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), tmp_path / "home")
    before = driver.execute_script("return Array.from(desk.now.layers[0].of)")
    driver.find_element("id", "tab_hospitals").click()
    hospital = driver.execute_script(
        "return desk.layer().hospitals[desk.now.layers[0].load.indexOf(Math.max(...desk.now.layers[0].load))]"
    )
    driver.find_element("id", f"close_{hospital}").click()
    assert (
        driver.execute_script(f"return desk.now.layers[0].load[desk.layer().hospitals.indexOf({hospital})]")
        == 0
    )
    assert driver.find_element("id", "undo").is_enabled()
    driver.find_element("id", "undo").click()
    assert driver.execute_script("return Array.from(desk.now.layers[0].of)") == before
    driver.find_element("id", "redo").click()
    assert driver.execute_script(f"return desk.state.variant.closed[{hospital}]") == 1
    for tab in ("district", "rules", "gains", "log"):
        driver.find_element("id", f"tab_{tab}").click()
        assert driver.find_element("id", "panel").text
    driver.find_element("id", "present").click()
    for _ in range(6):
        driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}))")
    assert "5 / 5" in driver.find_element("id", "slides").text
    driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    driver.execute_script("window.print = () => {}; printPages()")
    sheets = len(driver.find_elements("css selector", "#paper .sheet"))
    assert sheets == 3 + driver.execute_script(
        "return desk.now.layers[0].load.filter((load) => load > 0).length"
    )
    assert browser.errors() == []


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
    licences = (Path(__file__).parents[2] / "THIRD_PARTY_LICENSES.md").read_text(encoding="utf-8")
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


def test_the_table_joins_the_plan_folder(town: gp.Plan, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from gridplan.cli import app

    out = gp.save(town, tmp_path / "out", certificate=False)
    ran = CliRunner().invoke(app, ["table", str(out), "--lang", "en"])
    assert ran.exit_code == 0, ran.output
    assert (out / "table.html").is_file()
    assert "table.html" in json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    elsewhere = tmp_path / "new" / "t.html"
    assert CliRunner().invoke(app, ["table", str(out), "--out", str(elsewhere)]).exit_code == 0
    assert elsewhere.read_bytes() == (out / "table.html").read_bytes()
    (out / "plan.json").unlink()
    assert CliRunner().invoke(app, ["table", str(out), "--out", str(elsewhere)]).exit_code == 1


def test_large_regions_carry_the_nearest_candidates_and_say_so(
    monkeypatch: pytest.MonkeyPatch, town: gp.Plan
) -> None:
    from gridplan.show.table_page import table_data as module

    monkeypatch.setattr(module, "MOST_MINUTES", 1)
    monkeypatch.setattr(module, "NEAREST", 1)
    data = table_data(town, drawn_areas(town.region))
    assert [layer["all_carried"] for layer in data["layers"]] == [False, False]


# --- In Jupyter ------------------------------------------------------------------------------
def test_in_jupyter_the_kernel_solves_every_policy_and_the_variant_is_a_plan() -> None:
    """What the page sends, and what it hears; with a rule that the page itself does not know."""
    rules = gp.policy("shanghai-2025").with_rule(gp.rules.LeastShare(0.1))
    plan = gp.plan(gp.tiny_town(), rules)
    widget, heard = gp.table(plan).widget(), []
    widget.send = heard.append
    widget._hear(widget, {"assignment": [["general", "T1-01", "H3"]]}, [])
    assert widget.assignment.to_numpy().tolist() == [["general", "T1-01", "H3"]]
    widget._hear(
        widget,
        {"solve": {"locks": [["general", "T3", "H3", "pin"], ["tcm", "T1", "H4", "ban"]], "seconds": 60}},
        [],
    )
    told = heard[0]["done"]["results"]
    assert [layer["status"] for layer in told] == ["optimal", "optimal"]
    assert widget.plan.status == "optimal"
    assert {("T3", "H3")} <= set(
        widget.plan.pairs[["district_id", "hospital_id"]].itertuples(index=False, name=None)
    )
    assert told[0]["of"] == widget.plan.assignment.query("layer == 'general'")["hospital_id"].tolist()
    assert gp.verify(widget.plan).kept
    widget._hear(
        widget,
        {"solve": {"locks": [["general", "T1", h, "ban"] for h in ("H1", "H2", "H3")], "seconds": 60}},
        [],
    )
    assert heard[1]["fault"][0] and heard[1]["fault"][1] != heard[1]["fault"][0]


def test_the_page_in_the_widget_asks_its_kernel(browser: Browser, town: gp.Plan, tmp_path: Path) -> None:
    """The page in a frame of its own, as the widget lays it, and a kernel of three lines around it."""
    widget = gp.table(town).widget()
    module = script("widget.js").replace("export default { render };", "")
    body = (
        "<!doctype html><meta charset='utf-8'><div id='cell'></div><script>" + module + "const heard = [];"
        f"const html = {json.dumps(widget.html).replace('<', chr(92) + 'u003c')};"
        "let answer = null; const model = { get: (name) => (name === 'html' ? html : 'table'), send: (told) => heard.push(told),"
        " on: (_, does) => { answer = does; }, off: () => {} };"
        "render({ model: model, el: document.getElementById('cell') });</script>"
    )
    file = tmp_path / "notebook.html"
    file.write_text(body, encoding="utf-8")
    browser.open(file)
    driver = browser.driver
    driver.switch_to.frame(0)
    until(driver, "window.desk === undefined ? typeof desk !== 'undefined' && desk.now : true")
    driver.execute_script("desk.lock(0, 2, 1); solveAgain();")
    driver.switch_to.default_content()
    until(driver, "heard.some((told) => told.solve)")
    asked = driver.execute_script("return heard.find((told) => told.solve).solve")
    assert asked["locks"] == [["general", "T1", "H3", "pin"]]
    sent: list[Any] = []
    widget.send = sent.append
    widget._hear(widget, {"solve": asked}, [])
    driver.execute_script("answer(arguments[0])", sent[0])
    driver.switch_to.frame(0)
    until(driver, "!solving.running")
    proofs = driver.execute_script(
        "return [solving.fault, desk.state.proof.map((one) => [one.kind, one.value])]"
    )
    assert proofs == ["", [["locks", layer.value] for layer in widget.plan.layers]]
    driver.switch_to.default_content()
    assert browser.outside() == []
    assert browser.errors() == []

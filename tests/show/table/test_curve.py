"""The trade-off curve of the table: the points of gp.frontier, under locks, in the page with the present variant on it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gridplan as gp
from gridplan.inputs.region import Region
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.what_if.trade_off import find_frontier
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Pin
from gridplan.scenario.futures.ground import only_travel
from gridplan.show.table_page.table_data import evaluator_data
from gridplan.words.errors import PolicyError
from tests.show.handmade import town_plan
from tests.show.table.cases import lean, random_locks, random_plan, random_rules, random_town, travel_of
from tests.show.table.node import under_node

if TYPE_CHECKING:
    from tests.conftest import Browser

CURVES = 15
Case = tuple[Region, Policy, dict[str, Any]]


def curve_cases(seeds: range) -> list[Case]:
    """Random towns and rules, half of them with locks."""
    made = []
    for seed in seeds:
        dice = random.Random(20_000 + seed)
        region, rules = random_town(dice), random_rules(dice, solvable=True)
        try:
            data = lean(evaluator_data(random_plan(dice, region, rules)))
        except PolicyError:  # the rules drawn contradict each other
            continue
        locks = [one for one in random_locks(dice, data) if one[0] == 0] if seed % 2 else []
        last = {(d, h): lock for _, d, h, lock in locks}
        hospitals = [data["hospitals"][h]["id"] for h in data["layers"][0]["hospitals"]]
        for (d, h), lock in last.items():
            rules = rules.with_rule((Pin if lock == 1 else Ban)(data["districts"][d]["id"], hospitals[h]))
        made.append((region, rules, {"data": data, "locks": locks, "place": 0}))
    return made


def test_the_curve_is_that_of_the_engine(tmp_path: Path) -> None:
    cases = curve_cases(range(CURVES))
    found, compared = under_node("curved", [case for _, _, case in cases], tmp_path), 0
    for (region, rules, case), told in zip(cases, found, strict=True):
        try:
            asked = only_travel(rules, "changes")
            layer, pairs = case["data"]["layers"][0]["key"], pair_table(region, asked)
            problem = build_problem(region, asked, travel_of(region, asked), pairs, layer)
            truth = find_frontier(problem, problem.stages[0], 60, None, lambda done, of: None)
        except PolicyError:
            truth = None
        points = told["points"]
        if truth is None:
            assert points == []
            continue
        assert points and told["whole"] and all(point["proven"] for point in points)
        best = {point.second: point.first for point in truth}
        for point in points:
            assert point["travel"] == pytest.approx(best[point["changes"]], rel=1e-6, abs=1e-3)
        if set(case["data"]["goals"]) <= {"travel", "coverage"}:
            assert [point["seen"][0] for point in points] == [point["changes"] for point in points]
        ends = {points[0]["changes"], points[-1]["changes"]}
        assert ends == {min(best), max(best)}
        assert len(points) == len(truth) or len(truth) > 8
        compared += len(points)
    assert compared > CURVES


def test_the_page_draws_it_with_what_is_on_the_table(browser: Browser, tmp_path: Path) -> None:
    driver = browser.driver
    browser.open(gp.table(town_plan()).save(tmp_path / "table.html"))
    driver.execute_script("own.lang = 1; desk.keep('as made'); showAll();")
    driver.find_element("id", "tab_curve").click()
    driver.find_element("id", "draw_curve").click()
    driver.set_script_timeout(120)
    ready = "const wait = () => (curve.found ? arguments[0](curve.found.points.length) : setTimeout(wait, 50)); wait();"
    number = driver.execute_async_script(ready)
    plan = town_plan()
    assert number == len(gp.frontier(plan.region, plan.policy, points=60).points)
    names = [row.text for row in driver.find_elements("css selector", "#panel .compare tbody th")]
    assert names[-3:] == ["as made", "The plan as made", "On the table now"]
    now = "return document.querySelector('#panel svg.curve').lastElementChild.textContent"
    assert driver.execute_script(now) == "On the table now"
    driver.find_element("id", "point_0").click()
    least = driver.execute_script(
        "return [curve.found.points[0].changes, desk.now.layers[0].changes.counted]"
    )
    assert least[0] == least[1]
    told = f"Proven: shortest ways with at most {least[0]} changes"
    assert (
        driver.execute_script("return standing({ ...desk.state, proof: desk.state.proof.slice(0, 1) }).text")
        == told
    )
    assert driver.execute_script("return sentence(desk.state.lines.at(-1))").startswith(
        "the point of the curve"
    )
    driver.execute_script("desk.lock(0, 0, 2); desk.tab = 'curve'; showAll();")
    assert "The locks were others" in driver.find_element("id", "panel").text
    assert browser.errors() == []
    assert browser.outside() == []

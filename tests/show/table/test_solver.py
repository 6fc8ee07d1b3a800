"""The page's optimum is the engine's."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import gridplan as gp
from gridplan.inputs.region import Region
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.engines import solve
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Pin
from gridplan.show.table_page.table_data import evaluator_data
from gridplan.words.errors import InfeasibleError, PolicyError
from tests.conftest import Browser
from tests.show.table.cases import lean, random_locks, random_plan, random_rules, random_town, travel_of
from tests.show.table.driving import solved_in_page
from tests.show.table.node import under_node

# In every run of the tests; `make table-cases` draws more.
SOLVED = int(os.environ.get("GRIDPLAN_TABLE_CASES", "16"))
# Regions that once were solved otherwise: units where nobody lives that only a partner at hand reaches (61, 92), and
# districts where nobody lives, with locked pairs that take places (140, 166) or without a hospital left (179, 226).
ONCE_WRONG = (61, 92, 140, 166, 179, 226)
LOG = logging.getLogger(__name__)


def solving_cases(seeds: Iterable[int]) -> list[tuple[Region, Policy, dict[str, Any]]]:
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


def test_the_optimum_of_the_page_is_the_engines(browser: Browser, tmp_path: Path) -> None:
    """Under node and in Chromium, with locks that were not known when the page was made."""
    cases = solving_cases(sorted({*range(SOLVED), *ONCE_WRONG}))
    found = under_node("solved", [case for _, _, case in cases], tmp_path)
    assert solved_in_page(browser, [case for _, _, case in cases]) == found
    compared = [agree(*case, results) for case, results in zip(cases, found, strict=True)]
    assert sum(compared) > SOLVED // 2
    LOG.info("%d regions, %d optima alike", len(cases), sum(compared))


def test_what_the_page_does_not_know_it_names_and_does_not_solve(browser: Browser) -> None:
    region = gp.tiny_town()
    rules = gp.policy("shanghai-2025").with_rule(gp.rules.LeastShare(0.1), gp.rules.ConnectedParts())
    data = lean(evaluator_data(gp.plan(region, rules)))
    results = solved_in_page(browser, [{"data": data, "locks": []}])[0]
    assert [r["status"] for r in results] == ["unknown", "unknown"]
    assert [why[0].split()[0] for why in results[0]["why"]] == ["SHARE", "PARTS"]

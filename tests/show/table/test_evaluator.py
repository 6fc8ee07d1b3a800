"""The page's figures and verdicts are the judge's."""

from __future__ import annotations

import logging
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.region import Region
from gridplan.judging.goal_figures import MEASURES, SLIP, Facts
from gridplan.judging.judge_tables import PAIR, PlanTables
from gridplan.judging.verify import _judge
from gridplan.policies.policy import Policy
from gridplan.show.table_page.table_data import evaluator_data
from gridplan.words.errors import PolicyError
from tests.conftest import Browser
from tests.plans.gridtown import GOOD, grid_plan, grid_town
from tests.show.table.cases import (
    lean,
    random_edits,
    random_grid_plan,
    random_plan,
    random_rules,
    random_town,
)
from tests.show.table.driving import evaluated
from tests.show.table.node import under_node

# In every run of the tests; `make table-cases` draws more.
EVALUATED, ROUNDS = int(os.environ.get("GRIDPLAN_TABLE_CASES", "16")), 3  # plans, and changes of each
LOG = logging.getLogger(__name__)


def facts_of(tables: PlanTables, layer: str) -> Facts:
    merged = tables.assignment.merge(tables.pairs[[*PAIR, "priority"]], on=PAIR, how="left")
    listed, changes = tables.pairs[tables.pairs["listed"]], tables.changes()
    return Facts(tables, *(t[t["layer"] == layer] for t in (merged, listed, changes)))


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
    for layer in said["layers"]:
        facts = facts_of(tables, layer["key"])
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
        try:
            if seed % 5 == 4:
                plan = random_grid_plan(dice)
            else:
                region, rules = random_town(dice), random_rules(dice)
                plan = random_plan(dice, region, rules)
            data = lean(evaluator_data(plan))
        except PolicyError:  # the rules drawn contradict each other
            continue
        made.append(
            (
                plan.region,
                plan.policy,
                {"data": data, "rounds": [random_edits(dice, data) for _ in range(ROUNDS)]},
            )
        )
    return made


def test_the_page_judges_as_the_judge_does(browser: Browser, tmp_path: Path) -> None:
    """Random towns, rules and plans of every shipped policy, before and after random changes; under node and in Chromium."""
    cases = evaluation_cases(range(EVALUATED))
    assert len(cases) > EVALUATED // 2
    sent = [case for _, _, case in cases]
    found, broken = under_node("evaluated", sent, tmp_path), 0
    assert evaluated(browser, sent) == found, "the same figures and verdicts in Chromium, to the last digit"
    for (region, rules, case), states in zip(cases, found, strict=True):
        for said in states:
            held_to_the_judge(region, rules, said, case["data"])
            broken += len(said["breaches"])
    assert broken > EVALUATED  # the plans drawn do break rules
    LOG.info("%d plans, %d assignments, %d breaches told alike", len(cases), sum(map(len, found)), broken)


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
    for said in evaluated(browser, [{"data": data, "rounds": [edits]}])[0]:
        held_to_the_judge(region, rules, said, data)


@pytest.mark.parametrize("goal", ["worst", "inequality", "balance"])
def test_where_nobody_lives_the_judge_counts_no_minutes(goal: str) -> None:
    """As the page does; before, the figure was none, and no plan could be held to it."""
    town = gp.tiny_town()
    region = town.with_tables(units=town.units.assign(people=town.units["people"].where(town.units["unit_id"] != "T1-01", 0)))  # fmt: skip
    given = pd.DataFrame([("general", "T1-01", "H1")], columns=["layer", "unit_id", "hospital_id"])
    _, tables = _judge(region, gp.policy("shanghai-2025"), given, None, "")
    least, most = MEASURES[goal][0](goal, facts_of(tables, "general"))
    assert least <= 0 <= most

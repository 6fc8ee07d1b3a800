"""Impossible grids are refused with which rule, where, by how much; each way out that is shown has a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines.choose import find, solve
from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.infeasible.conflicts import conflict_table, explain_conflicts, least_relaxation
from gridplan.optimise.infeasible.ways_out import loosened
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.words.errors import InfeasibleError
from gridplan.words.text import both

from .brute_grids import best_grids
from .grid_cases import grid_problems

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def row_of_units(people: list[int], roots: list[int], **of_grids: object) -> Problem:
    """A row of units in one district, and leads in some of them; a minute for every unit on the way."""
    n, leads = len(people), len(roots)
    unit, hospital = np.repeat(np.arange(n), leads), np.tile(np.arange(leads), n)
    minutes = np.abs(unit - np.array(roots)[hospital]).astype(float)
    grids = GridArrays(
        neighbours=np.column_stack([np.arange(n - 1), np.arange(1, n)]),
        root_unit=np.array(roots),
        root_hospital=np.arange(leads),
        home=np.zeros(leads, dtype=int),
        connected=True,
        loose=np.zeros(n, dtype=bool),
        least=1,
        most=FREE,
        least_in=np.array([1]),
        most_in=np.array([FREE]),
        area=np.array([0]),
        balance=None,
        weight=np.ones(leads),
    )
    one = np.ones((1, leads), dtype=bool)
    return Problem(
        layer="grid",
        unit_ids=np.array([f"u{i}" for i in range(n)], dtype=object),
        district_ids=np.array(["d0"], dtype=object),
        hospital_ids=np.array([f"h{i}" for i in range(leads)], dtype=object),
        people=np.array(people, dtype=np.int64),
        demand=np.array(people, dtype=float),
        district=np.zeros(n, dtype=int),
        unit=unit,
        hospital=hospital,
        minutes=minutes,
        counted=np.zeros(leads, dtype=bool),
        priority=np.full((1, leads), 5),
        allowed=one,
        pinned=~one,
        existing=~one,
        district_cap=np.array([NO_CAP]),
        hospital_cap=np.full(leads, NO_CAP),
        capacity=np.full(leads, np.inf),
        within=np.ones(n * leads, dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(n * leads),
        least_partners=0,
        least_share=0.0,
        stages=(Stage("travel", both("travel"), minutes),),
        grids=replace(grids, **of_grids),  # type: ignore[arg-type]
    )


def refused(p: Problem) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as error:
        solve(p)
    return error.value


def test_more_grids_than_leads_are_said_in_grids() -> None:
    error = refused(row_of_units([5, 5, 5], [0, 2], least_in=np.array([3])))
    row = error.conflicts.iloc[0]
    assert row[["rule", "district_id", "limit", "needed", "excess"]].tolist() == ["ZJ-1", "d0", 3, 2, 1]
    assert "at least 3 grids asked, 2 possible" in row["what"] and "至少 2 个网格" in row["hint_zh"]
    assert error.clash["rule"].tolist() == ["ZJ-1"] and len(error.ways_out) == 1


def test_a_part_that_is_cut_off_asks_for_a_bridge_or_ferry() -> None:
    p = row_of_units([5, 5, 5, 5], [0, 1], least_in=np.array([2]))
    p = replace(p, capacity=np.array([np.inf, 10.0]))
    assert solve(p.__class__(**{**vars(p), "capacity": np.full(2, np.inf)})).proven  # h1 carries all but u0
    used = least_relaxation(p, "highs", None, lambda slack: slack.rule != "ZJ-6")
    assert used is not None
    row = conflict_table(p, used).iloc[0]
    assert row["rule"] == "ZJ-6" and row["unit_id"] in ("u2", "u3")
    assert f"bridge or ferry at unit {row['unit_id']}" in row["hint"] and "轮渡" in row["hint_zh"]
    assert find(loosened(p, used)) is not None and find(p) is None


def test_balance_that_whole_units_cannot_keep_says_which_share_they_can() -> None:
    p = row_of_units([10, 2, 3], [0, 2], balance=0.1, least_in=np.array([2]))
    error = refused(p)
    row = error.conflicts.iloc[0]
    assert row["rule"] == "ZJ-6" and "±33.3%" in row["hint"] and "±33.3%" in row["hint_zh"]
    wider = replace(p, grids=replace(p.grids, balance=0.3334))  # type: ignore[type-var]
    assert find(wider) is not None


def test_only_the_district_without_a_plan_is_spoken_of() -> None:
    p = row_of_units([5, 5, 5], [0, 2], least_in=np.array([1]))
    grids = p.grids
    assert grids is not None
    two = replace(
        p,
        district_ids=np.array(["d0", "d1"], dtype=object),
        district=np.array([0, 0, 1]),
        priority=np.full((2, 2), 5),
        allowed=np.eye(2, dtype=bool),
        pinned=np.zeros((2, 2), dtype=bool),
        existing=np.zeros((2, 2), dtype=bool),
        district_cap=np.full(2, NO_CAP),
        grids=replace(
            grids,
            neighbours=np.array([[0, 1]]),
            home=np.array([0, 1]),
            least_in=np.array([1, 2]),
            most_in=np.full(2, FREE),
            area=np.array([0, 1]),
        ),
    )
    error = refused(two)
    assert set(error.conflicts["district_id"]) == {"d1"} and set(error.clash["district_id"]) == {"d1"}


@QUICK
@given(
    grid_problems(
        rules=("connected", "balance", "numbers", "city_numbers", "pins", "bans", "capacity", "limit")
    )
)
def test_conflicts_are_found_exactly_where_no_plan_exists(p: Problem) -> None:
    rows = explain_conflicts(p, "highs", None)
    able = np.isin(np.unique(p.grids.area[p.district]), p.grids.lead_area).all()  # type: ignore[union-attr]
    if able:
        assert rows.empty == (best_grids(p) is not None)
    assert (rows["excess"] > 0).all()


@QUICK
@given(grid_problems(rules=("connected", "balance", "weights", "numbers", "pins", "across", "links")))
def test_the_least_relaxation_loosens_what_it_says(p: Problem) -> None:
    used = least_relaxation(p, "highs", None)
    if used:
        assert find(loosened(p, used)) is not None

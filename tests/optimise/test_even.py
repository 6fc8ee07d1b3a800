"""Loads and travel that are as even as they can be: bounds below the optimum, whole units near them, every rule kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.cases.city import City, problem
from gridplan.optimise.engines import choose as engines
from gridplan.optimise.engines.even import even
from gridplan.optimise.engines.even.loads import level_loads
from gridplan.optimise.model import solve_reference as reference
from gridplan.optimise.model.goal_rows import stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import MINUTES, RESIDENTS
from gridplan.words.text import both

from .brute import best, keeps_rules
from .cases import problems

RULES = ("ban", "eligibility", "pin", "travel_standard", "unreachable", "empty", "exempt", "district_cap", "hospital_cap", "capacity")  # fmt: skip


@pytest.mark.parametrize("goal", ["balance", "inequality"])
def test_bounds_are_below_and_plans_keep_the_rules(goal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the exact model behind it, which would mend what is wrong."""
    monkeypatch.setattr(even, "EXACT", 0)

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(problems(rules=RULES, first=goal, among=("travel",)))
    def check(p: Problem) -> None:
        if even.EVEN.why_not(p) is not None:
            return
        truth, found = best(p), engines.find(p, engine="even")
        assert (found is None) == (truth is None)
        if truth is not None and found is not None:
            assert keeps_rules(p, tuple(found.serves.tolist()))
            assert found.goals[0].bound <= truth[0] + 1e-6
            assert found.goals[0].value >= truth[0] - 1e-6
            if found.goals[0].value <= truth[0] + 1e-6:
                assert found.goals[1].bound <= truth[1] + 1e-3
                assert found.goals[1].value >= truth[1] - 1e-3

    check()


def test_a_worse_plan_of_the_exact_model_does_not_take_the_place_of_a_better_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock may end it at any plan; what it proves is taken, whatever its digits."""
    p = city("inequality")
    monkeypatch.setattr(even, "EXACT", 0)
    own = even.solve_evenly(p)
    assert own is not None and own.gap > 0
    goal = own.goals[0]
    monkeypatch.setattr(even, "EXACT", len(p.unit))
    for value, bound, kept in (
        (goal.value + 1.0, 0.0, own.goals),
        (goal.value + 1e-9, goal.value + 1e-9, None),
    ):
        other = replace(own, goals=(replace(goal, value=value, bound=bound),))
        monkeypatch.setattr(even, "find", lambda *_, other=other, **__: other)
        found = even.solve_evenly(p)
        assert found is not None and found.goals == (kept or other.goals)


def city(goal: str, units: int = 120, seed: int = 1) -> Problem:
    """A random city with a goal of its own before travel, too large for the exact model."""
    p = problem(City(units, 8, 5, seed))
    nothing, unit = np.zeros(len(p.unit)), RESIDENTS if goal == "balance" else MINUTES
    first = Stage(goal, both(goal), nothing, kind=goal, unit=unit)  # type: ignore[arg-type]
    return replace(p, stages=(first,), ties=p.stages[0])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fullest_hospital_is_nearly_as_empty_as_can_be(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even, "EXACT", 0)
    monkeypatch.setattr(even, "TIES_SECONDS", 1.0)
    p = city("balance", seed=seed)
    found = engines.solve(p, engine="even")
    assert found.goals[0].bound >= p.district_people.max() / 2, "two partners serve the largest district"
    assert found.goals[0].gap < 1e-3
    assert found.goals[0].value == stage_value(p, p.stages[0], found.serves)


def test_ties_of_even_loads_end_by_less_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even, "EXACT", 0)
    monkeypatch.setattr(even, "TIES_SECONDS", 2.0)
    p = city("balance")
    shared = level_loads(p, np.ones(8), np.inf, Clock(5))[0]
    found = engines.solve(p, engine="even")
    assert shared is not None and p.ties is not None
    assert stage_value(p, p.ties, found.serves) < 0.9 * stage_value(p, p.ties, shared)
    assert stage_value(p, p.stages[0], found.serves) <= stage_value(p, p.stages[0], shared)


@pytest.mark.parametrize("seed", [1, 2])
def test_districts_that_can_have_one_mean_nearly_have_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even, "EXACT", 0)
    p = city("inequality", seed=seed)
    found = engines.solve(p, engine="even")
    nearest = reference.find(replace(p, stages=(p.ties,) if p.ties else (), ties=None), seconds=20)
    assert found.goals[0].gap < 0.01
    assert nearest is not None and stage_value(p, p.stages[0], nearest.serves) > 1, (
        "it takes something to be even"
    )


def test_a_district_that_is_far_from_all_leaves_a_difference_that_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An island: no plan can even it out, and the others may be as near as they like within the window."""
    monkeypatch.setattr(even, "EXACT", 0)
    p = city("inequality")
    far = np.where(p.pair_district == 0, p.minutes + 500, p.minutes)
    assert p.ties is not None
    p = replace(p, minutes=far, ties=replace(p.ties, cost=p.ties.cost + far - p.minutes))
    found = engines.solve(p, engine="even")
    assert found.proven and found.value > 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=7), st.integers(-120, 120))
def test_changes_of_up_to_four_units_come_nearest(steps: list[int], need: int) -> None:
    import itertools

    from gridplan.optimise.engines.even.means import _changes

    step, unit = np.array(steps, dtype=float), np.arange(len(steps))
    chosen = _changes(step, unit, float(need))
    assert len(set(chosen)) == len(chosen) <= 4
    every = [sum(c) for k in range(5) for c in itertools.combinations(steps, k)]
    pairs = [sum(c) for k in range(3) for c in itertools.combinations(steps, k)]
    mine = abs(step[chosen].sum() - need)
    assert min(abs(e - need) for e in every) <= mine <= min(abs(e - need) for e in pairs)

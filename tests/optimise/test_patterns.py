"""District patterns agree with trying everything, and with the reference model on the sample town."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.optimise.engines.patterns.patterns import PATTERNS, solve_by_patterns
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.optimise.what_if.solve_again import (
    solve_again,
    with_ban,
    with_district_cap,
    with_pin,
    with_unit_at,
)
from gridplan.policies.rules import Capacity, DistrictCap, Eligibility, LeastShare, Pin, TravelStandard
from gridplan.words.progress import silent

from .brute import best, keeps_rules, least_travel, value_of
from .cases import GOALS, problems
from .town import town_problem

LISTED = (
    "district_cap",
    "hospital_cap",
    "ban",
    "eligibility",
    "pin",
    "travel_standard",
    "strict",
    "unreachable",
    "exempt",
    "group_weights",
)
SUMS = ("coverage", "priority", "travel")


def fits(p: Problem) -> bool:
    return PATTERNS.why_not(p) is None


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(problems(rules=LISTED), problems(rules=LISTED, first="any", among=SUMS)))
def test_patterns_agree_with_brute_force(p: Problem) -> None:
    if not fits(p):
        return
    truth, found = best(p), PATTERNS.solve(p, None, 0.0, 1, silent)
    if truth is None or found is None:
        assert truth is None and found is None
        return
    assert [g.value for g in found.goals] == pytest.approx(truth, abs=1e-3)
    assert found.proven
    plan = tuple(found.serves.tolist())
    assert keeps_rules(p, plan)
    assert p.ties is not None and value_of(p, p.ties, plan) == pytest.approx(least_travel(p), abs=1e-3)


@pytest.mark.parametrize("profile", ["shanghai-2025", "shanghai-2025-strict"])
@pytest.mark.parametrize("layer", ["general", "tcm"])
def test_patterns_agree_with_the_reference_model(profile: str, layer: str) -> None:
    for rules in ((), (DistrictCap(1),), (Eligibility("strict"),), (TravelStandard(40),), (Pin("T3", "H2"),)):
        p = town_problem(*rules, layer=layer, profile=profile)
        assert fits(p)
        ours, theirs = solve_by_patterns(p), find(p)
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            assert [g.value for g in ours.goals] == pytest.approx([g.value for g in theirs.goals])
            assert (ours.serves == theirs.serves).all() and (ours.chosen == theirs.chosen).all()


def test_patterns_stand_aside_where_units_are_coupled() -> None:
    assert not fits(town_problem(Capacity()))
    assert not fits(town_problem(LeastShare(0.2)))


@pytest.mark.parametrize("goal", sorted({*GOALS} - {*SUMS}))
def test_patterns_stand_aside_from_goals_that_are_no_sums(goal: str) -> None:
    assert not fits(town_problem(goals=(goal, "travel")))
    assert fits(town_problem(goals=SUMS))
    assert not fits(town_problem(goals=SUMS, tolerance=0.1)), (
        "who uses the tolerance up is for all units to say"
    )


def test_asking_again_changes_one_thing() -> None:
    p = town_problem()
    base = solve_again(p)
    assert base is not None
    d, h = 2, int((~base.chosen[2]).nonzero()[0][0])
    forced = solve_again(with_pin(p, d, h))
    assert forced is not None and forced.chosen[d, h] and forced.goals[-1].value >= base.goals[-1].value
    out = solve_again(with_ban(p, 0, 0))
    assert out is not None and not out.chosen[0, 0]
    looser = solve_again(with_district_cap(p, 2, 3))
    assert looser is not None and looser.goals[-1].value <= base.goals[-1].value
    moved = solve_again(with_unit_at(p, 0, 2))
    assert moved is not None and moved.serves[0] == 2

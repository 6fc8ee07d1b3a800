"""Frontiers, near-optimal plans and alternatives agree with trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.optimise.model.solve_reference import find as find_by_reference
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Kind, Stage
from gridplan.optimise.what_if.near_optimal import most_different, near_plans, never_without
from gridplan.optimise.what_if.partner_menus import Choice, choice_of, menus_of, travel_alone, why_not
from gridplan.optimise.what_if.trade_off import find_frontier
from gridplan.policies.rules import (
    Capacity,
    ChangePrice,
    ConnectedParts,
    LeastPartners,
    LeastShare,
    MostChanges,
)
from gridplan.words.text import both

from .brute import legal_assignments, value_of
from .cases import problems
from .town import town_problem

LISTED = (
    "district_cap",
    "hospital_cap",
    "ban",
    "eligibility",
    "pin",
    "travel_standard",
    "least_partners",
    "exempt",
    "group_weights",
    "most_changes",
    "unreachable",
)
TIED = (*LISTED, "capacity", "least_share", "change_price", "connected_parts")
UNITS = {"partners": "pairs", "changes": "pairs", "worst": "minutes"}


def goal(p: Problem, kind: Kind) -> Stage:
    return Stage(kind, both(kind), np.zeros(len(p.minutes)), kind=kind, unit=UNITS[kind])


def pareto(p: Problem, other: Stage) -> list[tuple[float, float]]:
    """(other goal, travel) of every plan that no plan beats in both."""
    travel = travel_alone(p).stages[0]
    least: dict[float, float] = {}
    for plan in legal_assignments(p):
        second, first = value_of(p, other, plan), value_of(p, travel, plan)
        least[second] = min(first, least.get(second, np.inf))
    front: list[tuple[float, float]] = []
    for second in sorted(least):
        if not front or least[second] < front[-1][1] * (1 - 1e-9) - 1e-9:
            front.append((second, least[second]))
    return front


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(problems(rules=LISTED), problems(rules=TIED)), st.sampled_from(sorted(UNITS)))
def test_a_frontier_is_the_one_of_all_plans(p: Problem, kind: Kind) -> None:
    other = goal(p, kind)
    truth, found = pareto(p, other), find_frontier(p, other, 1000, None, lambda done, of: None)
    assert bool(truth) == (found is not None)
    if found is not None:
        assert [(point.second, point.first) for point in found] == [pytest.approx(one) for one in truth]
        assert all(point.proven for point in found)


def every_choice(choice: Choice) -> list[tuple[float, list[int]]]:
    """Each choice of sets within the caps, with what it costs, the cheapest first."""
    p, out = choice.p, []
    for picks in itertools.product(*(range(len(menu.members)) for menu in choice.menus)):
        used = choice.members(list(picks)).sum(axis=0)
        changes = sum(int(m.changes[i]) for m, i in zip(choice.menus, picks, strict=True))
        if (used[p.counted] <= p.hospital_cap[p.counted]).all() and changes <= p.most_changes:
            out.append((choice.value(list(picks)), list(picks)))
    return sorted(out)


def town_choice() -> Choice:
    p = travel_alone(town_problem())
    choice = choice_of(p, menus_of(p))
    assert choice is not None
    return choice


@pytest.mark.parametrize("within", [0.0, 0.02, 0.2, 0.6])
def test_all_near_optimal_plans_come_in_order(within: float) -> None:
    choice = town_choice()
    every = every_choice(choice)
    limit = every[0][0] * (1 + within)
    near = near_plans(choice, limit, 10_000)
    assert near.all and near.values == pytest.approx([v for v, _ in every if v <= limit])
    few = near_plans(choice, limit, 3)
    assert few.values == pytest.approx(near.values[:3]) and few.all == (len(near.values) <= 3)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    problems(
        rules=(
            "district_cap",
            "hospital_cap",
            "ban",
            "eligibility",
            "exempt",
            "travel_standard",
            "most_changes",
        )
    ),
    st.sampled_from([0.0, 0.1, 1.0]),
)
def test_near_optimal_plans_of_random_cases_are_all_there(p: Problem, within: float) -> None:
    p = travel_alone(p)
    choice = choice_of(p, menus_of(p)) if why_not(p) is None else None
    every = every_choice(choice) if choice is not None else []
    if choice is None or not every:
        return
    limit = every[0][0] * (1 + within)
    near = near_plans(choice, limit, 100_000)
    assert near.values == pytest.approx([v for v, _ in every if v <= limit * (1 + 1e-9)])


@pytest.mark.parametrize("within", [0.02, 0.2, 0.6])
def test_an_alternative_differs_as_much_as_any_plan_can(within: float) -> None:
    choice = town_choice()
    every = every_choice(choice)
    limit = every[0][0] * (1 + within)
    near, before = [picks for v, picks in every if v <= limit], [choice.members(every[0][1])]
    for _ in range(3):
        found = most_different(choice, [limit], before, None)
        assert found is not None and found.bound == found.least
        nearest = [min(int((choice.members(one) ^ b).sum()) for b in before) for one in near]
        assert found.least == max(nearest)
        before.append(choice.members(found.picks))


def test_a_pair_is_certain_only_where_every_near_plan_has_it() -> None:
    choice = town_choice()
    every = every_choice(choice)
    limit = every[0][0] * 1.2
    near = np.array([choice.members(picks) for v, picks in every if v <= limit])
    for d, h in np.argwhere(near[0]).tolist():
        assert never_without(choice, [limit], d, h, None) == bool(near[:, d, h].all())


@pytest.mark.parametrize(
    "rule", [Capacity(), LeastShare(0.2), ChangePrice(10.0), ConnectedParts()], ids=lambda rule: rule.id
)
def test_menus_stand_aside_where_districts_are_tied_by_more(rule) -> None:
    assert why_not(travel_alone(town_problem(rule))) is not None


@pytest.mark.parametrize("rule", [LeastPartners(2), MostChanges(3)], ids=lambda rule: rule.id)
def test_menus_know_least_partners_and_most_changes(rule) -> None:
    p = travel_alone(town_problem(rule))
    choice = choice_of(p, menus_of(p))
    assert why_not(p) is None and choice is not None and p.most_changes in (3, NO_CAP)
    found = find_by_reference(p)
    assert found is not None and found.proven
    assert every_choice(choice)[0][0] == pytest.approx(found.goals[0].value)

"""A few units of each kind stand for all: whether a plan exists, and what would have to give way, stays the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import gridplan as gp
from gridplan.geography.travel import travel_times
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.infeasible.alike import few_of_each
from gridplan.optimise.infeasible.conflicts import least_relaxation
from gridplan.optimise.problem import Problem
from gridplan.optimise.restrict import restricted
from gridplan.policies.pairs import candidates, pair_table
from tests.sample import sample_city

from .brute import best
from .cases import RULES, problems

PLENTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
PAIRS = (
    "district_cap",
    "hospital_cap",
    "pin",
    "least_partners",
    "most_changes",
    "unreachable",
    "exempt",
    "empty",
)


@PLENTY
@given(problems(rules=PAIRS))
def test_a_plan_exists_where_one_exists_of_the_few(p: Problem) -> None:
    assert (best(few_of_each(p)) is None) == (best(p) is None)


@PLENTY
@given(problems(rules=RULES))
def test_where_units_count_every_unit_stays(p: Problem) -> None:
    told_apart = {"capacity", "least_share", "within", "neighbours", "most_travel", "use"}
    if told_apart & p.in_use() or p.caps_bend:
        assert few_of_each(p) is p
    assert (best(few_of_each(p)) is None) == (best(p) is None)


def test_units_of_one_kind_stay_as_many_as_partners_could_share_them() -> None:
    policy = gp.policy("shanghai-2025")
    p = sample_problem(policy)
    few = few_of_each(p)
    reached = len(p.hospital_ids)
    assert np.bincount(few.district).tolist() == np.minimum(np.bincount(p.district), reached).tolist()


@pytest.mark.parametrize("rule", [gp.rules.MostChanges(most=5), gp.rules.LeastPartners(least=2)])
def test_the_least_relaxation_costs_the_same(rule: gp.rules.Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    p = sample_problem(gp.policy("shanghai-2025").with_rule(rule, gp.rules.HospitalCap(most=2)))
    near = np.isin(p.district, [0, 1, 2, 3])
    part = restricted(p, near, np.bincount(p.district[near], minlength=len(p.district_ids)) > 0)
    few = least_relaxation(part, "highs", None)
    monkeypatch.setattr("gridplan.optimise.infeasible.conflicts.few_of_each", lambda p: p)
    whole = least_relaxation(part, "highs", None)
    assert few is not None and whole is not None
    assert sum(s.weight * v for s, v in few) == pytest.approx(sum(s.weight * v for s, v in whole))


def sample_problem(policy: gp.Policy) -> Problem:
    region = sample_city()
    travel = travel_times(region, sorted(set(candidates(region, policy)["hospital_id"])), policy.travel)
    return build_problem(region, policy, travel, pair_table(region, policy), "general")

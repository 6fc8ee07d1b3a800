"""The reference model agrees with trying everything: status, optimum, and rules kept."""

from __future__ import annotations

import numpy as np
import pulp
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines import solve
from gridplan.optimise.model.pulp_door import engines
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import Outcome
from gridplan.words.errors import InfeasibleError

from .brute import best, keeps_rules, least_travel, value_of
from .cases import GOALS, RULES, problems

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def solved(p: Problem, engine: str = "highs") -> Outcome | None:
    try:
        return solve(p, engine=engine)
    except InfeasibleError:
        return None


def agree(p: Problem, engine: str = "highs") -> None:
    truth, outcome = best(p), solved(p, engine)
    if truth is None:
        assert outcome is None, "a plan where there is none"
        return
    assert outcome is not None, "no plan where there is one"
    assert outcome.proven
    assert [g.reached for g in outcome.goals] == pytest.approx(truth, abs=1e-3)
    assert all(g.bound <= g.value + 1e-9 for g in outcome.goals)
    plan = tuple(outcome.serves.tolist())
    assert keeps_rules(p, plan)
    assert [g.value for g in outcome.goals] == pytest.approx(
        [value_of(p, s, plan) for s in p.stages], abs=1e-6
    )
    assert all(g.value <= g.reached * (1 + p.tolerance) + 1e-3 for g in outcome.goals)
    if p.ties is not None and p.tolerance == 0:
        assert value_of(p, p.ties, plan) == pytest.approx(least_travel(p), abs=1e-3)
    lived = p.people > 0
    used = np.zeros_like(p.allowed)
    used[p.district[lived], outcome.serves[lived]] = True
    assert (outcome.chosen == (used | p.pinned)).all()


@settings(QUICK, max_examples=250)
@given(problems())
def test_all_rules_together_agree_with_brute_force(p: Problem) -> None:
    agree(p)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone_agrees_with_brute_force(rule: str) -> None:
    @QUICK
    @given(problems(rules=(rule,)))
    def check(p: Problem) -> None:
        agree(p)

    check()


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_alone_and_with_others_agrees_with_brute_force(goal: str) -> None:
    """With everything that a goal looks at: caps, capacity, today's pairs, units without residents, exempt hospitals."""

    @QUICK
    @given(
        problems(
            rules=(
                "district_cap",
                "hospital_cap",
                "capacity",
                "group_weights",
                "tolerance",
                "unreachable",
                "exempt",
            ),
            first=goal,
        )
    )
    def check(p: Problem) -> None:
        agree(p)

    check()


@pytest.mark.skipif("cbc" not in engines(), reason=f"PuLP {pulp.__version__} brings no CBC")
@settings(QUICK, max_examples=60)
@given(
    problems(
        rules=("district_cap", "hospital_cap", "capacity", "group_weights", "tolerance", "exempt", "pin"),
        first="any",
    )
)
def test_cbc_agrees_with_brute_force_on_goals_in_order(p: Problem) -> None:
    agree(p, "cbc")


@pytest.mark.skipif("cbc" not in engines(), reason=f"PuLP {pulp.__version__} brings no CBC")
@settings(QUICK, max_examples=30)
@given(problems())
def test_cbc_agrees_with_brute_force(p: Problem) -> None:
    agree(p, "cbc")

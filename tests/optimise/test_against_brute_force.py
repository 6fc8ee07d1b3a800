"""The reference model agrees with trying everything: status, optimum, and rules kept."""

from __future__ import annotations

import numpy as np
import pulp
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.errors import InfeasibleError
from gridplan.optimise.outcome import Outcome
from gridplan.optimise.problem import Problem
from gridplan.optimise.pulp_room import engines
from gridplan.optimise.solve import solve

from .brute import best, keeps_rules
from .cases import RULES, problems

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
    assert [g.value for g in outcome.goals] == pytest.approx(truth, abs=1e-3)
    assert all(g.bound <= g.value + 1e-9 for g in outcome.goals)
    assert keeps_rules(p, tuple(outcome.serves.tolist()))
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


@pytest.mark.skipif("cbc" not in engines(), reason=f"PuLP {pulp.__version__} brings no CBC")
@settings(QUICK, max_examples=30)
@given(problems())
def test_cbc_agrees_with_brute_force(p: Problem) -> None:
    agree(p, "cbc")

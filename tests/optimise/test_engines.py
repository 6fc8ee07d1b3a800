"""Every engine that says it fits agrees with trying everything, whatever the rules."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines.choose import choose as engines
from gridplan.optimise.problem import Problem
from gridplan.words.errors import InfeasibleError

from .brute import best, keeps_rules
from .cases import problems

FEW = ("caps", "eligible", "pins", "capacity", "limit", "unreachable", "exempt", "use", "pair_price")


def agree(p: Problem, engine: engines.Engine) -> None:
    truth = best(p)
    try:
        outcome = engines.solve(p, engine=engine)
    except InfeasibleError:
        assert truth is None, "no plan where there is one"
        return
    assert truth is not None, "a plan where there is none"
    assert outcome.proven
    assert [g.value for g in outcome.goals] == pytest.approx(truth, abs=1e-3)
    assert keeps_rules(p, tuple(outcome.serves.tolist()))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_engines_agree_with_brute_force_under_all_rules(p: Problem) -> None:
    for name, fast in engines.FAST.items():
        if fast.reason(p) is None:
            agree(p, name)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(rules=FEW))
def test_engines_agree_with_brute_force_under_the_rules_they_know(p: Problem) -> None:
    for name, fast in engines.FAST.items():
        if fast.reason(p) is None:
            agree(p, name)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_what_auto_would_choose_at_size_is_exact(p: Problem) -> None:
    small, engines.SMALL = engines.SMALL, 0
    try:
        name, _ = engines.choose(p)
    finally:
        engines.SMALL = small
    agree(p, name)

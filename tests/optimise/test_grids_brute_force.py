"""Grids: the reference model, and the engine by areas, agree with trying everything."""

from __future__ import annotations

import pulp
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines.choose import find
from gridplan.optimise.engines.grids.by_area import solve_grids
from gridplan.optimise.model.pulp_door import engines
from gridplan.optimise.model.solve_reference import find as find_by_reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import Outcome

from .brute_grids import best_grids, keeps_grid_rules
from .grid_cases import GRID_RULES, grid_problems

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def agree(p: Problem, outcome: Outcome | None) -> None:
    truth = best_grids(p)
    if truth is None:
        assert outcome is None, "a plan where there is none"
        return
    assert outcome is not None, "no plan where there is one"
    assert outcome.proven
    assert outcome.goals[0].value == pytest.approx(truth, abs=1e-3)
    assert keeps_grid_rules(p, tuple(outcome.serves.tolist()))
    listed = {(int(d), int(h)) for d, h in zip(p.district, outcome.serves, strict=True)}
    listed |= {(d, h) for d, h in zip(*(i.tolist() for i in p.pinned.nonzero()), strict=True)}
    assert {(d, h) for d, h in zip(*(i.tolist() for i in outcome.chosen.nonzero()), strict=True)} == listed


@settings(QUICK, max_examples=250)
@given(grid_problems())
def test_the_engine_agrees_with_brute_force_under_all_rules_together(p: Problem) -> None:
    agree(p, find(p))


@settings(QUICK, max_examples=250)
@given(grid_problems())
def test_the_reference_model_agrees_with_brute_force_under_all_rules_together(p: Problem) -> None:
    agree(p, find_by_reference(p))


@pytest.mark.parametrize("rule", GRID_RULES)
def test_each_rule_alone_agrees_with_brute_force(rule: str) -> None:
    @QUICK
    @given(grid_problems(rules=(rule,)))
    def check(p: Problem) -> None:
        agree(p, find(p))
        agree(p, find_by_reference(p))

    check()


@pytest.mark.skipif("cbc" not in engines(), reason=f"PuLP {pulp.__version__} brings no CBC")
@settings(QUICK, max_examples=30)
@given(grid_problems())
def test_cbc_agrees_with_brute_force(p: Problem) -> None:
    truth, run = best_grids(p), solve_grids(p, "cbc", None, 0.0, 1)
    assert run.impossible == (truth is None)
    if truth is not None:
        assert run.serves is not None and run.bound == pytest.approx(truth, abs=1e-3)
    agree(p, find_by_reference(p, engine="cbc"))

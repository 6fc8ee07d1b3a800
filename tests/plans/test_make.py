"""gp.plan with a clock, another engine, other minutes: what is refused, and what still comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

import gridplan as gp
from gridplan.plans import make
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas


def test_a_name_instead_of_a_policy_is_answered_with_the_way(town: gp.Region) -> None:
    with pytest.raises(TypeError, match=r"gp\.policy\('shanghai-2025'\)"):
        gp.plan(town, "shanghai-2025")  # type: ignore[arg-type]


def test_an_unknown_engine_is_refused(town: gp.Region) -> None:
    with pytest.raises(gp.errors.NoSolverError, match=r"gurobi.*\n.*highs"):
        gp.plan(town, gp.policy("shanghai-2025"), engine="gurobi")  # type: ignore[arg-type]


def test_minutes_made_under_another_policy_are_refused(town: gp.Region) -> None:
    policy = gp.policy("shanghai-2025")
    slower = gp.travel_times(town, ["H1", "H2", "H3", "H4", "H5"], replace(policy.travel, detour=2.0))
    with pytest.raises(gp.PolicyError, match="another policy"):
        gp.plan(town, policy, travel=slower)


def test_a_clock_that_ends_after_the_plan_keeps_the_plan(
    town: gp.Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the priorities cost stays unknown; the plan was there already."""

    def too_late(*_: object) -> None:
        raise gp.errors.NoPlanInTimeError(gp.results.Text("late", "晚"), None, None)

    monkeypatch.setattr(make, "solve_again", too_late)
    plan = gp.plan(town, gp.policy("shanghai-2025"), seconds=60)
    assert plan.status == "optimal" and all(layer.preference_minutes is None for layer in plan.layers)
    told = report(plan, drawn_areas(plan.region))
    assert told.count("left out: it was not proven within the time") == 2 and "未在时限内算出" in told


def test_no_layer_eats_another_layer_s_time(town: gp.Region, monkeypatch: pytest.MonkeyPatch) -> None:
    given, solve = [], make.solve

    def noting(problem, *, seconds, **rest):  # type: ignore[no-untyped-def]
        given.append((problem.layer, seconds))
        return solve(problem, seconds=seconds, **rest)

    monkeypatch.setattr(make, "solve", noting)
    gp.plan(town, gp.policy("shanghai-2025"), seconds=40)
    assert [layer for layer, _ in given] == ["general", "tcm"] and given[0][1] <= 20 < given[1][1] <= 40


@pytest.fixture
def town() -> gp.Region:
    return gp.tiny_town()

"""The nearest legal plan: legal, and no legal plan is nearer (checked by trying everything)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gridplan as gp
from gridplan.ask.nearest import _nearest
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from tests.sample import sample_plan

from ..optimise.brute import best, keeps_rules
from ..optimise.cases import problems

POLICY = gp.policy("shanghai-2025").with_rule(gp.rules.Candidates(exempt=()))


@pytest.fixture(scope="module")
def town() -> gp.Plan:
    return gp.plan(gp.tiny_town(), POLICY)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(), st.data())
def test_no_legal_assignment_changes_fewer_units_or_residents(p: Problem, data: st.DataObject) -> None:
    if best(p) is None:
        return
    hospitals = len(p.hospital_ids)
    wish = np.array([data.draw(st.integers(-1, hospitals - 1)) for _ in p.unit_ids])
    near = _nearest(p, wish, Clock(None))
    assert keeps_rules(p, tuple(near.serves.tolist()))
    fewest = min(
        (
            sum(1 for u, h in enumerate(a) if h != wish[u] and p.people[u]),
            sum(int(p.people[u]) for u, h in enumerate(a) if h != wish[u]),
        )
        for a in legal(p)
    )
    assert (near.goals[0].value, near.goals[1].value) == pytest.approx(fewest)
    assert near.goals[0].status == near.goals[1].status == "optimal"


def legal(p: Problem) -> list[tuple[int, ...]]:
    import itertools

    may = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    may[p.unit, p.hospital] = p.within & p.allowed[p.district[p.unit], p.hospital]
    choices = [np.flatnonzero(row).tolist() for row in may]
    return [a for a in itertools.product(*choices) if keeps_rules(p, a)]


def test_a_legal_plan_needs_no_change(town: gp.Plan) -> None:
    fixed = gp.repair(town)
    assert (fixed.units, fixed.residents, fixed.proven) == (0, 0, True) and fixed.changes.empty
    assert fixed.plan.assignment.equals(town.assignment) and fixed.plan.status == "optimal"


def test_a_plan_spoilt_by_hand_comes_back_with_the_fewest_changes(town: gp.Plan) -> None:
    edited = town.assignment[["layer", "unit_id", "hospital_id"]].copy()
    for unit, hospital in (("T3-01", "H1"), ("T3-02", "H2"), ("T3-03", "H2"), ("T3-04", "H3")):
        edited.loc[edited["unit_id"] == unit, "hospital_id"] = hospital
    verdict = gp.judge(town.region, POLICY, edited)
    assert {b.rule for b in verdict.breaches} == {"SH-2"}
    fixed = gp.repair(town.region, POLICY, edited)
    assert gp.verify(fixed.plan).kept and fixed.proven and fixed.units == 1
    assert set(fixed.changes["unit_id"]) <= {"T3-01", "T3-04"} and "→" in fixed.say("zh")
    assert gp.repair(town, assignment=edited).changes.equals(fixed.changes)


def test_units_without_a_row_or_with_an_unknown_hospital_are_given_one(town: gp.Plan) -> None:
    edited = town.assignment[town.assignment["unit_id"] != "T1-01"].copy()
    edited.loc[edited["unit_id"] == "T2-01", "hospital_id"] = "H99"
    fixed = gp.repair(town.region, POLICY, edited)
    assert list(fixed.changes["unit_id"]) == ["T1-01", "T2-01"]
    assert list(fixed.changes["before"]) == ["", "H99"] and "nobody" in fixed.say("en")


def test_the_gap_of_a_repaired_plan_is_honest(town: gp.Plan) -> None:
    edited = town.assignment.assign(hospital_id="H1")
    fixed = gp.repair(town.region, POLICY.with_rule(gp.rules.HospitalCap(3)), edited)
    best_value = town.layers[0].value
    assert fixed.plan.layers[0].bound == pytest.approx(best_value)
    assert fixed.plan.layers[0].value >= best_value - 0.01


@pytest.mark.parametrize("profile", ["shanghai-2025", "shanghai-2025-strict"])
def test_both_layers_and_goals_in_order_are_repaired_together(profile: str) -> None:
    made = gp.plan(gp.tiny_town(), gp.policy(profile))
    edited = made.assignment.copy()
    edited.loc[edited["unit_id"] == "T2-02", "hospital_id"] = "H6"
    fixed = gp.repair(made.region, made.policy, edited)
    assert (
        gp.verify(fixed.plan).kept and set(fixed.changes["layer"]) == {"general", "tcm"} and fixed.units == 2
    )


def test_nothing_to_repair_is_refused() -> None:
    with pytest.raises(gp.DataError, match="nothing to repair"):
        gp.repair(gp.tiny_town())
    with pytest.raises(gp.DataError, match="lacks columns"):
        gp.repair(gp.tiny_town(), POLICY, pd.DataFrame({"unit_id": []}))


def test_the_sample_city_edited_by_hand_is_repaired() -> None:
    made = sample_plan("shanghai-2025", gp.rules.Candidates(exempt=()))
    edited = made.assignment.copy()
    edited.loc[edited["district_id"] == "310118", "hospital_id"] = [
        "SH007",
        "SH001",
        "SH005",
        *["SH007"] * 100,
    ][: (edited["district_id"] == "310118").sum()]
    fixed = gp.repair(made, assignment=edited)
    assert gp.verify(fixed.plan).kept and fixed.proven and 1 <= fixed.units <= 2

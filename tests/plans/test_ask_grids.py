"""What-if questions of the layer of grids: the lead of a unit and its alternatives, what loosening its rules gains."""

from __future__ import annotations

import numpy as np
import pytest

import gridplan as gp
from gridplan.ask import explain_grids
from tests.sample import sample_part


@pytest.fixture
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared is the answer, not how quick this machine is."""
    monkeypatch.setattr(explain_grids, "EACH", 60.0)


def balanced(within: float) -> gp.Plan:
    """Grids of 闵行 and 虹口, their residents so far from the fair part at most."""
    policy = gp.policy("zhejiang-2020").with_rule(gp.rules.GridShape(balance=within))
    return gp.plan(sample_part("310112", "310109"), policy)


@pytest.fixture(scope="module")
def plan() -> gp.Plan:
    return balanced(0.3)


@pytest.mark.usefixtures("no_hurry")
def test_a_unit_knows_its_lead_and_what_another_lead_would_cost(plan: gp.Plan) -> None:
    several = plan.assignment.groupby("district_id")["hospital_id"].nunique()
    unit = plan.assignment.loc[plan.assignment["district_id"] == several.idxmax(), "unit_id"].iloc[0]
    rows = gp.explain(plan, unit=unit).table
    mine = rows[rows["chosen"] == 1]
    assert list(mine["hospital_id"]) == list(plan.assignment.set_index("unit_id").loc[[unit], "hospital_id"])
    others = rows[(rows["chosen"] == 0) & (rows["rule"] == "")]
    asked = others["change"].dropna()
    assert len(asked) and (asked >= -1e-6).all()  # the plan is proven: no other lead is cheaper
    homes = plan.region.hospitals.set_index("hospital_id")["district_id"]
    named = rows[rows["hospital_id"] != ""]  # one more row is for all leads that cannot be
    assert set(named["hospital_id"].map(homes)) == {several.idxmax()}


def test_nothing_is_said_of_partners_and_priorities_where_grids_are_meant(plan: gp.Plan) -> None:
    lead = plan.assignment.iloc[0]
    answers = [
        gp.explain(plan, unit=lead.unit_id),
        gp.explain(plan, district=lead.district_id),
        gp.explain(plan, hospital=lead.hospital_id),
        gp.explain(plan, pair=(lead.district_id, lead.hospital_id)),
    ]
    for text in (answer.say(lang) for answer in answers for lang in ("en", "zh")):
        assert not any(word in text for word in ("partner", "priority", "合作", "结对", "优先级")), text


def test_loosening_the_balance_is_re_solved_and_saves_what_a_new_plan_saves(plan: gp.Plan) -> None:
    rows = gp.tight(plan, seconds=None).table
    balance = rows[rows["rule"] == "ZJ-6"].iloc[0]
    saved = plan.layers[0].goals[0].value - balanced(0.35).layers[0].goals[0].value
    assert balance["gain"] == pytest.approx(saved, abs=1.0) and saved > 0
    assert "±30% → ±35%" in balance["what"] and "±30% → ±35%" in balance["what_zh"]
    assert not (rows["rule"] == "BAN").any()  # a lead of another district is no ban


def test_a_plan_edited_by_hand_goes_back_to_the_nearest_legal_one(plan: gp.Plan) -> None:
    lead = plan.assignment["hospital_id"].iloc[0]
    edited = plan.assignment.copy()
    edited.loc[edited["district_id"] != edited["district_id"].iloc[0], "hospital_id"] = edited["hospital_id"]
    away = np.flatnonzero(edited["district_id"] != edited["district_id"].iloc[0])[0]
    edited.loc[edited.index[away], "hospital_id"] = lead  # outside of its area
    repaired = gp.repair(plan, assignment=edited)
    assert len(repaired.changes) == 1 and gp.verify(repaired.plan).kept

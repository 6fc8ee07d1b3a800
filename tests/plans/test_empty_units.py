"""Units where nobody lives change no plan; a district or a region with nobody has one."""

from __future__ import annotations

import pytest

import gridplan as gp
from gridplan.policies.rules import Rule

TOWN = gp.tiny_town()


def emptied(*districts: str) -> gp.Region:
    """tiny_town with nobody in these districts."""
    units = TOWN.units.copy()
    units.loc[units["district_id"].isin(districts), "people"] = 0
    stated = TOWN.districts.copy()
    if "people" in stated:
        stated.loc[stated["district_id"].isin(districts), "people"] = 0
    return TOWN.with_tables(units=units, districts=stated)


def proven(plan: gp.Plan) -> bool:
    return all(goal.status == "optimal" for layer in plan.layers for goal in layer.goals)


@pytest.mark.parametrize(
    "rules",
    [(), (gp.rules.LeastPartners(2),), (gp.rules.ConnectedParts(),), (gp.rules.Capacity(),)],
    ids=["plain", "least partners", "connected", "capacity"],
)
def test_a_district_with_nobody_has_a_plan_that_the_judge_passes(rules: tuple[Rule, ...]) -> None:
    plan = gp.plan(emptied("T1"), gp.policy("shanghai-2025").with_rule(*rules))
    assert proven(plan) and plan.summary()
    assert plan.pairs[plan.pairs["district_id"] == "T1"].empty, "where nobody lives, no pair is listed"
    served = plan.assignment[plan.assignment["district_id"] == "T1"]
    assert set(served["unit_id"]) == set(TOWN.units.loc[TOWN.units["district_id"] == "T1", "unit_id"])


def test_a_region_with_nobody_has_a_plan() -> None:
    plan = gp.plan(emptied(*TOWN.districts["district_id"]), gp.policy("shanghai-2025"))
    assert (
        proven(plan) and plan.summary() and plan.pairs.empty and len(plan.assignment) == 2 * len(TOWN.units)
    )

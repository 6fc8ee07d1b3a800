"""Plans of the sample city, worked out again by another program, and its optimum by another route."""

from __future__ import annotations

import pytest
from real_shanghai import CITY
from recompute import PRICES, read_city

import gridplan as gp


@pytest.mark.parametrize("profile", ["shanghai-2025", "shanghai-2025-strict"])
def test_no_choice_of_partners_in_the_sample_city_is_better(profile) -> None:
    plan = gp.plan(gp.read(CITY), gp.policy(profile))
    assert plan.status == "optimal"
    raw, strict = read_city(CITY), profile.endswith("strict")
    for result in plan.layers:
        reached = [goal.value for goal in result.goals]
        mine = raw.value(plan.assignment, result.layer, (0,) * 5 if strict else PRICES)
        assert mine == pytest.approx(reached[-1], rel=1e-6)
        assert raw.optimum(result.layer, strict) == pytest.approx(reached, rel=1e-6)

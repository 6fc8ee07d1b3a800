"""Plans of the sample city, worked out again by another program, and its optimum by another route."""

from __future__ import annotations

import pytest
from real_shanghai import CITY
from recompute import PRICES, read_city

import gridplan as gp
from tests.sample import sample_city, sample_plan


@pytest.mark.parametrize("profile", ["shanghai-2025", "shanghai-2025-strict"])
def test_no_choice_of_partners_in_the_sample_city_is_better(profile) -> None:
    plan = sample_plan(profile)
    assert plan.status == "optimal"
    raw, strict = read_city(CITY), profile.endswith("strict")
    for result in plan.layers:
        reached = [goal.value for goal in result.goals]
        mine = raw.value(plan.assignment, result.layer, (0,) * 5 if strict else PRICES)
        assert mine == pytest.approx(reached[-1], rel=1e-6)
        assert raw.optimum(result.layer, strict) == pytest.approx(reached, rel=1e-6)


@pytest.mark.parametrize("layer", ["general", "tcm"])
def test_today_in_the_sample_city_is_what_another_program_finds(layer) -> None:
    region = sample_city()
    columns = ["partners", "people_without", "mean_minutes", "people_beyond"]
    for profile in ("shanghai-2025", "shanghai-2025-strict"):
        now = gp.today(region, gp.policy(profile)).districts_frame(layer).set_index("district_id")
        told = read_city(CITY).today(layer, strict=profile.endswith("strict"))
        assert len(told) == len(now) == 16
        for district, figures in told.items():
            mine = tuple(now.loc[district, columns])
            assert mine == pytest.approx(figures, abs=0.002, nan_ok=True), district

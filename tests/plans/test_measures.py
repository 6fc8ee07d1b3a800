"""Measures of tiny_town's plan, recomputed by hand from its assignment."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gridplan.inputs.sample import tiny_town
from gridplan.plans.make import plan as make
from gridplan.plans.measures import mean_minutes, people, people_beyond, worst_minutes
from gridplan.plans.plan import Plan
from gridplan.policies.profile import policy


@pytest.fixture(scope="module")
def made() -> Plan:
    return make(tiny_town(), policy("shanghai-2025"))


def test_people(made: Plan) -> None:
    served = people(made)
    assert served.to_dict() == {"H1": 30_000, "H2": 33_000, "H3": 18_000}
    assert (served.name, served.index.name) == ("people", "hospital_id")
    assert people(made, by="district_id", layer="tcm").to_dict() == {"T1": 42_000, "T2": 26_000, "T3": 13_000}


def test_mean_minutes(made: Plan) -> None:
    mean = mean_minutes(made)
    expected = (9000 * 19.6048 + 12000 * 2.8681 + 10000 * 2.8675 + 11000 * 19.6048) / 42000
    assert mean["T1"] == pytest.approx(expected, abs=1e-12)
    assert (mean.name, mean.index.name, list(mean.index)) == (
        "mean_minutes",
        "district_id",
        ["T1", "T2", "T3"],
    )
    assert mean_minutes(made, by="unit_id")["T3-03"] == pytest.approx(1.5927)


def test_worst_minutes_of_residents(made: Plan) -> None:
    assert worst_minutes(made).to_dict() == {"T1": 19.6048, "T2": 14.0034, "T3": 13.2917}
    assert worst_minutes(made, by="hospital_id", layer="tcm")["H5"] == 22.5249
    nobody = replace(
        made,
        assignment=made.assignment.assign(
            people=made.assignment["people"].where(made.assignment["unit_id"] != "T3-01", 0)
        ),
    )
    assert worst_minutes(nobody)["T3"] == 11.5238
    assert pd.isna(mean_minutes(nobody, by="unit_id")["T3-01"])


def test_people_beyond(made: Plan) -> None:
    assert people_beyond(made).to_dict() == {"T1": 0, "T2": 0, "T3": 0}
    assert people_beyond(made, minutes=14).to_dict() == {"T1": 20_000, "T2": 6_000, "T3": 0}
    assert people_beyond(made, minutes=19.6048)["T1"] == 0  # longer than, not as long as
    assert people_beyond(made, minutes=14).name == "people_beyond"


@pytest.mark.parametrize("measure", [people, mean_minutes, worst_minutes, people_beyond])
def test_a_layer_that_is_not_there_is_said(made: Plan, measure) -> None:
    with pytest.raises(KeyError, match="no layer 'merged'; this plan has general, tcm"):
        measure(made, layer="merged")


def test_measures_add_up(made: Plan) -> None:
    for layer in ("general", "tcm"):
        total = (people(made, "unit_id", layer) * mean_minutes(made, "unit_id", layer)).sum()
        by_district = (people(made, "district_id", layer) * mean_minutes(made, "district_id", layer)).sum()
        assert total == pytest.approx(by_district)
        assert people(made, layer=layer).sum() == 81_000

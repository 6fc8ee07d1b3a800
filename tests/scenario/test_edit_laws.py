"""Laws that hold for every change of a scenario, whatever the numbers: totals, order, and that nothing is changed in place."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gridplan as gp
from gridplan.inputs.schema import TABLES
from tests.sample import sample_city

TOWN, RULES = gp.tiny_town(), gp.policy("shanghai-2025")
FACTORS = st.dictionaries(
    st.sampled_from(["all", *TOWN.districts["district_id"]]), st.floats(0.01, 3.0), min_size=1
)
few = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def after(*changes: gp.edits.Change) -> gp.Region:
    return gp.edits.apply(TOWN, RULES, gp.Scenario("x", changes))[0]


def people(region: gp.Region, by: str = "district_id") -> dict[str, float]:
    return region.units.groupby(by)["people"].sum().to_dict()


@few
@given(FACTORS)
def test_a_districts_people_are_multiplied_and_rounded_once(factors: dict[str, float]) -> None:
    before, changed = people(TOWN), after(gp.edits.Population(factors))
    for district, now in people(changed).items():
        factor = factors.get(district, factors.get("all", 1.0))
        assert now == round(round(before[district]) * factor)
    assert (changed.units["people"] >= 0).all() and (changed.units["people"] % 1 == 0).all()
    gained = changed.districts["people"] - TOWN.districts["people"]
    assert gained.tolist() == [people(changed)[d] - before[d] for d in TOWN.districts["district_id"]]


@few
@given(FACTORS)
def test_no_group_grows_above_all_residents(factors: dict[str, float]) -> None:
    units = after(gp.edits.Population(factors)).units
    assert (units["people_65plus"] <= units["people"] + 1).all()  # each is rounded by itself


@few
@given(st.permutations(["H2", "H4", "H5"]))
def test_the_order_of_closing_does_not_matter(order: list[str]) -> None:
    closed = after(*map(gp.edits.CloseHospital, order))
    assert closed.fingerprint == after(*map(gp.edits.CloseHospital, sorted(order))).fingerprint
    assert not set(order) & {*closed.hospitals["hospital_id"], *closed.branches["hospital_id"]}


@few
@given(FACTORS, st.sampled_from(["H2", "H4"]))
def test_a_sum_of_scenarios_is_one_after_the_other_and_changes_nothing_in_place(
    factors: dict[str, float], hospital: str
) -> None:
    was = TOWN.fingerprint
    grown = gp.Scenario("grown", (gp.edits.Population(factors),))
    closed = gp.Scenario("closed", (gp.edits.CloseHospital(hospital),))
    both, _ = gp.edits.apply(TOWN, RULES, grown + closed)
    region, policy = gp.edits.apply(TOWN, RULES, grown)
    assert both.fingerprint == gp.edits.apply(region, policy, closed)[0].fingerprint
    assert TOWN.fingerprint == was == gp.tiny_town().fingerprint


@pytest.mark.parametrize("factor", [0.5, 1.2])
def test_journeys_that_take_longer_and_then_shorter_are_as_they_were(factor: float) -> None:
    _, policy = gp.edits.apply(
        TOWN, RULES, gp.Scenario("x", (gp.edits.TravelFactor(factor), gp.edits.TravelFactor(1 / factor)))
    )
    hospitals = ["H1", "H2"]
    ours, theirs = (gp.travel_times(TOWN, hospitals, rules.travel) for rules in (policy, RULES))
    assert ours.minutes == pytest.approx(theirs.minutes, abs=2e-4)


def test_a_hospital_that_closes_is_named_in_no_table_and_the_data_stay_sound() -> None:
    city, gone = sample_city(), "SH004"
    region, _ = gp.edits.apply(
        city, gp.policy("shanghai-2025"), gp.Scenario("x", (gp.edits.CloseHospital(gone),))
    )
    assert not gp.check(region).errors
    tables = {name: table for name in TABLES if (table := getattr(region, name)) is not None}
    assert [name for name, table in tables.items() if (table == gone).to_numpy().any()] == []
    assert sum((getattr(city, name) == gone).to_numpy().any() for name in tables) > 4

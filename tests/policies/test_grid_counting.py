"""Counting about grids never refuses what could be planned: against brute force, and against the optimiser."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.engines import solve
from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.preflight import preflight
from gridplan.policies.profile import policy
from gridplan.policies.rules import CountyCommunities, Grids, GridShape, Pin, SpecialLeads
from gridplan.words.errors import InfeasibleError
from gridplan.words.vocabulary import GRID
from tests.plans.gridtown import grid_town, island

MATERNAL = SpecialLeads(("tcm", "integrated_tcm", "maternal_child"))  # the town has one that may lead then
ZHEJIANG, TOWN = policy("zhejiang-2020").with_rule(MATERNAL), grid_town()
ISLANDS = island(TOWN, "T3-04")
LEADS = ["H1", "H2", "H4", "M1", "V1", "H3", "H5", "L2", "L3"]


@given(st.lists(st.sets(st.integers(0, 4), max_size=3), min_size=1, max_size=5))
def test_how_many_leads_can_stand_side_by_side(seats: list[set[int]]) -> None:
    ground = object.__new__(GridCounts)
    ground.region, ground.seats = TOWN, {str(n): units for n, units in enumerate(seats)}
    most = max(
        len(chosen)
        for size in range(len(seats) + 1)
        for chosen in itertools.combinations(seats, size)
        if any(len(set(units)) == size for units in itertools.product(*chosen))
    )
    assert ground.possible(ground.seats) == most


@st.composite
def problems(draw: st.DrawFn) -> tuple[Region, Policy]:
    """Leads at random places of their districts, and numbers of grids at random."""
    region = ISLANDS if draw(st.booleans()) else TOWN
    hospitals = region.hospitals.copy()
    for lead in LEADS:
        at = hospitals["hospital_id"] == lead
        home = hospitals.loc[at, "district_id"].item()
        own = region.units[region.units["district_id"] == home].reset_index(drop=True)
        unit = own.loc[draw(st.integers(0, len(own) - 1))]
        hospitals.loc[at, ["lon", "lat"]] = [unit["lon"], unit["lat"]]
    maybe = st.none() | st.integers(1, 9)
    few, many = sorted([draw(st.integers(0, 3)), draw(st.integers(1, 5))])
    least, most = draw(maybe), draw(maybe)
    if least is not None and most is not None:
        least, most = sorted([least, most])
    number = draw(st.dictionaries(st.sampled_from(["T1", "T2"]), st.integers(1, 4), max_size=1))
    rules = ZHEJIANG.with_rule(Grids(least, most, few, many, number))
    if draw(st.booleans()):
        rules = rules.with_rule(CountyCommunities())
    if draw(st.booleans()):
        rules = rules.with_rule(
            Pin("T1", draw(st.sampled_from(LEADS[:5])), layer=GRID), Pin("T1", "H1", layer=GRID)
        )
    if draw(st.booleans()):
        rules = rules.with_rule(GridShape(connected=False))
    return region.with_tables(hospitals=hospitals), rules


@settings(max_examples=40, deadline=None)
@given(problems())
def test_what_counting_refuses_no_plan_can_keep(case: tuple[Region, Policy]) -> None:
    region, rules = case
    pairs = pair_table(region, rules)
    travel = travel_times(region, sorted(set(pairs["hospital_id"])), rules.travel)
    if not preflight(region, rules, travel, pairs):
        return
    with pytest.raises(InfeasibleError):
        solve(build_problem(region, rules, travel, pairs, GRID))

"""What a plan with grids tells besides: districts that are left out, and units that hang together with no lead."""

from __future__ import annotations

import pytest

import gridplan as gp
from gridplan.policies.pairs import pair_table
from gridplan.policies.preflight import unstated
from gridplan.policies.profile import policy
from gridplan.policies.rules import Candidates, CountyCommunities, Grids, GridShape
from tests.plans.gridtown import grid_town, island, linked
from tests.policies.test_preflight_grids import ISLANDS, TOWN, ZHEJIANG, cells, found, off


def test_a_district_that_is_left_out_is_told_with_its_residents() -> None:
    (note,) = unstated(grid_town(T3="county"), ZHEJIANG)
    assert (note.severity, note.code, note.id) == ("warning", "district-left-out", "T3")
    assert note.what.en.startswith("ZJ-1: 北县 (T3) runs a county consortium") and "13,000" in note.what.en
    assert "13,000" in note.what.zh and "CD-2" in note.hint.zh
    assert not list(unstated(grid_town(T3="county"), ZHEJIANG.with_rule(CountyCommunities())))


def test_a_kind_that_is_county_is_left_out_unless_the_district_says_urban() -> None:
    county = cells(TOWN, "districts", "T3", kind="county")
    assert [f.id for f in unstated(county, ZHEJIANG)] == ["T3"]
    assert not list(unstated(cells(county, "districts", "T3", consortium="urban"), ZHEJIANG))


def test_units_on_an_island_are_told_until_a_ferry_is_given() -> None:
    apart = island(TOWN)
    (note,) = unstated(apart, ZHEJIANG)
    assert (note.severity, note.code, note.id) == ("warning", "loose-units", "T3")
    assert "1 unit does not touch any part of 北县 (T3)" in note.what.en and "2,500" in note.what.en
    assert "第12街道" in note.what.zh and "2,500" in note.what.zh
    assert not list(unstated(linked(apart, "T3-04", "T3-03"), ZHEJIANG))
    assert not list(unstated(apart, ZHEJIANG.with_rule(GridShape(connected=False))))
    assert not found(ZHEJIANG, apart)


def test_a_ban_of_the_only_lead_of_an_island_excuses_nothing() -> None:
    """The plan says that the ban must give way, instead of leaving the island to a grid that does not touch it."""
    rules = ZHEJIANG.with_rule(*off("T3", "L2"))
    assert not list(unstated(ISLANDS, rules)) and not found(rules, ISLANDS)
    with pytest.raises(gp.InfeasibleError, match="allow the pair 北县"):
        gp.plan(ISLANDS, rules)


def test_a_ferry_from_another_district_joins_only_grids_that_may_cross() -> None:
    apart = linked(island(TOWN), "T3-04", "T2-04")
    assert [f.id for f in unstated(apart, ZHEJIANG)] == ["T3"]
    assert not list(unstated(apart, ZHEJIANG.with_rule(Grids(across_districts=True))))


def test_policies_without_grids_have_no_notes_of_them() -> None:
    assert not list(unstated(grid_town(T3="county"), policy("shanghai-2025")))


def test_partners_are_not_asked_of_districts_that_are_left_out_of_grids() -> None:
    region = grid_town(T3="county")
    rules = policy("shanghai-2025-grids").with_rule(Candidates(exempt=()))
    assert not found(rules, region)
    pairs = pair_table(region, rules)
    here = pairs[pairs["district_id"] == "T3"]
    assert not here.loc[here["layer"] == "grid", "allowed"].any()
    assert here.loc[here["layer"] == "general", "allowed"].all()


def test_a_region_made_by_hand_without_the_new_columns_is_planned_all_the_same() -> None:
    bare = TOWN.with_tables(
        hospitals=TOWN.hospitals.drop(columns="willing"), districts=TOWN.districts.drop(columns="consortium")
    )
    assert not found(ZHEJIANG, bare)
    leads = pair_table(bare, ZHEJIANG)
    assert "V1" not in set(leads["hospital_id"]) and "V1" in set(pair_table(TOWN, ZHEJIANG)["hospital_id"])

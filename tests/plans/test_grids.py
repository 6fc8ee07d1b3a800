"""Plans with grids: measures, members, summary, folder; partners beside them are not touched."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.plans.folder.store import write_tables
from gridplan.plans.grids_of_plan import left_out, loose_units
from gridplan.plans.plan import Plan
from gridplan.policies.rules import (
    CountyCommunities,
    FullCoverage,
    GridLeads,
    Grids,
    GridShape,
    LeadRank,
    NoProvincialLeads,
    Pin,
    WillingPrivate,
)
from gridplan.words.vocabulary import GRID_COLUMNS, MEMBER_COLUMNS
from tests.plans.gridtown import GOOD, grid_plan, grid_policy, grid_town, island

MUNICIPAL = GridLeads(tiers=("district", "municipal"))


@cache
def alone() -> Plan:
    return grid_plan(
        grid_town(), grid_policy(WillingPrivate(), NoProvincialLeads(), GridShape(balance=0.3)), GOOD
    )


@cache
def beside_partners() -> Plan:
    return grid_plan(grid_town(), gp.policy("shanghai-2025-grids").with_rule(MUNICIPAL), GOOD)


@pytest.mark.parametrize("make", [alone, beside_partners])
def test_a_plan_with_grids_is_verified(make) -> None:
    verdict = gp.verify(make())
    assert verdict.kept, verdict.report()


def test_a_row_per_grid_with_its_figures() -> None:
    table = gp.grids(alone()).set_index("hospital_id")
    assert list(table.index) == ["H1", "H2", "H3", "L2", "L3"]  # by district
    h1 = table.loc["H1"]
    assert (h1["hospital"], h1["district"], h1["districts"], h1["form"]) == (
        "市第一医院",
        "中区",
        "T1",
        "urban",
    )
    assert (h1["units"], h1["people"], h1["fair_people"], h1["parts"]) == (2, 19_000, 21_000, 1)
    assert h1["deviation"] == pytest.approx(19 / 21 - 1, abs=1e-4)
    assert h1["mean_minutes"] == pytest.approx((9 * 19.6048 + 10 * 2.8675) / 19, abs=1e-3)
    assert h1["worst_minutes"] == pytest.approx(19.6048)
    assert table["members"].to_dict() == {"H1": 2, "H2": 3, "H3": 0, "L2": 1, "L3": 0}
    assert table["people"].sum() == 81_000


def test_fair_parts_follow_beds_and_the_city_where_grids_cross_borders() -> None:
    by_beds = grid_plan(grid_town(), grid_policy(GridShape(balance_by="beds")), GOOD)
    fair = gp.grids(by_beds).set_index("hospital_id")["fair_people"]
    assert fair["H1"] == pytest.approx(42_000 * 1500 / 2400) and fair["H2"] == pytest.approx(
        42_000 * 900 / 2400
    )
    assert np.isnan(fair["L3"])  # it states no beds
    across = grid_plan(grid_town(), grid_policy(Grids(across_districts=True)), GOOD)
    assert set(gp.grids(across)["fair_people"]) == {81_000 / 5}


def test_every_hospital_joins_the_grid_of_the_unit_it_stands_in() -> None:
    table = gp.members(alone()).set_index("hospital_id")
    assert {h: tuple(table.loc[h, ["unit_id", "lead_id", "role", "rule"]]) for h in ("H1", "M1", "P1", "V1", "V2", "H6")} == {
        "H1": ("T1-03", "H1", "lead", "ZJ-2"),
        "M1": ("T1-01", "H1", "member", "ZJ-2"),
        "P1": ("T1-04", "H2", "higher", "ZJ-5"),
        "V1": ("T1-02", "H2", "willing", "ZJ-4"),
        "V2": ("T2-02", "", "outside", "ZJ-4"),
        "H6": ("T1-01", "", "outside", "ZJ-2"),  # military
    }  # fmt: skip
    assert set(table.index) == set(alone().region.hospitals["hospital_id"])
    assert table.loc["M1", "lead"] == "市第一医院" and table.loc["H6", "lead"] == ""


def test_private_hospitals_join_nothing_unless_the_policy_lets_them() -> None:
    made = replace(alone(), policy=alone().policy.without(WillingPrivate))
    assert gp.members(made).set_index("hospital_id").loc["V1", "role"] == "outside"


def test_the_supporters_of_a_grid_are_the_partners_of_its_district() -> None:
    made = beside_partners()
    table, partners = gp.members(made), made.pairs[made.pairs["layer"] != "grid"]
    for lead, mine in made.assignment[made.assignment["layer"] == "grid"].groupby("hospital_id"):
        served = set(mine.loc[mine["people"] > 0, "district_id"])
        here = table[(table["lead_id"] == lead) & (table["role"] == "supporter")]
        expected = set(partners.loc[partners["district_id"].isin(served), "hospital_id"]) - {lead}
        assert set(here["hospital_id"]) == expected and set(here["rule"]) == {"SH-8"}
    roles = table.groupby("hospital_id")["role"].agg(set)
    assert roles["H1"] >= {"lead"} and roles["H4"] == {
        "supporter"
    }  # H4 stands in T1, and joins nothing there
    assert roles["H7"] == {"member"}  # no partner, in the grid of a municipal hospital
    assert set(roles.index) >= set(made.region.hospitals["hospital_id"])


def test_municipal_specialists_are_no_members_of_a_district_hospitals_grid() -> None:
    region = alone().region
    city = region.hospitals["hospital_id"] == "H2"
    district = region.hospitals.assign(tier=region.hospitals["tier"].mask(city, "district"))
    table = gp.members(replace(alone(), region=region.with_tables(hospitals=district))).set_index(
        "hospital_id"
    )
    assert tuple(table.loc["H7", ["lead_id", "role", "rule"]]) == ("", "alliance", "SH-12")
    assert tuple(table.loc["M1", ["lead_id", "role"]]) == ("H1", "member")  # of the district itself


def test_a_municipal_hospital_that_nobody_partners_is_no_member_below_itself() -> None:
    made = beside_partners()
    tier = made.region.hospitals["tier"].mask(made.region.hospitals["hospital_id"] != "H4", "district")
    region = made.region.with_tables(hospitals=made.region.hospitals.assign(tier=tier))
    unpaired = made.pairs[made.pairs["hospital_id"] != "H4"]
    table = gp.members(replace(made, region=region, pairs=unpaired)).set_index("hospital_id")
    assert tuple(table.loc["H4", ["lead_id", "role", "rule"]]) == ("", "outside", "SH-8")
    table = gp.members(replace(made, pairs=unpaired)).set_index("hospital_id")
    assert table.loc["H4", "role"] == "member"  # of a municipal hospital's grid


def test_an_enterprise_hospital_joins_where_it_is_willing() -> None:
    region = alone().region
    own = region.hospitals.assign(ownership=region.hospitals["ownership"].replace("private", "enterprise"))
    table = gp.members(replace(alone(), region=region.with_tables(hospitals=own))).set_index("hospital_id")
    assert table.loc["V1", "role"] == "willing" and table.loc["V2", "role"] == "outside"


def test_a_hospital_without_a_location_joins_the_only_grid_of_its_district() -> None:
    town = grid_town()
    lost = town.hospitals["hospital_id"].isin(["M1", "L2"])
    places = town.hospitals.assign(**{c: town.hospitals[c].where(~lost, np.nan) for c in ("lon", "lat")})
    moved = {**GOOD, "T2-01": "H3", "T2-02": "H3"}
    made = replace(grid_plan(town, grid_policy(), moved), region=town.with_tables(hospitals=places))
    table = gp.members(made).set_index("hospital_id")
    assert tuple(table.loc["L2", ["unit_id", "lead_id", "role"]]) == ("", "H3", "member")
    assert tuple(table.loc["M1", ["unit_id", "lead_id", "role"]]) == ("", "", "member")


def test_what_is_left_out_or_loose_is_said() -> None:
    county = grid_town(T3="county")
    here = {u: h for u, h in GOOD.items() if not u.startswith("T3")}
    made = grid_plan(county, grid_policy(), here)
    assert gp.verify(made).kept and left_out(made) == ["T3"]
    assert "left out (county consortium): 北县 (T3)" in made.summary()
    assert "不划网格（县域医共体）：北县 (T3)" in made.summary("zh")
    assert "T3" not in set(gp.members(made)["district_id"])
    community = grid_plan(county, grid_policy(CountyCommunities()), GOOD)
    assert gp.verify(community).kept and left_out(community) == []
    assert gp.grids(community).set_index("hospital_id")["form"].to_dict()["L3"] == "county"
    apart = grid_plan(island(grid_town()), grid_policy(), GOOD)
    assert loose_units(apart) == [["T3-04"]]
    l3 = gp.grids(apart).set_index("hospital_id").loc["L3"]
    assert (l3["parts"], l3["loose_units"]) == (2, 1)


def test_the_summary_speaks_of_grids() -> None:
    assert "5 grids in 3 districts, mean 10.4 min, longest 30.2 min" in alone().summary()
    assert "3 个区共 5 个网格" in alone().summary("zh") and len(beside_partners().summary().splitlines()) == 7


def test_changes_transition_and_supporters_speak_of_partners_only() -> None:
    both, partners = beside_partners(), gp.plan(grid_town(), gp.policy("shanghai-2025"))
    pd.testing.assert_frame_equal(gp.changes(both), gp.changes(partners))
    assert [len(p.changes) for p in gp.transition(both, 6)] == [
        len(p.changes) for p in gp.transition(partners, 6)
    ]
    pd.testing.assert_series_equal(gp.measures.main_supporters(both), gp.measures.main_supporters(partners))
    assert both.pairs_frame("grid")["main"].sum() == 0 and set(both.pairs_frame("grid")["form"]) == {"urban"}
    assert gp.changes(alone()).empty and gp.transition(alone(), 3) == ()


def test_a_plan_without_grids_has_none() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    assert gp.grids(made).empty and gp.members(made).empty and left_out(made) == loose_units(made) == []


@pytest.mark.parametrize("make", [alone, beside_partners])
def test_a_plan_folder_with_grids_opens_again(make, tmp_path: Path) -> None:
    made = make()
    write_tables(made, tmp_path)
    again = gp.open_plan(tmp_path)
    assert gp.verify(again).kept and again.summary() == made.summary()
    for name, columns, table in (
        ("grids", GRID_COLUMNS, gp.grids(made)),
        ("members", MEMBER_COLUMNS, gp.members(made)),
    ):
        file = tmp_path / f"{name}.csv"
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        written = pd.read_csv(file, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        assert list(written.columns) == columns and len(written) == len(table)
        first = next(c for c in columns if c.endswith("_id"))
        assert written[first].tolist() == table[first].tolist()
    pd.testing.assert_frame_equal(gp.grids(again), gp.grids(made))


def test_wrong_figures_of_grids_are_caught() -> None:
    made = alone()
    for change, words in (
        ({"change": "kept"}, "has change kept, is new"), ({"people": 1}, "has people 1"), ({"counted": 1}, "has counted 1, is 0"),
    ):  # fmt: skip
        verdict = gp.verify(replace(made, pairs=made.pairs.assign(**change)))
        assert {b.rule for b in verdict.breaches} == {"FIGURES"} and words in verdict.report()
    priced = made.layers[0].goals[0]
    off = replace(made, layers=(replace(made.layers[0], goals=(replace(priced, value=priced.value + 9),)),))
    assert "goal travel" in gp.verify(off).report()
    strict = replace(made, policy=replace(made.policy, goals=("priority", "travel")))
    assert gp.verify(strict).kept  # leads have no priority


def test_the_rank_of_a_lead_costs_what_the_judge_finds() -> None:
    """L2 and L3 are small: at their price the grids of better ranked hospitals grow, and the judge adds it up anew."""
    region = grid_town()
    plain = gp.plan(region, grid_policy(FullCoverage(), GridShape(connected=False)))
    dear = gp.plan(
        region, grid_policy(FullCoverage(), GridShape(connected=False), LeadRank((0, 0, 500, 500)))
    )
    assert gp.verify(dear).kept and gp.verify(plain).kept
    told = [plan.layers[0].goals[0].text for plan in (plain, dear)]  # grids have no priority to speak of
    assert [text.zh for text in told] == [
        "使 居民 × 分钟合计最小",
        "使 居民 ×（分钟 + 规则折算分钟）合计最小",
    ]
    assert not any("priority" in text.en for text in told)
    table = region.hospitals.set_index("hospital_id")
    ranked = {h for h in table.index if str(table.at[h, "grade"]).startswith("3")}

    def below(plan: gp.Plan) -> int:
        rows = plan.assignment[plan.assignment["layer"] == "grid"]
        return int(rows.loc[~rows["hospital_id"].isin(ranked), "people"].sum())

    assert below(dear) < below(plain) or below(plain) == 0
    rows = dear.assignment[dear.assignment["layer"] == "grid"]
    price = rows["hospital_id"].map(lambda h: 0 if h in ranked else 500)
    own = float((rows["people"] * (rows["minutes"] + price)).sum())
    assert dear.layer("grid").value == pytest.approx(own, rel=1e-6)
    centre = region.with_tables(hospitals=region.hospitals.assign(regional_centre="yes"))
    assert gp.plan(centre, dear.policy).layer("grid").value == pytest.approx(
        plain.layer("grid").value, rel=1e-6
    )


def test_two_leads_in_one_town_may_both_lead_where_the_policy_lets_them() -> None:
    """H2 moves into the unit of H1; with `beside` each has a grid, one of them from a unit beside."""
    town = grid_town()
    at = town.hospitals.set_index("hospital_id").loc["H1", ["lon", "lat"]]
    moved = town.hospitals["hospital_id"] == "H2"
    hospitals = town.hospitals.assign(**{c: town.hospitals[c].mask(moved, at[c]) for c in ("lon", "lat")})
    region = town.with_tables(hospitals=hospitals)
    alone, both = (
        grid_policy(FullCoverage(), GridShape(), *more) for more in ((), (GridLeads(beside=True),))
    )
    pinned = gp.plan(region, both.with_rule(*(Pin("T1", h, layer="grid") for h in ("H1", "H2"))))
    assert gp.verify(pinned).kept and {"H1", "H2"} <= set(pinned.assignment["hospital_id"])
    with pytest.raises((gp.PolicyError, gp.errors.InfeasibleError)):
        gp.plan(region, alone.with_rule(*(Pin("T1", h, layer="grid") for h in ("H1", "H2"))))


def test_a_rank_that_nobody_stated_is_told() -> None:
    """A blank grade ranks last; the plan's findings say of whom."""
    region = grid_town()
    blank = region.with_tables(
        hospitals=region.hospitals.assign(
            grade=region.hospitals["grade"].where(region.hospitals["hospital_id"] != "L3", "")
        )
    )
    rules = grid_policy(FullCoverage(), LeadRank(strict=True))
    told = {f.code: f for f in gp.plan(blank, rules).findings}
    assert "1 of" in told["grade-not-stated"].what.en and "L3" in told["grade-not-stated"].what.zh
    assert "grade-not-stated" not in {f.code for f in gp.plan(region, rules).findings}

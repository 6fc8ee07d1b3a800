"""The judge of grids passes a good plan, and catches each rule that is broken, with its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.region import Region
from gridplan.judging.rules import judges
from gridplan.judging.verdict import Verdict
from gridplan.judging.verify import _judge, judge
from gridplan.optimise.engines import solve
from gridplan.plans.make import assemble, prepare
from gridplan.plans.plan import LayerResult
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    RULES,
    Ban,
    Capacity,
    CountyCommunities,
    FullCoverage,
    GridLeads,
    Grids,
    GridShape,
    LeadRank,
    LeastPartners,
    LeastShare,
    NoProvincialLeads,
    Pin,
    Rule,
    SpecialLeads,
    TravelStandard,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.words.errors import BrokenPlanError
from tests.plans.gridtown import GOOD, assigned, grid_policy, grid_town, island, linked

TOWN = grid_town()


def judged(leads: Mapping[str, str], *rules: Rule, region: Region = TOWN) -> Verdict:
    asked = grid_policy(*rules)
    return _judge(region, asked, assigned(region, asked, leads), None, "")[0]


def places(v: Verdict) -> list[tuple[Any, ...]]:
    return sorted((b.rule, b.district_id, b.hospital_id, b.unit_id, b.rows) for b in v.breaches)


def test_a_good_plan_passes_and_says_how_much_room_there_is() -> None:
    v = judged(GOOD, GridShape(balance=0.5))
    assert v.kept, v.report()
    slack = v.rules_frame("en").set_index("rule")["slack"]
    assert slack["ZJ-1"] == "5 grids"
    assert slack["ZJ-6"] == "most uneven 市第一医院 (H1) -9.5%, longest 30.2 min"
    assert v.rules_frame("zh").set_index("rule")["slack"]["ZJ-1"] == "5 个网格"


# name → moves against GOOD, rules besides, the breaches: rule, district, hospital, unit, rows
CASES: dict[str, tuple[Mapping[str, str | None], tuple[Rule, ...], list[tuple[Any, ...]]]] = {
    "a unit in no grid": ({"T1-01": None}, (), [("ZJ-1", "T1", "", "T1-01", ())]),
    "a unit in no grid, SH-1 too": ({"T1-01": None}, (FullCoverage(),), [("SH-1", "", "", "T1-01", ()), ("ZJ-1", "T1", "", "T1-01", ())]),
    "a grid across a border": ({"T2-01": "H2"}, (), [("ZJ-1", "T2", "H2", "", (6,)), ("ZJ-2", "T2", "L2", "", (7,)), ("ZJ-6", "T2", "H2", "", (6,)), ("ZJ-6", "T2", "L2", "", (7,))]),
    "too many in the city": ({}, (Grids(most=4),), [("ZJ-1", "", "", "", ())]),
    "too few in the city": ({}, (Grids(least=6),), [("ZJ-1", "", "", "", ())]),
    "too many in a district": ({}, (Grids(most_per_district=1),), [("ZJ-1", "T1", "", "", (2, 3, 4, 5)), ("ZJ-1", "T2", "", "", (6, 7, 8, 9))]),
    "too few in a district": ({}, (Grids(least_per_district=2),), [("ZJ-1", "T3", "", "", (10, 11, 12, 13))]),
    "another number than asked": ({}, (Grids(number={"T1": 3}),), [("ZJ-1", "T1", "", "", (2, 3, 4, 5))]),
    "a primary centre leads": ({"T1-01": "S1"}, (), [("ZJ-2", "T1", "S1", "", (2,))]),
    "a lead of another ownership": ({}, (GridLeads(ownerships=("military",)),), [("ZJ-2", d, h, "", r) for d, h, r in [("T1", "H1", (2, 4)), ("T1", "H2", (3, 5)), ("T2", "H3", (8, 9)), ("T2", "L2", (6, 7)), ("T3", "L3", (10, 11, 12, 13))]]),
    "a lead below its grade": ({}, (GridLeads(tertiary=("municipal", "district")),), [("ZJ-2", "T2", "L2", "", (6, 7)), ("ZJ-2", "T3", "L3", "", (10, 11, 12, 13))]),
    "a lead outside its grid": ({"T1-03": "H2"}, (GridShape(connected=False),), [("ZJ-2", "T1", "H1", "", (2,))]),
    "a maternity that may not lead": ({"T1-01": "M1"}, (), [("ZJ-2", "T1", "M1", "", (2,))]),
    "a maternity where only TCM leads": ({"T1-01": "M1"}, (SpecialLeads(("tcm",)),), [("ZJ-3", "T1", "M1", "", (2,))]),
    "an unwilling private lead": ({"T2-02": "V2"}, (WillingPrivate(),), [("ZJ-4", "T2", "V2", "", (7,))]),
    "a private lead without ZJ-4": ({"T1-02": "V1", "T1-04": "H1"}, (), [("ZJ-2", "T1", "V1", "", (3,))]),
    "a provincial lead": ({"T1-04": "P1"}, (NoProvincialLeads(),), [("ZJ-5", "T1", "P1", "", (5,))]),
    "a provincial lead without ZJ-5": ({"T1-04": "P1"}, (), [("ZJ-2", "T1", "P1", "", (5,))]),
    "another shape": ({"T1-04": "H1", "T1-03": "H1", "T1-01": "H2"}, (), []),
    "a part cut off": ({"T3-02": "P1", "T3-03": "P1"}, (Grids(across_districts=True), GridLeads(tiers=("municipal", "district", "provincial"))), [("ZJ-2", "T1", "P1", "", (11, 12)), ("ZJ-6", "T3", "L3", "", (13,)), ("ZJ-6", "T3", "P1", "", (11, 12))]),
    "a corner is no border": ({"T1-01": "H2", "T1-04": "H1", "T1-02": "H1", "T1-03": "H2"}, (), [("ZJ-2", "T1", "H1", "", (3, 5)), ("ZJ-2", "T1", "H2", "", (2, 4)), ("ZJ-6", "T1", "H1", "", (3, 5)), ("ZJ-6", "T1", "H2", "", (2, 4))]),
    "uneven": ({}, (GridShape(balance=0.08),), [("ZJ-6", "T1", "H1", "", (2, 4)), ("ZJ-6", "T1", "H2", "", (3, 5))]),
    "too far": ({}, (GridShape(minutes=30),), [("ZJ-6", "T3", "L3", "T3-04", (13,))]),
    "beds not stated": ({}, (GridShape(balance=1, balance_by="beds"),), [("ZJ-6", "T2", "H3", "", (8, 9)), ("ZJ-6", "T2", "L2", "", (6, 7)), ("ZJ-6", "T3", "L3", "", (10, 11, 12, 13))]),
    "a banned lead": ({}, (Ban("T1", "H1", layer="grid"),), [("BAN", "T1", "H1", "", (2, 4))]),
    "a pinned lead that leads nothing": ({"T2-01": "H3", "T2-02": "H3"}, (Pin("T2", "L2", layer="grid"),), [("PIN", "T2", "L2", "", ())]),
    "a pinned hospital that may not lead": ({}, (Pin("T1", "S1", layer="grid"),), [("PIN", "T1", "S1", "", ())]),
    "a ban of partners": ({}, (Ban("T1", "H1"),), []),
    "a better hospital is passed over": ({"T2-03": "L2", "T2-04": "L2"}, (LeadRank(strict=True),), [("RANK", "T2", "L2", "", (6, 7, 8, 9))]),
    "a price of ranks breaks nothing": ({"T2-03": "L2", "T2-04": "L2"}, (LeadRank(),), []),
    "a pin of another district": ({}, (Pin("T2", "H1", layer="grid"),), [("PIN", "T2", "H1", "", ())]),
    "over the beds": ({}, (Capacity("beds", 12),), [("CAPACITY", "", "H1", "", (2, 4)), ("CAPACITY", "", "H2", "", (3, 5)), ("CAPACITY", "", "H3", "", (8, 9))]),
    "beyond the standard": ({}, (TravelStandard(30),), [("STANDARD", "T3", "L3", "T3-04", (13,))]),
    "rules of partners say nothing": ({}, (LeastPartners(2), LeastShare(0.9)), [("PARTNERS", d, "", "", ()) for d in ("T1", "T2", "T3")]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_caught_where_it_is(name: str) -> None:
    moves, rules, expected = CASES[name]
    leads = {u: h for u, h in {**GOOD, **moves}.items() if h is not None}
    v = judged(leads, *rules)
    assert places(v) == sorted(expected), v.report()
    for b in v.breaches:
        assert b.line("en") in v.report("en") and any("\u4e00" <= c <= "\u9fff" for c in b.what.zh)


@pytest.mark.parametrize("rule", [kind for kind in RULES if kind.of == "grids"], ids=lambda rule: rule.id)
def test_a_fault_escapes_only_where_its_judge_is_asleep(
    rule: type[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule has its own judge: muted, the case that breaks that rule alone would pass."""
    if rule in (UrbanGroups, CountyCommunities):
        region, leads, rules, expected = (
            grid_town(T3="county"),
            SWALLOWED,
            (UrbanGroups(), CountyCommunities()),
            rule.id,
        )
    else:
        moves, rules, _ = next(case for case in CASES.values() if {b[0] for b in case[2]} == {rule.id})
        region, leads, expected = TOWN, {u: h for u, h in {**GOOD, **moves}.items() if h is not None}, rule.id
    assert expected in {b.rule for b in judged(leads, *rules, region=region).breaches}
    monkeypatch.setitem(judges(), rule, lambda *_: iter(()))
    assert expected not in {b.rule for b in judged(leads, *rules, region=region).breaches}


# Forms of districts

SWALLOWED = {
    **GOOD,
    "T3-01": "H2",
    "T1-04": "L3",
}  # a county unit led from the city, a city unit from the county


def test_a_district_with_a_county_consortium_is_left_out() -> None:
    region = grid_town(T3="county")
    without = {u: h for u, h in GOOD.items() if not u.startswith("T3")}
    v = judged(without, region=region)
    assert v.kept, v.report()
    assert v.rules_frame().set_index("rule")["slack"]["ZJ-1"] == "4 grids, 1 district(s) left out"
    assert places(judged(GOOD, region=region)) == [("ZJ-1", "T3", "", "", (10, 11, 12, 13))]


def test_a_county_community_is_one_grid_of_its_own_hospital() -> None:
    region, rules = grid_town(T3="county"), (UrbanGroups(), CountyCommunities())
    assert judged(GOOD, *rules, region=region).kept
    assert judged(GOOD, UrbanGroups(), CountyCommunities(("outer_suburban",))).kept
    v = judged(SWALLOWED, *rules, region=region)
    assert [place for place in places(v) if place[0] in ("CD-1", "CD-2", "ZJ-1")] == [
        ("CD-1", "T1", "L3", "", (5,)),
        ("CD-2", "T3", "", "", (10, 11, 12, 13)),
        ("CD-2", "T3", "H2", "", (10,)),
        ("ZJ-1", "T1", "L3", "", (5,)),
        ("ZJ-1", "T3", "H2", "", (10,)),
    ], v.report()


def test_a_county_community_is_led_by_a_hospital_of_its_own_tier() -> None:
    town = {**GOOD, "T2-01": "H3", "T2-02": "H3"}
    county = grid_town(T2="county")
    assert [b[:3] for b in places(judged(town, CountyCommunities(("county",)), region=county))] == [
        ("CD-2", "T2", "H3")
    ]
    assert judged(town, CountyCommunities(("county",), ("municipal",)), region=county).kept


def test_what_a_district_says_stands_above_its_kind() -> None:
    rules = (CountyCommunities(("outer_suburban", "suburban")),)
    two = {**GOOD}
    assert {b.rule for b in judged(two, *rules).breaches} == {"CD-2"}  # T2 has two grids
    assert judged(two, *rules, region=grid_town(T2="urban")).kept
    assert judged(two, *rules, UrbanGroups(("suburban",))).kept


# Connected


def test_a_bridge_connects_and_water_parts() -> None:
    """T3-04 lies apart: exempt while no lead has a campus there, unless a bridge joins it to the land."""
    apart = island(TOWN)
    assert judged(GOOD, region=apart).kept  # loose
    assert judged(GOOD, region=linked(apart, "T3-03", "T3-04")).kept
    lead_there = apart.with_tables(
        hospitals=apart.hospitals.assign(
            lon=apart.hospitals["lon"].where(apart.hospitals["hospital_id"] != "V1", 120.175),
            lat=apart.hospitals["lat"].where(apart.hospitals["hospital_id"] != "V1", 30.125),
            district_id=apart.hospitals["district_id"].where(apart.hospitals["hospital_id"] != "V1", "T3"),
        )
    )
    v = judged(GOOD, WillingPrivate(), region=lead_there)
    assert places(v) == [("ZJ-6", "T3", "L3", "", (13,))], v.report()
    assert "T3-04" in v.report()
    assert judged(GOOD, WillingPrivate(), region=linked(lead_there, "T3-02", "T3-04")).kept
    assert not judged(
        GOOD, WillingPrivate(), region=linked(lead_there, "T2-04", "T3-04")
    ).kept  # another area


def test_each_part_may_stand_around_a_campus_of_its_own() -> None:
    """Across districts H1 has its open campus B1 in T2-01; B2 is an affiliate, B3 only planned."""
    across = Grids(across_districts=True)
    leads = {**GOOD, "T2-01": "H1", "T2-02": "H1"}
    assert judged(leads, across).kept  # B1 holds T2-01 and T2-02, H1 itself the others
    assert not judged(leads).kept
    v = judged({**GOOD, "T3-03": "H2", "T3-04": "H3"}, across)  # T3-04 touches T2-04, where H3 stands
    assert places(v) == [("ZJ-6", "T3", "H2", "", (12,))], v.report()


# Beside partners, and by hand


def test_rules_of_partners_and_rules_of_grids_are_judged_each_in_their_layers() -> None:
    asked = policy("shanghai-2025").with_rule(Grids(), GridLeads(), GridShape())
    made = gp.plan(TOWN, policy("shanghai-2025"))
    both = pd.concat([made.assignment, assigned(TOWN, asked, GOOD)], ignore_index=True)
    v = judge(TOWN, asked, both)
    assert v.kept, v.report()
    alone = judge(TOWN, asked, made.assignment)
    assert {(b.rule, b.layer) for b in alone.breaches} == {("SH-1", "grid"), ("ZJ-1", "grid")}
    swapped = judge(TOWN, asked, both.replace({"layer": {"grid": "general", "general": "grid"}}))
    assert {b.rule for b in swapped.breaches if b.layer == "grid"} >= {"ZJ-1", "ZJ-6"}


def test_what_is_not_known_is_named_with_the_rule_of_the_layer() -> None:
    asked = grid_policy()
    frame = assigned(TOWN, asked, GOOD)
    frame.loc[0, "hospital_id"], frame.loc[1, "layer"] = "nobody", "general"
    v = _judge(TOWN, asked, frame, None, "")[0]
    assert [(b.rule, b.rows) for b in v.breaches if "not known" in b.what.en] == [
        ("ZJ-1", (3,)),
        ("ZJ-2", (2,)),
    ]
    assert _judge(TOWN, asked, frame.iloc[:0], None, "")[0].breaches[0].rule == "ZJ-1"


# Against a plan that the optimiser would have spoilt


@pytest.mark.parametrize(
    ("unit", "lead", "rules"),
    [
        ("T2-01", "H1", {"ZJ-1", "ZJ-6", "FIGURES"}),  # over the border
        ("T3-04", "L2", {"ZJ-1", "ZJ-6", "FIGURES"}),
        ("T1-02", "H1", {"ZJ-2", "ZJ-6", "FIGURES"}),  # H2 loses the unit that it stands in
    ],
)
def test_a_spoilt_outcome_never_leaves_as_a_plan(unit: str, lead: str, rules: set[str]) -> None:
    asked = grid_policy(FullCoverage(), GridShape(balance=0.5))
    ready = prepare(TOWN, asked, None, lambda _: None)
    (problem,) = ready.problems
    outcome = solve(problem)
    results = (LayerResult("grid", outcome.goals, outcome.engine, 0.1, None),)
    good = assemble(TOWN, asked, ready, [(problem, outcome)], results, {})
    assert set(good.assignment["hospital_id"]) == {"H1", "H2", "H3", "L2", "L3"}
    serves = outcome.serves.copy()
    serves[list(problem.unit_ids).index(unit)] = list(problem.hospital_ids).index(lead)
    spoilt = replace(outcome, serves=serves)
    with pytest.raises(BrokenPlanError) as refused:
        assemble(TOWN, asked, ready, [(problem, spoilt)], results, {})
    assert {b.rule for b in refused.value.verdict.breaches} == rules

"""Arithmetic before solving, for grids: what cannot work is refused with the rule, the place and the numbers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import gridplan as gp
from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.preflight import preflight, unstated
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    Capacity,
    CountyCommunities,
    DistrictCap,
    GridLeads,
    Grids,
    GridShape,
    Pin,
    Rule,
    SpecialLeads,
    TravelStandard,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Findings
from tests.plans.gridtown import grid_town, island, linked
from tests.sample import sample_city

# maternal-and-child hospitals lead where they are asked to: the town has one
MATERNAL = SpecialLeads(("tcm", "integrated_tcm", "maternal_child"))
TOWN, ZHEJIANG, CHENGDU = grid_town(), policy("zhejiang-2020").with_rule(MATERNAL), policy("chengdu-2018")


def found(rules: Policy, region: Region = TOWN) -> Findings:
    pairs = pair_table(region, rules)
    travel = travel_times(region, sorted(set(pairs["hospital_id"])), rules.travel)
    return preflight(region, rules, travel, pairs)


def told(rules: Policy, region: Region = TOWN) -> list[tuple[str, str]]:
    """Rule and place of each fault."""
    return [(f.what.en.split(":")[0], f.id) for f in found(rules, region)]


def cells(region: Region, table: str, key: str, **values: Any) -> Region:
    changed = getattr(region, table).copy()
    for column, value in values.items():
        changed.loc[changed[f"{table[:-1]}_id"] == key, column] = value
    return region.with_tables(**{table: changed})


def without(*hospitals: str) -> Region:
    return TOWN.with_tables(hospitals=TOWN.hospitals[~TOWN.hospitals["hospital_id"].isin(hospitals)])


def off(district: str, *hospitals: str) -> tuple[Rule, ...]:
    return tuple(Ban(district, h, layer="grid") for h in hospitals)


@pytest.mark.parametrize("name", ["zhejiang-2020", "chengdu-2018", "shanghai-2025-grids"])
def test_the_profiles_pass_on_the_sample_city_without_a_fault_or_a_note(name) -> None:
    region = sample_city()
    assert not found(policy(name), region)
    assert [f.code for f in unstated(region, policy(name))] == []


FINE: dict[str, tuple[Policy, Region]] = {
    "as it is": (ZHEJIANG, TOWN),
    "county communities": (CHENGDU, TOWN),
    "partners and grids": (policy("shanghai-2025-grids"), without()),
    "all that can lead": (ZHEJIANG.with_rule(Grids(least=7, number={"T1": 4, "T3": 1})), TOWN),
    "as few as can be": (ZHEJIANG.with_rule(Grids(most=3, most_per_district=1)), TOWN),
    "balance by beds": (ZHEJIANG.without(SpecialLeads, WillingPrivate).with_rule(GridShape(balance=0.5, balance_by="beds")), cells(cells(TOWN, "hospitals", "L2", beds=100), "hospitals", "L3", beds=50)),
    "a pinned lead": (ZHEJIANG.with_rule(Pin("T1", "H2", layer="grid"), Grids(most_per_district=1)), TOWN),
    "across borders without a lead in T3": (ZHEJIANG.with_rule(Grids(least_per_district=0, across_districts=True)), without("L3")),
    "in reach": (ZHEJIANG.with_rule(GridShape(minutes=60), TravelStandard(60)), TOWN),
    "the farthest may be priced": (ZHEJIANG.with_rule(TravelStandard(1, price=2)), TOWN),
    "a county on two islands, joined": (ZHEJIANG.with_rule(CountyCommunities()), linked(island(cells(TOWN, "hospitals", "L2", district_id="T3", lon=120.175, lat=30.125)), "T3-04", "T3-03")),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_can_work_passes(name: str) -> None:
    rules, region = FINE[name]
    assert not found(rules, region), found(rules, region).report()


TWO_SEATS = cells(TOWN, "hospitals", "H2", lon=120.021, lat=30.071)  # in the unit of H1
ISLANDS = island(cells(TOWN, "hospitals", "L2", district_id="T3", lon=120.175, lat=30.125))
# policy, region, rule, place, what is said in English, what is said in Chinese
REFUSED: dict[str, tuple[Policy, Region, str, str, str, str]] = {
    "no lead in an urban district": (
        ZHEJIANG, without("L3"), "ZJ-2", "T3", "no hospital of 北县 (T3) may lead a grid: none stands there", "北县 (T3)没有可牵头网格的医院：当地没有医院",
    ),
    "only a primary institution": (
        ZHEJIANG, cells(TOWN, "hospitals", "L3", tier="primary"), "ZJ-2", "T3", "北县人民医院 (L3) – ZJ-2: tier primary", "北县人民医院 (L3)（ZJ-2：基层医院）",
    ),
    "only a provincial hospital": (
        ZHEJIANG, cells(TOWN, "hospitals", "L3", tier="provincial"), "ZJ-2", "T3", "(L3) – ZJ-5: tier provincial", "ZJ-5：省级医院",
    ),
    "only an unwilling private hospital": (
        ZHEJIANG, cells(TOWN, "hospitals", "L3", ownership="private"), "ZJ-2", "T3", "(L3) – ZJ-4: private, not marked willing", "ZJ-4：民营，未注明自愿",
    ),
    "private hospitals are not asked": (
        ZHEJIANG.without("ZJ-4"), cells(TOWN, "hospitals", "L3", ownership="private", willing="yes"), "ZJ-2", "T3", "(L3) – ZJ-4: private", "ZJ-4：民营",
    ),
    "only a TCM hospital": (
        CHENGDU.without("CD-1", "CD-2"), cells(TOWN, "hospitals", "L3", category="tcm"), "ZJ-2", "T3", "(L3) – ZJ-3: TCM", "ZJ-3：中医",
    ),
    "only a municipal hospital that is not tertiary": (
        ZHEJIANG, cells(TOWN, "hospitals", "L3", tier="municipal"), "ZJ-2", "T3", "(L3) – ZJ-2: tier municipal, not tertiary", "ZJ-2：市级医院，非三级",
    ),
    "only a municipal hospital in a county community": (
        CHENGDU, cells(TOWN, "hospitals", "L3", tier="municipal", grade="3A"), "CD-2", "T3", "(L3) – CD-2: tier municipal", "CD-2：市级医院",
    ),
    "the only lead is banned": (
        ZHEJIANG.with_rule(*off("T3", "L3")), TOWN, "ZJ-2", "T3", "(L3) – BAN: banned", "BAN：被禁止",
    ),
    "the only lead stands in another district": (
        ZHEJIANG, cells(TOWN, "hospitals", "L3", lon=120.02, lat=30.07), "ZJ-2", "T3", "(L3) – ZJ-2: stands in no unit of it", "不在其任何单元内",
    ),
    "nobody may lead in the city": (
        ZHEJIANG.with_rule(Grids(across_districts=True), GridLeads(tiers=("provincial",))), TOWN, "ZJ-2", "grids", "no hospital of the city may lead a grid: 市第一医院 (H1) – ZJ-2: tier municipal", "全市没有可牵头网格的医院",
    ),
    "more grids than leads": (
        ZHEJIANG.with_rule(Grids(number={"T3": 2})), TOWN, "ZJ-1", "T3", "北县 (T3) must have 2 grids, but has 1 hospital that may lead, in 4 units", "须有 2 个网格，但可牵头医院只有 1 家，单元 4 个",
    ),
    "more grids than leads in each": (
        ZHEJIANG.with_rule(Grids(least_per_district=2)), TOWN, "ZJ-1", "T3", "must have 2 grids", "须有 2 个",
    ),
    "two leads in one unit": (
        ZHEJIANG.without("ZJ-3", "ZJ-4").with_rule(Grids(number={"T1": 2})), TWO_SEATS, "ZJ-1", "T1", "of its 2 hospitals that may lead 1 can side by side: the others stand in one unit with another", "2 家可牵头医院中至多 1 家可同时牵头",
    ),
    "two pinned leads in one unit": (
        ZHEJIANG.with_rule(Pin("T1", "H1", layer="grid"), Pin("T1", "H2", layer="grid")), TWO_SEATS, "ZJ-1", "T1", "2 leads are pinned, 1 can lead: 市第一医院 (H1), 市第二医院 (H2)", "指定 2 家牵头，至多 1 家",
    ),
    "more pinned leads than grids": (
        ZHEJIANG.with_rule(Pin("T1", "H1", layer="grid"), Pin("T1", "H2", layer="grid"), Grids(most_per_district=1)), TOWN, "ZJ-1", "T1", "中区 (T1): 2 leads are pinned, 1 can lead", "指定 2 家牵头，至多 1 家",
    ),
    "two pinned leads in a county community": (
        ZHEJIANG.with_rule(CountyCommunities(kinds=("suburban",), tiers=("district", "municipal")), Pin("T2", "H3", layer="grid"), Pin("T2", "L2", layer="grid")), TOWN, "ZJ-1", "T2", "2 leads are pinned, 1 can lead", "至多 1 家",
    ),
    "fewer grids in the city than districts need": (
        ZHEJIANG.with_rule(Grids(most=2)), TOWN, "ZJ-1", "most", "at most 2 grids are allowed in the city, the districts need 3", "全市至多 2 个网格，各区合计至少需 3 个",
    ),
    "more grids in the city than there can be": (
        ZHEJIANG.with_rule(Grids(least=6, most_per_district=2)), TOWN, "ZJ-1", "least", "at least 6 grids are asked in the city, 5 are possible", "全市至少要 6 个网格，至多可有 5 个",
    ),
    "a district without a lead, across borders": (
        ZHEJIANG.with_rule(Grids(across_districts=True)), without("L3"), "ZJ-1", "T3", "北县 (T3) must have 1 grid, but has 0 hospitals", "可牵头医院只有 0 家",
    ),
    "a number for a county community": (
        CHENGDU.with_rule(Grids(number={"T3": 1})), TOWN, "ZJ-1", "T3", "北县 (T3) is not divided into grids (grids.number.T3)", "北县 (T3)不划分网格",
    ),
    "every district left out": (
        ZHEJIANG, grid_town(T1="county", T2="county", T3="county"), "ZJ-1", "grids", "every district is left out as a county consortium", "所有区县均为县域医共体",
    ),
    "a kind in both forms": (
        CHENGDU.with_rule(UrbanGroups(("central", "suburban", "outer_suburban"))), TOWN, "CD-1", "urban_groups", "outer suburban stands in [urban_groups] and in [county_communities]", "远郊区同时写在",
    ),
    "a kind in neither form": (
        CHENGDU.with_rule(UrbanGroups(("central",))), TOWN, "CD-1", "suburban", "suburban districts have no form: 东区 (T2)", "近郊区没有对应的形式：东区 (T2)",
    ),
    "balance by what is not stated": (
        ZHEJIANG.with_rule(GridShape(balance=0.2, balance_by="beds")), TOWN, "ZJ-6", "beds", "balance by beds, but 4 of 9 hospitals that may lead state none: 东区人民医院 (L2), 北县人民医院 (L3)", "9 家可牵头医院中有 4 家未填",
    ),
    "balance by capacities of 0": (
        ZHEJIANG.with_rule(GridShape(balance=0.2, balance_by="capacity_people")), TOWN.with_tables(hospitals=TOWN.hospitals.assign(capacity_people=0.0)), "ZJ-6", "capacity_people", "9 of 9 hospitals", "9 家可牵头医院中有 9 家",
    ),
    "a county community in two parts": (
        CHENGDU, ISLANDS, "ZJ-6", "T3", "北县 (T3) lies in 2 parts that do not touch, each with a hospital that may lead: it needs 2 grids, 1 allowed", "至少需 2 个网格，只许 1 个",
    ),
    "one grid in two parts": (
        ZHEJIANG.with_rule(Grids(number={"T3": 1})), ISLANDS, "ZJ-6", "T3", "it needs 2 grids, 1 allowed", "至少需 2 个",
    ),
    "beyond the reach of grids": (
        ZHEJIANG.with_rule(GridShape(minutes=25)), TOWN, "ZJ-6", "T3", "北县 (T3): 1 unit lies more than 25 min from every hospital that may lead their grid, the farthest 第12街道 (T3-04)", "1 个单元到任何可牵头其网格的医院均超过 25 分钟",
    ),
    "beyond the standard": (
        ZHEJIANG.with_rule(TravelStandard(25)), TOWN, "STANDARD", "T3", "1 unit lies more than 25 min", "超过 25 分钟",
    ),
    "more residents than capacity": (
        ZHEJIANG.with_rule(Capacity()), cells(TOWN, "hospitals", "L3", capacity_people=12_000), "CAPACITY", "T3", "北县 (T3) in layer grid: 13,000 residents, room for 12,000", "13,000 人，可承载 12,000 人",
    ),
    "too few grids for the capacity": (
        ZHEJIANG.with_rule(Capacity(), Grids(number={"T1": 1})), TOWN.with_tables(hospitals=TOWN.hospitals.assign(capacity_people=22_000.0)), "CAPACITY", "T1", "42,000 residents, room for 22,000", "可承载 22,000 人",
    ),
    "a rule of partners in a policy of grids": (
        ZHEJIANG.with_rule(DistrictCap(2)), TOWN, "SH-2", "district_cap", "[district_cap] speaks of partners, but the policy plans grids alone", "针对合作医院",
    ),
    "a rule of grids in a policy of partners": (
        policy("shanghai-2025").with_rule(GridShape()), TOWN, "ZJ-6", "grid_shape", "[grid_shape] speaks of grids, but there are none", "针对网格",
    ),
    "a goal of partners in a policy of grids": (
        dataclasses.replace(ZHEJIANG, goals=("priority", "travel")), TOWN, "ZJ-1", "priority", "the goal priority speaks of partners", "目标 priority 针对合作医院",
    ),
    "no full coverage": (ZHEJIANG.without("SH-1"), TOWN, "SH-1", "full_coverage", "full coverage is off", "未启用全覆盖"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_rule_place_and_numbers(name: str) -> None:
    rules, region, rule, place, words, chinese = REFUSED[name]
    (finding,) = found(rules, region)
    assert finding.what.en.startswith(f"{rule}: ") and finding.what.zh.startswith(f"{rule}：")
    assert finding.id == place and finding.severity == "error"
    assert words in finding.what.en, finding.what.en
    assert chinese in finding.what.zh, finding.what.zh
    assert finding.hint.en and any("\u4e00" <= c <= "\u9fff" for c in finding.hint.zh)


@pytest.mark.parametrize("name", [n for n in REFUSED if n not in ("no full coverage",)])
def test_plan_refuses_it_before_any_solving(name: str) -> None:
    rules, region, rule, _, words, _ = REFUSED[name]
    with pytest.raises(PolicyError) as refused:
        gp.plan(region, rules)
    assert rule in str(refused.value) and words in str(refused.value)


def test_all_districts_without_a_lead_are_named_at_once() -> None:
    assert told(ZHEJIANG.with_rule(GridLeads(tiers=("provincial",)))) == [("ZJ-2", "T1"), ("ZJ-2", "T2"), ("ZJ-2", "T3")]  # fmt: skip


def test_a_refusal_names_eight_hospitals_and_counts_the_rest() -> None:
    (finding,) = [f for f in found(ZHEJIANG.with_rule(GridLeads(tiers=()))) if f.id == "T1"]
    assert finding.what.en.count(" – ZJ-") == 8 and finding.what.en.endswith(" and 1 more")
    assert finding.what.zh.endswith("另有 1 家")


def test_what_would_help_follows_the_reasons() -> None:
    willing = cells(TOWN, "hospitals", "L3", ownership="private")
    (finding,) = found(ZHEJIANG, willing)
    assert finding.hint.en.startswith("mark a private hospital willing = yes; or add a hospital")
    assert "across_districts = true" in finding.hint.en and "across_districts = true" in finding.hint.zh
    (county,) = found(CHENGDU, willing)
    assert "across" not in county.hint.en  # a county community stays in its district


def test_a_unit_from_which_no_lead_can_be_reached() -> None:
    made = travel_times(TOWN, sorted(TOWN.hospitals["hospital_id"]), ZHEJIANG.travel).to_frame()
    lacking = (made["unit_id"] == "T3-04") & (made["hospital_id"] == "L3")
    (finding,) = found(ZHEJIANG, TOWN.with_tables(travel=made[~lacking]))
    assert (
        finding.what.en
        == "SH-1: no hospital that may lead their grid can be reached from 1 unit: 第12街道 (T3-04)"
    )
    assert "无法到达" in finding.what.zh


def test_the_same_pair_may_be_pinned_as_partner_and_banned_as_lead() -> None:
    both = policy("shanghai-2025-grids").with_rule(GridLeads())
    rules = both.with_rule(Pin("T1", "H1"), Ban("T1", "H1", layer="grid"), Ban("T2", "H3"))
    table = pair_table(TOWN, rules).set_index(["layer", "district_id", "hospital_id"])
    assert table.loc[("general", "T1", "H1"), ["pinned", "allowed"]].tolist() == [True, True]
    assert table.loc[("grid", "T1", "H1"), ["pinned", "allowed"]].tolist() == [False, False]
    assert table.loc[("general", "T2", "H3"), "allowed"] == np.False_
    assert table.loc[("grid", "T2", "H3"), "allowed"] == np.True_


NAMED: dict[str, tuple[Policy, str, str]] = {
    "a pin of a lead without saying so": (ZHEJIANG.with_rule(Pin("T1", "H1")), "H1", 'write layer = "grid" if its grid is meant'),
    "a ban of a lead without saying so": (ZHEJIANG.with_rule(Ban("T1", "H1")), "H1", 'write layer = "grid" if its grid is meant'),
    "a pin of a hospital that may not lead": (ZHEJIANG.with_rule(Pin("T1", "H6", layer="grid")), "H6", "军队总医院 (H6) may not lead a grid (ZJ-2)"),
    "a pin of a provincial hospital": (ZHEJIANG.with_rule(Pin("T1", "P1", layer="grid")), "P1", "may not lead a grid (ZJ-5)"),
    "a pin of a lead away from home": (ZHEJIANG.with_rule(Pin("T2", "H1", layer="grid")), "T2 – H1", "it leads from its own district 中区 (T1)"),
    "a pin of a lead away from home, across borders": (ZHEJIANG.with_rule(Grids(across_districts=True), Pin("T2", "H1", layer="grid")), "T2 – H1", "it leads from its own district 中区 (T1)"),
    "a pin and a ban of a lead": (ZHEJIANG.with_rule(Pin("T1", "H1", layer="grid"), Ban("T1", "H1", layer="grid")), "T1 – H1", "is banned as well"),
    "a pin of grids where there are none": (policy("shanghai-2025").with_rule(Pin("T1", "H1", layer="grid")), "H1", "the policy plans no grids"),
    "a number of an unknown district": (ZHEJIANG.with_rule(Grids(number={"T9": 2})), "T9", "grids.number.T9: the region has no district 'T9'"),
    "a number of a district nearly named": (ZHEJIANG.with_rule(Grids(number={"TI": 2})), "TI", "did you mean 'T1'?"),
    "a lead that does not exist": (ZHEJIANG.with_rule(Pin("T1", "H99", layer="grid")), "H99", "the region has no hospital 'H99'"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_a_policy_names_must_be_there_and_able(name: str) -> None:
    rules, place, words = NAMED[name]
    with pytest.raises(PolicyError) as refused:
        pair_table(TOWN, rules)
    (finding,) = refused.value.findings
    assert finding.id == place
    assert words in f"{finding.what.en} {finding.hint.en}"
    assert all(any("\u4e00" <= c <= "\u9fff" for c in text.zh) for text in (finding.what, finding.hint))

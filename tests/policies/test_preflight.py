"""Arithmetic before solving: what cannot work is refused with the rule, the place and the numbers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.preflight import preflight, refuse
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    DistrictCap,
    Eligibility,
    HospitalCap,
    LeastPartners,
    LeastShare,
    Override,
    Pin,
    Rule,
    TravelStandard,
)
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Findings

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")
FINE: tuple[tuple[Rule, ...], ...] = (
    (),
    (Capacity(),),
    (LeastPartners(2),),
    (LeastPartners(2), LeastShare(0.5)),
    (TravelStandard(1, price=2),),
    (DistrictCap(1), HospitalCap(1)),
    (Pin("T1", "H1"), Pin("T1", "H2"), Pin("T1", "H4"), Pin("T1", "H5")),
    (Candidates(merge_layers=True), DistrictCap(1), HospitalCap(1)),
    (Eligibility("strict"), Candidates(exempt=())),
)


def found(*rules: Rule, region: Region = TOWN, without: tuple[str, ...] = ()) -> Findings:
    rules_of = SHANGHAI.with_rule(*rules).without(*without)
    travel = travel_times(region, list(candidates(region, rules_of)["hospital_id"]), rules_of.travel)
    return preflight(region, rules_of, travel, pair_table(region, rules_of))


def town(table: str, key: str, **cells: Any) -> Region:
    """tiny_town with cells of a row (by its id) changed."""
    changed = getattr(TOWN, table).copy()
    for column, value in cells.items():
        changed.loc[changed[f"{table[:-1]}_id"] == key, column] = value
    return TOWN.with_tables(**{table: changed})


def without_minutes(*pairs: tuple[str, str]) -> Region:
    """tiny_town with a travel table that lacks these pairs."""
    travel = travel_times(TOWN, list(candidates(TOWN, SHANGHAI)["hospital_id"]), SHANGHAI.travel).to_frame()
    lacking = pd.MultiIndex.from_frame(travel[["unit_id", "hospital_id"]]).isin(list(pairs))
    return TOWN.with_tables(travel=travel[~lacking])


@pytest.mark.parametrize("rules", FINE, ids=str)
def test_what_can_work_passes(rules: tuple[Rule, ...]) -> None:
    assert not found(*rules)


def bans(district: str, *hospitals: str) -> tuple[Rule, ...]:
    return tuple(Ban(district, h) for h in hospitals)


SMALL = town("hospitals", "H3", capacity_people=100)
# rules, rule at fault, place, what is said in English, numbers and names said in Chinese
REFUSED: dict[str, tuple[tuple[Rule, ...], str, str, str, tuple[str, ...]]] = {
    "no candidate": ((Candidates(tiers=("district",), exempt=()),), "SH-4", "general", "layer general has no candidate hospital", ("综合类结对",)),
    "too many pins of a district": (
        (Pin("T1", "H1"), Pin("T1", "H2"), Pin("T1", "H3")),
        "SH-2", "T1", "中区 (T1) has 3 pinned partners, cap 2", ("3", "2"),
    ),
    "pins against an override": (
        (DistrictCap(2, {"T1": Override(1, "small")}), Pin("T1", "H1"), Pin("T1", "H2")),
        "SH-2", "T1", "has 2 pinned partners, cap 1", ("2", "1"),
    ),
    "too many pins of a hospital": (
        (HospitalCap(2), Pin("T1", "H1"), Pin("T2", "H1"), Pin("T3", "H1")),
        "SH-3", "H1", "市第一医院 (H1) is pinned to 3 districts, cap 2", ("3", "2"),
    ),
    "more partners asked than the cap": ((LeastPartners(3), DistrictCap(3, {"T3": Override(2, "x")}), HospitalCap(3)), "PARTNERS", "T3", "must have 3 counted partners but can have 2", ("3", "2")),
    "more partners asked than there are": ((LeastPartners(3), DistrictCap(9), *bans("T3", "H1")), "PARTNERS", "T3", "must have 3 counted partners but can have 2", ("3", "2")),
    "shares beyond the whole": (
        (LeastShare(0.625), Pin("T1", "H1"), Pin("T1", "H2")),
        "SHARE", "T1", "2 partners with 62.5% each are more than all residents", ("62.5%",),
    ),
    "nothing but bans": (bans("T3", "H1", "H2", "H3"), "BAN", "T3", "北县 (T3) has no pair that may be chosen in layer general", ("综合类结对",)),
    "no partner counts": ((Candidates(counted=()), LeastPartners(1)), "PARTNERS", "least_partners", "no candidate is counted", ("计入上限",)),
    "beyond the standard": ((TravelStandard(20),), "STANDARD", "T1-01", "第1街道 (T1-01): nearest allowed hospital of layer tcm is 20.1 min away, limit 20", ("20.1", "20")),
    "too few places": ((HospitalCap(1), *bans("T1", "H1"), *bans("T2", "H1"), *bans("T3", "H1")), "SH-3", "general", "2 hospitals have 2 places for 3 districts that need 3", ("2", "3")),
    "too few places for two each": ((HospitalCap(1), LeastPartners(2)), "SH-3", "general", "3 hospitals have 3 places for 3 districts that need 6", ("3", "6")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_rule_place_and_numbers(name: str) -> None:
    rules, rule, place, words, chinese = REFUSED[name]
    findings = found(*rules)
    mine = [f for f in findings if f.id == place and f.what.en.startswith(f"{rule}: ")]
    assert len(mine) == 1, findings.report()
    assert words in mine[0].what.en
    assert mine[0].what.zh.startswith(f"{rule}：") and all(word in mine[0].what.zh for word in chinese)
    assert mine[0].hint.en and mine[0].hint.zh and mine[0].severity == "error"
    assert {f.what.en.split(":")[0] for f in findings} == {rule}


def test_strict_without_a_basis() -> None:
    findings = found(Eligibility("strict"))
    assert [(f.what.en.split(":")[0], f.id) for f in findings] == [("SH-6", "T3")]
    assert "北县 (T3) has no pair that may be chosen in layer tcm" in findings.report()
    assert "北县 (T3)在中医类结对中没有可选的结对" in findings.report("zh")


def test_capacity_of_a_district_and_of_the_city() -> None:
    assert not found(Capacity(), region=SMALL)  # 60,000 + 40,000 + 100 still hold 81,000
    findings = found(Capacity(), *bans("T2", "H1", "H2"), region=SMALL)
    assert [f.id for f in findings] == ["T2"]
    assert "CAPACITY: 东区 (T2) in layer general: 26,000 residents, room for 100" in findings.report()
    assert "26,000" in findings.report("zh") and "需增加 25,900 人" in findings.report("zh")
    city = found(Capacity("beds", 20))
    assert "CAPACITY: layer general: 81,000 residents, room for 64,000" in city.report()
    assert "layer tcm: 81,000 residents, room for 24,000" in city.report()


def test_capacity_takes_the_largest_that_the_cap_allows() -> None:
    findings = found(Capacity(), DistrictCap(1), region=town("units", "T1-01", people=29_001))
    assert [f.id for f in findings if "in layer" in f.what.en] == ["T1"]
    assert "62,001 residents, room for 60,000" in findings.report()
    assert not found(Capacity(), DistrictCap(1), region=town("units", "T1-01", people=27_000))


def test_a_blank_capacity_is_no_limit() -> None:
    assert not found(Capacity(), region=town("hospitals", "H3", capacity_people=np.nan))


def test_an_unreachable_unit() -> None:
    findings = found(region=without_minutes(("T3-01", "H4"), ("T3-01", "H5"), ("T1-01", "H1")))
    (finding,) = findings
    assert (
        finding.id == "T3-01"
        and finding.what.en
        == "SH-1: from unit 第9街道 (T3-01) no hospital of layer tcm that its district may choose can be reached"
    )
    assert "中医类结对" in finding.what.zh and "无法到达" in finding.what.zh


def test_reachable_but_banned_is_unreachable() -> None:
    findings = found(*bans("T3", "H1", "H2"), region=without_minutes(("T3-01", "H3")))
    assert [f.id for f in findings] == ["T3-01"]


def test_the_standard_is_for_residents() -> None:
    empty = town("units", "T1-01", people=0)
    assert "T1-01" in [f.id for f in found(TravelStandard(20))]
    assert "T1-01" not in [f.id for f in found(TravelStandard(20), region=empty)]


def test_coverage_cannot_be_off() -> None:
    (finding,) = found(without=("SH-1",))
    assert "SH-1: full coverage is off" in finding.what.en and "未启用全覆盖" in finding.what.zh


def test_share_and_partners_ask_nothing_of_an_exempt_layer() -> None:
    findings = found(LeastPartners(2), LeastShare(0.6))
    assert sorted(f.id for f in findings) == ["T1", "T2", "T3"]


def test_all_at_once_and_refused_in_both_languages() -> None:
    findings = found(
        Pin("T1", "H1"), Pin("T1", "H2"), Pin("T1", "H3"), LeastPartners(3), *bans("T3", "H1", "H2", "H3")
    )
    assert {f.what.en.split(":")[0] for f in findings} == {"SH-2", "PARTNERS", "BAN"}
    with pytest.raises(PolicyError) as refused:
        refuse(findings)
    for finding in findings:
        assert finding.what.en in str(refused.value) and finding.what.zh in refused.value.say("zh")
    assert refused.value.findings == findings
    refuse(Findings())


def test_the_hint_is_enough() -> None:
    """20.0751 minutes away: 20.1 helps, 20.0 would not."""
    (finding,) = [f for f in found(TravelStandard(20)) if f.id == "T1-01"]
    assert finding.hint.en == "allow 20.1 min"
    assert "T1-01" not in [f.id for f in found(TravelStandard(20.1))]


def test_travel_times_made_elsewhere_must_be_whole() -> None:
    pairs = pair_table(TOWN, SHANGHAI)
    travel = travel_times(TOWN, ["H1", "H2", "H4", "H5"], SHANGHAI.travel)
    (finding,) = preflight(TOWN, SHANGHAI, travel, pairs)
    assert finding.id == "H3" and "the travel times lack hospital 市第三医院 (H3)" in finding.what.en
    whole = travel_times(TOWN, ["H1", "H2", "H3", "H4", "H5"], SHANGHAI.travel)
    short = dataclasses.replace(whole, unit_ids=whole.unit_ids[1:], minutes=whole.minutes[1:])
    assert [f.id for f in preflight(TOWN, SHANGHAI, short, pairs)] == ["T1-01"]
    minutes = whole.minutes.copy()
    minutes[0, 3:] = np.nan
    blank = dataclasses.replace(whole, minutes=minutes)
    (finding,) = preflight(TOWN, SHANGHAI, blank, pairs)
    assert finding.id == "T1-01" and "no hospital of layer tcm" in finding.what.en

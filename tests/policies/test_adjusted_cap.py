"""A cap adjusted for area and residents (SH-2): off by default, one more above a threshold, said with the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gridplan.inputs.sample import tiny_town
from gridplan.judging.verify import verify
from gridplan.plans.folder.store import plan_record
from gridplan.plans.make import plan as make
from gridplan.policies.preflight import unstated
from gridplan.policies.profile import from_dict, policy, to_dict
from gridplan.policies.rules import DistrictCap, HospitalCap, LeastPartners, Override
from gridplan.words.errors import InfeasibleError, PolicyError

TOWN, SHANGHAI = (
    tiny_town(),
    policy("shanghai-2025"),
)  # T1 42,000, T2 26,000, T3 13,000 people; each 106.9 km²


def caps(cap: DistrictCap) -> list[int]:
    return [cap.on(TOWN).limit(d) for d in ("T1", "T2", "T3")]


def test_it_is_off_by_default() -> None:
    cap = SHANGHAI.rule(DistrictCap)
    assert cap is not None and cap.on(TOWN) == cap and "one more" not in cap.sentence().en


def test_one_more_above_a_threshold_and_only_one_above_both() -> None:
    assert caps(DistrictCap(1, more_above_people=20_000)) == [2, 2, 1]
    assert caps(DistrictCap(1, more_above_people=26_000)) == [2, 1, 1]  # above, not at
    assert caps(DistrictCap(1, more_above_km2=100)) == [2, 2, 2]
    assert caps(DistrictCap(1, more_above_people=40_000, more_above_km2=100)) == [2, 2, 2]


def test_an_override_stands_above_it() -> None:
    cap = DistrictCap(2, {"T1": Override(1, "one campus is enough")}, more_above_people=20_000)
    assert caps(cap) == [1, 3, 2]
    assert cap.on(TOWN).on(TOWN) == cap.on(TOWN)


def test_the_sentence_says_thresholds_and_who_is_above() -> None:
    cap = DistrictCap(1, more_above_people=20_000, more_above_km2=100.5)
    assert "one more above 20,000 residents or 100.5 km2" in cap.sentence().en
    assert "常住人口超过 20,000 人或面积超过 100.5 平方公里的可增加 1 家" in cap.sentence().zh
    held = cap.on(TOWN).sentence()
    assert "T1: 2 (42,000 > 20,000, 106.9 km² > 100.5 km²)" in held.en and "T1: 2 (42,000" in held.zh


def test_a_plan_uses_it_and_shows_it() -> None:
    rules = SHANGHAI.with_rule(DistrictCap(1, more_above_people=40_000))
    made = make(TOWN, rules)
    counted = made.pairs[made.pairs["counted"] == 1].groupby("district_id").size()
    assert counted.to_dict() == {"T1": 2, "T2": 1, "T3": 1}
    assert verify(made).kept and "T1: 2 (42,000 > 40,000)" in verify(made).report()
    (said,) = [r["sentence"]["zh"] for r in plan_record(made)["rules"] if r["id"] == "SH-2"]
    assert "T1: 2" in said
    assert not verify(replace(made, policy=SHANGHAI.with_rule(DistrictCap(1)))).kept


def test_the_optimiser_keeps_to_it() -> None:
    rules = SHANGHAI.with_rule(DistrictCap(1, more_above_people=20_000), HospitalCap(1))
    with pytest.raises((InfeasibleError, PolicyError)):
        make(TOWN, rules.with_rule(LeastPartners(2)))


def test_a_blank_area_adjusts_nothing_and_is_said() -> None:
    districts = TOWN.districts.copy()
    districts.loc[districts["district_id"] == "T3", "area_km2"] = np.nan
    region, rules = TOWN.with_tables(districts=districts), SHANGHAI.with_rule(DistrictCap(more_above_km2=100))
    assert rules.on(region).rule(DistrictCap).limit("T3") == 2  # type: ignore[union-attr]
    (finding,) = unstated(region, rules)
    assert (finding.id, finding.severity) == ("T3", "warning") and "未填面积" in finding.what.zh
    assert finding in make(region, rules).findings
    assert list(unstated(region, SHANGHAI)) == []


def test_it_is_written_and_read_as_a_profile() -> None:
    rules = SHANGHAI.with_rule(DistrictCap(2, more_above_people=3e6))
    assert from_dict(to_dict(rules), "mine.toml") == rules and rules.digest != SHANGHAI.digest
    with pytest.raises(PolicyError, match="more_above_people"):
        DistrictCap(2, more_above_people=-1)
    with pytest.raises(PolicyError, match="more_above_km2"):
        DistrictCap(2, more_above_km2="large")  # type: ignore[arg-type]

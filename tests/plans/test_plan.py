"""gp.plan on tiny_town: what it answers, and how the answer moves when the question does."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gridplan.inputs.region import TABLES, Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging.verify import verify
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
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
    Pin,
    Rule,
    TravelStandard,
)
from gridplan.words.errors import DataError, InfeasibleError, PolicyError
from gridplan.words.text import Text
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS, PAIR_COLUMNS

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")


@cache
def planned(*rules: Rule) -> Plan:
    return make(TOWN, SHANGHAI.with_rule(*rules))


def keys(made: Plan) -> list[tuple[str, ...]]:
    return list(made.pairs[["layer", "district_id", "hospital_id"]].itertuples(index=False, name=None))


def same(one: Plan, other: Plan) -> None:
    pd.testing.assert_frame_equal(one.assignment, other.assignment)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    assert [r.goals for r in one.layers] == [r.goals for r in other.layers]


def populated(people: dict[str, int]) -> Region:
    """tiny_town with other people in its units."""
    units = TOWN.units.drop(columns=["people_65plus", "people_0_14"])
    units["people"] = units["unit_id"].map(people).astype(float)
    districts = TOWN.districts.copy()
    districts["people"] = districts["district_id"].map(units.groupby("district_id")["people"].sum())
    return TOWN.with_tables(units=units, districts=districts)


# What it answers


def test_the_plan_of_tiny_town_by_hand() -> None:
    made = planned()
    general = [k[1:] for k in keys(made) if k[0] == "general"]
    assert general == [("T1", "H1"), ("T1", "H2"), ("T2", "H1"), ("T2", "H3"), ("T3", "H1"), ("T3", "H2")]
    rows = made.assignment[made.assignment["layer"] == "general"]
    price = np.where(rows["district_id"] == "T3", 10, 0)
    assert made.layer("general").value == pytest.approx(
        (rows["people"] * (rows["minutes"] + price)).sum(), abs=1e-6
    )


def test_the_forms_of_its_tables() -> None:
    made = planned()
    assert list(made.assignment.columns) == ASSIGNMENT_COLUMNS and list(made.pairs.columns) == PAIR_COLUMNS
    assert made.assignment["people"].dtype == made.pairs["people"].dtype == np.int64
    assert set(made.pairs["counted"]) == {0, 1} and set(made.pairs["change"]) == {"new", "kept", "present"}
    assert not made.assignment.duplicated(["layer", "unit_id"]).any()
    assert made.assignment.groupby("layer")["people"].sum().to_dict() == {"general": 81_000, "tcm": 81_000}
    pd.testing.assert_frame_equal(
        made.assignment, made.assignment.sort_values(["layer", "unit_id"], ignore_index=True)
    )


def test_outcome_bound_and_gap() -> None:
    made = planned()
    assert (made.status, made.outcome) == (
        "optimal",
        Text("proven optimal", "已证明最优"),
    ) and made.gap <= 1e-6
    for result in made.layers:
        assert result.bound <= result.value and result.gap <= 1e-6 and result.status == "optimal"
        assert result.engine == "highs" and result.seconds > 0 and result.preference_minutes >= 0
        assert [g.goal for g in result.goals] == ["travel"]


def test_provenance_names_versions_hashes_and_seconds() -> None:
    record = planned().provenance
    assert record["region_sha256"] == TOWN.fingerprint and record["policy_sha256"] == SHANGHAI.digest
    assert set(record["tables_sha256"]) == {"districts", "units", "hospitals", "branches", "partnerships"}
    assert {"python", "pulp", "highspy", "gridplan"} <= set(record["versions"]) and record["seconds"] > 0
    assert record["engine"].startswith("HiGHS")


def test_summary_in_both_languages() -> None:
    made = planned()
    english, chinese = made.summary("en"), made.summary("zh")
    assert english.splitlines()[0] == "tiny_town, shanghai-2025: proven optimal"
    assert chinese.splitlines()[0] == "tiny_town, shanghai-2025: 已证明最优"
    assert "6 pairs, 3 hospitals" in english and "6 对，3 家医院" in chinese
    modelled = make(dataclasses.replace(TOWN, people="modelled: by area"), SHANGHAI)
    assert "modelled: by area" in modelled.summary("en") and "推算" in modelled.summary("zh")


def test_frames_have_names_beside_ids() -> None:
    frame, pairs = planned().to_frame("general"), planned().pairs_frame("general")
    assert frame.loc[0, ["unit", "district", "hospital", "priority"]].tolist() == [
        "第1街道",
        "中区",
        "市第一医院",
        1,
    ]
    assert pairs.loc[0, "mean_minutes"] == pytest.approx((9000 * 19.6048 + 10000 * 2.8675) / 19000)


def test_what_preference_costs() -> None:
    """Against the plan without prices: the minutes of residents alone."""
    dear = planned(DistrictCap(1))
    free = make(TOWN, SHANGHAI.with_rule(DistrictCap(1)).without("SH-5"))
    for layer in ("general", "tcm"):
        mine, best = (
            float((rows["people"] * rows["minutes"]).sum())
            for rows in (made.assignment[made.assignment["layer"] == layer] for made in (dear, free))
        )
        assert dear.layer(layer).preference_minutes == pytest.approx(mine - best, abs=1e-3)
        assert free.layer(layer).preference_minutes == pytest.approx(0, abs=1e-3)


def test_strict_order_sends_fewest_through_weak_pairs() -> None:
    strict, priced = make(TOWN, policy("shanghai-2025-strict")), planned()
    for made in (strict, priced):
        assert verify(made).kept
    for layer, name in ((0, "general"), (1, "tcm")):
        through = {}
        for made in (strict, priced):
            pairs = made.pairs[made.pairs["layer"] == name]
            through[made.policy.name] = [
                int(pairs.loc[pairs["priority"] >= k, "people"].sum()) for k in (5, 4, 3, 2)
            ]
        assert through["shanghai-2025-strict"] <= through["shanghai-2025"]
        assert [g.value for g in strict.layers[layer].goals[:4]] == through["shanghai-2025-strict"]


# The same question, the same answer


def test_deterministic() -> None:
    same(make(TOWN, SHANGHAI), planned())


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "rules",
    [(), (Capacity(), LeastShare(0.2)), (Candidates(merge_layers=True),)],
    ids=["plain", "capacity", "merged"],
)
def test_the_order_of_rows_does_not_matter(seed: int, rules: tuple[Rule, ...]) -> None:
    tables = {name: getattr(TOWN, name) for name in TABLES if getattr(TOWN, name) is not None}
    shuffled = {
        name: table.sample(frac=1, random_state=seed).reset_index(drop=True) for name, table in tables.items()
    }
    region = TOWN.with_tables(**shuffled)
    assert region.fingerprint == TOWN.fingerprint
    same(make(region, SHANGHAI.with_rule(*rules)), planned(*rules))


@pytest.mark.parametrize("factor", [2, 7])
def test_more_people_everywhere_keep_the_pairs(factor: int) -> None:
    people = dict(zip(TOWN.units["unit_id"], TOWN.units["people"].astype(int), strict=True))
    made = make(populated({unit: n * factor for unit, n in people.items()}), SHANGHAI)
    assert keys(made) == keys(planned())
    assert made.assignment["hospital_id"].tolist() == planned().assignment["hospital_id"].tolist()
    assert made.layer("general").value == pytest.approx(planned().layer("general").value * factor, rel=1e-9)


@pytest.mark.parametrize(("seed", "cap", "hospital_cap"), [(1, 1, 2), (2, 2, 1)])
def test_a_higher_cap_is_never_worse_and_a_ban_never_better(seed: int, cap: int, hospital_cap: int) -> None:
    drawn = np.random.default_rng(seed).integers(1, 20_000, len(TOWN.units)).tolist()
    region = populated(dict(zip(TOWN.units["unit_id"], drawn, strict=True)))
    base = SHANGHAI.with_rule(DistrictCap(cap), HospitalCap(hospital_cap), Candidates(exempt=()))

    def value(p: Any) -> float:
        made = make(region, p)
        assert made.status == "optimal"
        return made.layer("general").value

    mine = value(base)
    assert value(base.with_rule(DistrictCap(cap + 1))) <= mine * (1 + 1e-6)
    assert value(base.with_rule(HospitalCap(hospital_cap + 1))) <= mine * (1 + 1e-6)
    assert value(base.with_rule(Ban("T3", "H2"))) >= mine * (1 - 1e-6)
    assert value(base.with_rule(Pin("T1", "H1"))) >= mine * (1 - 1e-6)


# Rules that change it


def test_a_pin_is_listed_and_a_ban_is_not() -> None:
    made = planned(Pin("T3", "H3"), Ban("T3", "H1"))
    assert ("general", "T3", "H3") in keys(made) and ("general", "T3", "H1") not in keys(made)


def test_a_pin_is_listed_even_if_it_serves_nobody() -> None:
    made = planned(Pin("T1", "H5"))
    row = made.pairs[(made.pairs["district_id"] == "T1") & (made.pairs["hospital_id"] == "H5")]
    assert row[["people", "counted", "priority"]].to_numpy().tolist() == [[0, 0, 5]]
    others = made.pairs.drop(index=row.index)
    assert (others["people"] > 0).all()


def test_capacity_limit_partners_and_share_hold() -> None:
    made = planned(Capacity(), TravelStandard(30), LeastPartners(2), LeastShare(0.4), DistrictCap(3))
    general = made.assignment[made.assignment["layer"] == "general"]
    assert (general.groupby("hospital_id")["people"].sum() <= [60_000, 40_000, 40_000]).all()
    assert made.assignment["minutes"].max() <= 30
    counted = made.pairs[made.pairs["counted"] == 1]
    assert (counted.groupby("district_id").size() >= 2).all()
    people = TOWN.districts.set_index("district_id")["people"]
    assert (made.pairs["people"] >= 0.4 * made.pairs["district_id"].map(people)).all()


def test_layers_merged_and_left_out() -> None:
    assert [r.layer for r in planned(Candidates(merge_layers=True)).layers] == ["merged"]
    assert [r.layer for r in planned(Candidates(exempt=())).layers] == ["general"]


def test_exempt_hospitals_are_not_capped() -> None:
    made = planned(DistrictCap(1), HospitalCap(1))
    tcm = made.pairs[made.pairs["layer"] == "tcm"]
    assert tcm.groupby("district_id").size().max() > 1 or tcm.groupby("hospital_id").size().max() > 1


# What it refuses


def test_errors_in_the_region_refuse_a_plan_with_all_of_them() -> None:
    units = TOWN.units.copy()
    units.loc[0, "people"] = -5
    hospitals = TOWN.hospitals.copy()
    hospitals.loc[2, "tier"] = "city"
    with pytest.raises(DataError) as refused:
        make(TOWN.with_tables(units=units, hospitals=hospitals), SHANGHAI)
    assert {f.table for f in refused.value.findings.errors} >= {"units", "hospitals"}
    assert "T1-01" in str(refused.value) and "H3" in refused.value.say("zh")


def test_warnings_travel_with_the_plan() -> None:
    branches = TOWN.branches.copy()
    branches.loc[branches["branch_id"] == "B1", ["lon", "lat"]] = np.nan
    made = make(TOWN.with_tables(branches=branches), SHANGHAI)
    assert made.findings and not made.findings.errors and "B1" in {f.id for f in made.findings}
    assert "warning" in made.summary("en") and "提醒" in made.summary("zh")


def test_arithmetic_refuses_before_solving() -> None:
    said: list[str] = []
    with pytest.raises(PolicyError):
        make(TOWN, SHANGHAI.with_rule(Eligibility("strict")), progress=lambda step: said.append(str(step)))
    assert not any("solving" in text for text in said)


def test_the_impossible_names_rules_places_and_amounts() -> None:
    """No arithmetic of one place shows it: with a basis, T1 and T2 have only H1 left, which may take one district."""
    rules = (HospitalCap(1), Eligibility("strict"), Candidates(exempt=()), Ban("T1", "H2"), Ban("T2", "H3"))
    with pytest.raises(InfeasibleError) as refused:
        make(TOWN, SHANGHAI.with_rule(*rules))
    (conflict,) = refused.value.conflicts.itertuples()
    place = (conflict.rule, conflict.district_id, conflict.hospital_id)
    assert place in {
        ("SH-3", "", "H1"), ("BAN", "T1", "H2"), ("BAN", "T2", "H3"), ("SH-6", "T1", "H3"), ("SH-6", "T2", "H2"),
    }  # fmt: skip
    assert conflict.excess == 1
    assert conflict.what in str(refused.value) and conflict.what_zh in refused.value.say("zh")

"""An impossible policy is refused with which rule, where, by how much; loosening just that makes it possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines import solve
from gridplan.optimise.infeasible.conflicts import explain_conflicts, filled
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.rules import constraints
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    ConnectedParts,
    DistrictCap,
    Eligibility,
    HospitalCap,
    LeadRank,
    LeastShare,
    MostChanges,
    Pin,
    Rule,
)
from gridplan.words.errors import InfeasibleError
from tests.rules import having

from .brute import best
from .cases import problems
from .town import town_problem


def conflicts_of(*rules: Rule, profile: str = "shanghai-2025") -> pd.DataFrame:
    with pytest.raises(InfeasibleError) as refused:
        solve(town_problem(*rules, profile=profile))
    assert refused.value.say("zh") != refused.value.say("en")
    return refused.value.conflicts


def test_a_hospital_that_must_take_two_districts_is_named_with_its_cap() -> None:
    bans = [Ban("T1", "H2"), Ban("T1", "H3"), Ban("T2", "H2"), Ban("T2", "H3")]
    rows = conflicts_of(HospitalCap(1), *bans)
    assert len(rows) == 1
    row = rows.iloc[0]
    assert row["rule"] in ("SH-3", "BAN") and row["excess"] == 1
    if row["rule"] == "SH-3":
        assert (row["hospital_id"], row["limit"], row["needed"]) == ("H1", 1, 2)


def test_every_rule_that_can_give_way_has_words_in_both_languages() -> None:
    town = (rule for proof in having("GOLDEN").values() for rule in proof.GOLDEN)
    rules = {
        type(rule): rule for rule in (*town, Eligibility("strict"), Candidates(exempt=()), HospitalCap(2))
    }
    templates = {
        kind.id: constraint.gives_way
        for kind, constraint in constraints().items()
        if isinstance(constraint.gives_way, tuple) and kind is not LeadRank  # of grids alone
    }
    slacks = Reference(town_problem(*rules.values(), Pin("T1", "H1"), Ban("T3", "H3")), relax=True).slacks
    assert {slack.rule for slack in slacks} == set(templates)
    words = {"d": "{d}", "h": "甲 {0}", "u": "%s", "limit": 1.0, "needed": 2.0, "excess": 1.0}
    for words_of in templates.values():
        for text in filled(words_of, **words):
            assert text.en != text.zh and "{needed" not in text.en + text.zh


def test_loosening_what_is_named_makes_it_work() -> None:
    rules = (
        HospitalCap(1),
        DistrictCap(1),
        Ban("T1", "H2"),
        Ban("T1", "H3"),
        Ban("T2", "H1"),
        Ban("T2", "H3"),
        Ban("T3", "H3"),
    )
    rows = conflicts_of(*rules)
    named = set(zip(rows["rule"], rows["district_id"], rows["hospital_id"], strict=True))
    kept = [r for r in rules if not (isinstance(r, Ban) and ("BAN", r.district_id, r.hospital_id) in named)]
    if any(rule == "SH-3" for rule, _, _ in named):
        kept.append(HospitalCap(2))
    if any(rule == "SH-2" for rule, _, _ in named):
        kept.append(DistrictCap(2))
    assert solve(town_problem(*kept)).proven


def test_whole_units_that_fit_no_capacity_are_said_in_residents() -> None:
    problem = town_problem(Capacity(), DistrictCap(1), Pin("T1", "H2"))
    rows = explain_conflicts(problem, "highs", None)
    assert list(rows["rule"]) == ["CAPACITY"] and rows.iloc[0]["hospital_id"] == "H2"
    assert (
        rows.iloc[0]["needed"] == 42000 and rows.iloc[0]["limit"] == 40000 and rows.iloc[0]["excess"] == 2000
    )


def test_messages_name_districts_and_hospitals_by_name() -> None:
    problem = town_problem(DistrictCap(1), Pin("T1", "H1"), LeastShare(0.9), Pin("T1", "H2"))
    rows = explain_conflicts(problem, "highs", None)
    assert rows["what"].str.contains("First Hospital|市第一医院|市第二医院|T1").all()


def test_too_few_changes_are_said_with_how_many_it_takes() -> None:
    rows = explain_conflicts(town_problem(MostChanges(0)), "highs", None)
    assert rows.loc[0, ["rule", "limit", "needed", "excess"]].tolist() == ["SH-9", 0, 1, 1]
    assert "at most 0" in rows.loc[0, "what"] and "变动 1 对" in rows.loc[0, "hint_zh"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(rules=tuple(having("drawn"))))
def test_conflicts_are_found_exactly_where_no_plan_exists(p: Problem) -> None:
    rows = explain_conflicts(p, "highs", None)
    assert rows.empty == (best(p) is not None)
    assert (rows["excess"] > 0).all()


def test_parts_that_cannot_hang_together_are_named_with_their_district() -> None:
    """Three units in a row: the ends reach one hospital, the middle only the other."""
    p = town_problem(ConnectedParts())
    row = [u for u in range(len(p.unit_ids)) if str(p.unit_ids[u]).startswith("T3")][:3]
    at = dict(zip(row, (0, 1, 0), strict=True))
    assert p.neighbours is not None
    k = np.array([at.get(int(u), int(h)) == h for u, h in zip(p.unit, p.hospital, strict=True)])
    (stage,) = p.all_stages
    stuck = replace(
        p, unit=p.unit[k], hospital=p.hospital[k], minutes=p.minutes[k], within=p.within[k], ties=None,
        excess_price=p.excess_price[k], stages=(replace(stage, cost=stage.cost[k]),),
        neighbours=np.array([[row[0], row[1]], [row[1], row[2]]]),
    )  # fmt: skip
    with pytest.raises(InfeasibleError) as refused:
        solve(stuck)
    assert refused.value.conflicts[["rule", "district_id"]].to_numpy().tolist() == [["PARTS", "T3"]]
    assert solve(replace(stuck, neighbours=None)).proven

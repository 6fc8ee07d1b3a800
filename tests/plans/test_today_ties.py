"""Hospitals that tie for a unit today: the first of them by id is printed, and any of them is right to the judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridplan as gp
from gridplan.geography.travel import travel_times
from gridplan.judging.today_tables import judge_today
from gridplan.plans.today import Today, pairs_today
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Candidates
from tests.plans.test_changes import town

PRICED, STRICT = gp.policy("shanghai-2025"), gp.policy("shanghai-2025-strict")
MERGED = Candidates(merge_layers=True)
POLICIES = (PRICED, STRICT, PRICED.with_rule(MERGED), STRICT.with_rule(MERGED))
# T3 is nobody's home: its partners are of one priority. H4 and H5 are the tcm hospitals.
TODAY = [(h, "T3", "custody") for h in ("H1", "H2", "H3", "H4", "H5")]


def one_place() -> gp.Region:
    """Every hospital stands at the same spot and nobody has a branch: every unit is as far from one as from another."""
    region = town(*TODAY)
    return region.with_tables(
        hospitals=region.hospitals.assign(lon=121.05, lat=31.02), branches=region.branches.iloc[:0]
    )


def of_t3(now: Today) -> dict[str, set[str]]:
    rows = now.assignment[now.assignment["district_id"] == "T3"]
    return {str(layer): set(mine["hospital_id"]) for layer, mine in rows.groupby("layer")}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_first_by_id_of_the_tied_is_printed(policy: Policy) -> None:
    now, pairs = gp.today(one_place(), policy), pairs_today(one_place(), policy)
    assert (pairs.groupby("layer")["priority"].nunique() == 1).all() and (
        pairs.groupby("layer").size() > 1
    ).all()
    assert of_t3(now) == {
        layer: {first} for layer, first in pairs.groupby("layer")["hospital_id"].min().items()
    }


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), size=st.sampled_from((1e-13, 1e-9, 4e-5)), which=st.sampled_from(POLICIES)
)
def test_minutes_that_differ_by_rounding_are_a_tie_to_the_judge(
    seed: int, size: float, which: Policy
) -> None:
    """The judge works the minutes out by other means: the last decimals of both are never the same."""
    region = one_place()
    travel = travel_times(region, sorted({h for h, _, _ in TODAY}), which.travel)
    noise = np.random.default_rng(seed).uniform(-size, size, travel.minutes.shape)
    now = gp.today(region, which, travel=replace(travel, minutes=travel.minutes + noise))
    assert not [b for b in now.verdict.breaches if b.rule == "FIGURES"]


@pytest.mark.parametrize("policy", POLICIES)
def test_any_of_the_tied_is_right_and_nobody_else(policy: Policy) -> None:
    """The last by id instead of the first; then the same where another is nearer by a thousandth of a minute."""
    now = gp.today(one_place(), policy)
    last = now.pairs.groupby("layer")["hospital_id"].max()
    rows = now.assignment.copy()
    here = rows["district_id"] == "T3"
    rows.loc[here, "hospital_id"] = rows.loc[here, "layer"].map(last)
    served = rows.groupby(["layer", "district_id", "hospital_id"])["people"].sum()
    keys = pd.MultiIndex.from_frame(now.pairs[["layer", "district_id", "hospital_id"]])
    pairs = now.pairs.assign(people=served.reindex(keys).fillna(0).to_numpy().astype("int64"))

    def faults(rows: pd.DataFrame, pairs: pd.DataFrame, minutes: np.ndarray) -> set[str | None]:
        travel = replace(now.travel, minutes=minutes, method="router")
        verdict = judge_today(now.region, policy, rows, pairs, travel)
        return {b.unit_id for b in verdict.breaches if b.rule == "FIGURES"}

    assert not faults(rows, pairs, now.travel.minutes)
    assert faults(rows, now.pairs, now.travel.minutes)  # residents of the pairs as if the first served them
    nearer = now.travel.minutes.copy()
    other = [n for n, h in enumerate(now.travel.hospital_ids) if h not in set(last)]
    nearer[:, other] -= 1e-3
    assert set(rows.loc[here, "unit_id"]) <= faults(rows, pairs, nearer)


def test_equal_costs_of_unequal_minutes_go_to_the_nearer_one() -> None:
    """H1 at home (1: 0 minutes) and H3 by partnership alone in T1 cost the same: the nearer of them serves."""
    region = town(("H1", "T1", "other"), ("H3", "T1", "other"))
    level = pairs_today(region, PRICED).set_index(["district_id", "hospital_id"])["priority"]
    apart = PRICED.prices[level["T1", "H3"] - 1] - PRICED.prices[level["T1", "H1"] - 1]
    assert apart > 0
    table = pd.DataFrame(
        [(u, h, m) for u in region.units["unit_id"] for h, m in (("H1", 20.1 + apart), ("H3", 20.1))],
        columns=["unit_id", "hospital_id", "minutes"],
    ).assign(row=lambda t: t.index + 2)
    now = gp.today(region.with_tables(travel=table), PRICED)
    rows = now.assignment[(now.assignment["district_id"] == "T1") & (now.assignment["layer"] == "general")]
    assert set(rows["hospital_id"]) == {"H3"}

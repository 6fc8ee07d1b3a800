"""Floating catchments against sums by hand and, where it is installed, PySAL's access; Gini and Theil by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme.test_chains import WITH
from programme.town import plan, region

import gridplan as gp
from gridplan.programmes.way.access import DECAYS, ZONES, floating_catchment


def by_hand(people, supply, minutes, within, method):
    """Place by place and unit by unit."""

    def weight(t):
        if method == "2sfca":
            return 1.0 if t <= within else 0.0
        if method == "g2sfca":
            edge = np.exp(-0.5)
            return (np.exp(-0.5 * (t / within) ** 2) - edge) / (1 - edge) if t <= within else 0.0
        return next((w for end, w in ZONES if t <= end * within), 0.0)

    def chosen(i, j):
        if method != "3sfca":
            return 1.0
        total = sum(weight(t) for t in minutes[i])
        return weight(minutes[i][j]) / total if total else 0.0

    out = [0.0] * len(people)
    for j, stock in enumerate(supply):
        demand = sum(p * weight(minutes[i][j]) * chosen(i, j) for i, p in enumerate(people))
        for i in range(len(people)):
            out[i] += weight(minutes[i][j]) * chosen(i, j) * stock / demand if demand else 0.0
    return out


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_catchments_are_what_sums_by_hand_give(data):
    def some(low, high, size):
        return np.array(
            data.draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), dtype=float
        )

    people, supply, minutes = some(0, 9, 4), some(0, 9, 3), some(0, 45, 12).reshape(4, 3)
    for method in DECAYS:
        found = floating_catchment(people, supply, minutes, 30.0, method)
        assert found == pytest.approx(by_hand(people, supply, minutes, 30.0, method), abs=1e-9)


@pytest.mark.filterwarnings("ignore")  # access changes tables in place, which pandas is about to end
def test_they_are_what_pysal_gives():
    access = pytest.importorskip("access", reason="PySAL's access is not installed")
    rng = np.random.default_rng(7)
    people, supply = rng.integers(50, 500, 8).astype(float), rng.integers(5, 60, 4).astype(float)
    minutes = rng.uniform(1, 45, (8, 4))
    units, places = [f"u{n}" for n in range(8)], [f"p{n}" for n in range(4)]
    costs = pd.DataFrame(
        [(u, p, minutes[i, j]) for i, u in enumerate(units) for j, p in enumerate(places)],
        columns=["o", "d", "cost"],
    )
    own = access.Access(
        demand_df=pd.DataFrame({"id": units, "people": people}), demand_index="id", demand_value="people",
        supply_df=pd.DataFrame({"id": places, "beds": supply}), supply_index="id", supply_value="beds",
        cost_df=costs, cost_origin="o", cost_dest="d", cost_name="cost",
    )  # fmt: skip
    zones = access.weights.step_fn({end * 30: weight for end, weight in ZONES})
    ours = {"2sfca": own.two_stage_fca("a", max_cost=30), "e2sfca": own.two_stage_fca("b", max_cost=30, weight_fn=zones),
            "3sfca": own.three_stage_fca("c", max_cost=30, weight_fn=zones)}  # fmt: skip
    for method, theirs in ours.items():
        table = theirs.iloc[:, -1] if isinstance(theirs, pd.DataFrame) else theirs
        assert floating_catchment(people, supply, minutes, 30.0, method) == pytest.approx(
            table.reindex(units).fillna(0).to_numpy()
        )


def test_all_that_is_supplied_is_shared():
    """Where everybody reaches something and everything is reached, access × people adds up to the supply."""
    table = gp.measures.access(replace(plan(), region=region(institutions=WITH)), "primary", minutes=999)
    stated = WITH.loc[WITH["kind"].isin(["community_centre", "township"]), "visits_capacity"].sum()
    assert (table["access"] * table["people"]).sum() / 1000 == pytest.approx(stated)


def test_before_and_after():
    town = region()
    beds = town.hospitals.assign(beds=500.0)
    made = replace(plan(), region=replace(town, hospitals=beds))
    before, after = (gp.measures.access(made, "municipal", minutes=999, planned=p) for p in (False, True))
    assert before["access"].nunique() == 1 and after["access"].nunique() > 1
    assert gp.measures.inequality(before)["gini"] == pytest.approx(0, abs=1e-12)
    assert gp.measures.inequality(after)["gini"] > 0


def test_gini_and_theil_by_hand():
    table = pd.DataFrame({"district_id": ["A", "A", "B"], "people": [1, 1, 2], "access": [0.0, 4.0, 2.0]})
    found = gp.measures.inequality(table)
    pairs = [(a, b) for a in (0, 4, 2, 2) for b in (0, 4, 2, 2)]
    assert found["gini"] == pytest.approx(sum(abs(a - b) for a, b in pairs) / (2 * 16 * 2))
    assert found["theil"] == pytest.approx(2 * np.log(2) / 4) and found["theil_between"] == pytest.approx(
        0, abs=1e-12
    )
    assert gp.measures.inequality(table.assign(access=0.0))["gini"] == 0


@pytest.mark.parametrize("words", [{"tier": "village"}, {"method": "magic"}])
def test_unknown_words_are_refused(words):
    with pytest.raises(gp.errors.ArgumentError):
        gp.measures.access(plan(), **words)


def test_nothing_stated_is_told():
    with pytest.raises(gp.errors.DataError, match="supply"):
        gp.measures.access(plan(), "primary")

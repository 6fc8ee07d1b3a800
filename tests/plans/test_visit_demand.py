"""A plan for visits instead of residents, where asked (VISITS)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.policies.groups import demand
from gridplan.policies.rules import GroupWeights, VisitDemand


def town(rows):
    return gp.tiny_town().with_tables(flows=pd.DataFrame(rows, columns=["unit_id", "place_id", "visits"]))


def under(*rules):
    policy = gp.policy("shanghai-2025")
    return replace(policy, rules=(*policy.rules, *rules))


@pytest.fixture(scope="module")
def region():
    units = gp.tiny_town().units["unit_id"].tolist()
    rows = [(unit, "H1", 100.0 + 10 * n) for n, unit in enumerate(units[:-1])]
    return town([*rows, (units[0], "H2", np.nan), (units[1], "H4", 500.0)])


def test_what_a_unit_counts_by_hand(region):
    counted = demand(region, under(VisitDemand()))
    visits = region.flows.fillna({"visits": 3.0}).groupby("unit_id")["visits"].sum()
    people = region.units["people"].sum()
    assert counted.sum() == pytest.approx(people)
    for unit, count in visits.items():
        assert counted[unit] == pytest.approx(people * count / visits.sum())
    assert counted[region.units["unit_id"].iloc[-1]] == 0


def test_visits_to_municipal_hospitals_alone(region):
    municipal = set(region.hospitals.query("tier == 'municipal'")["hospital_id"])
    mine = region.flows[region.flows["place_id"].isin(municipal)].fillna({"visits": 3.0})
    counted = demand(region, under(VisitDemand("municipal")))
    share = mine.groupby("unit_id")["visits"].sum() / mine["visits"].sum()
    assert counted[share.index].to_numpy() == pytest.approx(share.to_numpy() * region.units["people"].sum())


def test_the_goal_counts_visits_and_the_judge_agrees(region):
    plan = gp.plan(region, under(VisitDemand()))
    assert gp.verify(plan).kept
    goal = plan.layer("general").goals[0]
    rows = plan.assignment[plan.assignment["layer"] == "general"]
    keys = ["layer", "district_id", "hospital_id"]
    rows = rows.merge(plan.pairs[[*keys, "priority"]], on=keys)
    prices = rows["priority"].map({1: 0, 2: 5, 3: 10, 4: 15, 5: 30})
    weight = rows["unit_id"].map(demand(region, plan.policy))
    assert goal.value == pytest.approx((weight * (rows["minutes"] + prices)).sum(), abs=20)
    assert goal.unit == "weighted person-minutes"
    assert not gp.verify(replace(plan, policy=under())).kept


def test_visits_and_weights_of_groups_together(region):
    units = region.units.assign(people_65plus=region.units["people"] // 4)
    old = region.with_tables(units=units)
    both = demand(old, under(GroupWeights({"people_65plus": 2.0}), VisitDemand()))
    alone = demand(old, under(VisitDemand()))
    lived = alone > 0
    ratio = both[lived] / alone[lived]
    assert (
        ratio.min() == pytest.approx(1.25, abs=0.01)
        and gp.verify(gp.plan(old, under(GroupWeights({"people_65plus": 2.0}), VisitDemand()))).kept
    )


def test_without_the_table_it_is_refused_in_a_sentence():
    with pytest.raises(gp.errors.PolicyError, match="flows"):
        gp.plan(gp.tiny_town(), under(VisitDemand()))


def test_who_crosses_which_border(region):
    plan = gp.plan(region, gp.policy("shanghai-2025"))
    table = gp.measures.crossings(plan)
    home = dict(zip(region.units["unit_id"], region.units["district_id"], strict=True))
    of = dict(zip(region.hospitals["hospital_id"], region.hospitals["district_id"], strict=True))
    flows = region.flows.fillna({"visits": 3.0})
    across = [v for u, p, v in flows.itertuples(index=False) if home[u] != of[p]]
    assert table["visits"].sum() == sum(across) and (table["from_district"] != table["to_district"]).all()
    assert table["visits"].is_monotonic_decreasing

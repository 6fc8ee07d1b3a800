"""The judge of grids agrees with other readings: those of planning, a definition written here, the optimiser's best."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridplan as gp
from gridplan.geography.neighbours import campuses, neighbours
from gridplan.inputs.sample import UNITS
from gridplan.judging import grid_tables as tables_grids
from gridplan.judging.verify import _judge
from gridplan.policies.leads import district_forms, lead_table
from gridplan.policies.rules import (
    Ban,
    Capacity,
    CountyCommunities,
    FullCoverage,
    GridLeads,
    Grids,
    GridShape,
    NoProvincialLeads,
    Rule,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from tests.plans.gridtown import GOOD, assigned, grid_policy, grid_town, island, linked
from tests.plans.test_judge_grids import TOWN, judged

SQUARES = {unit: square[:2] for unit, square in UNITS.items()}


def test_both_readings_of_forms_leads_borders_and_campuses_agree() -> None:
    for asked in (
        grid_policy(), grid_policy(WillingPrivate(), SpecialLeads(), NoProvincialLeads()), grid_policy(CountyCommunities()),
        grid_policy(UrbanGroups(("outer_suburban",)), CountyCommunities()), grid_policy(GridLeads(tiers=("provincial", "primary"))),
    ):  # fmt: skip
        for region in (TOWN, grid_town(T3="county"), grid_town(T1="urban", T2="county")):
            own = tables_grids.grid_tables(region, asked, assigned(region, asked, GOOD))
            assert own.forms == dict(district_forms(region, asked))
            theirs = lead_table(region, asked).set_index("hospital_id")
            assert own.against == dict(theirs["rule"])
    for region in (TOWN, island(TOWN), linked(island(TOWN), "T3-04", "T1-01")):
        asked = grid_policy(Grids(across_districts=True))
        own, ids = (
            tables_grids.grid_tables(region, asked, assigned(region, asked, GOOD)),
            region.units["unit_id"].to_numpy(),
        )
        assert {(a, b) for a, near in own.touching.items() for b in near if a < b} == {
            tuple(sorted((ids[a], ids[b]))) for a, b in neighbours(region)
        }
        sites = campuses(region, sorted(region.hospitals["hospital_id"]))
        assert own.campuses == {
            h: {str(ids[n]) for n in rows["unit"]} for h, rows in sites.groupby("hospital_id")
        }


CAMPUS = {"H1": {"T1-03"}, "H2": {"T1-02"}, "H3": {"T2-04"}, "L2": {"T2-01"}, "L3": {"T3-01"}}
PEOPLE = dict(zip(TOWN.units["unit_id"], TOWN.units["people"], strict=True))


def broken(leads: Mapping[str, str], most: int, balance: float) -> set[str]:
    """Rules that an assignment of all units breaks, by their words, for the five leads of GOOD."""
    found = set()
    for district in ("T1", "T2", "T3"):
        here = {h for h in leads.values() if HOME[h] == district}
        found |= {"ZJ-1"} if not 1 <= len(here) <= most else set()
    for unit, lead in leads.items():
        found |= {"ZJ-1"} if HOME[lead] != unit[:2] else set()
    for lead in set(leads.values()):
        units = {u for u, h in leads.items() if h == lead}
        found |= {"ZJ-2"} if not units & CAMPUS[lead] else set()
        reached = units & CAMPUS[lead]
        while more := {
            u for u in units - reached for v in reached
            if u[:2] == v[:2] and abs(SQUARES[u][0] - SQUARES[v][0]) + abs(SQUARES[u][1] - SQUARES[v][1]) == 1
        }:  # fmt: skip
            reached |= more
        found |= {"ZJ-6"} if reached != units else set()
        chosen = [h for h in set(leads.values()) if HOME[h] == HOME[lead]]
        fair = sum(p for u, p in PEOPLE.items() if u[:2] == HOME[lead]) / len(chosen)
        found |= {"ZJ-6"} if abs(sum(PEOPLE[u] for u in units) - fair) > balance * fair else set()
    return found


HOME = {"H1": "T1", "H2": "T1", "H3": "T2", "L2": "T2", "L3": "T3"}
ANYWHERE = st.fixed_dictionaries({unit: st.sampled_from(sorted(HOME)) for unit in GOOD})
AT_HOME = st.fixed_dictionaries(
    {unit: st.sampled_from([h for h in sorted(HOME) if HOME[h] == unit[:2]]) for unit in GOOD}
)


@given(st.one_of(AT_HOME, AT_HOME, ANYWHERE), st.integers(1, 2), st.sampled_from([0.05, 0.3, 0.6]))
@settings(max_examples=80)
def test_the_judge_agrees_with_a_definition_written_here(
    leads: dict[str, str], most: int, balance: float
) -> None:
    v = judged(leads, Grids(most_per_district=most), GridShape(balance=balance))
    assert {b.rule for b in v.breaches} == broken(leads, most, balance), v.report()


EAST = ("H3", "L2", "V2")


@pytest.mark.parametrize(
    ("people", "rules"),
    [
        ((8000, 6000, 7000, 5000), (GridShape(),)),
        ((8000, 6000, 7000, 5000), (GridShape(balance=0.1), Grids(most_per_district=2))),
        ((9000, 0, 0, 500), (GridShape(balance=0.2),)),
        ((1, 9000, 2, 9000), (GridShape(connected=False), Grids(number={"T2": 1}))),
        ((3000, 3000, 3000, 3000), (GridShape(minutes=14), Ban("T2", "L2", layer="grid"))),
        ((3000, 0, 3000, 0), (GridShape(), Capacity("beds", 5))),
    ],
)
def test_the_best_plan_that_the_judge_accepts_is_the_optimisers(
    people: tuple[float, ...], rules: tuple[Rule, ...]
) -> None:
    """All assignments of one district, the cheapest first: the first that passes is as good as the plan."""

    def east(table: Any) -> Any:
        return table[table["district_id"] == "T2"].reset_index(drop=True)

    units = east(TOWN.units).drop(columns=["people_65plus", "people_0_14"]).assign(people=people)
    region = TOWN.with_tables(
        districts=east(TOWN.districts).assign(people=float(sum(people))), units=units,
        hospitals=east(TOWN.hospitals).replace({"willing": {"no": "yes"}}), branches=TOWN.branches.iloc[:0],
        partnerships=TOWN.partnerships.iloc[:0],
    )  # fmt: skip
    asked = grid_policy(FullCoverage(), WillingPrivate(), *rules)
    travel = gp.travel_times(region, list(EAST), asked.travel)
    cost = pd.DataFrame(travel.minutes, travel.unit_ids, travel.hospital_ids).mul(list(people), axis=0)
    every = [dict(zip(units["unit_id"], leads, strict=True)) for leads in product(EAST, repeat=4)]
    priced = sorted((sum(cost.loc[u, h] for u, h in leads.items()), n) for n, leads in enumerate(every))
    best = next(
        (c for c, n in priced if _judge(region, asked, assigned(region, asked, every[n]), None, "")[0].kept),
        None,
    )
    try:
        found = gp.plan(region, asked).layers[0].value
    except (gp.InfeasibleError, gp.PolicyError):
        found = None
    assert found == (None if best is None else pytest.approx(best))

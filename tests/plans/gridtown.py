"""tiny_town with district hospitals, planned in grids by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from shapely import box

from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import UNITS, tiny_town
from gridplan.judging.judge_tables import priority_of
from gridplan.optimise.run.outcome import GoalResult
from gridplan.plans.make import plan as make
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import GOALS, Policy
from gridplan.policies.profile import policy
from gridplan.policies.rules import GridLeads, Grids, GridShape, Rule
from gridplan.words.findings import Findings
from gridplan.words.vocabulary import GRID, PAIR_COLUMNS

# id, name, English name, tier, category, grade, ownership, district, lon, lat, willing
MORE = [
    ("L2", "东区人民医院", "East District Hospital", "district", "general", "2A", "public", "T2", 120.12, 30.03, ""),
    ("L3", "北县人民医院", "North County Hospital", "district", "general", "2A", "public", "T3", 120.03, 30.13, ""),
    ("M1", "中区妇幼保健院", "Middle Maternity", "district", "maternal_child", "2A", "public", "T1", 120.02, 30.02, ""),
    ("P1", "省人民医院", "Provincial Hospital", "provincial", "general", "3A", "public", "T1", 120.08, 30.08, ""),
    ("V1", "中区康宁医院", "Private Willing", "district", "general", "2A", "private", "T1", 120.07, 30.02, "yes"),
    ("V2", "东区康宁医院", "Private Unwilling", "district", "general", "2A", "private", "T2", 120.17, 30.02, "no"),
    ("S1", "中区卫生服务中心", "Middle Centre", "primary", "general", "", "public", "T1", 120.03, 30.03, ""),
]  # fmt: skip
# unit → lead: a plan that keeps the rules
GOOD = {
    "T1-01": "H1", "T1-03": "H1", "T1-02": "H2", "T1-04": "H2",
    "T2-01": "L2", "T2-02": "L2", "T2-03": "H3", "T2-04": "H3",
    "T3-01": "L3", "T3-02": "L3", "T3-03": "L3", "T3-04": "L3",
}  # fmt: skip
DISTRICTS = {unit: unit[:2] for unit in UNITS}


def grid_town(**consortium: str) -> Region:
    """tiny_town with seven more hospitals; `consortium` says what districts run (T3="county")."""
    town = tiny_town()
    columns = [
        "hospital_id", "name", "name_en", "tier", "category", "grade", "ownership", "district_id", "lon", "lat",
        "willing",
    ]  # fmt: skip
    more = pd.DataFrame(MORE, columns=columns).assign(specialty="", beds=np.nan, capacity_people=np.nan)
    hospitals = pd.concat([town.hospitals.assign(willing=""), more], ignore_index=True)
    hospitals["row"] = range(2, len(hospitals) + 2)
    hospitals = hospitals.sort_values("hospital_id", ignore_index=True)
    said = town.districts["district_id"].map(lambda d: consortium.get(d, ""))
    return town.with_tables(hospitals=hospitals, districts=town.districts.assign(consortium=said))


def island(region: Region, unit: str = "T3-04") -> Region:
    """The region with one unit drawn apart from all others (its point stays inside it)."""
    units = region.units.copy()
    n = units.index[units["unit_id"] == unit][0]
    west, south, east, north = units.geometry[n].bounds
    units.loc[n, "geometry"] = box(west + 0.01, south + 0.01, east - 0.01, north - 0.01)
    return region.with_tables(units=units)


def linked(region: Region, one: str, other: str) -> Region:
    """The region with a bridge between two units."""
    row = {"from_unit": one, "to_unit": other, "way": "bridge", "name": "大桥", "row": 2}
    return region.with_tables(links=pd.DataFrame([row]))


def grid_policy(*rules: Rule) -> Policy:
    """Grids alone; rules of a class given here stand in the place of the plain ones."""
    bare = replace(policy("shanghai-2025"), name="grids", rules=())
    return bare.with_rule(Grids(), GridLeads(), GridShape()).with_rule(*rules)


def assigned(region: Region, rules: Policy, leads: Mapping[str, str]) -> pd.DataFrame:
    """The rows of the layer "grid": unit → lead, with figures."""
    travel = travel_times(region, sorted(set(leads.values())), rules.travel)
    minutes = pd.DataFrame(travel.minutes, travel.unit_ids, travel.hospital_ids)
    units = region.units.set_index("unit_id")
    rows = [
        ("grid", u, units.loc[u, "district_id"], int(units.loc[u, "people"]), h, minutes.loc[u, h])
        for u, h in sorted(leads.items())
    ]
    columns = ["layer", "unit_id", "district_id", "people", "hospital_id", "minutes"]
    return pd.DataFrame(rows, columns=columns)


def grid_plan(region: Region, rules: Policy, leads: Mapping[str, str]) -> Plan:
    """A plan by hand: the partners as gridplan plans them (where the policy has any), the grids as given."""
    rows = assigned(region, rules, leads)
    value = float((rows["people"] * rows["minutes"]).sum())
    results = [LayerResult(GRID, (GoalResult("travel", GOALS["travel"], value, value),), "highs", 0.1, None)]
    served = rows.groupby(["layer", "district_id", "hospital_id"], as_index=False)["people"].sum()
    priority = [
        priority_of(region, rules, d, h)
        for d, h in zip(served["district_id"], served["hospital_id"], strict=True)
    ]
    pairs = served.assign(priority=priority, counted=0, change="new")[PAIR_COLUMNS]
    if rules.partner_layers:
        grids = [type(rule) for rule in rules.rules if rule.of == "grids"]
        partners = make(region, rules.without(*grids))
        rows, pairs = pd.concat([partners.assignment, rows]), pd.concat([partners.pairs, pairs])
        results = [*partners.layers, *results]
    travel = travel_times(region, sorted(set(candidates(region, rules)["hospital_id"])), rules.travel)
    return Plan(
        region, rules, travel, rows.reset_index(drop=True), pairs.reset_index(drop=True), tuple(results), Findings(),
        {"gridplan": "0.1.0", "region_sha256": region.fingerprint, "tables_sha256": dict(region.table_hashes)},
    )  # fmt: skip

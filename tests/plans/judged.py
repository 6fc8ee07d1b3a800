"""What the tests of the judge share: a good plan of tiny_town, and ways to spoil it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging import verify as verify_module
from gridplan.judging.verdict import Breach, Verdict
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.pairs import pair_table
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    ConnectedParts,
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
from tests.plain_plan import T1 as T1
from tests.plain_plan import T2 as T2
from tests.plain_plan import T3 as T3
from tests.rules import having

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")
MINUTES = {
    (unit, hospital): minutes
    for unit, hospital, minutes in travel_times(TOWN, list(TOWN.hospitals["hospital_id"]), SHANGHAI.travel)
    .to_frame()
    .itertuples(index=False)
}


@cache
def good(*rules: Rule, profile: str = "shanghai-2025") -> Plan:
    """A plan of tiny_town with these rules besides."""
    return make(TOWN, policy(profile).with_rule(*rules))


def with_policy(made: Plan, *rules: Rule) -> Plan:
    """The same plan, judged by more rules."""
    return replace(made, policy=made.policy.with_rule(*rules))


def moved(frame: pd.DataFrame, unit: str, hospital: str, layer: str = "general") -> pd.DataFrame:
    """The assignment with one unit sent elsewhere, its minutes put right."""
    out = frame.copy()
    here = (out["unit_id"] == unit) & (out["layer"] == layer)
    out.loc[here, "hospital_id"] = hospital
    out.loc[here, "minutes"] = MINUTES.get((unit, hospital), 0.0)
    return out


def cell(frame: pd.DataFrame, row: int, column: str, value: Any) -> pd.DataFrame:
    """The table with one cell changed; `row` as a spreadsheet numbers it."""
    out = frame.astype({column: object})
    out.iloc[row - 2, out.columns.get_loc(column)] = value
    return out.infer_objects()


def pairs_of(made: Plan) -> Plan:
    """The plan with its pairs listed anew from its assignment."""
    pairs = pair_table(made.region, made.policy).set_index(["layer", "district_id", "hospital_id"])
    served = made.assignment.groupby(["layer", "district_id", "hospital_id"])["people"].sum()
    listed = pairs.join(served, how="inner").reset_index()
    listed["change"] = np.select([listed["existing"], listed["present"]], ["kept", "present"], "new")
    return replace(made, pairs=listed.astype({"counted": int})[made.pairs.columns])


def goal(made: Plan, layer: int = 0, n: int = 0, **changes: Any) -> Plan:
    """The plan with something else printed of one goal."""
    result = made.layers[layer]
    goals = list(result.goals)
    goals[n] = replace(goals[n], **changes)
    results = list(made.layers)
    results[layer] = replace(result, goals=tuple(goals))
    return replace(made, layers=tuple(results))


def by_hand(
    frame: pd.DataFrame, *rules: Rule, region: Region = TOWN, without: tuple[str, ...] = ()
) -> Verdict:
    """What `judge` says, without checking the same sound region's data again each time."""
    return verify_module._judge(region, SHANGHAI.with_rule(*rules).without(*without), frame, None, "")[0]


def place(b: Breach) -> tuple[str, str, str, str, tuple[int, ...]]:
    return b.rule, b.district_id, b.hospital_id, b.unit_id, b.rows


def rules_of(v: Verdict) -> list[str]:
    return sorted(b.rule for b in v.breaches)


PLANS: dict[str, tuple[Rule, ...]] = {
    "plain": (),
    "tight": (DistrictCap(1), HospitalCap(1)),
    "strict basis, no TCM": (Eligibility("strict"), Candidates(exempt=())),
    "merged": (Candidates(merge_layers=True),),
    "military": (Candidates(ownerships=("public", "military")),),
    "capacity": (Capacity(),),
    "capacity by beds": (Capacity("beds", 90),),
    "limit": (TravelStandard(30),),
    "priced": (TravelStandard(10, 3),),
    "partners and share": (LeastPartners(2), LeastShare(0.3)),
    "connected parts": (ConnectedParts(),),
    "pins": (Pin("T1", "H3"), Pin("T3", "H5"), Ban("T3", "H1"), Ban("T1", "H4")),
    "override": (DistrictCap(2, {"T3": Override(3, "far away")}),),
    **{f"{key}: {name}": rules for key, proof in having("KEPT").items() for name, rules in proof.KEPT.items()},
}  # fmt: skip


A = good().assignment
P = good().pairs
# T1 H1 H2 · T2 H1 H3 · T3 H1 H2; rows 2–13 are general in the order of units, 14–25 tcm.


def empty(unit: str, people: int = 0) -> Region:
    """tiny_town where nobody (or so many) lives in one unit."""
    units = TOWN.units.copy()
    units.loc[units["unit_id"] == unit, ["people", "people_65plus", "people_0_14"]] = [people, 0, 0]
    return TOWN.with_tables(units=units)

"""A plan made by hand: what `show` draws must not depend on who made the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from gridplan.findings import Finding, Findings
from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.optimise.outcome import GoalResult
from gridplan.plan.plan import LayerResult, Plan
from gridplan.policy.policy import Policy
from gridplan.policy.profile import policy
from gridplan.text import Text

# (layer, district) → partners with their priority; each unit goes to the nearest of them.
PAIRS = {
    ("general", "T1"): {"H1": 1, "H2": 1},
    ("general", "T2"): {"H3": 1, "H1": 1},
    ("general", "T3"): {"H1": 3, "H2": 3},
    ("tcm", "T1"): {"H4": 1},
    ("tcm", "T2"): {"H5": 1},
    ("tcm", "T3"): {"H4": 5, "H5": 5},
}
KEYS = ["layer", "district_id", "hospital_id"]


def plan_of(
    region: Region,
    pairs: Mapping[tuple[str, str], Mapping[str, int]],
    travel: Travel,
    rules: Policy,
    findings: Findings | None = None,
) -> Plan:
    """Each unit to the nearest of its district's partners, in each layer."""
    minutes = pd.DataFrame(travel.minutes, travel.unit_ids, travel.hospital_ids)
    rows, listed = [], []
    for (layer, district), partners in pairs.items():
        for hospital, priority in partners.items():
            listed.append((layer, district, hospital, priority, int(layer == "general"), "new"))
        for unit in region.units[region.units["district_id"] == district].itertuples():
            best = minutes.loc[unit.unit_id, list(partners)].idxmin()
            rows.append((layer, unit.unit_id, district, int(unit.people), best, minutes.loc[unit.unit_id, best]))
    assignment = pd.DataFrame(rows, columns=["layer", "unit_id", "district_id", "people", "hospital_id", "minutes"])
    served = assignment.groupby(KEYS, as_index=False)["people"].sum()
    table = pd.DataFrame(listed, columns=[*KEYS, "priority", "counted", "change"]).merge(served, how="left")
    table["people"] = table["people"].fillna(0).astype("int64")
    layers = []
    for layer in assignment["layer"].unique():
        part = assignment[assignment["layer"] == layer]
        value = float((part["people"] * part["minutes"]).sum())
        goal = GoalResult("travel", Text("least travel", "出行最少"), value, value)
        layers.append(LayerResult(layer, (goal,), "highs", 0.1, 1000.0))
    provenance = {"gridplan": "0.1.0", "inputs": {"units": "0" * 64}}
    return Plan(
        region=region,
        policy=rules,
        travel=travel,
        assignment=assignment.sort_values(["layer", "unit_id"], ignore_index=True),
        pairs=table[[*KEYS, "priority", "counted", "people", "change"]],
        layers=tuple(layers),
        findings=findings or Findings(),
        provenance=provenance,
    )


def town_plan(region: Region | None = None, rules: Policy | None = None, findings: Findings | None = None) -> Plan:
    """tiny_town() (or a changed copy of it) planned by hand."""
    region = tiny_town() if region is None else region
    rules = policy("shanghai-2025") if rules is None else rules
    travel = travel_times(region, ["H1", "H2", "H3", "H4", "H5"], rules.travel)
    return plan_of(region, PAIRS, travel, rules, findings)


@pytest.fixture
def plan() -> Plan:
    """A plan of tiny_town with one warning."""
    warning = Finding(
        "warning", "branch-place", "branches", Text("no place", "没有位置"), Text("add it", "请补充"), id="B3"
    )
    return town_plan(findings=Findings([warning]))


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    """Makes a plan of a changed tiny_town."""
    return town_plan

"""What the map says of grids, as plain data: facts of the layer, forms of districts, roles of hospitals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.plans.grids_of_plan import grids, left_out, loose_units, members
from gridplan.plans.plan import Plan
from gridplan.words.text import Text
from gridplan.words.vocabulary import CONSORTIA, GRID

# What a district runs, or that it is left out.
FORMS = {**CONSORTIA, "left_out": Text("left out: county consortium", "不划网格：县域医共体")}


def grid_facts(plan: Plan) -> list[tuple[Text, str]]:
    """Figures of the layer: how many grids, how far, who is left out, what is loose."""
    table = grids(plan)
    people = table["people"].sum()
    mean = (table["mean_minutes"].fillna(0) * table["people"]).sum() / max(1, people)
    facts = [
        (Text("grids", "网格"), f"{len(table):,}"),
        (Text("mean minutes", "人均出行时间（分钟）"), f"{mean:.1f}"),
        (Text("longest", "最长分钟"), f"{table['worst_minutes'].max():.1f}"),
    ]
    names = dict(zip(plan.region.districts["district_id"], plan.region.districts["name"], strict=True))
    if out := left_out(plan):
        facts.append((Text("left out", "不划网格"), "、".join(_name(names[d]) or d for d in out)))
    if loose := loose_units(plan):
        facts.append((Text("loose units", "孤立单元"), f"{sum(map(len, loose)):,}"))
    return facts


def forms(plan: Plan) -> dict[str, str]:
    """district_id → "urban", "county" or "left_out"; empty where the plan has no grids."""
    return plan.grid_tables.forms


def roles(plan: Plan) -> list[list[Any] | None] | None:
    """For each hospital of the region its role and the position of its grid's lead (-1 where there is none, or several).

    None for those in districts that are left out; None altogether where the plan has no grids.
    """
    if GRID not in plan.policy.layers:
        return None
    position = {str(h): n for n, h in enumerate(plan.region.hospitals["hospital_id"])}
    found: dict[str, list[Any]] = {}
    for m in members(plan).itertuples():  # a lead may support other grids as well
        if m.role != "supporter":
            found[m.hospital_id] = [m.role, position.get(m.lead_id, -1)]
        else:
            other = found.setdefault(m.hospital_id, [m.role, position.get(m.lead_id, -1)])
            if other[0] == "supporter" and other[1] != position.get(m.lead_id, -1):
                other[1] = -1
    return [found.get(h) for h in plan.region.hospitals["hospital_id"]]


def _name(value: Any) -> str:
    return "" if pd.isna(value) else str(value)

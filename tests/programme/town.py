"""The made-up town with district hospitals, departments and staff: small enough to check by hand."""

from __future__ import annotations

from functools import cache

import pandas as pd

import gridplan as gp

LEADS = {
    "D1": ("T1", 120.03, 30.03),
    "D2": ("T1", 120.07, 30.07),
    "D3": ("T2", 120.15, 30.03),
    "D4": ("T3", 120.05, 30.12),
}
CODES = ["0301", "0303", "0304", "0401", "0403", "07", "20"]
LEVELS = {
    "D1": [2, 1, 1, 2, 0, 3, 1],
    "D2": [1, 1, 2, 0, 1, 1, 3],
    "D3": [0, 1, 1, 1, 2, 2, 1],
    "D4": [0, 0, 1, 1, 1, 0, 1],
}
STAFF = {"H1": 30, "H2": 18, "H3": 26}


def frame(columns, rows):
    return pd.DataFrame(rows, columns=columns).assign(row=range(2, len(rows) + 2))


def region(**changes):
    """The town; `changes` replace tables."""
    town = gp.tiny_town()
    more = town.hospitals.iloc[:1].loc[[0] * len(LEADS)].reset_index(drop=True)
    more = more.assign(
        hospital_id=list(LEADS), name=[f"区{n}医院" for n in range(1, 5)], name_en=list(LEADS), tier="district",
        grade="", district_id=[v[0] for v in LEADS.values()], lon=[v[1] for v in LEADS.values()],
        lat=[v[2] for v in LEADS.values()], beds=float("nan"), capacity_people=float("nan"),
    )  # fmt: skip
    hospitals = pd.concat([town.hospitals, more], ignore_index=True).sort_values(
        "hospital_id", ignore_index=True
    )
    departments = [
        (h, code, float(level), "")
        for h, levels in LEVELS.items()
        for code, level in zip(CODES, levels, strict=True)
    ]
    departments += [
        ("H1", "0304", 3.0, "national"),
        ("H2", "07", 3.0, "city"),
        ("H3", "0403", 3.0, "city"),
        ("H7", "10", 3.0, "national"),
    ]
    staff = [(h, code, float(n), float("nan"), float("nan")) for h, n in STAFF.items() for code in CODES]
    staff += [(h, "", float("nan"), 60.0, 12.0) for h in STAFF]
    tables = {
        "hospitals": hospitals,
        "departments": frame(["hospital_id", "discipline", "level", "key"], departments),
        "staff": frame(["hospital_id", "discipline", "eligible", "days_per_week", "managers"], staff),
    }
    return town.with_tables(**{**tables, **changes})


@cache
def plan():
    """One plan for all tests; nobody changes it."""
    return gp.plan(region(), gp.policy("shanghai-2025-grids"))


def plan_in_parts():
    """The same under a rule that needs the borders of units, too."""
    return gp.plan(region(), gp.policy("shanghai-2025-grids").with_rule(gp.rules.ConnectedParts()))

"""What each tier carries of the chains (JG-1, JG-4): referred up, further up, and sent down to beds of primary care."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Referral
from gridplan.programmes.ground import note
from gridplan.programmes.way.ways import bed_room
from gridplan.words.findings import Finding
from gridplan.words.vocabulary import PRIMARY, TIER_LOAD_COLUMNS, TIERS_OF_CARE


def first_contacts(plan: Plan, rule: Referral, chains: pd.DataFrame) -> pd.Series:
    """First contacts a year of each row of the chains."""
    units = plan.region.units
    people = dict(zip(units["unit_id"], units["people"].astype(float), strict=True))
    return chains["unit_id"].map(people) * rule.visits * rule.first_contact * chains["share"]


def tier_loads(plan: Plan, rule: Referral, chains: pd.DataFrame) -> pd.DataFrame:
    """A row per district hospital, partner and centre of the chains; capacity is blank where none is stated."""
    up = first_contacts(plan, rule, chains) * rule.up_to_district
    takes = plan.region.hospitals.set_index("hospital_id")
    can = (
        takes["referrals_capacity"].astype(float) if "referrals_capacity" in takes else pd.Series(dtype=float)
    )
    table = plan.region.institutions
    assert table is not None
    room = pd.Series(bed_room(table, rule.stay), index=table["institution_id"]).replace(np.inf, np.nan)
    tiers = (
        ("district", up.groupby(chains["managed_id"]).sum(), can),
        ("municipal", (up * rule.up_to_city).groupby(chains["hospital_id"]).sum(), can),
        ("down", (up * rule.down).groupby(chains["institution_id"]).sum(), room),
    )
    rows: list[tuple[object, ...]] = []
    for tier, loads, most in tiers:
        for key, load in loads.items():
            limit = float(most.get(key, np.nan))
            told = "" if np.isnan(limit) else f"{limit:.0f}"
            over = 0.0 if np.isnan(limit) else round(max(0.0, float(load) - limit), 3)
            rows.append((tier, str(key), round(float(load), 3), told, over))
    return pd.DataFrame(rows, columns=TIER_LOAD_COLUMNS)


def not_stated(plan: Plan, loads: pd.DataFrame) -> Iterator[Finding]:
    """Tiers without a stated capacity; institutions that name no office of referrals (JG-4)."""
    for tier, mine in loads.groupby("tier", sort=False):
        blank = int((mine["capacity"] == "").sum())
        if blank:
            name = TIERS_OF_CARE[str(tier)]
            where, column = (
                ("institutions", "beds") if tier == "down" else ("hospitals", "referrals_capacity")
            )
            yield note(
                "capacity-not-stated", where, f"{name.en}: {blank} of {len(mine)} state no capacity: no limit.",
                f"{name.zh}：{len(mine)} 家中有 {blank} 家未填写能力，按不限处理。", f"Fill in {column}.", f"请填写 {column}。",
            )  # fmt: skip
    for row in loads[(loads["tier"] == "municipal") & (loads["overflow"] > 0)].itertuples():
        who = plan.region.label("hospital", row.id)
        yield note(
            "partner-beyond-capacity", "hospitals", f"{who} would be sent {row.overflow:,.0f} referrals a year beyond its capacity.",
            f"{who} 每年上转将超出接诊能力 {row.overflow:,.0f} 人次。",
            "The plan says who its districts are: no chain can change it.", "由结对方案决定，转诊链无法调整。", row.id,
        )  # fmt: skip
    table = plan.region.institutions
    assert table is not None
    primary = table[table["kind"].isin(PRIMARY)]
    without = len(primary) if "office" not in primary else int(primary["office"].isin(["", "no"]).sum())
    if without:
        yield note(
            "no-office", "institutions", f"{without} of {len(primary)} primary institutions name no office of referrals (JG-4).",
            f"{len(primary)} 家基层机构中有 {without} 家未写明双向转诊部门（JG-4）。", "Fill in office.", "请填写 office。",
        )  # fmt: skip

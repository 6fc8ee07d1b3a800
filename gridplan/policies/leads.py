"""Who may lead a grid, which districts are planned, and in what form (ZJ-1 to ZJ-5, CD-1, CD-2)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    CountyCommunities,
    GridLeads,
    Grids,
    NoProvincialLeads,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.policies.rules.special_leads import SPECIAL
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, GRID, OWNERSHIPS, TIERS, VOLUNTARY, both_words


def district_forms(region: Region, policy: Policy) -> pd.Series:
    """What each district runs, and so how it is planned.

    Returns
    -------
    Series of "urban" (divided into grids), "county" (one grid, CD-2) or "left_out" (a county consortium, ZJ-1),
    indexed by district_id; empty where the policy has no grids.
    """
    if policy.rule(Grids) is None:
        return pd.Series(dtype=object)
    counties, groups = policy.rule(CountyCommunities), policy.rule(UrbanGroups)
    county_kinds = counties.kinds if counties is not None else ("county",)
    if groups is not None:
        county_kinds = tuple(kind for kind in county_kinds if kind not in groups.kinds)
    forms = {}
    for district in region.districts.itertuples():
        said = getattr(district, "consortium", "")  # a region made by hand may lack the column
        county = said == "county" if said else district.kind in county_kinds
        forms[district.district_id] = (
            ("county" if counties is not None else "left_out") if county else "urban"
        )
    return pd.Series(forms, dtype=object).sort_index()


def lead_table(region: Region, policy: Policy) -> pd.DataFrame:
    """Every hospital, whether it may lead a grid, and if not, by which rule and why.

    Returns
    -------
    DataFrame hospital_id, district_id (home), leads (bool), rule (id of the rule against it, "" where it may), why
    (`Text`: what it is, and may not be), in the order of ids; empty where the policy has no grids.
    """
    columns = ["hospital_id", "district_id", "leads", "rule", "why"]
    if policy.rule(Grids) is None:
        return pd.DataFrame(columns=columns).astype({"leads": bool})
    forms = district_forms(region, policy)
    rows = []
    for h in region.hospitals.sort_values("hospital_id").itertuples():
        rule, why = _against(h, policy, forms)
        rows.append((h.hospital_id, h.district_id, not rule, rule, why))
    return pd.DataFrame(rows, columns=columns).astype({"leads": bool})


def _against(hospital: Any, policy: Policy, forms: pd.Series) -> tuple[str, Text]:
    """Id of the first rule that keeps a hospital from leading a grid, and what it is; "" where none does."""
    who = policy.rule(GridLeads) or GridLeads()
    special, private = policy.rule(SpecialLeads), policy.rule(WillingPrivate)
    counties, form = policy.rule(CountyCommunities), forms.get(hospital.district_id, "left_out")
    tier, category = both_words(TIERS, hospital.tier), both_words(CATEGORIES, hospital.category)
    tier, owner = Text(f"tier {tier.en}", f"{tier.zh}医院"), both_words(OWNERSHIPS, hospital.ownership)
    if form == "left_out":
        return Grids.id, Text("its district is left out", "所在区县不在其列")
    if hospital.tier == "provincial" and policy.rule(NoProvincialLeads) is not None:
        return NoProvincialLeads.id, tier
    if hospital.ownership in VOLUNTARY:
        if private is None:
            return WillingPrivate.id, owner
        if getattr(hospital, "willing", "") != "yes":
            return WillingPrivate.id, Text(f"{owner.en}, not marked willing", f"{owner.zh}，未注明自愿")
    elif hospital.ownership not in who.ownerships:
        return GridLeads.id, owner
    if hospital.tier not in who.tiers:
        return GridLeads.id, tier
    if hospital.category not in who.categories and (
        special is None or hospital.category not in special.categories
    ):
        return SpecialLeads.id if hospital.category in SPECIAL else GridLeads.id, category
    if hospital.tier in who.tertiary and not str(hospital.grade).startswith("3"):
        return GridLeads.id, Text(f"{tier.en}, not tertiary", f"{tier.zh}，非三级")
    if form == "county" and counties is not None and hospital.tier not in counties.tiers:
        return CountyCommunities.id, tier
    return "", Text("", "")


def grid_leads(region: Region, policy: Policy) -> pd.DataFrame:
    """The hospitals that may lead a grid, in the form of `pairs.candidates`: hospital_id, layer, counted, district_id."""
    table = lead_table(region, policy)
    table = table.loc[table["leads"], ["hospital_id", "district_id"]]
    table = table.assign(layer=GRID, counted=False).astype({"counted": bool})
    return table[["hospital_id", "layer", "counted", "district_id"]].reset_index(drop=True)

"""Names as they are shown: English ones where English alone is made; hospitals of one name told apart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.words.findings import Findings
from gridplan.words.text import Text, shown_now


def as_named(plan: Plan) -> Plan:
    """The same plan for showing: where English alone is made, districts and hospitals have the English names of the tables."""
    return _in_english(plan) if shown_now() == "en" else plan


@once
def _in_english(plan: Plan) -> Plan:
    """Names that the tables lack in English stay as they are; the column of English names is then empty."""
    region = plan.region
    named = region.with_tables(districts=_english(region.districts), hospitals=_english(region.hospitals))
    findings = Findings(replace(f, what=_told(plan, f.what), hint=_told(plan, f.hint)) for f in plan.findings)
    return replace(plan, region=named, findings=findings)


def _english(table: pd.DataFrame) -> pd.DataFrame:
    if "name_en" not in table:
        return table
    there = table["name_en"].notna() & (table["name_en"] != "")
    return table.assign(
        name=table["name_en"].where(there, table["name"]), name_en=table["name_en"].mask(there, "")
    )


def _told(plan: Plan, text: Text) -> Text:
    return Text(plan.region.in_english(text.en), text.zh)


def told_apart(plan: Plan) -> Plan:
    """`as_named`, and hospitals that share a name carry their district, or the id where that is no difference."""
    plan = as_named(plan)
    hospitals = plan.region.hospitals
    twice = (hospitals["name"] != "") & hospitals["name"].duplicated(keep=False)
    if not twice.any():
        return plan
    same = hospitals[twice]
    district = same["district_id"].map(plan.region.districts.set_index("district_id")["name"]).fillna("")
    enough = ~same.assign(at=district).duplicated(["name", "at"], keep=False) & (district != "")
    names = hospitals["name"].copy()
    names.loc[same.index] = same["name"] + "·" + district.where(enough, same["hospital_id"])
    return replace(plan, region=plan.region.with_tables(hospitals=hospitals.assign(name=names)))

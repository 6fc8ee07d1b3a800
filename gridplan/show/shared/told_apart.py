"""Hospitals of one name, told apart where they are shown: by their district, else by their id."""

from __future__ import annotations

from dataclasses import replace

from gridplan.plans.plan import Plan


def told_apart(plan: Plan) -> Plan:
    """The same plan for showing: hospitals that share a name carry their district, or the id where that is no difference."""
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

"""The sample city and its plans: read and solved once for all the tests of a process. Nothing here may be changed in place."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import gridplan as gp
from gridplan.inputs.schema import PROGRAMME_TABLES

CITY = Path(__file__).resolve().parents[1] / "data" / "shanghai"


@cache
def sample_city() -> gp.Region:
    return gp.read(CITY)


@cache
def sample_plan(profile: str = "shanghai-2025", *rules: gp.rules.Rule) -> gp.Plan:
    """The plan of the sample city under a profile, with further rules."""
    return gp.plan(sample_city(), gp.policy(profile).with_rule(*rules))


@cache
def sample_part(*districts: str) -> gp.Region:
    """Some districts of the sample city, with what stands in them: for questions whose answer takes many plans."""
    city = sample_city()
    here = {
        name: table[table["district_id"].isin(districts)].reset_index(drop=True)
        for name in ("districts", "units", "hospitals", "branches", "partnerships")
        if (table := getattr(city, name)) is not None
    }
    known = here["hospitals"]["hospital_id"]
    for name in ("branches", "partnerships"):
        here[name] = here[name][here[name]["hospital_id"].isin(known)].reset_index(drop=True)
    return city.with_tables(**here, links=None, **dict.fromkeys(PROGRAMME_TABLES))

"""The sample city and its plans: read and solved once for all the tests of a process. Nothing here may be changed in place."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import gridplan as gp

CITY = Path(__file__).resolve().parents[1] / "data" / "shanghai"


@cache
def sample_city() -> gp.Region:
    return gp.read(CITY)


@cache
def sample_plan(profile: str = "shanghai-2025", *rules: gp.rules.Rule) -> gp.Plan:
    """The plan of the sample city under a profile, with further rules."""
    return gp.plan(sample_city(), gp.policy(profile).with_rule(*rules))

"""How much each unit counts: its people, or people weighted by group."""

from __future__ import annotations

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.policies.rules import GroupWeights


def demand(region: Region, rule: GroupWeights | None) -> pd.Series:
    """People of each unit, weighted by group where the policy does.

    Returns
    -------
    Series of float indexed by unit_id.
    """
    people = (
        region.units.set_index("unit_id")["people"].astype(float) if rule is None else rule.weighted(region)
    )
    return people.rename("demand")

"""How much each unit counts in the goal travel: its people, weighted by group, or by its visits."""

from __future__ import annotations

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.policies.rules import GroupWeights, VisitDemand


def demand(region: Region, policy: Policy) -> pd.Series:
    """People of each unit, weighted by group and by visits where the policy does.

    Returns
    -------
    Series of float indexed by unit_id.
    """
    groups, visits = policy.rule(GroupWeights), policy.rule(VisitDemand)
    people = region.units.set_index("unit_id")["people"].astype(float)
    counted = people if groups is None else groups.weighted(region)
    return (counted if visits is None else counted * visits.share(region)).rename("demand")


def is_weighted(policy: Policy) -> bool:
    """Whether something else than residents counts in the goal travel."""
    return policy.rule(GroupWeights) is not None or policy.rule(VisitDemand) is not None

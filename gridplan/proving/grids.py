"""A layer of grids as its leads alone: who may serve whom, and how many lead from a district; what more is asked is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.policies.policy import Policy
from gridplan.policies.rules import GridLeads, Grids, LeadRank


def against_grids(policy: Policy) -> str:
    """Why the layer of grids of a policy is not certified; "" where it is."""
    if policy.rule(LeadRank) is not None:
        return "ranks of leads are not certified"
    return "" if policy.rule(GridLeads) is not None else "the policy does not say who leads a grid"


def leads_alone(p: Problem, grids: GridArrays, policy: Policy) -> Problem:
    """The layer as if it were one of partners: a district has as many as lead grids from it.

    That grids hang together, hold a campus, are balanced or are at least so many is left out: no plan of grids is below the
    bound of this problem. Where grids cross borders, a district may be served from others, and no number binds it.
    """
    rule = policy.rule(Grids)
    crossed = rule is not None and rule.across_districts and grids.area == 0
    numbered = ~np.asarray(crossed) & (grids.most_in != FREE)
    return replace(
        p,
        grids=None,
        counted=np.ones_like(p.counted),
        district_cap=np.where(numbered, grids.most_in, NO_CAP),
        hospital_cap=np.full_like(p.hospital_cap, NO_CAP),
    )

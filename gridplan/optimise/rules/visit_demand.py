"""VISITS in the model: what units count in the goal "travel"."""

from __future__ import annotations

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import VisitDemand


def numbers(problem: Problem, rule: VisitDemand, region: Region) -> Fields:
    """People, weighted by group before, as many times as their unit's visits say."""
    return {"demand": problem.demand * rule.share(region).reindex(problem.unit_ids).to_numpy()}


CONSTRAINT = Constraint(
    numbers=numbers,
)

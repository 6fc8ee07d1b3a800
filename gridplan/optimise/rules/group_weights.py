"""CD-5 in the model: weights in the goal "travel"."""

from __future__ import annotations

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import GroupWeights


def numbers(problem: Problem, rule: GroupWeights, region: Region) -> Fields:
    """People weighted by group."""
    return {"demand": rule.weighted(region).reindex(problem.unit_ids).to_numpy()}


CONSTRAINT = Constraint(
    numbers=numbers,
)

"""CD-5 in the model: weights in the goal "travel"."""

from __future__ import annotations

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.groups import demand as weighted_people
from gridplan.policies.rules import GroupWeights


def numbers(problem: Problem, rule: GroupWeights, region: Region) -> Fields:
    """People weighted by group."""
    return {"demand": weighted_people(region, rule).reindex(problem.unit_ids).to_numpy()}


CONSTRAINT = Constraint(
    numbers=numbers,
)

"""CHANGE in the model: a price in the goal "travel"."""

from __future__ import annotations

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import ChangePrice


def numbers(problem: Problem, rule: ChangePrice, region: Region) -> Fields:
    """The price of a change."""
    return {"change_price": rule.person_minutes}


CONSTRAINT = Constraint(
    numbers=numbers,
)

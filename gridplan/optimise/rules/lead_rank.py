"""RANK in the model: what the rank of a lead adds to the minutes."""

from __future__ import annotations

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Fields
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import LeadRank


def numbers(problem: Problem, rule: LeadRank, region: Region) -> Fields:
    """A price of every pair with a lead, by its rank."""
    table = region.hospitals.set_index("hospital_id").loc[problem.hospital_ids.tolist()]
    centre = (
        table["regional_centre"] == "yes" if "regional_centre" in table else np.zeros(len(table), dtype=bool)
    )
    level, beds = table["grade"].astype(str).str[:1], table["beds"].astype(float)
    large = beds.isna() | (beds >= rule.beds)
    rank = np.select([centre, level == "3", (level == "2") & large], [1, 2, 3], 4)
    return {"excess_price": problem.excess_price + np.array(rule.prices)[rank - 1][problem.hospital]}


CONSTRAINT = Constraint(numbers=numbers)

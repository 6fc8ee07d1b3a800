"""The judge of RANK: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import math

from gridplan.inputs.region import Region
from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import LeadRank


def lead_rank(rule: LeadRank, tables: PlanTables) -> Judged:
    """A price breaks nothing; it is judged with the value of the goal."""
    yield from ()


def price_of_lead(rule: LeadRank, region: Region) -> dict[str, float]:
    """hospital_id → minutes per resident that its rank costs, read off the table."""
    found = {}
    for h in region.hospitals.itertuples():
        grade, beds = str(h.grade), float(h.beds)
        if getattr(h, "regional_centre", "") == "yes":
            rank = 1
        elif grade.startswith("3"):
            rank = 2
        else:
            rank = 3 if grade.startswith("2") and (math.isnan(beds) or beds >= rule.beds) else 4
        found[str(h.hospital_id)] = float(rule.prices[rank - 1])
    return found

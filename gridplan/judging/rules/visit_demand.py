"""The judge of VISITS: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.inputs.region import Region
from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.policy import Policy
from gridplan.policies.rules import VisitDemand

SUPPRESSED = 3.0


def visit_demand(rule: VisitDemand, tables: PlanTables) -> Judged:
    """What counts breaks nothing; it is judged with the value of the goal."""
    yield from ()


def visits_each(policy: Policy, region: Region) -> dict[str, float]:
    """unit_id → how many times a resident of it counts, added up row by row; empty where residents count."""
    rule = policy.rule(VisitDemand)
    if rule is None or region.flows is None:
        return {}
    tier = dict(zip(region.hospitals["hospital_id"], region.hospitals["tier"], strict=True))
    people = {u: float(n) for u, n in zip(region.units["unit_id"], region.units["people"], strict=True)}
    visits = dict.fromkeys(people, 0.0)
    for row in region.flows.itertuples():
        if people.get(row.unit_id, 0.0) > 0 and (
            rule.places == "all" or tier.get(row.place_id) == "municipal"
        ):
            visits[row.unit_id] += SUPPRESSED if row.visits != row.visits else float(row.visits)
    whole, all_people = sum(visits.values()), sum(people.values())
    return {u: n / people[u] * all_people / whole if people[u] > 0 else 0.0 for u, n in visits.items()}

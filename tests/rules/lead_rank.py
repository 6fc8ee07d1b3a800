"""What proves [lead_rank]."""

from __future__ import annotations

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Grids, LeadRank

# name → a value that cannot stand, and the key that is named
BAD = {
    "three prices of leads": (lambda: LeadRank((0, 1, 2)), "lead_rank.prices"),
    "prices of leads that fall": (lambda: LeadRank((0, 2, 1, 5)), "lead_rank.prices"),
    "a price of leads of -1": (lambda: LeadRank((-1, 0, 0, 0)), "lead_rank.prices"),
    "beds of leads -1": (lambda: LeadRank(beds=-1), "lead_rank.beds"),
    "strict as text": (lambda: LeadRank(strict="yes"), "lead_rank.strict"),
}  # fmt: skip

# golden LPs of grids → their rules
GOLDEN_GRIDS = {"lead_rank": (Grids(across_districts=True), LeadRank((0, 1, 2, 30)))}

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

# ranks are drawn there as "order", and costs of every kind; what the price adds up to is proven in tests/plans/test_grids.py
DRAWN_IN = "tests/optimise/grid_cases.py"


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """A price keeps no plan out; in an order a better one of the district leads, or one of its town does that is better too."""
    grids = p.grids
    assert grids is not None
    if grids.rank is None:
        return True
    towns = {h: set(grids.root_unit[grids.root_hospital == h].tolist()) for h in range(len(grids.home))}
    leads = set(assignment)
    for low in leads:
        better = [
            h for h in range(len(grids.home))
            if grids.home[h] == grids.home[low] and p.allowed[grids.home[h], h] and grids.rank[h] < grids.rank[low]
        ]  # fmt: skip
        for h in better:
            if not any(other in leads and towns[other] & towns[h] for other in better):
                return False
    return True

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
}  # fmt: skip

# golden LPs of grids → their rules
GOLDEN_GRIDS = {"lead_rank": (Grids(across_districts=True), LeadRank((0, 1, 2, 30)))}

# costs of every kind are drawn there, and tried; what the price adds up to is proven in tests/plans/test_grids.py
DRAWN_IN = "tests/optimise/grid_cases.py"


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """A price keeps no plan out."""
    return True

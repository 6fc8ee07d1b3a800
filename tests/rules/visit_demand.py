"""What proves [visit_demand]."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import VisitDemand

# name → a value that cannot stand, and the key that is named
BAD = {"visits to somewhere": (lambda: VisitDemand("somewhere"), "visit_demand.places")}

# the town of the golden LPs has no flows, and brute force counts what tests/rules/group_weights.py says: the demand
GOLDEN_GRIDS: dict[str, object] = {}


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """Visits of each unit, up to three for a resident; some units have none."""
    return replace(p, demand=p.people * np.array([draw(st.integers(0, 6)) / 2 for _ in p.unit_ids]))


def keeps(p: Problem, listed: set[tuple[int, int]], assignment: tuple[int, ...]) -> bool:
    """What counts keeps no plan out; what it adds up to is proven in tests/plans/test_visit_demand.py."""
    return True

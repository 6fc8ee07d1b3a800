"""What proves [group_weights]."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import GroupWeights

# name → a value that cannot stand, and the key that is named
BAD = {
    "negative weight": (lambda: GroupWeights({"people_65plus": -1}), "group_weights.people_65plus"),
}  # fmt: skip

# rules of tests/golden/lp/group_weights.lp (make golden NAME=group_weights)
GOLDEN = (GroupWeights({"people_65plus": 2.0}),)


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """People of a unit count up to three times."""
    return replace(p, demand=p.people * np.array([draw(st.integers(0, 6)) / 2 for _ in p.unit_ids]))


def counts(p: Problem, u: int) -> float:
    """How many people the unit counts as in the goal travel."""
    return float(p.demand[u])

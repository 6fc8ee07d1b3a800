"""What proves [grid_shape]."""

from __future__ import annotations

import math

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Grids, GridShape

# name → a value that cannot stand, and the key that is named
BAD = {
    "connected as text": (lambda: GridShape(connected="yes"), "grid_shape.connected"),
    "connected 0": (lambda: GridShape(connected=0), "grid_shape.connected"),
    "connected none": (lambda: GridShape(connected=None), "grid_shape.connected"),
    "balance -0.1": (lambda: GridShape(balance=-0.1), "grid_shape.balance"),
    "balance in per cent": (lambda: GridShape(balance=30), "grid_shape.balance"),
    "balance as text": (lambda: GridShape(balance="30%"), "grid_shape.balance"),
    "balance true": (lambda: GridShape(balance=True), "grid_shape.balance"),
    "balance nan": (lambda: GridShape(balance=math.nan), "grid_shape.balance"),
    "balance by people": (lambda: GridShape(balance=0.2, balance_by="people"), "grid_shape.balance_by"),
    "balance by none": (lambda: GridShape(balance_by=None), "grid_shape.balance_by"),
    "balance by bed": (lambda: GridShape(balance_by="bed"), "grid_shape.balance_by"),
    "no minutes": (lambda: GridShape(minutes=0), "grid_shape.minutes"),
    "minutes -1": (lambda: GridShape(minutes=-1), "grid_shape.minutes"),
    "minutes as text": (lambda: GridShape(minutes="60 min"), "grid_shape.minutes"),
    "minutes endless": (lambda: GridShape(minutes=math.inf), "grid_shape.minutes"),
}  # fmt: skip

# golden LPs of grids → their rules
GOLDEN_GRIDS = {
    "grids_connected": (Grids(across_districts=True), GridShape()),
    "grids_balanced": (
        Grids(across_districts=True),
        GridShape(connected=False, balance=0.2, balance_by="beds"),
    ),
    "grids_minutes": (Grids(across_districts=True), GridShape(connected=False, minutes=15)),
}

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

# drawn by hypothesis as "connected", "balance", "weights", "links", "limit" of tests/optimise/grid_cases.py
DRAWN_IN = "tests/optimise/grid_cases.py"


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """Each part of a grid hangs together around a campus, or lies on an island; residents stand near the fair part."""
    grids = p.grids
    assert grids is not None
    roots = set(zip(grids.root_unit.tolist(), grids.root_hospital.tolist(), strict=True))
    for h in set(assignment) if grids.connected else ():
        for part in parts_of({u for u, k in enumerate(assignment) if k == h}, grids.neighbours):
            if not any((u, h) in roots for u in part) and not all(grids.loose[u] for u in part):
                return False
    return grids.balance is None or balanced(p, assignment, grids.balance)


def balanced(p: Problem, assignment: tuple[int, ...], share: float) -> bool:
    """Whether every grid's residents stand within the share of their fair part."""
    grids = p.grids
    assert grids is not None
    for h in set(assignment):
        mates = {k for k in set(assignment) if grids.area[grids.home[k]] == grids.area[grids.home[h]]}
        if any(np.isnan(grids.weight[k]) for k in mates):
            return False
        people = sum(
            int(n)
            for n, d in zip(p.people, p.district, strict=True)
            if grids.area[d] == grids.area[grids.home[h]]
        )
        fair = people * grids.weight[h] / sum(grids.weight[k] for k in mates)
        load = sum(int(n) for n, k in zip(p.people, assignment, strict=True) if k == h)
        if not (1 - share) * fair - 1e-6 <= load <= (1 + share) * fair + 1e-6:
            return False
    return True


def parts_of(units: set[int], touching: np.ndarray) -> list[set[int]]:
    """Units that hang together, by merging sets that touch."""
    parts = [{u} for u in units]
    for a, b in touching.tolist():
        if a in units and b in units:
            one = next(part for part in parts if a in part)
            other = next(part for part in parts if b in part)
            if one is not other:
                parts.remove(other)
                one |= other
    return parts

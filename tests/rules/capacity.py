"""What proves [capacity]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Capacity

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "unknown source": (lambda: Capacity("bed"), "capacity.source"),
    "beds without people": (lambda: Capacity("beds"), "capacity.people_per_bed"),
    "no people per bed": (lambda: Capacity("beds", 0), "capacity.people_per_bed"),
    "people per bed without beds": (lambda: Capacity(people_per_bed=800), "capacity.people_per_bed"),
}  # fmt: skip

# rules of tests/golden/lp/capacity.lp (make golden NAME=capacity)
GOLDEN = (Capacity(),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "over the beds": (
        (Capacity("beds", 50),),
        [("CAPACITY", "", "H4", "", (14, 15, 16, 17, 22, 23)), ("CAPACITY", "", "H5", "", (18, 19, 20, 21, 24, 25))],
    ),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A capacity for every hospital."""
    return replace(p, capacity=np.array([float(draw(st.integers(3, 30))) for _ in p.hospital_ids]))


def uses(p: Problem, u: int, h: int) -> float:
    """Capacity that the unit uses at the hospital."""
    if p.use is None:
        return float(p.people[u])
    return float(p.use[(p.unit == u) & (p.hospital == h)][0])


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """No hospital holds more than its capacity."""
    if np.isinf(p.capacity).all():
        return True
    load = [0.0] * len(p.hospital_ids)
    for u, h in enumerate(assignment):
        load[h] += uses(p, u, h)
    return all(n <= most + 1e-9 for n, most in zip(load, p.capacity, strict=True))


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """The same of a layer of grids, where a unit uses its people."""
    load = np.bincount(assignment, weights=p.people, minlength=len(p.hospital_ids))
    return bool((load <= p.capacity + 1e-9).all())

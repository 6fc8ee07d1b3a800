"""What proves [connected_parts]."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import ConnectedParts

Pairs = set[tuple[int, int]]

# rules of tests/golden/lp/connected_parts.lp (make golden NAME=connected_parts)
GOLDEN = (ConnectedParts(),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "parts that stand apart": (
        (ConnectedParts(),),
        [("PARTS", "T1", "H1", "", (2,)), ("PARTS", "T1", "H2", "", (4,))],
        ("T1-01", "H1"), ("T1-04", "H1"), ("T1-02", "H2"), ("T1-03", "H2"),
    ),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """Units of a district that touch, at random."""
    n = len(p.unit_ids)
    within = [(a, b) for b in range(n) for a in range(b) if p.district[a] == p.district[b]]
    touching = [pair for pair in within if draw(st.booleans())]
    return replace(p, neighbours=np.array(touching, dtype=int).reshape(-1, 2))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """Two units of a district at one hospital that have a way to each other have one through its own units."""
    if p.neighbours is None:
        return True
    edges = {(int(v), int(w)) for v, w in p.neighbours}
    for a, b in itertools.combinations(range(len(assignment)), 2):
        if assignment[a] == assignment[b] and p.district[a] == p.district[b]:
            mine = {u for u in range(len(assignment)) if p.district[u] == p.district[a]}
            own = {u for u in mine if assignment[u] == assignment[a]}
            if _way(edges, a, b, mine) and not _way(edges, a, b, own):
                return False
    return True


def _way(edges: Pairs, a: int, b: int, through: set[int]) -> bool:
    """Whether b can be reached from a over units that touch."""
    seen = {a}
    for _ in through:
        seen |= {w for w in through for v in seen if (v, w) in edges or (w, v) in edges}
    return b in seen

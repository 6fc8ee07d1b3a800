"""Grids by trying everything: its own definition, sharing no code with gridplan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from gridplan.optimise.problem import Problem
from tests.rules import having


def best_grids(p: Problem) -> float | None:
    """The least person-minutes over all assignments to leads, None where no plan keeps the rules."""
    return min(all_grids(p), default=None)


def all_grids(p: Problem) -> Iterator[float]:
    """The person-minutes of every assignment that keeps all rules."""
    cost = {
        (int(u), int(h)): float(p.people[u] * c)
        for u, h, c, near in zip(p.unit, p.hospital, p.stages[0].cost, p.within, strict=True)
        if near and p.allowed[p.district[u], h]
    }
    choices = [[h for h in range(len(p.hospital_ids)) if (u, h) in cost] for u in range(len(p.unit_ids))]
    for assignment in itertools.product(*choices):
        if keeps_grid_rules(p, assignment):
            yield sum(cost[u, h] for u, h in enumerate(assignment))


def keeps_grid_rules(p: Problem, assignment: tuple[int, ...]) -> bool:
    """What the rules' own files say of one assignment."""
    return all(proof.keeps_grids(p, assignment) for proof in having("keeps_grids").values())

"""Grids by trying everything: its own definition, sharing no code with gridplan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from gridplan.optimise.problem import Problem


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
    """Area, leads inside, numbers, pins, connected parts, capacity and balance of one assignment."""
    grids = p.grids
    assert grids is not None
    area = [int(grids.area[d]) for d in p.district]
    used = sorted(set(assignment))
    pinned = {int(h) for _, h in np.argwhere(p.pinned)}
    if not pinned <= set(used):
        return False
    homes = [int(grids.home[h]) for h in used]
    if not grids.least <= len(used) <= grids.most:
        return False
    for d in range(len(p.district_ids)):
        if not grids.least_in[d] <= homes.count(d) <= grids.most_in[d]:
            return False
    campuses = {
        h: {int(u) for u, r in zip(grids.root_unit, grids.root_hospital, strict=True) if r == h} for h in used
    }
    for h in used:
        mine = {u for u, served in enumerate(assignment) if served == h}
        if not mine & campuses[h] or any(area[u] != int(grids.area[grids.home[h]]) for u in mine):
            return False
        if grids.connected and not all(
            part & campuses[h] or all(grids.loose[u] for u in part)
            for part in parts_of(mine, grids.neighbours)
        ):
            return False
        if sum(int(p.people[u]) for u in mine) > p.capacity[h] + 1e-9:
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

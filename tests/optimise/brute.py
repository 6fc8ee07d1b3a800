"""The planning problem by trying everything: its own definition, sharing no code with gridplan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from gridplan.optimise.problem import Problem


def best(p: Problem) -> tuple[float, ...] | None:
    """The lexicographically least goal values over all assignments, None where no plan keeps the rules."""
    found = list(all_values(p))
    return min(found) if found else None


def all_values(p: Problem) -> Iterator[tuple[float, ...]]:
    """Goal values of every assignment that keeps all rules."""
    costs = np.full((len(p.stages), len(p.unit_ids), len(p.hospital_ids)), np.inf)
    for s, stage in enumerate(p.stages):
        costs[s, p.unit, p.hospital] = stage.cost
    within = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    within[p.unit, p.hospital] = p.within
    choices = [
        [h for h in range(len(p.hospital_ids)) if within[u, h] and p.allowed[p.district[u], h]]
        for u in range(len(p.unit_ids))
    ]
    for assignment in itertools.product(*choices):
        if keeps_rules(p, assignment):
            listed = listed_by(p, assignment)
            prices = len(changed(p, listed)) * p.change_price
            yield tuple(
                round(sum(int(p.people[u]) * costs[s, u, h] for u, h in enumerate(assignment)), 4)
                + (prices if stage.goal == "travel" else 0)
                + (0 if stage.pair_price is None else sum(stage.pair_price[pair] for pair in listed))
                for s, stage in enumerate(p.stages)
            )


def served_by(p: Problem, assignment: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """(district, hospital) → residents."""
    served: dict[tuple[int, int], int] = {}
    for u, h in enumerate(assignment):
        pair = (int(p.district[u]), h)
        served[pair] = served.get(pair, 0) + int(p.people[u])
    return served


def listed_by(p: Problem, assignment: tuple[int, ...]) -> set[tuple[int, int]]:
    """Pairs that serve a resident or are pinned."""
    pinned = {(int(d), int(h)) for d, h in np.argwhere(p.pinned)}
    return {pair for pair, people in served_by(p, assignment).items() if people > 0} | pinned


def changed(p: Problem, listed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs that are new or ended against today."""
    return listed ^ {(int(d), int(h)) for d, h in np.argwhere(p.existing)}


def uses(p: Problem, u: int, h: int) -> float:
    """Capacity that the unit uses at the hospital."""
    if p.use is None:
        return float(p.people[u])
    return float(p.use[(p.unit == u) & (p.hospital == h)][0])


def keeps_rules(p: Problem, assignment: tuple[int, ...]) -> bool:
    """Caps, pins, capacity, least partners, least share and changes of one assignment."""
    served, listed = served_by(p, assignment), listed_by(p, assignment)
    if sum(1 for _, h in changed(p, listed) if p.counted[h]) > p.most_changes:
        return False
    if any(pair not in listed for pair in served):
        return False  # a unit where nobody lives lists no pair of its own
    for d in range(len(p.district_ids)):
        counted = sum(1 for dd, h in listed if dd == d and p.counted[h])
        if counted > p.district_cap[d] or counted < p.least_partners:
            return False
        total = sum(int(n) for n, dd in zip(p.people, p.district, strict=True) if dd == d)
        if any(served.get((dd, h), 0) < p.least_share * total - 1e-9 for dd, h in listed if dd == d):
            return False
    for h in range(len(p.hospital_ids)):
        districts = sum(1 for _, hh in listed if hh == h)
        load = sum(uses(p, u, h) for u, hh in enumerate(assignment) if hh == h)
        if (p.counted[h] and districts > p.hospital_cap[h]) or load > p.capacity[h] + 1e-9:
            return False
    return True

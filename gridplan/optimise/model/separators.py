"""Connected parts: the model is solved without them, and separators are added until every part hangs together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from gridplan.geography.adjacency import components
from gridplan.optimise.model.pulp_door import Engine, Model, Solved, Told
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock

Cut = tuple[int, int, int, list[int]]  # hospital, two units, what separates them


class Cuts(Protocol):
    """What cuts need of the model under construction."""

    problem: Problem
    model: Model
    x: dict[int, Any]
    apart: dict[int, Any]


def quiet(value: float | None, bound: float | None) -> None:
    """Tells nobody."""


def solve_connected(
    ref: Cuts, engine: Engine, seconds: float | None, gap: float, threads: int = 1, told: Told = quiet
) -> Solved:
    """Solve the model, again and again until each part hangs together; without the rule just once.

    The bound is that of the last model, which has the fewest plans; where the clock runs out before one hangs
    together, there are no values.

    Raises
    ------
    NoSolverError, SolveError : as `Model.solve`.
    """
    p, clock, spent = ref.problem, Clock(seconds), 0.0
    while True:
        solved = ref.model.solve(engine, clock.left, gap, threads, told)
        spent += solved.seconds
        if p.neighbours is None or not solved.has_values:
            return replace(solved, seconds=spent)
        serves = np.full(len(p.unit_ids), -1)
        for k, x in ref.x.items():
            if ref.model.is_on(x):
                serves[p.unit[k]] = p.hospital[k]
        free = [d for d, apart in ref.apart.items() if ref.model.is_on(apart)]
        cuts = [cut for cut in violated(p, serves) if int(p.district[cut[1]]) not in free]
        if not cuts:
            return replace(solved, seconds=spent)
        for cut in cuts:
            add_cut(ref, *cut)
        if clock.over:
            return Solved("none", solved.bound, spent)


def add_cut(ref: Cuts, h: int, a: int, b: int, separator: list[int]) -> None:
    """x_ah + x_bh ≤ 1 + Σ_{s in separator} x_sh, for two units of one piece of a district  (21) PARTS"""
    p, at = ref.problem, _places(ref)
    if (a, h) not in at or (b, h) not in at:
        return
    terms = [(at[a, h], 1.0), (at[b, h], 1.0), *((at[s, h], -1.0) for s in separator if (s, h) in at)]
    d = int(p.district[a])
    terms += [(ref.apart[d], -1.0)] if d in ref.apart else []
    name = f"connected_parts[{p.unit_ids[a]},{p.unit_ids[b]},{p.hospital_ids[h]}]"
    ref.model.add(terms, "<=", 1.0, name)


def fragments(p: Problem, serves: np.ndarray) -> Iterator[list[np.ndarray]]:
    """The parts that one partner serves in one piece of a district, where there are several, largest first."""
    assert p.neighbours is not None
    pieces = components(len(serves), p.neighbours)
    parts = components(len(serves), p.neighbours, serves)
    place = pieces * len(p.hospital_ids) + serves
    _, first = np.unique(parts, return_index=True)
    for one in np.flatnonzero(np.bincount(place[first]) > 1).tolist():
        mine = [np.flatnonzero(parts == part) for part in np.unique(parts[place == one]).tolist()]
        yield sorted(mine, key=lambda units: (-len(units), int(units[0])))


def violated(p: Problem, serves: np.ndarray) -> Iterator[Cut]:
    """A separator between each part that stands apart and the largest one of its hospital there, from both sides."""
    beside = neighbours_of(p)
    for parts in fragments(p, serves):
        largest, h = parts[0], int(serves[parts[0][0]])
        for part in parts[1:]:
            a, b = int(part[0]), int(largest[0])
            yield h, a, b, separating(beside, part, largest)
            yield h, a, b, separating(beside, largest, part)


def separating(beside: list[set[int]], part: np.ndarray, other: np.ndarray) -> list[int]:
    """The units beside a part from which the other part can be reached without going through more of them."""
    mine = set(part.tolist())
    around = set().union(*(beside[u] for u in mine)) - mine
    behind, front = set(other.tolist()), other.tolist()
    while front:
        fresh = beside[front.pop()] - behind - around
        behind |= fresh
        front += fresh
    return sorted(s for s in around if beside[s] & behind)


def neighbours_of(p: Problem) -> list[set[int]]:
    """Per unit, the units of its district that it touches."""
    beside: list[set[int]] = [set() for _ in p.unit_ids]
    for a, b in p.neighbours.tolist() if p.neighbours is not None else ():
        beside[a].add(b)
        beside[b].add(a)
    return beside


def near_separators(p: Problem) -> Iterator[tuple[int, int, list[int]]]:
    """Two units that do not touch, where one touches nothing but what the other touches as well."""
    beside = neighbours_of(p)
    for a, mine in enumerate(beside):
        around = set().union(*(beside[s] for s in mine)) - mine - {a} if mine else set()
        for b in sorted(around):
            if mine <= beside[b] and (a < b or not beside[b] <= mine):
                yield a, b, sorted(mine)


def without_district(p: Problem, d: int) -> Problem:
    """The same problem where the parts of one district may stand apart: none of its units touch."""
    assert p.neighbours is not None
    return replace(p, neighbours=p.neighbours[p.district[p.neighbours[:, 0]] != d])


def _places(ref: Cuts) -> dict[tuple[int, int], Any]:
    p = ref.problem
    return {(int(p.unit[k]), int(p.hospital[k])): x for k, x in ref.x.items()}

"""Connected parts: the model is solved without them, and separators are added until every part hangs together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from gridplan.geography.adjacency import components
from gridplan.optimise.model.pulp_door import Engine, Model, Solved, Told
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock

TOLD = 3  # units of each of two parts that are told apart at once
Cut = tuple[int, int, int, list[int]]  # hospital, two units, what separates them


class Cuts(Protocol):
    """What cuts need of the model under construction."""

    problem: Problem
    model: Model
    x: dict[int, Any]
    places: dict[tuple[int, int], Any]
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
    p, at = ref.problem, ref.places
    if (a, h) not in at or (b, h) not in at:
        return
    terms = [(at[a, h], 1.0), (at[b, h], 1.0), *((at[s, h], -1.0) for s in separator if (s, h) in at)]
    d = int(p.district[a])
    terms += [(ref.apart[d], -1.0)] if d in ref.apart else []
    name = f"connected_parts[{p.unit_ids[a]},{p.unit_ids[b]},{p.hospital_ids[h]}]"
    ref.model.add(terms, "<=", 1.0, name)


def fragments(p: Problem, serves: np.ndarray) -> Iterator[list[np.ndarray]]:
    """The parts that one partner serves in one piece of a district, where there are several, largest first.

    Units that nobody serves yet (-1) are in no part.
    """
    assert p.neighbours is not None
    pieces = components(len(serves), p.neighbours)
    parts = components(len(serves), p.neighbours, serves)
    place = np.where(serves >= 0, pieces * len(p.hospital_ids) + serves, -1)
    _, first = np.unique(parts, return_index=True)
    first = first[serves[first] >= 0]
    for one in np.flatnonzero(np.bincount(place[first]) > 1).tolist():
        mine = [np.flatnonzero(parts == part) for part in np.unique(parts[place == one]).tolist()]
        yield sorted(mine, key=lambda units: (-len(units), int(units[0])))


def violated(p: Problem, serves: np.ndarray) -> Iterator[Cut]:
    """Separators between each part that stands apart and the largest one of its hospital there, from both sides.

    What separates the parts separates each unit of the one from each of the other, so that some of them are told at
    once: those nearest to the hospital, which it most surely serves.
    """
    beside = neighbours_of(p)
    for parts in fragments(p, serves):
        h = int(serves[parts[0][0]])
        near = _nearest_first(p, h)
        largest, *others = [[u for u in near if u in part] for part in (set(one.tolist()) for one in parts)]
        for part in others:
            for separator in (separating(beside, part, largest), separating(beside, largest, part)):
                for a, b in itertools.product(part[:TOLD], largest[:TOLD]):
                    yield h, a, b, separator


def _nearest_first(p: Problem, h: int) -> list[int]:
    """Units that a hospital may serve, by minutes."""
    pairs = np.flatnonzero(p.hospital == h)
    nearest: list[int] = p.unit[pairs[np.lexsort([p.unit[pairs], p.minutes[pairs]])]].tolist()
    return nearest


def separating(beside: list[set[int]], part: list[int], other: list[int]) -> list[int]:
    """The units beside a part from which the other part can be reached without going through more of them."""
    mine = set(part)
    around = set().union(*(beside[u] for u in mine)) - mine
    behind, front = set(other), list(other)
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

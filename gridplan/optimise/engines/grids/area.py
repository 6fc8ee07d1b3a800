"""One area of a layer of grids as arrays of its own: grids stay inside an area, so areas are solved one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gridplan.optimise.grid_arrays import FREE, GridArrays, lead_order
from gridplan.optimise.problem import Problem


@dataclass(frozen=True, eq=False)
class Numbers:
    """Least and most grids led by some leads of an area (those of one district)."""

    leads: np.ndarray
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class Area:
    """Units and leads of one area; indices are its own.

    Parameters
    ----------
    units, leads : indices in the problem.
    people : (n,) residents.
    cost : (n, H) what the goal adds where the lead serves the unit; inf where it cannot.
    beside : (n,) neighbours of each unit.
    roots : (H,) units with a campus of each lead; none where it cannot lead.
    loose : (n,) units that need not hang together.
    connected : whether others must.
    capacity : (H,) residents.
    pinned : (H,) whether it must lead.
    numbers : by district.
    balance, weight : as of `GridArrays`.
    order : (h, G) a lead that leads only if one of G does.
    """

    units: np.ndarray
    leads: np.ndarray
    people: np.ndarray
    cost: np.ndarray
    beside: tuple[np.ndarray, ...]
    roots: tuple[np.ndarray, ...]
    loose: np.ndarray
    connected: bool
    capacity: np.ndarray
    pinned: np.ndarray
    numbers: tuple[Numbers, ...]
    balance: float | None
    weight: np.ndarray
    order: tuple[tuple[int, tuple[int, ...]], ...] = ()

    @property
    def able(self) -> np.ndarray:
        """(H,) whether it may lead at all."""
        return np.array([len(roots) > 0 for roots in self.roots], dtype=bool)

    @cached_property
    def pairs(self) -> int:
        """Units and leads that can be together."""
        return int(np.isfinite(self.cost).sum())

    @cached_property
    def group(self) -> np.ndarray:
        """(H,) which of `numbers` counts each lead; -1 where none does."""
        group = np.full(len(self.leads), -1)
        for g, some in enumerate(self.numbers):
            group[some.leads] = g
        return group

    @property
    def least(self) -> int:
        """No plan has fewer grids."""
        return max(1, sum(max(int(self.pinned[n.leads].sum()), n.least) for n in self.numbers))

    @property
    def most(self) -> int:
        """No plan has more grids."""
        able = self.able
        return sum(min(int(able[n.leads].sum()), n.most) for n in self.numbers)

    def value(self, serves: np.ndarray) -> float:
        """The goal of a plan."""
        return float(self.cost[np.arange(len(serves)), serves].sum())

    def floating(self, serves: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Parts of grids that hold no campus of their lead: the lead, and the units."""
        for h in np.unique(serves).tolist() if self.connected else ():
            mine = serves == h
            kept = self.reached(mine, np.concatenate([self.roots[h], np.flatnonzero(self.loose)]))
            left = mine & ~kept
            while left.any():
                part = self.reached(left, np.flatnonzero(left)[:1])
                yield h, np.flatnonzero(part)
                left &= ~part

    def reached(self, inside: np.ndarray, start: np.ndarray) -> np.ndarray:
        """(n,) units that can be reached from some without leaving a set; those outside of it do not count."""
        seen = np.zeros(len(inside), dtype=bool)
        todo = [u for u in start.tolist() if inside[u]]
        seen[todo] = True
        while todo:
            for v in self.beside[todo.pop()].tolist():
                if inside[v] and not seen[v]:
                    seen[v] = True
                    todo.append(v)
        return seen


def _inside(positions: np.ndarray) -> np.ndarray:
    """Those in the area, each once: a campus in a town outside it is none of its units (-1)."""
    return np.unique(positions[positions >= 0])


def areas(p: Problem) -> list[Area]:
    """The areas of a problem with grids, in order; leads that cannot lead, and pairs that cannot be, are out."""
    grids, (stage,) = p.grids, p.stages
    assert grids is not None
    cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
    k = np.flatnonzero(p.usable)
    cost[p.unit[k], p.hospital[k]] = p.weight(stage)[p.unit[k]] * stage.cost[k]
    return [_area(p, grids, cost, area) for area in np.unique(grids.area[p.district]).tolist()]


def _area(p: Problem, grids: GridArrays, everywhere: np.ndarray, area: int) -> Area:
    units = np.flatnonzero(grids.area[p.district] == area)
    leads = np.flatnonzero(grids.lead_area == area)
    position = np.full(len(p.unit_ids), -1)
    position[units] = np.arange(len(units))
    edges = position[grids.neighbours]
    edges = edges[(edges >= 0).all(axis=1)]
    made = Area(
        units=units,
        leads=leads,
        people=p.people[units].astype(float),
        cost=everywhere[np.ix_(units, leads)],
        beside=_beside(edges, len(units)),
        roots=tuple(_inside(position[grids.root_unit[grids.root_hospital == h]]) for h in leads),
        loose=grids.loose[units],
        connected=grids.connected,
        capacity=p.capacity[leads],
        pinned=np.asarray(p.pinned[:, leads].any(axis=0)),
        numbers=tuple(
            Numbers(np.flatnonzero(grids.home[leads] == d), int(grids.least_in[d]), _most(grids, d))
            for d in np.flatnonzero(grids.area == area).tolist()
        ),
        balance=grids.balance,
        weight=grids.weight[leads],
        order=_order(p, grids, leads.tolist()),
    )
    return trimmed(made)


def _order(p: Problem, grids: GridArrays, leads: list[int]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    may = (grids.home >= 0) & p.allowed[grids.home, np.arange(len(grids.home))]
    at = {h: n for n, h in enumerate(leads)}
    pairs = [(h, group) for h, group in lead_order(grids, may) if h in at]
    return tuple((at[h], tuple(at[g] for g in group)) for h, group in pairs)


def _most(grids: GridArrays, d: int) -> int:
    return int(min(grids.most_in[d], len(grids.home))) if grids.most_in[d] != FREE else len(grids.home)


def _beside(edges: np.ndarray, n: int) -> tuple[np.ndarray, ...]:
    both = (
        np.unique(np.vstack([edges, edges[:, ::-1]]), axis=0) if len(edges) else np.zeros((0, 2), dtype=int)
    )
    return tuple(np.split(both[:, 1], np.searchsorted(both[:, 0], np.arange(1, n))))


def trimmed(a: Area) -> Area:
    """Without pairs whose unit cannot hang together with a campus, and leads whose campuses they cannot serve."""
    cost, roots = a.cost.copy(), list(a.roots)
    for h in range(len(a.leads)):
        usable = np.isfinite(cost[:, h])
        roots[h] = roots[h][usable[roots[h]]]
        if a.balance is not None and np.isnan(a.weight[h]):
            roots[h] = roots[h][:0]
        if a.connected:
            start = np.concatenate([roots[h], np.flatnonzero(a.loose)])
            cost[~a.reached(usable, start), h] = np.inf
        if not len(roots[h]):
            cost[:, h] = np.inf
    return replace(a, cost=cost, roots=tuple(roots))

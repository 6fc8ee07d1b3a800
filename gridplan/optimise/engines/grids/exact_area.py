"""An area of grids solved exactly: the model without flows, and separators added until every grid hangs together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.model.pulp_door import Engine, Model
from gridplan.optimise.run.clock import Clock

Enough = Callable[[np.ndarray], bool]


@dataclass(frozen=True, eq=False)
class Answer:
    """What is known of an area: a plan (None where none was found), and what no plan can be below.

    The bound is inf where no plan keeps all rules (or none is below the value that it had to beat).

    Parameters
    ----------
    searched : whether the area was too large for the exact model.
    """

    serves: np.ndarray | None
    value: float
    bound: float
    searched: bool = False

    @property
    def impossible(self) -> bool:
        """Whether it is proven that there is no plan."""
        return self.serves is None and np.isinf(self.bound)


NOTHING = Answer(None, np.inf, np.inf)


@dataclass
class CutModel:
    """x for each pair that can be, z for each lead; separators come in as they are needed.

    Parameters
    ----------
    least, most : grids in the area.
    below : look only for plans better than this.
    """

    area: Area
    least: int
    most: int
    below: float = np.inf
    model: Model = field(init=False)
    x: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    z: list[Any] = field(init=False)
    cuts: int = 0

    def __post_init__(self) -> None:
        a = self.area
        self.model = Model("gridplan_area")
        self.scale = max(1.0, float(a.people.mean())) if len(a.people) else 1.0
        for u, h in np.argwhere(np.isfinite(a.cost)).tolist():
            self.x[u, h] = self.model.binary(f"x[{u},{h}]")
        self.z = [self.model.binary(f"z[{h}]") for h in range(len(a.leads))]
        terms = [(x, float(a.cost[u, h]) / self.scale) for (u, h), x in self.x.items()]
        terms = [term for term in terms if term[1]]
        if np.isfinite(self.below) and terms:
            self.model.add(terms, "<=", self.below / self.scale, "below")
        self.model.minimise(terms or [(z, 0.0) for z in self.z])
        self._assign()
        self._count()
        self._carry()
        for u, h in self.x if a.connected else ():
            if u not in a.roots[h] and not a.loose[u]:
                self._cut(u, h, a.beside[u])

    def solve(
        self,
        engine: Engine,
        clock: Clock,
        gap: float,
        threads: int,
        enough: Enough = lambda _: False,
    ) -> Answer:
        """The best plan, or what is proven when the clock runs out, or `enough` says so of a plan that does not hang together."""
        a, bound = self.area, 0.0
        while True:
            solved = self.model.solve(engine, clock.left, gap, threads)
            if solved.found == "infeasible":
                return NOTHING
            bound = max(bound, (solved.bound or 0.0) * self.scale)
            if not solved.has_values:
                return Answer(None, np.inf, bound)
            serves = np.full(len(a.units), -1)
            for (u, h), x in self.x.items():
                if self.model.is_on(x):
                    serves[u] = h
            parts = list(a.floating(serves))
            if not parts:
                return Answer(serves, a.value(serves), min(bound, a.value(serves)))
            if enough(serves) or clock.over:
                return Answer(None, np.inf, bound)
            for h, part in parts:
                separator = separating(a, h, part)
                for u in part.tolist():
                    self._cut(u, h, separator)

    def _assign(self) -> None:
        """Every unit at one lead that leads."""
        of_unit: list[list[tuple[Any, float]]] = [[] for _ in self.area.units]
        for (u, h), x in self.x.items():
            of_unit[u].append((x, 1.0))
            self.model.add([(x, 1.0), (self.z[h], -1.0)], "<=", 0.0, f"serve[{u},{h}]")
        for u, terms in enumerate(of_unit):
            self.model.add(terms, "==", 1.0, f"cover[{u}]")

    def _count(self) -> None:
        """Numbers of grids; pinned leads lead; a grid holds a campus of its lead."""
        a = self.area
        ranges = [(a.numbers[i].leads, a.numbers[i].least, a.numbers[i].most) for i in range(len(a.numbers))]
        for n, (leads, least, most) in enumerate([(np.arange(len(a.leads)), self.least, self.most), *ranges]):
            terms = [(self.z[h], 1.0) for h in leads.tolist()]
            if terms:
                self.model.add(terms, ">=", float(least), f"least[{n}]")
                self.model.add(terms, "<=", float(most), f"most[{n}]")
        for h, z in enumerate(self.z):
            roots = [(self.x[s, h], -1.0) for s in a.roots[h].tolist()]
            self.model.add([(z, 1.0), *roots], "<=", 0.0, f"inside[{h}]")
            if a.pinned[h]:
                self.model.add([(z, 1.0)], ">=", 1.0, f"pin[{h}]")
        for n, (h, group) in enumerate(a.order):
            self.model.add([(self.z[h], 1.0), *((self.z[g], -1.0) for g in group)], "<=", 0.0, f"order[{n}]")

    def _carry(self) -> None:
        """Capacity and balance; the fair part is a number where the leads weigh the same and are counted."""
        a = self.area
        fair = fair_parts(a, self.least) if self.least == self.most else None
        free = self._free_parts() if a.balance is not None and fair is None else None
        for h, z in enumerate(self.z):
            load = [(self.x[u, h], float(a.people[u])) for u in range(len(a.units)) if (u, h) in self.x]
            if np.isfinite(a.capacity[h]) and load:
                self.model.add([*load, (z, -float(a.capacity[h]))], "<=", 0.0, f"capacity[{h}]")
            if a.balance is None or not a.able[h] or not a.people.sum():
                continue
            part = (z, fair) if fair is not None else (free[h], float(a.weight[h])) if free else (z, 0.0)
            low, high = part[1] * (1 - a.balance), part[1] * (1 + a.balance)
            self.model.add([*load, (part[0], -low)], ">=", 0.0, f"low[{h}]")
            self.model.add([*load, (part[0], -high)], "<=", 0.0, f"high[{h}]")

    def _free_parts(self) -> dict[int, Any]:
        """q_h = r z_h, as row (19) of FORMULATION.md."""
        a, total = self.area, float(self.area.people.sum())
        leads = np.flatnonzero(a.able).tolist()
        largest = total / min((float(a.weight[h]) for h in leads if a.weight[h] > 0), default=1.0)
        rate = self.model.continuous("rate", largest)
        parts = {h: self.model.continuous(f"part[{h}]") for h in leads}
        if total:
            self.model.add([(q, float(a.weight[h])) for h, q in parts.items()], "==", total, "parts")
        for h, q in parts.items():
            self.model.add([(q, 1.0), (self.z[h], -largest)], "<=", 0.0, f"part_if[{h}]")
            self.model.add([(q, 1.0), (rate, -1.0)], "<=", 0.0, f"part_most[{h}]")
            terms = [(q, 1.0), (rate, -1.0), (self.z[h], -largest)]
            self.model.add(terms, ">=", -largest, f"part_least[{h}]")
        return parts

    def _cut(self, u: int, h: int, separator: np.ndarray) -> None:
        """x_uh ≤ Σ_{s in separator} x_sh"""
        self.cuts += 1
        others = [(self.x[s, h], -1.0) for s in separator.tolist() if (s, h) in self.x]
        self.model.add([(self.x[u, h], 1.0), *others], "<=", 0.0, f"cut[{self.cuts}]")


def fair_parts(a: Area, number: int) -> float | None:
    """The fair part of each grid where there are so many; None where that depends on which."""
    weights = np.unique(a.weight[a.able])
    if a.balance is None or len(weights) != 1 or not weights[0] > 0:
        return None
    return float(a.people.sum()) / number


def separating(a: Area, h: int, part: np.ndarray) -> np.ndarray:
    """The units beside a part that stand between it and the campuses of the lead: one of them must go along."""
    usable = np.isfinite(a.cost[:, h])
    around = np.zeros(len(a.units), dtype=bool)
    for u in part.tolist():
        around[a.beside[u]] = True
    around &= usable
    around[part] = False
    sources = np.concatenate([a.roots[h], np.flatnonzero(a.loose)])
    behind = a.reached(usable & ~around, sources)
    return np.array(
        [s for s in np.flatnonzero(around).tolist() if _reaches(a, s, sources, behind)], dtype=int
    )


def _reaches(a: Area, s: int, sources: np.ndarray, behind: np.ndarray) -> bool:
    return s in sources or bool(behind[a.beside[s]].any())

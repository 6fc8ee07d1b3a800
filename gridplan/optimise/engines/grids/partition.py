"""An area divided among leads: who serves whom, what each grid carries, which unit may leave it, which may join."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.lead_bounds import limits


@dataclass
class Partition:
    """Grids of one choice of leads, with the limits of their loads.

    Parameters
    ----------
    leads : which lead.
    price : per resident, of each lead of the area.
    """

    area: Area
    leads: np.ndarray
    price: np.ndarray
    serves: list[int] = field(init=False)
    load: list[float] = field(init=False)
    units: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        a = self.area
        low, high = limits(a, self.leads)
        self.low, self.high = low.tolist(), high.tolist()
        self.people, self.cost = a.people.tolist(), a.cost.tolist()
        self.beside = [near.tolist() for near in a.beside]
        self.loose = set(np.flatnonzero(a.loose).tolist())
        self.root = _roots(a, self.leads)
        self.kept = set(self.root.values())
        lived = a.people > 0
        self.span = span_of(a.cost[np.ix_(lived, self.leads)] / a.people[lived, None]) if lived.any() else 1.0

    def wrong(self, h: int) -> float:
        """Residents of a grid that are too many or too few."""
        return self._wrong(h, self.load[h])

    def _wrong(self, h: int, load: float) -> float:
        return max(0.0, load - self.high[h] - 1e-6, self.low[h] - load - 1e-6)

    def offers(self, u: int) -> list[int]:
        """Leads whose grid the unit may join."""
        if not self.area.connected or u in self.loose:
            return self.leads.tolist()
        return sorted({self.serves[v] for v in self.beside[u]})

    def move(self, u: int, h: int) -> None:
        """Take a unit into the grid of a lead."""
        g = self.serves[u]
        self.units[g].discard(u)
        self.units[h].add(u)
        self.load[g] -= self.people[u]
        self.load[h] += self.people[u]
        self.serves[u] = h

    def removable(self, u: int, g: int) -> bool:
        """Whether what is left of the grid still hangs together with its campuses."""
        if not self.area.connected:
            return True
        mine = self.units[g]
        near = [v for v in self.beside[u] if v in mine]
        if u not in self.area.roots[g] and u not in self.loose and self._ring(near):
            return True
        sources = [s for s in (*self.area.roots[g].tolist(), *self.loose) if s in mine and s != u]
        seen, todo = {u, *sources}, sources
        while todo:
            for v in self.beside[todo.pop()]:
                if v in mine and v not in seen:
                    seen.add(v)
                    todo.append(v)
        return len(seen) == len(mine)

    def _ring(self, near: list[int]) -> bool:
        """Whether a unit's neighbours hang together among themselves."""
        if len(near) <= 1:
            return True
        left, todo = set(near[1:]), [near[0]]
        while todo and left:
            step = [v for v in self.beside[todo.pop()] if v in left]
            left.difference_update(step)
            todo.extend(step)
        return not left


def _roots(a: Area, leads: np.ndarray) -> dict[int, int]:
    """A campus unit of each lead for itself; those with the fewest campuses choose first."""
    taken: dict[int, int] = {}
    for h in sorted(leads.tolist(), key=lambda h: (len(a.roots[h]), h)):
        free = [s for s in a.roots[h].tolist() if s not in taken.values()]
        if free:
            taken[h] = min(free, key=lambda s: (a.cost[s, h], s))
    return taken


def span_of(rate: np.ndarray) -> float:
    """A typical cost per resident, for steps."""
    near = rate.min(axis=1)
    near = near[np.isfinite(near)]
    return max(1e-9, float(near.mean())) if len(near) else 1.0

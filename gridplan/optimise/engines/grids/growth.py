"""Good plans for a large area of grids: units by prices, grids grown around campuses, border units moved while it helps."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.lead_bounds import limits
from gridplan.optimise.run.clock import Clock

PRICE_ROUNDS = 250
REPAIR_ROUNDS = 60
HARD = 1e3  # mean costs per resident that a resident too many costs, once a plan keeps the limits


def load_prices(a: Area, leads: np.ndarray, rounds: int = PRICE_ROUNDS) -> tuple[np.ndarray, float]:
    """Prices per resident of each lead that even the loads out, and the bound that they give for these leads."""
    lived = np.flatnonzero(a.people > 0)
    people, rate = a.people[lived], a.cost[np.ix_(lived, leads)] / a.people[lived, None]
    low, high = (limit[leads] for limit in limits(a, leads))
    size, span = max(1.0, people.sum() / len(leads)), _span(rate)
    price, best, kept = np.zeros(len(leads)), -np.inf, np.zeros(len(leads))
    for n in range(rounds):
        paid = rate + price
        pick = paid.argmin(axis=1)
        load = np.bincount(pick, weights=people, minlength=len(leads))
        limit = np.where(price > 0, high, low)
        value = float(
            (people * paid[np.arange(len(pick)), pick]).sum() - (price * np.where(price == 0, 0, limit)).sum()
        )
        if value > best:
            best, kept = value, price
        wrong = np.where(price > 0, load - high, np.where(price < 0, load - low, 0.0))
        wrong = np.where(price == 0, np.maximum(load - high, 0) - np.maximum(low - load, 0), wrong)
        price = price + 0.5 * span / (1 + n / 12) * np.clip(wrong / size, -1, 1)
        price = np.where(((price > 0) & ~np.isfinite(high)) | ((price < 0) & (low <= 0)), 0.0, price)
    return kept, best


@dataclass
class Search:
    """One choice of leads, and a plan that is improved step by step; deterministic.

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
        self.span = _span(a.cost[np.ix_(lived, self.leads)] / a.people[lived, None]) if lived.any() else 1.0

    def run(self, clock: Clock) -> np.ndarray | None:
        """A plan that keeps the rules, None where none was found."""
        if len(self.root) < len(self.leads) or not self._grow():
            return None
        price, push = self.price.tolist(), 4.0 * self.span
        size = max(1.0, sum(self.people) / len(self.leads))
        for n in range(REPAIR_ROUNDS):
            self._descend(price, push, clock)
            wrong = {h: self._wrong(h, self.load[h]) for h in self.leads.tolist()}
            if not any(wrong.values()) or clock.over:
                break
            for h, over in wrong.items():
                sign = 1.0 if self.load[h] > self.high[h] else -1.0
                price[h] += sign * self.span * min(0.5, 0.05 + over / size) / (1 + n / 20)
        if any(self._wrong(h, self.load[h]) for h in self.leads.tolist()):
            return None
        self._descend([0.0] * len(price), HARD * self.span, clock)
        return np.array(self.serves)

    def _grow(self) -> bool:
        """Each unit to the lead that is cheapest at the prices; what does not hang together joins a grid beside it."""
        a = self.area
        paid = np.full(a.cost.shape, np.inf)
        paid[:, self.leads] = a.cost[:, self.leads] + a.people[:, None] * self.price[self.leads]
        wish = paid.argmin(axis=1)
        for h, s in self.root.items():
            wish[s] = h
        done = np.isfinite(paid[np.arange(len(wish)), wish])
        for h, part in a.floating(wish):
            done[part[wish[part] == h]] = False
        queue = [
            (float(paid[u, wish[v]]), u, int(wish[v]))
            for v in np.flatnonzero(done).tolist()
            for u in self.beside[v]
        ]
        queue = [offer for offer in queue if not done[offer[1]]]
        heapq.heapify(queue)
        while queue:
            price, u, h = heapq.heappop(queue)
            if done[u] or not np.isfinite(price):
                continue
            wish[u], done[u] = h, True
            for v in self.beside[u]:
                if not done[v]:
                    heapq.heappush(queue, (float(paid[v, h]), v, h))
        self.serves = wish.tolist()
        self.units = [set() for _ in a.leads]
        for u, h in enumerate(self.serves):
            self.units[h].add(u)
        self.load = np.bincount(wish, weights=a.people, minlength=len(a.leads)).tolist()
        return bool(done.all())

    def _wrong(self, h: int, load: float) -> float:
        """Residents too many or too few."""
        return max(0.0, load - self.high[h] - 1e-6, self.low[h] - load - 1e-6)

    def _descend(self, price: list[float], push: float, clock: Clock) -> None:
        """Move units across borders as long as cost, prices and what the limits are exceeded by get less."""
        waiting, queued = deque(range(len(self.serves))), [True] * len(self.serves)
        steps = 0
        while waiting:
            steps += 1
            if steps % 512 == 0 and clock.over:
                return
            u = waiting.popleft()
            queued[u] = False
            if self._improve(u, price, push):
                for v in (u, *self.beside[u]):
                    if not queued[v]:
                        queued[v] = True
                        waiting.append(v)

    def _improve(self, u: int, price: list[float], push: float) -> bool:
        g, people, cost = self.serves[u], self.people[u], self.cost[u]
        if u in self.kept:
            return False
        best, to = -1e-6 * max(1.0, people * self.span), -1
        for h in self._offers(u):
            if h == g:
                continue
            change = cost[h] - cost[g] + people * (price[h] - price[g])
            change += push * (
                self._wrong(h, self.load[h] + people) - self._wrong(h, self.load[h])
                + self._wrong(g, self.load[g] - people) - self._wrong(g, self.load[g])
            )  # fmt: skip
            if change < best:
                best, to = change, h
        if to < 0 or not self._removable(u, g):
            return False
        self._move(u, to)
        return True

    def _offers(self, u: int) -> list[int]:
        """Leads whose grid the unit may join."""
        if not self.area.connected or u in self.loose:
            return self.leads.tolist()
        return sorted({self.serves[v] for v in self.beside[u]})

    def _move(self, u: int, h: int) -> None:
        g = self.serves[u]
        self.units[g].discard(u)
        self.units[h].add(u)
        self.load[g] -= self.people[u]
        self.load[h] += self.people[u]
        self.serves[u] = h

    def _removable(self, u: int, g: int) -> bool:
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


def _span(rate: np.ndarray) -> float:
    """A typical cost per resident, for steps."""
    near = rate.min(axis=1)
    return max(1e-9, float(near[np.isfinite(near)].mean())) if len(near) else 1.0

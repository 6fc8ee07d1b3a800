"""Good plans for a large area of grids: units by prices, grids grown around campuses, border units moved while it helps."""

from __future__ import annotations

import heapq
from collections import deque
from functools import cached_property

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.chains import settle, trade
from gridplan.optimise.engines.grids.lead_bounds import limits
from gridplan.optimise.engines.grids.partition import Partition, span_of
from gridplan.optimise.run.clock import Clock

PRICE_ROUNDS = 250
STEADY = 20  # rounds whose steps are left out where prices are known nearly
REPAIR_ROUNDS = 60
PATIENCE = 8  # rounds of repair without less that is wrong: then chains
HARD = 1e9  # mean costs per resident that a resident too many costs, once a plan keeps the limits: none is let in


def load_prices(
    a: Area, leads: np.ndarray, rounds: int = PRICE_ROUNDS, start: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Prices per resident of each lead that even the loads out, and the bound that they give for these leads.

    Parameters
    ----------
    start : (H,) prices of leads that were nearly these: fewer rounds do.
    """
    lived = np.flatnonzero(a.people > 0)
    people, rate = a.people[lived], a.cost[np.ix_(lived, leads)] / a.people[lived, None]
    low, high = (limit[leads] for limit in limits(a, leads))
    size, span = max(1.0, people.sum() / len(leads)), span_of(rate)
    price = np.zeros(len(leads)) if start is None else start[leads]
    best, kept, begun = -np.inf, price, 0 if start is None else STEADY
    for n in range(begun, begun + rounds):
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


def paid_at(a: Area, leads: np.ndarray, price: np.ndarray) -> np.ndarray:
    """(n, H) what units cost at prices per resident of each lead, inf where one does not lead."""
    paid = np.full(a.cost.shape, np.inf)
    paid[:, leads] = a.cost[:, leads] + a.people[:, None] * price[leads]
    return paid


class Search(Partition):
    """One choice of leads, and a plan that is improved step by step; deterministic."""

    def run(self, clock: Clock) -> np.ndarray | None:
        """A plan that keeps the rules, None where none was found."""
        if len(self.root) < len(self.leads) or not self._grow(self.paid.argmin(axis=1)):
            return None
        price, push = self.price.tolist(), 4.0 * self.span
        size, lately = max(1.0, sum(self.people) / len(self.leads)), list[float]()
        for n in range(REPAIR_ROUNDS):
            self._descend(price, push, clock)
            wrong = {h: self.wrong(h) for h in self.leads.tolist()}
            if not any(wrong.values()) or clock.over:
                break
            if n >= PATIENCE and sum(wrong.values()) >= lately[n - PATIENCE]:
                break
            lately.append(sum(wrong.values()))
            for h, over in wrong.items():
                sign = 1.0 if self.load[h] > self.high[h] else -1.0
                price[h] += sign * self.span * min(0.5, 0.05 + over / size) / (1 + n / 20)
        return self._finished(clock)

    def mend(self, serves: np.ndarray, clock: Clock) -> np.ndarray | None:
        """A plan near one whose grids need not hang together or keep their limits; None where none was found."""
        whole = len(self.root) == len(self.leads) and self._grow(serves.copy())
        return self._finished(clock) if whole else None

    def _finished(self, clock: Clock) -> np.ndarray | None:
        """Grids within their limits, then what is better without leaving them."""
        if not settle(self, clock):
            return None
        self._descend([0.0] * len(self.price), HARD * self.span, clock)
        trade(self, clock)
        return np.array(self.serves)

    @cached_property
    def paid(self) -> np.ndarray:
        """(n, H) what units cost at the prices."""
        return paid_at(self.area, self.leads, self.price)

    def _grow(self, wish: np.ndarray) -> bool:
        """Each unit to the lead that it wishes; what does not hang together joins a grid beside it."""
        a, paid = self.area, self.paid
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
        for h in self.offers(u):
            if h == g:
                continue
            change = cost[h] - cost[g] + people * (price[h] - price[g])
            change += push * (
                self._wrong(h, self.load[h] + people) - self._wrong(h, self.load[h])
                + self._wrong(g, self.load[g] - people) - self._wrong(g, self.load[g])
            )  # fmt: skip
            if change < best:
                best, to = change, h
        if to < 0 or not self.removable(u, g):
            return False
        self.move(u, to)
        return True

"""A lower bound for a large area of grids: coverage priced (Lagrange), each lead a knapsack solved by sorting.

For prices m_u per resident, no plan with N grids is below Σ_u P_u m_u + the N least ρ_h, where ρ_h is the least
Σ_u (c_uh − P_u m_u) x_uh over loads that h may carry. One pass gives the bound of every N.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.run.clock import Clock

ROUNDS = 1500
PATIENCE = 20


def limits(a: Area, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(H,) least and most residents of each grid when these leads lead."""
    if a.balance is None:
        return np.zeros(len(a.leads)), a.capacity
    total = float(a.weight[leads].sum())
    fair = a.people.sum() * np.nan_to_num(a.weight) / total if total > 0 else np.zeros(len(a.leads))
    return (1 - a.balance) * fair, np.minimum((1 + a.balance) * fair, a.capacity)


def widest(a: Area, number: int) -> tuple[np.ndarray, np.ndarray]:
    """(H,) least and most residents of each grid whichever leads lead, so many of them."""
    able = np.flatnonzero(a.able)
    order = able[np.argsort(a.weight[able], kind="stable")]
    least = limits(a, order[-number:])[0]
    return least, limits(a, order[:number])[1]


@dataclass
class Bounds:
    """The best bound of each number of grids so far, and the prices that gave it.

    Parameters
    ----------
    rate : (n, H) cost per resident of each unit with residents.
    at : number of grids → bound; inf where so many grids cannot be.
    chosen : number of grids → how often each lead was among the cheapest.
    """

    area: Area
    numbers: list[int]
    lived: np.ndarray = field(init=False)
    people: np.ndarray = field(init=False)
    rate: np.ndarray = field(init=False)
    at: dict[int, float] = field(init=False)
    chosen: dict[int, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        a = self.area
        self.lived = np.flatnonzero(a.people > 0)
        self.people = a.people[self.lived]
        self.rate = a.cost[self.lived] / self.people[:, None]
        self.at = dict.fromkeys(self.numbers, 0.0)
        self.chosen = {n: np.zeros(len(a.leads)) for n in self.numbers}
        wide = [widest(a, n) for n in self.numbers]
        self.low, self.high = np.array([w[0] for w in wide]), np.array([w[1] for w in wide])
        self.price = np.where(np.isfinite(self.rate), self.rate, np.inf).min(axis=1)
        self.best_price = self.price

    @property
    def least(self) -> float:
        """No plan of any of the numbers is below this."""
        return min(self.at.values(), default=np.inf)

    def improve(self, clock: Clock, known: float, rounds: int = ROUNDS, only: int | None = None) -> None:
        """Raise the bound of the number of grids that has the least (or of one), as long as that succeeds.

        Parameters
        ----------
        known : value of the best plan so far, inf where there is none.
        """
        theta, stuck, direction = 1.0, 0, np.zeros(len(self.lived))
        price = self.best_price
        for _ in range(rounds):
            number = only if only is not None else min(self.at, key=lambda n: self.at[n])
            aim = known if np.isfinite(known) else 1.05 * max(self.at[number], 1.0)
            if clock.over or theta < 1e-4 or self.at[number] >= known * (1 - 1e-9):
                break
            before = self.at[number]
            value, cover = self._price(price, number)
            if self.at[number] > before * (1 + 1e-6) + 1e-9:
                stuck, self.best_price = 0, price
            else:
                stuck += 1
            if stuck >= PATIENCE:
                theta, stuck, price = theta / 1.6, 0, self.best_price
                direction = np.zeros(len(self.lived))
                continue
            direction = 0.35 * direction + (1 - cover)
            norm = float((self.people * direction**2).sum())
            if norm <= 1e-9:
                break
            price = price + theta * max(aim - value, 1e-3 * abs(aim)) / norm * direction

    def _price(self, price: np.ndarray, number: int) -> tuple[float, np.ndarray]:
        """The bounds of all numbers at these prices; the value for one, and how often its leads cover each unit."""
        a, n = self.area, self.numbers.index(number)
        reduced = self.rate - price[:, None]
        first = self._rooted(reduced)
        order = np.argsort(first, axis=0, kind="stable")
        load = np.zeros((len(price) + 1, len(a.leads)))
        load[1:] = np.cumsum(self.people[order], axis=0)
        usable = np.isfinite(self.rate)
        gains = np.where(usable, self.people[:, None] * reduced, 0.0)
        value = np.zeros_like(load)
        value[1:] = np.cumsum(np.take_along_axis(gains, order, axis=0), axis=0)
        count, good = usable.sum(axis=0), (first < 0).sum(axis=0)
        rho = np.full((len(self.numbers), len(a.leads)), np.inf)
        carry = np.zeros((len(self.numbers), len(a.leads)))
        for h in np.flatnonzero(a.able).tolist():
            end = count[h] + 1
            fits = (load[end - 1, h] >= self.low[:, h] - 1e-9) & (self.low[:, h] <= self.high[:, h])
            carry[:, h] = np.clip(load[good[h], h], self.low[:, h], self.high[:, h])
            rho[fits, h] = np.interp(carry[fits, h], load[:end, h], value[:end, h])
        base = float((self.people * price).sum())
        cover, mine = np.zeros(len(price)), 0.0
        for i, many in enumerate(self.numbers):
            leads = cheapest(a, rho[i], many)
            reached = np.inf if leads is None else base + float(rho[i, leads].sum())
            self.at[many] = max(self.at[many], reached)
            if i == n and leads is not None:
                mine = reached
                self.chosen[many] = 0.98 * self.chosen[many]
                self.chosen[many][leads] += 1
                for h in leads.tolist():
                    share = np.clip((carry[i, h] - load[:-1, h]) / self.people[order[:, h]], 0.0, 1.0)
                    share[count[h] :] = 0.0
                    cover[order[:, h]] += share
        return mine, cover

    def _rooted(self, reduced: np.ndarray) -> np.ndarray:
        """Reduced costs for sorting: where a lead has one campus, its unit comes first, since it must be in."""
        first = reduced.copy()
        row = np.full(len(self.area.units), -1)
        row[self.lived] = np.arange(len(self.lived))
        for h, roots in enumerate(self.area.roots):
            if len(roots) == 1 and row[roots[0]] >= 0:
                first[row[roots[0]], h] = -np.inf
        return first


def cheapest(a: Area, rho: np.ndarray, number: int) -> np.ndarray | None:
    """The so many leads of least sum, pinned ones among them, each district's numbers kept; None where impossible."""
    order = np.argsort(rho, kind="stable")
    taken = a.pinned.copy()
    if not np.isfinite(rho[taken]).all():
        return None
    for group in a.numbers:
        mine = [h for h in order.tolist() if h in group.leads and np.isfinite(rho[h])]
        for h in mine:
            if taken[group.leads].sum() >= group.least:
                break
            taken[h] = True
        if taken[group.leads].sum() < group.least:
            return None
    for h in order.tolist():
        if taken.sum() >= number or not np.isfinite(rho[h]):
            break
        full = any(h in g.leads and taken[g.leads].sum() >= g.most for g in a.numbers)
        taken[h] = taken[h] or not full
    return np.flatnonzero(taken) if taken.sum() == number else None

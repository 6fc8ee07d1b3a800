"""A lower bound for a large area of grids: coverage priced (Lagrange), each lead a knapsack solved by sorting.

For prices m_u per resident, no plan with N grids is below Σ_u P_u m_u + the N least ρ_h, where ρ_h is the least
Σ_u (c_uh − P_u m_u) x_uh over loads that h may carry. One pass gives the bound of every N.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.run.clock import Clock

ROUNDS = 1500
PATIENCE = 20
EVERY = 8  # rounds: the bounds of all numbers of grids, not of the least alone
BEFORE = 0.02  # what the choices of a node above count in one below: as much as one of its own
SHARE = 2.0  # times the units that a grid may take are sorted for each lead


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
    rate : (H, n) cost per resident of each unit with residents, by lead.
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
        self.rate = np.ascontiguousarray((a.cost[self.lived] / self.people[:, None]).T)
        self.at = dict.fromkeys(self.numbers, 0.0)
        self.chosen = {n: np.zeros(len(a.leads)) for n in self.numbers}
        self._set_limits()
        self.price = np.where(np.isfinite(self.rate), self.rate, np.inf).min(axis=0)
        self.best_price = self.price
        usable = np.isfinite(self.rate)
        self._count, self._reach = usable.sum(axis=1), usable @ self.people
        self._share = SHARE

    def _set_limits(self) -> None:
        wide = [widest(self.area, n) for n in self.numbers]
        self.low, self.high = np.array([w[0] for w in wide]), np.array([w[1] for w in wide])
        self._roots = self._only_campuses()

    def below(self, area: Area) -> Bounds:
        """The bounds of the same area where a lead more must lead, or may not, as far as these and their prices tell them."""
        made = copy(self)
        made.area = area
        made.numbers = [n for n in self.numbers if area.pinned.sum() <= n <= area.able.sum()]
        made.at = {n: self.at[n] for n in made.numbers}
        made.chosen = {n: BEFORE * self.chosen[n] for n in made.numbers}
        made._set_limits()
        return made

    @property
    def lowest(self) -> int:
        """The number of grids of the least bound."""
        return min(self.at, key=lambda n: self.at[n])

    def liked(self, number: int | None = None) -> np.ndarray | None:
        """The so many leads (as many as have the least bound) that were cheapest most often; None where so many cannot be."""
        if not self.numbers:
            return None
        number = self.lowest if number is None else number
        return cheapest(self.area, np.where(self.area.able, -self.chosen[number], np.inf), number)

    @property
    def least(self) -> float:
        """No plan of any of the numbers is below this."""
        return min(self.at.values(), default=np.inf)

    def improve(
        self, clock: Clock, known: float, rounds: int = ROUNDS, gap: float = 0.0, step: float = 1.0
    ) -> None:
        """Raise the bound of the number of grids that has the least, as long as that succeeds.

        Parameters
        ----------
        known : value of the best plan so far, inf where there is none.
        gap : relative; a bound so near to `known` is near enough.
        step : how far the first rounds go, of the way that would close the gap.
        """
        theta, stuck, direction = step, 0, np.zeros(len(self.lived))
        price, enough = self.best_price, known * (1 - max(gap, 1e-9))
        for turn in range(rounds if self.numbers else 0):
            number = self.lowest
            aim = known if np.isfinite(known) else 1.05 * max(self.at[number], 1.0)
            if clock.over or theta < 1e-4 or self.at[number] >= enough:
                break
            before = self.at[number]
            others = [n for n in self.numbers if self.at[n] < known] if turn % EVERY == 0 else []
            value, cover = self._price(price, number, others)
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

    def _price(self, price: np.ndarray, number: int, others: list[int]) -> tuple[float, np.ndarray]:
        """The bounds of some numbers at these prices; the value for one, and how often its leads cover each unit."""
        a, asked = self.area, [number, *(n for n in others if n != number)]
        rows = [self.numbers.index(n) for n in asked]
        low, high = self.low[rows], self.high[rows]
        reduced = self.rate - price
        first = reduced.copy()
        first[self._roots] = -np.inf
        order, load = self._cheapest_units(first, np.minimum(high.max(axis=0), self._reach))
        gains = np.take_along_axis(reduced, order, axis=1)
        value = np.zeros_like(load)
        value[:, 1:] = np.cumsum(np.where(np.isfinite(gains), self.people[order] * gains, 0.0), axis=1)
        good = np.minimum((first < 0).sum(axis=1), order.shape[1])
        rho, carry = np.full(low.shape, np.inf), np.zeros(low.shape)
        for h in np.flatnonzero(a.able).tolist():
            end = self._count[h] + 1
            fits = (self._reach[h] >= low[:, h] - 1e-9) & (low[:, h] <= high[:, h])
            carry[:, h] = np.clip(load[h, good[h]], low[:, h], high[:, h])
            rho[fits, h] = np.interp(carry[fits, h], load[h, :end], value[h, :end])
        base = float((self.people * price).sum())
        cover, mine = np.zeros(len(price)), 0.0
        for i, many in enumerate(asked):
            leads = cheapest(a, rho[i], many)
            reached = np.inf if leads is None else base + float(rho[i, leads].sum())
            self.at[many] = max(self.at[many], reached)
            if many == number and leads is not None:
                mine = reached
                self.chosen[many] = 0.98 * self.chosen[many]
                self.chosen[many][leads] += 1
                for h in leads.tolist():
                    share = np.clip((carry[i, h] - load[h, :-1]) / self.people[order[h]], 0.0, 1.0)
                    share[self._count[h] :] = 0.0
                    cover[order[h]] += share
        return mine, cover

    def _cheapest_units(self, first: np.ndarray, need: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(H, k) The units of each lead, the cheapest first, and (H, k + 1) the residents of so many of them.

        No more of them than any grid may take: `need` is (H,) the most that each lead may have to carry.
        """
        n = first.shape[1]
        k = int(self._share * n * float(need.max(initial=0.0)) / max(1.0, self.people.sum())) + 1
        if 2 * k < n:
            near = np.sort(np.argpartition(first, k, axis=1)[:, : k + 1], axis=1)
            cost = np.take_along_axis(first, near, axis=1)
            by_cost = np.argsort(cost, axis=1, kind="stable")
            order, cost = np.take_along_axis(near, by_cost, axis=1), np.take_along_axis(cost, by_cost, axis=1)
            load = self._loads(order)
            # of those that cost as much as the last, some may be left out
            sure = (cost < cost[:, -1:]).sum(axis=1)
            if (load[np.arange(len(sure)), sure] >= need).all():
                return order, load
            self._share *= 1.5
        order = np.argsort(first, axis=1, kind="stable")
        return order, self._loads(order)

    def _loads(self, order: np.ndarray) -> np.ndarray:
        load = np.zeros((order.shape[0], order.shape[1] + 1))
        load[:, 1:] = np.cumsum(self.people[order], axis=1)
        return load

    def _only_campuses(self) -> tuple[np.ndarray, np.ndarray]:
        """Leads that have one campus, and the unit where it is: sorted first, since it must be in."""
        row = np.full(len(self.area.units), -1)
        row[self.lived] = np.arange(len(self.lived))
        pairs = [
            (h, row[roots[0]])
            for h, roots in enumerate(self.area.roots)
            if len(roots) == 1 and row[roots[0]] >= 0
        ]
        return np.array([h for h, _ in pairs], dtype=int), np.array([u for _, u in pairs], dtype=int)


def cheapest(a: Area, rho: np.ndarray, number: int) -> np.ndarray | None:
    """The so many leads of least sum, pinned ones among them, each district's numbers kept; None where impossible."""
    finite, taken = np.isfinite(rho), a.pinned.copy()
    if not finite[taken].all():
        return None
    order = np.argsort(rho, kind="stable")
    order = order[finite[order]]
    led = [int(taken[group.leads].sum()) for group in a.numbers]
    for g, group in enumerate(a.numbers):
        if led[g] < group.least:
            mine = order[(a.group[order] == g) & ~taken[order]][: group.least - led[g]]
            taken[mine] = True
            led[g] += len(mine)
            if led[g] < group.least:
                return None
    free = order[~taken[order]]
    for g, group in enumerate(a.numbers):
        if len(group.leads) > group.most:  # else they are never too many
            mine = np.flatnonzero(a.group[free] == g)
            free = np.delete(free, mine[max(0, group.most - led[g]) :])
    missing = number - int(taken.sum())
    if not 0 <= missing <= len(free):
        return None
    taken[free[:missing]] = True
    return np.flatnonzero(taken)

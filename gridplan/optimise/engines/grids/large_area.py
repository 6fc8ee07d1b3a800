"""A large area of grids: bounds by prices, plans by search, and other choices of leads as long as the clock allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.growth import Search, load_prices
from gridplan.optimise.engines.grids.lead_bounds import Bounds, cheapest
from gridplan.optimise.run.clock import Clock

FIRST_ROUNDS = 250
QUICK_ROUNDS = 60
SHAKES = 40


@dataclass
class Large:
    """The best plan so far, and the bounds of every number of grids."""

    area: Area
    numbers: list[int]
    bounds: Bounds = field(init=False)
    serves: np.ndarray | None = None
    value: float = np.inf
    tried: set[tuple[int, ...]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.bounds = Bounds(self.area, self.numbers)

    @property
    def bound(self) -> float:
        """No plan is below this."""
        return min(self.bounds.least, self.value)

    def run(self, clock: Clock, gap: float) -> None:
        """Search until the gap is closed, nothing new is found, or the clock runs out."""
        self.bounds.improve(clock, np.inf, FIRST_ROUNDS)
        for number in sorted(self.numbers, key=lambda n: (self.bounds.at[n], n)):
            leads = cheapest(self.area, -self.bounds.chosen[number], number)
            if leads is not None and self.bounds.at[number] < self.value and not clock.over:
                self._try(leads, clock)
        self._exchange(clock, gap)
        self._shake(clock, gap)
        self.bounds.improve(clock, self.value, gap=gap)

    def _closed(self, clock: Clock, gap: float) -> bool:
        if self.serves is None:
            return clock.over
        return clock.over or self.value - self.bound <= max(gap, 1e-9) * abs(self.value)

    def _exchange(self, clock: Clock, gap: float) -> None:
        """Other leads beside the best ones: one more, one fewer, or one for another, the most promising first."""
        while self.serves is not None and not self._closed(clock, gap):
            before, offers = self.value, []
            for leads in self._beside(np.unique(self.serves)):
                if clock.over:
                    break
                promise = load_prices(self.area, leads, QUICK_ROUNDS)[1]
                if promise < self.value:
                    offers.append((promise, tuple(leads.tolist())))
            for promise, some in sorted(offers)[:8]:
                if promise < self.value and not clock.over:
                    self._try(np.array(some), clock)
            if self.value >= before * (1 - 1e-9):
                return

    def _beside(self, leads: np.ndarray) -> Iterator[np.ndarray]:
        """Choices of leads that differ by one or two, and have not been looked at."""
        inside, able = set(leads.tolist()), set(np.flatnonzero(self.area.able).tolist())
        fewer = [inside - {h} for h in sorted(inside)]
        more = [inside | {h} for h in sorted(able - inside)]
        others = [some | {h} for some in fewer for h in sorted(able - inside)]
        for some in (*fewer, *more, *others):
            key = tuple(sorted(some))
            if key not in self.tried and len(some) in self.numbers and _countable(self.area, np.array(key)):
                self.tried.add(key)
                if self.bounds.at[len(some)] < self.value:
                    yield np.array(key)

    def _shake(self, clock: Clock, gap: float) -> None:
        """The best leads again, from prices that differ a little; the same ones every time."""
        if self.serves is None:
            return
        leads, rng = np.unique(self.serves), np.random.default_rng(0)
        price = load_prices(self.area, leads)[0]
        size = float(np.abs(price).mean()) or 1.0
        for n in range(SHAKES):
            if self._closed(clock, gap):
                return
            self._search(leads, price + rng.normal(0.0, size * (0.05 + 0.01 * n), len(leads)), clock)

    def _try(self, leads: np.ndarray, clock: Clock) -> None:
        self.tried.add(tuple(leads.tolist()))
        price, promise = load_prices(self.area, leads)
        if promise < self.value:
            self._search(leads, price, clock)

    def _search(self, leads: np.ndarray, price: np.ndarray, clock: Clock) -> None:
        of_all = np.zeros(len(self.area.leads))
        of_all[leads] = price
        serves = Search(self.area, leads, of_all).run(clock)
        if serves is not None and self.area.value(serves) < self.value and keeps_rules(self.area, serves):
            self.serves, self.value = serves, self.area.value(serves)


def keeps_rules(a: Area, serves: np.ndarray) -> bool:
    """Whether a plan of an area keeps every rule but the number of grids; looked at anew, not as the search counts."""
    leads = np.unique(serves)
    load = np.bincount(serves, weights=a.people, minlength=len(a.leads))
    if not np.isfinite(a.value(serves)) or not _countable(a, leads) or (load > a.capacity + 1e-6).any():
        return False
    if any(not (serves[a.roots[h]] == h).any() for h in leads.tolist()) or next(a.floating(serves), None):
        return False
    if a.balance is None:
        return True
    fair = a.people.sum() * a.weight[leads] / max(1e-12, a.weight[leads].sum())
    return bool((np.abs(load[leads] - fair) <= a.balance * fair + 1e-6).all())


def _countable(a: Area, leads: np.ndarray) -> bool:
    """Whether so many may lead in each district, and the pinned ones do."""
    counts = [int(np.isin(group.leads, leads).sum()) for group in a.numbers]
    fits = all(group.least <= n <= group.most for group, n in zip(a.numbers, counts, strict=True))
    return fits and bool(np.isin(np.flatnonzero(a.pinned), leads).all())

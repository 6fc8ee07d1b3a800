"""A large area of grids: bounds by prices, plans by search, and other choices of leads as long as the clock allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.few_pairs import among_few_pairs
from gridplan.optimise.engines.grids.growth import Search, load_prices
from gridplan.optimise.engines.grids.lead_bounds import Bounds
from gridplan.optimise.engines.grids.lead_tree import split
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.run.clock import Clock

FIRST_ROUNDS = 250
QUICK_ROUNDS = 20  # from prices of leads beside
SHAKES = 40
WON, TRIED = 1e-5, 8  # a step to other leads that promises less is none; how many are searched
ALONE = 5_000  # pairs up to which the exact model alone was as quick
AGAIN = 5e-4  # the solver is asked again where it won so much
SEARCH_SHARE = 0.85  # of the clock for plans: the bound needs the rest
SOLVER_SHARE, EXCHANGE_SHARE, PROMISE_SHARE = 0.4, 0.6, 0.7  # of what is left of that


@dataclass
class Large:
    """The best plan so far, and the bounds of every number of grids.

    Parameters
    ----------
    leads, searched : those whose search alone found the best plan, and its value: what the solver makes of a plan is
        no measure for the searches beside it.
    """

    area: Area
    numbers: list[int]
    engine: Engine = "highs"
    threads: int = 1
    bounds: Bounds = field(init=False)
    serves: np.ndarray | None = None
    value: float = np.inf
    leads: np.ndarray | None = None
    searched: float = np.inf
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
        first: list[np.ndarray] = []
        for number in sorted(self.numbers, key=lambda n: (self.bounds.at[n], n)):
            leads = self.bounds.liked(number)
            if leads is not None and self.bounds.at[number] < self.value and not clock.over:
                first.append(leads)
                self._try(leads, clock)
        part = _part(clock, SEARCH_SHARE)
        if first:
            self._ask_solver(first[0] if self.leads is None else self.leads, part, gap)
        asked = self.leads
        self._exchange(_part(part, EXCHANGE_SHARE), gap)
        if self.leads is not None and self.leads is not asked:
            self._ask_solver(self.leads, part, gap)
        self._shake(part, gap)
        self.bounds.improve(clock, self.value, gap=gap)
        self._split(clock, gap)

    def _closed(self, clock: Clock, gap: float) -> bool:
        if self.serves is None:
            return clock.over
        return clock.over or self.value - self.bound <= max(gap, 1e-9) * abs(self.value)

    def _exchange(self, clock: Clock, gap: float) -> None:
        """Other leads beside the best ones, one more, one fewer, or one for another, as long as prices promise more."""
        while self.leads is not None and not self._closed(clock, gap):
            before = self.searched
            for promise, leads in self._promising(self.leads, _part(clock, PROMISE_SHARE)):
                if promise < self.value and not clock.over:
                    self._try(leads, clock)
            if self.searched >= before * (1 - 1e-9):
                return

    def _promising(self, leads: np.ndarray, clock: Clock) -> list[tuple[float, np.ndarray]]:
        """From some leads to better ones, step by step, by their bounds alone; those that promise most of all seen."""
        price, here = self._prices(leads, None)
        seen, moved = list[tuple[float, np.ndarray]](), True
        while moved:
            moved = False
            for other in self._beside(leads):
                if clock.over:
                    break
                if load_prices(self.area, other, QUICK_ROUNDS, price)[1] >= min(self.value, here * (1 - WON)):
                    continue
                of_other, promise = self._prices(other, price)
                seen.append((promise, other))
                if promise < here * (1 - WON):
                    here, leads, price, moved = promise, other, of_other, True
                    break
        return sorted(seen, key=lambda one: one[0])[:TRIED]

    def _prices(self, leads: np.ndarray, start: np.ndarray | None) -> tuple[np.ndarray, float]:
        """(H,) prices of some leads, and the bound that they give."""
        price = np.zeros(len(self.area.leads))
        price[leads], promise = load_prices(self.area, leads, start=start)
        return price, promise

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

    def _ask_solver(self, leads: np.ndarray, clock: Clock, gap: float) -> None:
        """Plans of some leads, most units where prices put them and the others by the solver; again while that helps."""
        a = self.area
        while not self._closed(clock, gap) and (a.pairs > ALONE or self.serves is None):
            before, part = self.value, _part(clock, SOLVER_SHARE)
            theirs = self.serves is not None and np.array_equal(np.unique(self.serves), leads)
            plan = self.serves if theirs else None
            among_few_pairs(a, leads, plan, before, self.engine, part, self.threads, self._offer)
            if not self.value < before * (1 - AGAIN):
                return

    def _shake(self, clock: Clock, gap: float) -> None:
        """The best leads again, from prices that differ a little; the same ones every time."""
        if self.leads is None:
            return
        leads, rng = self.leads, np.random.default_rng(0)
        price = load_prices(self.area, leads)[0]
        size = float(np.abs(price).mean()) or 1.0
        for n in range(SHAKES):
            if self._closed(clock, gap):
                return
            self._search(leads, price + rng.normal(0.0, size * (0.05 + 0.01 * n), len(leads)), clock)

    def _split(self, clock: Clock, gap: float) -> None:
        """Bounds by leading or not leading; leads that look better on the way are searched."""

        def offer(leads: np.ndarray) -> None:
            if tuple(leads.tolist()) not in self.tried:
                self._try(leads, clock)

        leads = split(self.bounds, clock, lambda: self.value, gap, offer)
        if leads is not None and (self.leads is None or not np.array_equal(leads, self.leads)):
            self._ask_solver(leads, clock, gap)

    def _try(self, leads: np.ndarray, clock: Clock) -> None:
        self.tried.add(tuple(leads.tolist()))
        price, promise = load_prices(self.area, leads)
        if promise < self.value:
            self._search(leads, price, clock)

    def _search(self, leads: np.ndarray, price: np.ndarray, clock: Clock) -> None:
        of_all = np.zeros(len(self.area.leads))
        of_all[leads] = price
        serves = Search(self.area, leads, of_all).run(clock)
        if serves is not None and (value := self._offer(serves)) < self.searched:
            self.leads, self.searched = leads, value

    def _offer(self, serves: np.ndarray) -> float:
        """Keep a plan that keeps the rules and is the best; its value, inf where it breaks one."""
        if not keeps_rules(self.area, serves):
            return np.inf
        value = self.area.value(serves)
        if value < self.value:
            self.serves, self.value = serves, value
        return value


def _part(clock: Clock, share: float) -> Clock:
    """A clock for this share of what is left."""
    return Clock(None if clock.left is None else share * clock.left)


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

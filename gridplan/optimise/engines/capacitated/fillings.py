"""Clusters by column generation: a master over fillings of sites, and knapsacks in whole units at its prices.

The master's bound is that of the Lagrangian with whole knapsacks, reached by steps that also leave the fillings which a
good plan is made of (Lorena and Senne 2004).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.capacitated.coverings import Cluster
from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.engines.capacitated.whole_fillings import Whole, fill
from gridplan.optimise.model.highs_door import Master
from gridplan.optimise.run.clock import Clock

SMOOTH = 0.7  # weight of the best prices so far in those that clusters are sought at
MEET = 1e-4


@dataclass
class Generation:
    """Clusters found so far, the best prices per unit and the bound that they prove.

    Parameters
    ----------
    prices : (n,) λ to begin with.
    start : clusters of a plan to begin with, none where there is none.
    """

    r: SingleSource
    whole: Whole
    prices: np.ndarray
    start: list[Cluster]
    bound: float = -np.inf
    clusters: list[Cluster] = field(default_factory=list)

    def __post_init__(self) -> None:
        r = self.r
        lower = np.concatenate([np.ones(r.n), np.full(r.m + 1, -np.inf)])
        upper = np.concatenate([np.full(r.n, np.inf), np.ones(r.m), [float(r.most)]])
        finite = np.where(np.isfinite(r.cost), r.cost, 0.0)
        self.scale = max(1.0, float(finite.mean()))
        self.master = Master(lower, upper)
        self.known: set[tuple[int, bytes]] = set()
        for u in range(r.n):  # a way out for every unit, dearer than any other
            self.master.add(10 * float(finite[u].max() + r.price.max() + 1) / self.scale, [u], [1.0])
        for site, units in self.start:
            self._add(site, units)

    def run(self, clock: Clock, enough: float) -> None:
        """Prices and clusters in turn until they meet, the bound is enough, or the clock is over."""
        at = self.prices
        smooth = SMOOTH
        while not clock.over and self.bound < enough:
            if not self._price(at):
                if smooth == 0:
                    break
                smooth = 0.0
            solved = self.master.solve()
            if solved is None:
                break
            value = solved.value * self.scale + float(self.r.price[self.r.always].sum())
            if value - self.bound <= MEET * max(1.0, abs(value)):
                break
            duals = np.maximum(solved.rows[: self.r.n], 0.0) * self.scale
            at = smooth * self.prices + (1 - smooth) * duals
            smooth = SMOOTH if smooth else 0.0

    def vary(self, clock: Clock, times: int, rng: np.random.Generator) -> None:
        """Fillings at prices around the best ones: a plan needs more than those that the master asks for."""
        for n in range(times):
            if clock.over:
                break
            noise = rng.normal(0.0, 0.02 + 0.13 * n / times, self.r.n)
            self._price(np.maximum(self.prices * (1 + noise), 0.0))

    def likely(self) -> np.ndarray:
        """(m,) bool: always open sites, and of the others the `most` that the master opens furthest."""
        r, solved = self.r, self.master.solve()
        share = np.zeros(r.m)
        if solved is not None:
            np.add.at(share, [site for site, _ in self.clusters], solved.shares[r.n :])
        share[r.always] = 0.0
        chosen = r.always.copy()
        chosen[np.argsort(-share, kind="stable")[: max(0, r.most)]] = True
        return chosen

    def _price(self, at: np.ndarray) -> bool:
        """The best filling of every site at some prices; whether one of them was new."""
        r = self.r
        saved = np.minimum(r.cost - at[:, None], 0.0).T
        items = np.argsort(saved, axis=1, kind="stable")[:, : int((saved < 0).sum(axis=1).max(initial=0))]
        filled = fill(
            np.take_along_axis(saved, items, 1),
            np.take_along_axis(self.whole.use.T, items, 1),
            self.whole.capacity,
        )
        if filled is None:
            return False
        rho = r.price + filled[0]
        free = np.sort(rho[~r.always])[: max(0, r.most)]
        bound = float(at.sum() + rho[r.always].sum() + np.minimum(free, 0.0).sum())
        if bound > self.bound:
            self.bound, self.prices = bound, at
        new = 0
        for site in range(r.m):
            units = np.sort(items[site][filled[1][site]])
            if len(units):
                new += self._add(site, units)
        return new > 0

    def _add(self, site: int, units: np.ndarray) -> bool:
        key = (site, units.tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        r = self.r
        cost = float(r.cost[units, site].sum() + r.extra[site])
        rows = [*units.tolist(), r.n + site] + ([] if r.always[site] else [r.n + r.m])
        self.master.add(cost / self.scale, rows, [1.0] * len(rows))
        self.clusters.append((site, units))
        return True

"""A problem of one district with capacities, as matrices: capacitated p-median, facility location, assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.p_median.median_instance import grain_of
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.words.text import Text

MOST_PAIRS = (
    40_000_000  # matrices are dense: some 4 GB; beyond, each unit's cheapest sites in the exact model
)


@dataclass(frozen=True, eq=False)
class SingleSource:
    """Units × sites as matrices.

    Parameters
    ----------
    cost : (n, m) of a unit at a site, inf where it cannot go.
    use : (n, m) of the site's capacity.
    capacity, price : (m,) capacity, and price of opening.
    always : (m,) sites that are open in every plan.
    most : how many more may be open.
    grain : every plan's value is a multiple of it, 0 where there is no such number.
    """

    cost: np.ndarray
    use: np.ndarray
    capacity: np.ndarray
    price: np.ndarray
    always: np.ndarray
    most: int
    grain: float

    @property
    def n(self) -> int:
        """Units."""
        return int(self.cost.shape[0])

    @property
    def m(self) -> int:
        """Sites."""
        return int(self.cost.shape[1])

    @property
    def extra(self) -> np.ndarray:
        """(m,) price of opening a site where not every plan pays it."""
        return np.where(self.always, 0.0, self.price)

    def value(self, serves: np.ndarray) -> float:
        """Costs, and prices of sites that serve or are always open."""
        open_ = self.always.copy()
        open_[serves] = True
        return float(self.cost[np.arange(self.n), serves].sum() + self.price[open_].sum())

    def part(self, units: np.ndarray, sites: np.ndarray, most: int) -> SingleSource:
        """These units and sites alone."""
        at = np.ix_(units, sites)
        return SingleSource(
            self.cost[at],
            self.use[at],
            self.capacity[sites],
            self.price[sites],
            self.always[sites],
            most,
            self.grain,
        )

    def fits(self, serves: np.ndarray) -> bool:
        """Whether nobody is beyond reach, no capacity exceeded and not too many sites open."""
        units = np.arange(self.n)
        load = np.bincount(serves, self.use[units, serves], self.m)
        opened = np.unique(serves[~self.always[serves]])
        inside = bool((load <= self.capacity * (1 + 1e-12)).all())
        return inside and len(opened) <= self.most and bool(np.isfinite(self.cost[units, serves]).all())


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be seen so, None where it can."""
    if len(p.district_ids) != 1 or (p.hospital_cap < 1).any():
        return Text(
            "it is not one district of lived-in units",
            "并非仅一个区、单元均有居民",
        )
    if len(p.unit_ids) * len(p.hospital_ids) > MOST_PAIRS:
        return Text("it has too many pairs for matrices", "可达对过多")
    return None


def _uses(p: Problem, k: np.ndarray) -> np.ndarray:
    """(n, m) uses of the kept pairs; without memory of its own where a unit uses the same everywhere."""
    shape = (len(p.unit_ids), len(p.hospital_ids))
    unit, each = p.unit[k], np.zeros(shape[0])
    each[unit] = p.pair_use[k]
    if (each[unit] == p.pair_use[k]).all():
        return np.broadcast_to(each[:, None], shape)
    use = np.zeros(shape)
    use[unit, p.hospital[k]] = p.pair_use[k]
    return use


def single_source_of(p: Problem) -> SingleSource | None:
    """The matrices; None where the pins are too many, or a unit has nowhere to go."""
    if (p.pinned & ~p.allowed).any() or (p.pinned.sum(axis=1) > p.district_cap).any():
        return None
    shape = (len(p.unit_ids), len(p.hospital_ids))
    cost = np.full(shape, np.inf)
    k = np.flatnonzero(p.usable)
    cost[p.unit[k], p.hospital[k]] = p.weight(p.stages[0])[p.unit[k]] * p.stages[0].cost[k]
    use = _uses(p, k)
    capacity = np.where(np.isfinite(p.capacity), p.capacity, use.sum(axis=0))
    cost[use > capacity] = np.inf
    if np.isinf(cost).all(axis=1).any():
        return None
    price = np.zeros(shape[1]) if p.stages[0].pair_price is None else p.stages[0].pair_price[0]
    always = p.pinned[0]
    cap = shape[1] if p.district_cap[0] == NO_CAP else int(p.district_cap[0])
    grain = grain_of(cost[np.isfinite(cost)], price)
    return SingleSource(cost, use, capacity, price, always, min(cap, shape[1]) - int(always.sum()), grain)

"""One district of a problem, seen as a p-median: few sites out of many, each unit at the cheapest open one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.words.text import Text


@dataclass(frozen=True, eq=False)
class PMedian:
    """Units with residents, sites, and the pairs between them.

    Parameters
    ----------
    n, m : units and sites.
    unit, site, cost : (K,) pairs sorted by unit, cost, minutes, site; cost is residents × cost per resident.
    price : (m,) of opening a site.
    always : (m,) sites that are open in every plan: pinned, or exempt from the cap and free of price.
    p : how many more may be open.
    grain : every plan's value is a multiple of it, 0 where there is no such number.
    """

    n: int
    m: int
    unit: np.ndarray
    site: np.ndarray
    cost: np.ndarray
    price: np.ndarray
    always: np.ndarray
    p: int
    grain: float

    @property
    def too_much(self) -> float:
        """More than any plan costs."""
        dearest = np.zeros(self.n)
        np.maximum.at(dearest, self.unit, self.cost)
        return float(dearest.sum() + self.price.sum()) + 1.0


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be seen so, None where it can."""
    binding = p.counted & (p.hospital_cap < p.allowed.sum(axis=0))
    if binding.any():
        return Text("a cap per hospital ties districts together", "医院上限把各区联系在一起")
    price = _price(p)
    if (price[:, ~p.counted] > 0).any():
        return Text("a hospital outside the cap has a price", "不计上限的医院有价格")
    return None


def p_median_of(p: Problem, d: int) -> tuple[PMedian, np.ndarray, np.ndarray] | None:
    """District d, the units and the sites it is made of; None where some unit can go nowhere, or the pins are too many."""
    sites, lived = np.flatnonzero(p.allowed[d]), (p.district == d) & (p.people > 0)
    units = np.flatnonzero(lived)
    if (p.pinned[d] & ~p.allowed[d]).any():
        return None
    place, number = np.full(len(p.hospital_ids), -1), np.full(len(p.unit_ids), -1)
    place[sites], number[units] = np.arange(len(sites)), np.arange(len(units))
    k = np.flatnonzero(p.usable & lived[p.unit])
    cost = p.weight(p.stages[0])[p.unit[k]] * p.stages[0].cost[k]
    order = _by_cost(p.unit[k], cost, p.minutes[k])
    k, cost = k[order], cost[order]
    counted, price = p.counted[sites], _price(p)[d, sites]
    pinned = p.pinned[d, sites]
    cap = len(sites) if p.district_cap[d] == NO_CAP else int(p.district_cap[d])
    most = cap - int((pinned & counted).sum())
    unit = number[p.unit[k]]
    if most < 0 or (np.bincount(unit, minlength=len(units)) == 0).any():
        return None
    seen = PMedian(
        n=len(units),
        m=len(sites),
        unit=unit,
        site=place[p.hospital[k]],
        cost=cost,
        price=price,
        always=pinned | ~counted,
        p=min(most, int((counted & ~pinned).sum())),
        grain=grain_of(cost, price),
    )
    return seen, units, sites


def _by_cost(unit: np.ndarray, cost: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """The order of pairs by unit, cost, minutes and site, where they come by unit and site; millions row by row."""
    starts = np.flatnonzero(np.diff(unit, prepend=-1))
    wide = len(unit) // max(1, len(starts))
    if not len(starts) or len(unit) != wide * len(starts) or (np.diff(starts) != wide).any():
        return np.lexsort((minutes, cost, unit))
    order = np.empty(len(unit), dtype=np.int64)
    for row in starts.tolist():
        mine = slice(row, row + wide)
        own = np.argsort(cost[mine], kind="stable")
        ties = np.diff(cost[mine][own]) == 0
        if (ties & (np.diff(minutes[mine][own]) < 0)).any():
            own = np.lexsort((minutes[mine], cost[mine]))
        order[mine] = row + own
    return order


def _price(p: Problem) -> np.ndarray:
    price = p.stages[0].pair_price
    return np.zeros(p.allowed.shape) if price is None else price


def grain_of(cost: np.ndarray, price: np.ndarray) -> float:
    """The greatest number that divides all costs, where they are whole and small enough to be exact."""
    both = np.concatenate([cost, price])
    if not len(both) or (both != np.rint(both)).any() or np.abs(both).sum() >= 2**52:
        return 0.0
    return float(np.gcd.reduce(both.astype(np.int64)))

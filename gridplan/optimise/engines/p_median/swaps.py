"""A good plan quickly: open sites one by one, then swap as long as that helps (Teitz and Bart; Whitaker)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.p_median.median_instance import PMedian
from gridplan.optimise.run.clock import Clock

BETTER = 1e-9  # a swap must gain more than this share of the value, or rounding would swap for ever


@dataclass(frozen=True, eq=False)
class Nearest:
    """Of each unit: its cheapest open site (−1 where none), what it costs there and at the second cheapest."""

    first: np.ndarray
    cost: np.ndarray
    second: np.ndarray


def nearest(m: PMedian, open_: np.ndarray, far: float) -> Nearest:
    """Each unit's two cheapest open sites; `far` stands for what is not there."""
    k = np.flatnonzero(open_[m.site])
    first, cost, second = np.full(m.n, -1), np.full(m.n, far), np.full(m.n, far)
    units, start, count = np.unique(m.unit[k], return_index=True, return_counts=True)
    first[units], cost[units] = m.site[k[start]], m.cost[k[start]]
    more = count > 1
    second[units[more]] = m.cost[k[start[more] + 1]]
    return Nearest(first, cost, second)


def value_of(m: PMedian, open_: np.ndarray, far: float) -> float:
    """Costs and prices with these sites open; `far` or more where a unit reaches none of them."""
    return float(nearest(m, open_, far).cost.sum() + m.price[open_].sum())


def greedy(m: PMedian, far: float, clock: Clock) -> np.ndarray:
    """Sites opened one by one, each where it saves most."""
    open_ = m.always.copy()
    cost = nearest(m, open_, far).cost
    unit, site, pair_cost = m.unit, m.site, m.cost
    for _ in range(m.p):
        helps = pair_cost < cost[unit]
        unit, site, pair_cost = unit[helps], site[helps], pair_cost[helps]
        gain = np.bincount(site, cost[unit] - pair_cost, m.m) - m.price
        gain[open_] = -np.inf
        best = int(gain.argmax())
        if gain[best] <= 0 or clock.over:
            break
        open_[best] = True
        mine = site == best
        cost[unit[mine]] = np.minimum(cost[unit[mine]], pair_cost[mine])
    return open_


def improve(m: PMedian, open_: np.ndarray, far: float, clock: Clock) -> np.ndarray:
    """Swap, open or close sites, the best change first, until no change helps."""
    open_ = open_.copy()
    while not clock.over:
        change = _best_change(m, open_, far)
        if change is None:
            break
        closing, opening = change
        open_[closing] = False
        open_[opening] = True
    return open_


def _best_change(m: PMedian, open_: np.ndarray, far: float) -> tuple[list[int], list[int]] | None:
    """The sites to close and to open, None where nothing helps."""
    now = nearest(m, open_, far)
    near = np.flatnonzero(m.cost < now.second[m.unit])
    unit, site, cost = m.unit[near], m.site[near], m.cost[near]
    gain = np.bincount(site, np.maximum(now.cost[unit] - cost, 0.0), m.m) - m.price
    gain[open_] = -np.inf
    drop = np.flatnonzero(open_ & ~m.always)
    slot = np.full(m.m + 1, len(drop))  # the last slot holds what cannot be closed
    slot[drop] = np.arange(len(drop))
    mine = slot[now.first]
    loss = np.bincount(mine, now.second - now.cost, len(drop) + 1)[:-1] - m.price[drop]
    kept = now.second[unit] - np.maximum(cost, now.cost[unit])  # saved if the unit's own site closes
    size = len(drop) + 1
    extra = np.bincount(site * size + mine[unit], kept, m.m * size).reshape(m.m, size)[:, :-1]
    least = BETTER * max(1.0, float(now.cost.sum()))
    changes: list[tuple[float, list[int], list[int]]] = []
    if len(drop):
        profit = gain[:, None] - loss[None, :] + extra
        h, r = divmod(int(profit.argmax()), len(drop))
        changes.append((float(profit[h, r]), [int(drop[r])], [h]))
        r = int(loss.argmin())
        changes.append((-float(loss[r]), [int(drop[r])], []))
    if len(drop) < m.p and m.m:
        h = int(gain.argmax())
        changes.append((float(gain[h]), [], [h]))
    best = max(changes, key=lambda change: change[0], default=(0.0, [], []))
    return (best[1], best[2]) if best[0] > least else None

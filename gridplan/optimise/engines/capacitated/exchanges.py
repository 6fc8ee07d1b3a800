"""Small changes on arrays: a unit to another open site, two units for each other, a site to the middle of its units."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.run.clock import Clock

MOST_UNITS = 2_500  # exchanges look at all pairs of units
BETTER = 1e-9


def exchanged(r: SingleSource, serves: np.ndarray, clock: Clock) -> np.ndarray:
    """The plan after every change that helps, the best first; the same plan where none does."""
    serves, least = serves.copy(), BETTER * max(1.0, r.value(serves))
    while not clock.over and (
        _moved(r, serves, least) or _swapped(r, serves, least) or _centred(r, serves, least)
    ):
        pass
    return serves


def _moved(r: SingleSource, serves: np.ndarray, least: float) -> bool:
    """One unit to another open site with capacity for it, if that helps."""
    units, load = np.arange(r.n), _load(r, serves)
    open_ = np.flatnonzero(np.bincount(serves, minlength=r.m) + r.always)
    gain = r.cost[units, serves][:, None] - r.cost[:, open_]
    gain[r.use[:, open_] > (r.capacity - load)[open_][None, :]] = -np.inf
    u, s = divmod(int(gain.argmax()), len(open_))
    if gain[u, s] <= least:
        return False
    serves[u] = open_[s]
    return True


def _swapped(r: SingleSource, serves: np.ndarray, least: float) -> bool:
    """Two units each to the other's site, if the capacities let them and that helps."""
    if r.n > MOST_UNITS:
        return False
    units, spare = np.arange(r.n), r.capacity - _load(r, serves)
    now, used = r.cost[units, serves], r.use[units, serves]
    there, needs = r.cost[:, serves], r.use[:, serves]  # unit u at the site of unit v
    gain = now[:, None] + now[None, :] - there - there.T
    fits = needs <= (spare[serves] + used)[None, :]
    gain[~(fits & fits.T)] = -np.inf
    u, v = divmod(int(gain.argmax()), r.n)
    if gain[u, v] <= least:
        return False
    serves[u], serves[v] = serves[v], serves[u]
    return True


def _centred(r: SingleSource, serves: np.ndarray, least: float) -> bool:
    """One site with all its units to a closed one, if that helps."""
    taken = np.bincount(serves, minlength=r.m) + r.always > 0
    for site in np.flatnonzero(taken & ~r.always):
        mine = np.flatnonzero(serves == site)
        total = r.cost[mine].sum(axis=0) + r.price
        total[taken | (r.use[mine].sum(axis=0) > r.capacity)] = np.inf
        best = int(total.argmin())
        if total[best] < r.cost[mine, site].sum() + r.price[site] - least:
            serves[mine] = best
            return True
    return False


def _load(r: SingleSource, serves: np.ndarray) -> np.ndarray:
    return np.bincount(serves, r.use[np.arange(r.n), serves], r.m)

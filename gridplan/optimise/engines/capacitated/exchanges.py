"""Small changes on arrays: a unit to another open site, two units for each other, a site to the middle of its units."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.run.clock import Clock

MOST_SWAPS = 4_000_000  # pairs of units that are looked at in one round, those with most to gain first
AT_ONCE = 200  # changes of a round that are tried, those of sites that none before has touched are made
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
    """Units to other open sites with capacity for them, if that helps."""
    units, spare = np.arange(r.n), r.capacity - _load(r, serves)
    open_ = _open(r, serves)
    gain = r.cost[units, serves][:, None] - r.cost[:, open_]
    u, s = np.nonzero((gain > least) & (r.use[:, open_] <= spare[open_][None, :]))
    gain, to = gain[u, s], open_[s]
    for k in _best(gain, serves[u], to):
        serves[u[k]] = to[k]
    return bool(len(gain))


def _swapped(r: SingleSource, serves: np.ndarray, least: float) -> bool:
    """Units each to the site of another, if the capacities let them and that helps: one of the two gains by itself."""
    spare, at = r.capacity - _load(r, serves), r.cost[np.arange(r.n), serves]
    open_ = _open(r, serves)
    own = at[:, None] - r.cost[:, open_]
    u, s = np.nonzero(own > least)
    by_site = np.argsort(serves, kind="stable")
    first = np.searchsorted(serves[by_site], open_)
    many = np.searchsorted(serves[by_site], open_, side="right") - first
    if many[s].sum() > MOST_SWAPS:
        order = np.argsort(-own[u, s], kind="stable")
        order = order[: np.searchsorted(np.cumsum(many[s[order]]), MOST_SWAPS)]
        u, s = u[order], s[order]
    count = many[s]
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    u, s = np.repeat(u, count), np.repeat(s, count)
    v, to, back = by_site[first[s] + place], open_[s], serves[u]
    gain = own[u, s] + at[v] - r.cost[v, back]
    fits = (gain > least) & (r.use[u, to] <= spare[to] + r.use[v, to])
    fits &= r.use[v, back] <= spare[back] + r.use[u, back]
    u, v, to, back, gain = u[fits], v[fits], to[fits], back[fits], gain[fits]
    for k in _best(gain, back, to):
        serves[u[k]], serves[v[k]] = to[k], back[k]
    return bool(len(gain))


def _best(gain: np.ndarray, one: np.ndarray, other: np.ndarray) -> list[int]:
    """The changes that gain most, each between two sites that none before it touches."""
    few = np.argpartition(-gain, AT_ONCE)[:AT_ONCE] if len(gain) > AT_ONCE else np.arange(len(gain))
    touched, chosen = set[int](), list[int]()
    for k in few[np.argsort(-gain[few], kind="stable")].tolist():
        sites = {int(one[k]), int(other[k])}
        if not sites & touched:
            touched |= sites
            chosen.append(k)
    return chosen


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


def _open(r: SingleSource, serves: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.bincount(serves, minlength=r.m) + r.always)


def _load(r: SingleSource, serves: np.ndarray) -> np.ndarray:
    return np.bincount(serves, r.use[np.arange(r.n), serves], r.m)

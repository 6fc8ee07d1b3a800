"""The bound: relax "every unit is served" at a price λ_u; each site then fills its capacity with what pays most per use.

L(λ) = Σ_u λ_u + min over sets S of Σ_{h in S} ρ_h, with ρ_h = f_h + the continuous knapsack of min(0, c_uh − λ_u) under
the capacity of h. As in `lagrangian.py`, only pairs under a ceiling are looked at: here a list per site, filled up to one length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.engines.capacitated.whole_fillings import Whole, fill
from gridplan.optimise.run.clock import Clock

MEMORY, FADING, CEILING, SHOW = 0.7, 0.95, 1.3, 40


@dataclass(frozen=True)
class Pace:
    """How far an ascent goes: steps in all, first and least step, steps without gain before it is halved."""

    steps: int
    first: float
    least: float
    patience: int


FRACTIONS = Pace(steps=900, first=1.0, least=5e-4, patience=18)
WHOLE = Pace(steps=800, first=0.5, least=2e-4, patience=20)


@dataclass(frozen=True, eq=False)
class Bound:
    """The best bound met, its prices and ρ; how often each site was chosen lately; sets met on the way."""

    value: float
    prices: np.ndarray
    rho: np.ndarray
    often: np.ndarray
    met: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True, eq=False)
class Lists:
    """(m, J) units of each site under the ceiling, their costs and uses; cost inf where the list is shorter."""

    unit: np.ndarray
    cost: np.ndarray
    use: np.ndarray
    ceiling: np.ndarray


def ascend(
    r: SingleSource,
    prices: np.ndarray,
    value: float,
    done: Callable[[float], bool],
    clock: Clock,
    whole: Whole | None = None,
) -> Bound:
    """Raise the bound from given prices, towards the value of the best plan known.

    Parameters
    ----------
    whole : where given, knapsacks in whole units: slower, and a higher bound.
    """
    pace = FRACTIONS if whole is None else WHOLE
    lam, step, stall = prices.astype(float), pace.first, 0
    lists, direction, often = _lists(r, lam), np.zeros(r.n), np.zeros(r.m)
    best: Bound | None = None
    met = []
    for n in range(pace.steps):
        if (lam > lists.ceiling).any():
            lists = _lists(r, lam)
        share, rho = knapsacks(r, lists, lam)
        chosen = pick(r, rho) if whole is None else _in_whole_units(r, lists, lam, whole, share, rho)
        bound = float(lam.sum() + rho[chosen].sum())
        often = FADING * often + (1 - FADING) * chosen
        if n % SHOW == SHOW - 1:
            met.append(chosen)
        known = -np.inf if best is None else best.value
        stall = 0 if best is None or bound > known + 1e-5 * abs(known) else stall + 1
        if bound > known:
            best = Bound(bound, lam, rho, often)
        if best is None or done(best.value) or clock.over:
            break
        if stall >= pace.patience:
            step, stall, lam = step / 2, 0, best.prices
        if step < pace.least:
            break
        served = np.bincount(lists.unit[chosen].ravel(), share[chosen].ravel(), r.n)
        slope = 1.0 - served
        if np.abs(slope).max() < 1e-9:
            break
        direction = slope + MEMORY * direction
        length = max(1.0, float(direction @ direction))
        lam = np.maximum(lam + step * max(value - bound, 1e-9 * abs(value)) / length * direction, 0.0)
    assert best is not None
    return replace(best, often=often, met=tuple(met))


def knapsacks(r: SingleSource, lists: Lists, lam: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m, J) share of each listed unit, and (m,) ρ: the best filling of every site."""
    saved = np.minimum(lists.cost - lam[lists.unit], 0.0)
    per_use = saved / np.maximum(lists.use, 1e-12)
    order = np.argsort(per_use, axis=1)
    use, gain = np.take_along_axis(lists.use, order, 1), np.take_along_axis(saved, order, 1)
    before = np.cumsum(np.where(gain < 0, use, 0.0), axis=1) - use
    part = np.where(use > 0, np.clip((r.capacity[:, None] - before) / np.maximum(use, 1e-12), 0.0, 1.0), 1.0)
    part *= gain < 0
    share = np.empty_like(part)
    np.put_along_axis(share, order, part, 1)
    return share, r.price + (part * gain).sum(axis=1)


def _in_whole_units(
    r: SingleSource, lists: Lists, lam: np.ndarray, whole: Whole, share: np.ndarray, rho: np.ndarray
) -> np.ndarray:
    """The set chosen once every site in it is filled in whole units; share and ρ of those sites are put right.

    Sites that are not chosen keep the ρ of fractions, which is lower: they would not be chosen with their own either.
    """
    exact = np.logical_not(((share > 0) & (share < 1)).any(axis=1))
    while True:
        chosen = pick(r, rho)
        todo = np.flatnonzero(chosen & ~exact)
        if not len(todo):
            return chosen
        saved = np.minimum(lists.cost[todo] - lam[lists.unit[todo]], 0.0)
        items = np.argsort(saved, axis=1, kind="stable")[:, : int((saved < 0).sum(axis=1).max())]
        unit, gain = np.take_along_axis(lists.unit[todo], items, 1), np.take_along_axis(saved, items, 1)
        filled = fill(gain, whole.use[unit, todo[:, None]], whole.capacity[todo])
        exact[todo] = True
        if filled is not None:
            rho[todo] = r.price[todo] + filled[0]
            mine = np.zeros((len(todo), share.shape[1]))
            np.put_along_axis(mine, items, filled[1].astype(float), 1)
            share[todo] = mine


def pick(r: SingleSource, rho: np.ndarray) -> np.ndarray:
    """(m,) sites that are always open, and those that pay most, as many as may be open."""
    chosen, paying = r.always.copy(), np.flatnonzero(~r.always & (rho < 0))
    if len(paying) > r.most:
        paying = paying[np.argsort(rho[paying], kind="stable")[: r.most]]
    chosen[paying] = True
    return chosen


def hopeless_pairs(
    r: SingleSource, b: Bound, hopeless: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(m,) sites that no better plan opens, (n, m) pairs that none uses (reduced costs)."""
    closed = hopeless(b.value + _opening(r, b)) | ((r.most == 0) & ~r.always)
    return closed & ~pick(r, b.rho), hopeless(b.value + reduced_costs(r, b))


def reduced_costs(r: SingleSource, b: Bound) -> np.ndarray:
    """(n, m) what the bound rises by, at least, where a pair must be used."""
    out: np.ndarray = np.maximum(r.cost - b.prices[:, None], 0.0) + _opening(r, b)[None, :]
    return out


def _opening(r: SingleSource, b: Bound) -> np.ndarray:
    """(m,) what the bound rises by where a site must be open."""
    chosen = pick(r, b.rho)
    full = int((chosen & ~r.always).sum()) == r.most
    worst = float(b.rho[chosen & ~r.always].max()) if full and r.most else 0.0
    return np.where(chosen, 0.0, np.maximum(b.rho - worst, 0.0))


def _lists(r: SingleSource, lam: np.ndarray) -> Lists:
    ceiling = CEILING * lam + 0.2 * float(np.median(lam)) + 1e-9
    under = (r.cost < ceiling[:, None]).T
    length = max(1, int(under.sum(axis=1).max()))
    unit = np.argsort(~under, axis=1, kind="stable")[:, :length]
    there = np.take_along_axis(under, unit, 1)
    cost = np.where(there, np.take_along_axis(r.cost.T, unit, 1), np.inf)
    use = np.where(there, np.take_along_axis(r.use.T, unit, 1), 0.0)
    return Lists(unit, cost, use, ceiling)

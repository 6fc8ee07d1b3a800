"""The bound: relax "every unit is served", at a price λ_u per unit, and move the prices up the slope.

L(λ) = Σ_u λ_u + min over sets S of Σ_{h in S} ρ_h,  ρ_h = f_h + Σ_u min(0, c_uh − λ_u). No plan costs less than
L(λ), whatever the prices; its best value is the bound of the linear relaxation. Only pairs with c_uh < λ_u count, so
a working list holds those under a ceiling, and is made anew when a price rises above it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.run.clock import Clock

MEMORY = 0.85  # share of the last direction that the next one keeps
FADING = 0.93  # of the running mean of the sets chosen
CEILING = 1.3
SHOW = 25  # steps from one set that is shown to the next


@dataclass(frozen=True, eq=False)
class Choice:
    """What may be chosen: pairs, prices of sites, sites open for sure, and how many of the free ones.

    Sites that are neither `fixed` nor `free` are closed; `listed` is how many have pairs in the list.
    """

    n: int
    unit: np.ndarray
    site: np.ndarray
    cost: np.ndarray
    price: np.ndarray
    fixed: np.ndarray
    free: np.ndarray
    p: int
    listed: int


@dataclass(frozen=True, eq=False)
class Ascent:
    """The best bound met, its prices, ρ of every site and the set chosen there.

    `often` is how often each site was chosen lately; `met` are sets met on the way, for plans to start from.
    """

    bound: float
    prices: np.ndarray
    rho: np.ndarray
    chosen: np.ndarray
    often: np.ndarray
    met: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class Pace:
    """How far an ascent goes: steps in all, first and least step, steps without gain before it is halved."""

    steps: int
    first: float
    least: float
    patience: int


ROOT = Pace(steps=2000, first=1.0, least=1e-4, patience=20)
NODE = Pace(steps=150, first=0.3, least=2e-3, patience=12)


def ascend(
    c: Choice, prices: np.ndarray, value: float, pace: Pace, done: Callable[[float], bool], clock: Clock
) -> Ascent:
    """Raise the bound from given prices, towards the value of the best plan known.

    Parameters
    ----------
    done : whether a bound is high enough to stop.
    """
    m, lam, step, stall = len(c.price), prices.astype(float), pace.first, 0
    direction, often, ceiling = np.zeros(c.n), np.zeros(m), None
    best: Ascent | None = None
    met = []
    for n in range(pace.steps):
        if ceiling is None or (lam > ceiling).any():
            ceiling = CEILING * lam + 0.2 * float(np.median(lam)) + 1e-9
            under = np.flatnonzero(c.cost < ceiling[c.unit])
            unit, site, cost = c.unit[under], c.site[under], c.cost[under]
        saved = np.maximum(lam[unit] - cost, 0.0)
        rho = c.price - np.bincount(site, saved, m)
        chosen = pick(c, rho)
        bound = float(lam.sum() + rho[chosen].sum())
        often = FADING * often + (1 - FADING) * chosen
        if n % SHOW == SHOW - 1:
            met.append(chosen)
        known = best.bound if best is not None else -np.inf
        stall = 0 if best is None or bound > known + 1e-5 * abs(known) else stall + 1
        if bound > known:
            best = Ascent(bound, lam, rho, chosen, often)
        if best is None or done(best.bound) or clock.over:
            break
        if stall >= pace.patience:
            step, stall, lam = step / 2, 0, best.prices
        if step < pace.least:
            break
        served = np.bincount(unit[chosen[site] & (saved > 0)], minlength=c.n)
        slope = 1.0 - served
        if not slope.any():
            break  # every unit is served once: no price does better
        direction = slope + MEMORY * direction
        length = max(1.0, float(direction @ direction))
        lam = np.maximum(lam + step * max(value - bound, 1e-9 * abs(value)) / length * direction, 0.0)
    assert best is not None
    return replace(best, often=often, met=(*met, best.chosen))


def pick(c: Choice, rho: np.ndarray) -> np.ndarray:
    """(m,) the cheapest set: what is fixed, and the free sites that pay most, at most p of them."""
    chosen, paying = c.fixed.copy(), np.flatnonzero(c.free & (rho < 0))
    if len(paying) > c.p:
        paying = paying[np.argpartition(rho[paying], c.p - 1)[: c.p]] if c.p else paying[:0]
    chosen[paying] = True
    return chosen


def settle_sites(
    c: Choice, a: Ascent, hopeless: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(m,), (m,) free sites that no better plan leaves closed, and those that none opens (reduced costs).

    Parameters
    ----------
    hopeless : which of these bounds no better plan can have.
    """
    chosen, idle = c.free & a.chosen, c.free & ~a.chosen
    full = int(chosen.sum()) == c.p
    worst = float(a.rho[chosen].max()) if full and c.p else 0.0
    after = float(min(0.0, a.rho[idle].min())) if idle.any() else 0.0
    must, never = np.zeros_like(chosen), np.zeros_like(chosen)
    never[idle] = (
        np.ones(int(idle.sum()), dtype=bool) if c.p == 0 else hopeless(a.bound + a.rho[idle] - worst)
    )
    must[chosen] = hopeless(a.bound - a.rho[chosen] + after)
    return must, never

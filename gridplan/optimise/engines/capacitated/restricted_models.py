"""Restricted models: the units, sites and pairs that are left, as a whole-number programme from arrays to HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.model.highs_door import minimise

WHOLE_MEAN = 1e5  # mean cost, in steps of the value, beyond which costs are divided by it


@dataclass(frozen=True, eq=False)
class Core:
    """A part of the problem.

    Parameters
    ----------
    units, sites : indices; `units` are all served by `sites`, whose capacity is theirs alone.
    pairs : (units, sites) bool, who may go where.
    open_ : (sites,) bool, open for sure.
    most : how many of the others may be open.
    """

    units: np.ndarray
    sites: np.ndarray
    pairs: np.ndarray
    open_: np.ndarray
    most: int


@dataclass(frozen=True, eq=False)
class Solved:
    """The site of each unit (None where none was found), a bound on this part, whether there is no plan in it."""

    serves: np.ndarray | None
    bound: float
    impossible: bool


def _rows_by(use: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(sites,) what the row of each capacity is divided by, and the capacities as they then stand.

    Whole numbers stay whole: in fractions HiGHS's presolve may strengthen a row for ever, by next to nothing each time.
    """
    if (use == np.rint(use)).all():
        step = max(1, int(np.gcd.reduce(use.astype(np.int64)))) if len(use) else 1
        return np.full(len(capacity), float(step)), np.floor(capacity / step) * step
    return np.maximum(capacity, 1e-9), capacity


def solve_core(r: SingleSource, c: Core, seconds: float | None, gap: float, restarts: bool = False) -> Solved:
    """The best plan of a part.

    Parameters
    ----------
    restarts : whether the solver may begin anew under a clock, which may leave it without an answer (`minimise`).

    min Σ c_uh x_uh + Σ f_h y_h;  Σ_h x_uh = 1;  x_uh ≤ y_h;  Σ_u r_uh x_uh ≤ U_h y_h;  Σ y_h ≤ most (y_h not open for sure)
    """
    u, s = np.nonzero(c.pairs)
    if not c.pairs.any(axis=1).all():
        return Solved(None, np.inf, True)
    free = np.flatnonzero(~c.open_)
    n, k, f = len(c.units), len(u), len(free)
    column = np.full(len(c.sites), -1)
    column[free] = k + np.arange(f)
    cost = r.cost[c.units[u], c.sites[s]]
    # whole costs stay whole, where they are no large numbers: the solver then knows that every plan's value is
    mean = max(1.0, float(cost.mean()))
    scale = r.grain if r.grain and mean <= WHOLE_MEAN * r.grain else mean
    use, capacity = r.use[c.units[u], c.sites[s]], r.capacity[c.sites]
    full, capacity = _rows_by(use, capacity)
    tied = np.flatnonzero(column[s] >= 0)  # pairs whose site may be closed
    at = np.arange(len(tied))
    blocks = [
        (u, np.arange(k), np.ones(k)),
        (n + s, np.arange(k), use / full[s]),
        (n + free, column[free], -(capacity / full)[free]),
        (n + len(c.sites) + at, tied, np.ones(len(tied))),
        (n + len(c.sites) + at, column[s[tied]], -np.ones(len(tied))),
        (np.full(f, n + len(c.sites) + len(tied)), column[free], np.ones(f)),
    ]
    rows, columns, values = (np.concatenate(part) for part in zip(*blocks, strict=True))
    height = n + len(c.sites) + len(tied) + 1
    upper = np.concatenate(
        [np.ones(n), np.where(c.open_, capacity / full, 0.0), np.zeros(len(tied)), [float(c.most)]]
    )
    lower = np.concatenate([np.ones(n), np.full(height - n, -np.inf)])
    from scipy.sparse import csc_array  # heavy

    matrix = csc_array((values, (rows, columns)), shape=(height, k + f))
    objective = np.concatenate([cost, r.price[c.sites[free]]]) / scale
    answer = minimise(
        objective,
        matrix,
        lower,
        upper,
        np.ones(k + f, dtype=bool),
        seconds,
        gap,
        restarts=restarts or seconds is None,
    )
    fixed = float(r.price[c.sites[c.open_]].sum())
    bound = answer.bound * scale + fixed if np.isfinite(answer.bound) else answer.bound
    if answer.values is None:
        return Solved(None, bound, answer.impossible)
    on = np.flatnonzero(answer.values[:k] > 0.5)
    serves = np.full(n, -1)
    serves[u[on]] = c.sites[s[on]]
    return Solved(serves if (serves >= 0).all() else None, bound, False)

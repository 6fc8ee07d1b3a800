"""Prices of units from the linear relaxation, where rounds of prices end short of what it proves: many leads, few units each."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.model.highs_door import minimise

MOST_PAIRS = 40_000  # of a unit and a site that are told to the solver: seconds
AROUND = (
    2.0,
    3.0,
    4.0,
    6.0,
)  # a site counts for a unit up to so many times its price; the more, the nearer to the whole relaxation


def relaxed_prices(r: SingleSource, most: int, prices: np.ndarray, around: float) -> np.ndarray | None:
    """(n,) Prices at the optimum of the relaxation without capacities; None where it is too large, or has none.

    Parameters
    ----------
    most : how many sites may be open, those that always are among them.
    prices : (n,) good prices.
    around : sites are told to the solver up to so many times the price of a unit.
    """
    from scipy.sparse import csc_array  # the sample city needs none: a tenth of a second of its start

    unit, site = np.nonzero(np.isfinite(r.cost) & (r.cost <= around * prices[:, None]))
    pairs = len(unit)
    if pairs > MOST_PAIRS:
        return None
    here = np.arange(pairs)
    row = np.concatenate([unit, r.n + here, r.n + here, np.full(r.m, r.n + pairs)])
    column = np.concatenate([here, here, pairs + site, pairs + np.arange(r.m)])
    value = np.concatenate([np.ones(2 * pairs), -np.ones(pairs), np.ones(r.m)])
    rows = csc_array((value, (row, column)), shape=(r.n + pairs + 1, pairs + r.m))
    lower = np.concatenate([np.ones(r.n), np.full(pairs + 1, -np.inf)])
    upper = np.concatenate([np.ones(r.n), np.zeros(pairs), [float(most)]])
    cost = np.concatenate([r.cost[unit, site], r.extra])
    answer = minimise(cost, rows, lower, upper, np.zeros(len(cost), dtype=bool), None, 0.0)
    return None if answer.prices is None else np.maximum(answer.prices[1][: r.n], 0.0)

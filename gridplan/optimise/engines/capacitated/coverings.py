"""A plan from the fillings of sites that the bound met: those that cover every unit together at the least cost.

Where groups are small and capacities tight, the set-covering programme over such clusters has little gap, while models of
single units see nothing but fractions (Lorena and Senne 2004, column generation for the capacitated p-median).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.model.highs_door import minimise

MOST = 12_000  # clusters in one programme
GAP = 1e-3

Cluster = tuple[int, np.ndarray]  # a site, and the units that it takes


def covered(
    r: SingleSource, clusters: Sequence[Cluster], prices: np.ndarray, seconds: float | None
) -> np.ndarray | None:
    """(n,) site of each unit; None where the clusters do not cover all of them, or none was found in time.

    min Σ_j c_j z_j;  Σ_{j with u} z_j ≥ 1;  Σ_{j at h} z_j ≤ 1;  Σ_j z_j ≤ most (sites that are not always open)
    """
    cost = np.array([r.cost[units, site].sum() + r.extra[site] for site, units in clusters])
    dear = cost - np.array([prices[units].sum() for _, units in clusters])
    kept = np.argsort(dear, kind="stable")[:MOST]
    chosen, cost = [clusters[j] for j in kept.tolist()], cost[kept]
    if not chosen:
        return None
    site = np.array([h for h, _ in chosen])
    unit = np.concatenate([units for _, units in chosen])
    of = np.repeat(np.arange(len(chosen)), [len(units) for _, units in chosen])
    if len(np.unique(unit)) < r.n:
        return None
    counted = np.flatnonzero(~r.always[site])
    rows = np.concatenate([unit, r.n + site, np.full(len(counted), r.n + r.m)])
    columns = np.concatenate([of, np.arange(len(chosen)), counted])
    from scipy.sparse import csc_array  # heavy

    matrix = csc_array((np.ones(len(rows)), (rows, columns)), shape=(r.n + r.m + 1, len(chosen)))
    lower = np.concatenate([np.ones(r.n), np.full(r.m + 1, -np.inf)])
    upper = np.concatenate([np.full(r.n, np.inf), np.ones(r.m), [float(r.most)]])
    scale = max(1.0, float(cost.mean()))
    answer = minimise(cost / scale, matrix, lower, upper, np.ones(len(chosen), dtype=bool), seconds, GAP)
    if answer.values is None:
        return None
    serves, paid = np.full(r.n, -1), np.full(r.n, np.inf)
    for j in np.flatnonzero(answer.values > 0.5).tolist():  # units in several go where they cost least
        h, units = chosen[j]
        better = units[r.cost[units, h] < paid[units]]
        serves[better], paid[better] = h, r.cost[better, h]
    return serves

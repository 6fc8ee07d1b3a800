"""Which sites to open first: one by one as they save most, or those that the bound opened most of late."""

from __future__ import annotations

import math

import numpy as np

from gridplan.optimise.engines.capacitated.knapsack_bound import Bound
from gridplan.optimise.engines.capacitated.single_source import SingleSource

# Pairs of all rounds that open sites one by one; of more, every so many-th unit is looked at.
LOOKED_AT = 300_000_000
MORE = (1.0, 1.2, 1.5)  # sites opened, by those of the bound: units that cannot be split may need more


def first_prices(r: SingleSource) -> np.ndarray:
    """What a unit pays at a site of middling distance."""
    leads = max(1, min(r.m, r.most + int(r.always.sum())))
    rank = min(r.m - 1, max(1, r.m // leads))
    ranked = np.partition(r.cost, rank, axis=1)[:, rank]
    prices: np.ndarray = np.where(
        np.isinf(ranked), np.where(np.isfinite(r.cost), r.cost, 0).max(axis=1), ranked
    )
    return prices + float(r.price.mean()) * leads / r.n / 2


def first_sites(r: SingleSource, lam: np.ndarray) -> np.ndarray:
    """Sites opened one by one, each where it saves most; where that is much work, by some of the units."""
    if r.most >= int((~r.always).sum()):
        return np.ones(r.m, dtype=bool)
    open_, step = r.always.copy(), max(1, r.n * r.m * max(1, r.most) // LOOKED_AT)
    cost, lam = r.cost[::step], lam[::step]
    served = np.minimum(cost[:, open_].min(axis=1, initial=np.inf), 4 * lam + lam.mean())
    for _ in range(r.most):
        gain = step * np.maximum(served[:, None] - cost, 0.0).sum(axis=0) - r.price
        gain[open_] = -np.inf
        best = int(gain.argmax())
        open_[best] = True
        served = np.minimum(served, cost[:, best])
    return open_


def numbers_opened(r: SingleSource, b: Bound) -> list[int]:
    """How many sites to open at first: as many as a plan may, or, where only prices limit them, as the bound does, or more."""
    free = int((~r.always).sum())
    if r.most < free:
        return [max(0, r.most)]
    about = float(b.often[~r.always].sum())
    return sorted({min(free, max(1, math.ceil(more * about))) for more in MORE})


def often_opened(r: SingleSource, b: Bound, many: int) -> np.ndarray:
    """(m,) bool, so many sites that the bound opened most of late, beside those always open."""
    often, open_ = np.where(r.always, -1.0, b.often), r.always.copy()
    open_[np.argsort(-often, kind="stable")[:many]] = True
    return open_

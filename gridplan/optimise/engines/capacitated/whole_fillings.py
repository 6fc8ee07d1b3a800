"""Knapsacks in whole units: what a site can really take, not in fractions; a table over the capacity, all sites at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.capacitated.single_source import SingleSource

MOST_CELLS = 150_000_000  # sites × items × capacity of one table


@dataclass(frozen=True, eq=False)
class Whole:
    """Uses and capacities as whole multiples of one number."""

    use: np.ndarray
    capacity: np.ndarray

    def part(self, units: np.ndarray, sites: np.ndarray) -> Whole:
        """These units and sites alone."""
        return Whole(self.use[np.ix_(units, sites)], self.capacity[sites])


def whole_of(r: SingleSource) -> Whole | None:
    """None where uses are no whole numbers, or the capacities too large for tables."""
    use = np.where(np.isfinite(r.cost), r.use, 0.0)
    capacity = np.floor(np.minimum(r.capacity, use.sum(axis=0)))
    if (use != np.rint(use)).any() or max(use.max(initial=0), capacity.max(initial=0)) > 2**40:
        return None
    step = max(1, int(np.gcd.reduce(np.unique(use).astype(np.int64))))
    units = (capacity / step).astype(np.int64)
    if units.max(initial=0) > 50_000:
        return None
    return Whole((use / step).astype(np.int64), units)


def fill(gain: np.ndarray, use: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The least sum of gains (≤ 0) within the capacity: (k,) values, (k, J) who is taken; None where the table is too large.

    Parameters
    ----------
    gain, use : (k, J).
    capacity : (k,).
    """
    k, items = gain.shape
    wide = int(capacity.max(initial=0)) + 1
    if k * items * wide > MOST_CELLS:
        return None
    best, at = np.zeros((k, wide)), np.arange(wide)
    takes = np.zeros((items, k, wide), dtype=bool)
    for j in range(items):
        before = at[None, :] - use[:, j, None]
        with_it = np.take_along_axis(best, np.maximum(before, 0), 1) + gain[:, j, None]
        takes[j] = (before >= 0) & (with_it < best)
        best = np.where(takes[j], with_it, best)
    rows, left = np.arange(k), capacity.copy()
    value = best[rows, left]
    taken = np.zeros((k, items), dtype=bool)
    for j in range(items - 1, -1, -1):
        taken[:, j] = takes[j, rows, left]
        left -= np.where(taken[:, j], use[:, j], 0)
    return value, taken

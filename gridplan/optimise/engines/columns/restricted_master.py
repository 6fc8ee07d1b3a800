"""The master over the columns found so far with one whole set per district: which sets go well together."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.engines.columns.column_bound import Columns
from gridplan.optimise.model.highs_door import minimise

GAP = 1e-4


def whole_sets(columns: Columns, alive: list[np.ndarray], seconds: float | None) -> list[int] | None:
    """One set per district, the best by the columns found; units may be split between a set's members.

    min Σ c_j z_j;  Σ_{j of (d,k)} z_j = w_dk;  Σ_k w_dk = 1;  caps of districts on w, capacities on z;  w whole
    """
    found = [c for c in columns.found if alive[c.district][c.choice]]
    sets = sorted({(c.district, c.choice) for c in found})
    place = {pair: n for n, pair in enumerate(sets)}
    n, k, districts = len(found), len(sets), len(columns.sets)
    if len({d for d, _ in sets}) < districts:
        return None
    limited, capped = columns.limited, columns.capped
    rows, at, values = [], [], []

    def enter(row: int, column: int, value: float) -> None:
        rows.append(row)
        at.append(column)
        values.append(value)

    for j, column in enumerate(found):
        enter(place[column.district, column.choice], j, 1.0)
        for i in np.flatnonzero(column.load[limited]).tolist():
            enter(k + districts + len(capped) + i, j, float(column.load[limited[i]]) / columns.scale)
    for (d, choice), m in place.items():
        enter(m, n + m, -1.0)
        enter(k + d, n + m, 1.0)
        some = columns.sets[d]
        takes = np.isin(capped, np.concatenate([some.pinned, some.members[choice][some.distinct[choice]]]))
        for i in np.flatnonzero(takes).tolist():
            enter(k + districts + i, n + m, 1.0)
    height = k + districts + len(capped) + len(limited)
    from scipy.sparse import csc_array  # heavy

    matrix = csc_array((values, (rows, at)), shape=(height, n + k))
    most = [columns.problem.hospital_cap[capped], columns.capacity[limited] / columns.scale]
    upper = np.concatenate([np.zeros(k), np.ones(districts), *most])
    lower = np.concatenate([np.zeros(k), np.ones(districts), np.full(len(capped) + len(limited), -np.inf)])
    cost = np.concatenate([[c.cost / columns.scale for c in found], np.zeros(k)])
    whole = np.arange(n + k) >= n
    answer = minimise(cost, matrix, lower, upper, whole, seconds, GAP)
    if answer.values is None:
        return None
    chosen = [0] * districts
    for (d, choice), m in place.items():
        if answer.values[n + m] > 0.5:
            chosen[d] = choice
    return chosen

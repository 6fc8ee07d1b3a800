"""What one place more can gain at most, by prices of the hospitals' places: told without solving a model.

With a price per place of each hospital (Lagrange) every district chooses its set of partners for itself, so the sum is
below every plan; with one place more it stays so. Which place is worth asking about is seen from that.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from gridplan.optimise.problem import NO_CAP, Problem

ROUNDS = 60  # of prices; each is a valid bound, the best is kept
MOST_SETS = 5_000  # of partners, for all districts the same: more are not looked at


def most_gained(
    p: Problem, cost: np.ndarray, value: float, places: list[tuple[int, int]]
) -> np.ndarray | None:
    """No plan with one place more gains more than this; None where there are too many sets of partners.

    Parameters
    ----------
    cost : (n, H) what a resident counts in the goal, inf where the unit may not go.
    value : of the plan.
    places : (district, -1) or (-1, hospital) of each place more.

    Returns
    -------
    ndarray
        (places,) person-minutes.
    """
    sets = _sets(p)
    if sets is None:
        return None
    members, costs = sets, _set_costs(p, cost, sets)
    size, caps = members.sum(axis=1), p.district_cap[:, None]
    now, then = (np.where(size <= caps + more, costs, np.inf) for more in (0, 1))
    capped = p.counted & (p.hospital_cap != NO_CAP)
    limit, price, every = np.where(capped, p.hospital_cap, 0), np.zeros(len(capped)), np.arange(len(costs))
    districts, hospitals = np.array(places, dtype=int).T
    best = np.full(len(places), -np.inf)
    for _ in range(ROUNDS):
        paid = members @ price
        taken = (now + paid).argmin(axis=1)
        least = (now + paid)[every, taken]
        bound = least.sum() - price @ limit
        more = np.append((then + paid).min(axis=1) - least, 0.0)
        best = np.maximum(best, bound + more[districts] - np.append(price, 0.0)[hospitals])
        over = np.where(capped, members[taken].sum(axis=0) - limit, 0)
        over = np.where((over < 0) & (price <= 0), 0, over)
        if value - bound <= 1e-9 * abs(value) or not over.any():
            break
        price = np.maximum(0.0, price + (value - bound) / (over @ over) * over)
    return np.asarray(value - best)


def _sets(p: Problem) -> np.ndarray | None:
    """(N, H) sets of counted hospitals, up to one more than any district may have."""
    counted = np.flatnonzero(p.counted & p.allowed.any(axis=0))
    most = min(int(p.district_cap.max(initial=0)) + 1, len(counted))
    if sum(math.comb(len(counted), k) for k in range(most + 1)) > MOST_SETS:
        return None
    rows = [row for k in range(most + 1) for row in itertools.combinations(counted.tolist(), k)]
    members = np.zeros((len(rows), len(p.hospital_ids)), dtype=bool)
    for n, row in enumerate(rows):
        members[n, list(row)] = True
    return members


def _set_costs(p: Problem, cost: np.ndarray, members: np.ndarray) -> np.ndarray:
    """(D, N) what a district counts with each set and its exempt hospitals; inf where the set is not one for it."""
    costs = np.full((len(p.district_ids), len(members)), np.inf)
    for d in range(len(costs)):
        lived = np.flatnonzero((p.district == d) & (p.people > 0))
        able = ~members[:, ~p.allowed[d]].any(axis=1) & members[:, p.pinned[d] & p.counted].all(axis=1)
        best = np.repeat(
            cost[np.ix_(lived, p.allowed[d] & ~p.counted)].min(axis=1, initial=np.inf)[:, None], able.sum(), 1
        )
        for h in np.flatnonzero(p.allowed[d] & p.counted):
            on = members[able, h]
            best[:, on] = np.minimum(best[:, on], cost[lived, h][:, None])
        reached = np.isfinite(best).all(axis=0)
        costs[d, able] = np.where(reached, p.demand[lived] @ np.where(reached, best, 0.0), np.inf)
    return costs

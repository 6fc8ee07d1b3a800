"""Plans by ruin and recreate under annealing: where groups are tight, many small changes find what models of parts do not.

Schrimpf et al. 2000 (ruin and recreate); the units taken out are neighbours, as in Christiaens and Vanden Berghe 2020.
Heavy to import where numba is installed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplan.optimise.engines.capacitated.first_plans import Plan, planned
from gridplan.optimise.engines.capacitated.rounds import Groups, Sites, put, rounds
from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.run.clock import Clock

# How much worse a plan may be, in parts of what a unit costs: at first, when cooled again from the best, at last.
HOT, REHEATED, COLD = 1.2, 0.8, 0.2
STARTS, PATIENCE, SEEDS = 4, 2, 7_919  # coolings from the first plan; from the best one, without a better
# Shares of the clock: in which coolings begin at the first plan; of what is left, that one cooling may take.
EARLY, MOST_OF_IT = 0.4, 0.6
# What the price of use beyond a capacity is multiplied by: until a plan fits, while some is beyond, while none is.
FIRST, DEARER, CHEAPER = 1.4, 1.05, 0.97
AT_ONCE = 500  # rounds between two looks at the clock
NO_PLAN = 1e300  # value of the best plan before there is one
OPEN_NEAR = 12  # open sites in the list of a unit, about


def annealed(
    r: SingleSource,
    serves: np.ndarray,
    bound: float,
    many: int,
    clock: Clock,
    offer: Callable[[Plan], None],
    enough: float = 0.0,
) -> None:
    """Cool a plan in so many rounds, some times from the first, then from the best; offer what is better.

    It goes on as long as its clock, without one as long as that helps.

    Parameters
    ----------
    serves : (n,) the site of each unit to begin with; loads may be beyond capacities.
    bound : no plan costs less; heat is measured by it.
    many : rounds of one cooling.
    enough : a value that needs no further work.
    """
    sites, each = _sites(r), max(1e-9, bound / r.n)
    beyond, whole = each / max(1e-12, float(np.mean(r.use))), clock.left
    found, best, turn, idle = serves, NO_PLAN, 0, 0
    while clock.left is not None or turn < STARTS or idle < PATIENCE:
        again = best < NO_PLAN and (turn >= STARTS or _spent(clock, whole) > EARLY)
        groups = _groups(r, sites, found if again else serves, 1 + SEEDS * turn)
        groups.sums[2] = best
        hot, begun, done = REHEATED if again else HOT, clock.left, 0
        length = many if turn else max(1, many // 4)  # the first is short: it is often enough
        turn, idle = turn + 1, idle + 1
        while (cooled := max(done / length, _spent(clock, begun) / MOST_OF_IT)) < 1:
            if clock.over or best <= enough:
                return
            rounds(sites, groups, AT_ONCE, each * hot * (COLD / hot) ** cooled, beyond)
            done += AT_ONCE
            fits = groups.sums[1] < 1e-7
            beyond *= CHEAPER if fits else FIRST if best == NO_PLAN else DEARER
            if groups.sums[2] < best and r.fits(groups.best):
                found, best, idle = groups.best.copy(), float(groups.sums[2]), 0
                offer(planned(r, found))


def _spent(clock: Clock, whole: float | None) -> float:
    """The share of some seconds that is over by this clock; 0 where time is not limited."""
    return 0.0 if not whole or clock.left is None else 1 - clock.left / whole


def roughly(r: SingleSource, open_: np.ndarray) -> np.ndarray:
    """(n,) an open site for each unit, large ones first; where none has the capacity, the one least beyond it."""
    sites, load, serves = np.flatnonzero(open_), np.zeros(r.m), np.empty(r.n, dtype=int)
    dear = float(np.where(np.isfinite(r.cost), r.cost, 0.0).max()) + 1.0
    for u in np.argsort(-r.use.mean(axis=1), kind="stable").tolist():
        near = sites if np.isfinite(r.cost[u, sites]).any() else np.arange(r.m)
        beyond = np.maximum(0.0, load[near] + r.use[u, near] - r.capacity[near])
        h = int(near[(r.cost[u, near] + dear * beyond).argmin()])
        serves[u], load[h] = h, load[h] + r.use[u, h]
    return serves


def _sites(r: SingleSource) -> Sites:
    open_ = max(1, min(r.m, r.most + int(r.always.sum())))
    long = min(r.m, max(20, OPEN_NEAR * r.m // open_))
    near = np.argsort(r.cost, axis=1, kind="stable")[:, :long].astype(np.int64)
    cost, use = np.ascontiguousarray(r.cost, dtype=float), np.ascontiguousarray(r.use, dtype=float)
    return Sites(
        cost,
        use,
        r.capacity.astype(float),
        r.extra.astype(float),
        r.always,
        np.ascontiguousarray(near),
        r.most,
    )


def _groups(r: SingleSource, sites: Sites, serves: np.ndarray, seed: int) -> Groups:
    base = float(r.price[r.always].sum())
    none = np.full(r.n, -1)
    groups = Groups(
        none.copy(),
        np.zeros(r.m),
        np.zeros(r.m, dtype=np.int64),
        np.full(r.m, -1),
        none.copy(),
        none.copy(),
        np.array([base, 0.0, NO_PLAN]),
        np.array([0, seed]),
        none.copy(),
    )
    for u, h in enumerate(serves.tolist()):
        put(sites, groups, u, h)
    return groups

"""A plan for one choice of leads by the solver, among the pairs that cost least at prices that even the loads out.

At those prices most units are far from any border: one pair is left to each of them, and the solver settles the others
together, where a search moves a few at a time. It finds plans, no bounds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.grids.area import Area, trimmed
from gridplan.optimise.engines.grids.exact_area import CutModel
from gridplan.optimise.engines.grids.growth import Search, load_prices, paid_at
from gridplan.optimise.engines.grids.lead_bounds import limits
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.run.clock import Clock

PAIRS, SMALL = 1.3, 800  # per unit, and in a small area; twice as many where that leaves no plan
REACH = 1.5  # times the least that a grid must have, around its campuses
PRICE_ROUNDS = 2_000
# Gap at which the solver may stop, since cuts change its plan again: a share of that of the plan, where there is one.
NEAR, ROUGH, SHARE = 5e-4, 5e-3, 0.2
SOLVING = 0.8  # of the clock
TURNS = 12  # plans that are mended, at most


def among_few_pairs(
    a: Area,
    leads: np.ndarray,
    serves: np.ndarray | None,
    known: float,
    engine: Engine,
    clock: Clock,
    threads: int,
    offer: Callable[[np.ndarray], float],
) -> None:
    """Offer plans of some leads, better than those of a search as a rule; few pairs at first, more while there is no plan.

    Parameters
    ----------
    serves : (n,) a plan of these leads, whose pairs are among the few, None where there is none.
    known : value of the best plan of any leads, inf where there is none.
    offer : called with plans whose grids hang together and are within their limits; the value, inf where one is no plan.
    """
    price = np.zeros(len(a.leads))
    price[leads], promise = load_prices(a, leads, PRICE_ROUNDS)
    best, left = np.inf, TURNS
    near = max(NEAR, min(ROUGH, SHARE * (1 - promise / max(1e-9, known))))

    def mend(loose: np.ndarray) -> bool:
        """Offer a plan near this one; whether so many were mended that it is enough."""
        nonlocal best, left
        mended = Search(a, leads, price).mend(loose, clock)
        if mended is not None:
            best = min(best, offer(mended))
        left -= 1
        return left <= 0

    if np.isinf(a.cost[:, leads]).all(axis=1).any():
        return  # a unit that none of them can serve
    pairs = max(SMALL, int(PAIRS * len(a.units)))
    while best == np.inf and left > 0 and not clock.over and pairs < a.cost.size:
        model = CutModel(_few(a, leads, price, serves, pairs), len(leads), len(leads))
        pairs *= 2
        found = model.solve(engine, Clock(_most_of(clock)), near, threads, mend)
        if found.serves is not None:
            best = min(best, offer(found.serves))


def _most_of(clock: Clock) -> float | None:
    """Seconds for the solver: its last plan needs some to be mended."""
    return None if clock.left is None else SOLVING * clock.left


def _few(a: Area, leads: np.ndarray, price: np.ndarray, serves: np.ndarray | None, many: int) -> Area:
    """The area with few pairs: those with least beyond the cheapest of their unit, and those of a plan, or around campuses."""
    paid = paid_at(a, leads, price)
    dear = paid - paid.min(axis=1, keepdims=True)
    few = dear <= np.partition(dear.ravel(), many)[many]
    if serves is not None:
        few[np.arange(len(dear)), serves] = True
    else:
        least = limits(a, leads)[0]
        for h in leads.tolist():
            few[_around(a, h, dear[:, h], REACH * least[h]), h] = True
    few &= np.isfinite(paid)
    pinned = a.pinned.copy()
    pinned[leads] = True
    return trimmed(replace(a, cost=np.where(few, a.cost, np.inf), pinned=pinned))


def _around(a: Area, h: int, dear: np.ndarray, residents: float) -> list[int]:
    """Units around the campuses of a lead, the cheapest first, until they have so many residents."""
    heap = [(float(dear[u]), u) for u in a.roots[h].tolist()]
    taken, met = list[int](), {u for _, u in heap}
    heapq.heapify(heap)
    while heap and residents > 0:
        _, u = heapq.heappop(heap)
        taken.append(u)
        residents -= a.people[u]
        for v in a.beside[u].tolist():
            if v not in met and np.isfinite(dear[v]):
                met.add(v)
                heapq.heappush(heap, (float(dear[v]), v))
    return taken

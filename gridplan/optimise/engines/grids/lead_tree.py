"""A tree over which leads lead: of two that are near each other prices want half of each, and no price mends that."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np

from gridplan.optimise.engines.grids.area import Area
from gridplan.optimise.engines.grids.lead_bounds import Bounds
from gridplan.optimise.run.clock import Clock

ROUNDS = 60  # of prices in one node, which begins at those of the node above
STEP = 0.1  # see `Bounds.improve`
UNSURE = 0.02  # a lead that is in fewer choices, or out of fewer, is no question


def split(
    root: Bounds, clock: Clock, known: Callable[[], float], gap: float, offer: Callable[[np.ndarray], None]
) -> np.ndarray | None:
    """Raise the bounds of every number of grids: each node lets one lead lead, or not lead, that of the least bound first.

    It ends where no node can hold a better plan, or prices leave no choice in the least one.

    Parameters
    ----------
    root : bounds of the area; they are raised in place.
    known : the value of the best plan so far.
    offer : is shown the leads that a node likes best.

    Returns
    -------
    The leads that the least node likes best; None where no node is left.
    """
    order = count()
    nodes = [(root.least, next(order), root)]
    while nodes and not clock.over and nodes[0][0] < known() * (1 - max(gap, 1e-9)):
        lead = _halfway(nodes[0][2])
        if lead is None:
            break
        node = heapq.heappop(nodes)[2]
        for area in _in_and_out(node.area, lead):
            below = node.below(area)
            below.improve(clock, known(), ROUNDS, gap, STEP)
            if below.least < known():
                heapq.heappush(nodes, (below.least, next(order), below))
                if (leads := below.liked()) is not None and not clock.over:
                    offer(leads)
    for number in root.numbers:
        of_nodes = min((node.at.get(number, np.inf) for _, _, node in nodes), default=np.inf)
        root.at[number] = max(root.at[number], min(of_nodes, known()))
    return nodes[0][2].liked() if nodes else None


def _halfway(node: Bounds) -> int | None:
    """The lead that is most nearly in half of the choices that prices make; None where they leave no choice."""
    number = node.lowest
    share = node.chosen[number] * number / max(1e-12, node.chosen[number].sum())
    unsure = np.where(node.area.able & ~node.area.pinned, np.minimum(share, 1 - share), 0.0)
    return int(unsure.argmax()) if unsure.max(initial=0.0) > UNSURE else None


def _in_and_out(a: Area, lead: int) -> tuple[Area, Area]:
    """The area where a lead must lead, and where it may not."""
    here, nowhere = np.arange(len(a.leads)) == lead, np.empty(0, dtype=int)
    roots = tuple(nowhere if h == lead else some for h, some in enumerate(a.roots))
    return replace(a, pinned=a.pinned | here), replace(a, roots=roots)

"""The proof: branch on sites, open or closed, with a bound and reduced-cost fixing at every node."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.engines.p_median.lagrangian import (
    NODE,
    ROOT,
    Ascent,
    Choice,
    Pace,
    ascend,
    settle_sites,
)
from gridplan.optimise.engines.p_median.median_instance import PMedian
from gridplan.optimise.engines.p_median.swaps import greedy, improve, nearest, value_of
from gridplan.optimise.run.clock import Clock

PROOF = 1e-7  # where values have no grain, plans within this share count as equally good
OFFER = 10  # nodes from one that plans are made from to the next
SHOWN = 12  # sets of one node that plans are made from, at most


@dataclass(frozen=True, eq=False)
class Proof:
    """The best set of sites (None where there is no plan at all, or none was found), its value, and the bound."""

    open_: np.ndarray | None
    value: float
    bound: float
    nodes: int


@dataclass(eq=False)
class Tree:
    """A search under way: the best plan, and the nodes still to be looked at, lowest bound first."""

    m: PMedian
    gap: float
    clock: Clock
    told: Callable[[float, float], None]

    def __post_init__(self) -> None:
        self.far = self.m.too_much
        self.best: np.ndarray | None = None
        self.value = self.far
        self.bound = 0.0
        self.nodes = self.pushed = 0
        self.heap: list[tuple[float, int, Choice, np.ndarray]] = []
        self.polished: set[bytes] = set()

    def hopeless(self, bounds: np.ndarray) -> np.ndarray:
        """Which bounds allow no better plan."""
        if self.best is None:
            impossible: np.ndarray = bounds > self.far - 0.5  # any plan costs at least 1 less
            return impossible
        slack = self.m.grain * (1 - 1e-6) if self.m.grain else PROOF * max(1.0, abs(self.value))
        return bounds > self.value - max(slack, self.gap * abs(self.value))

    def enough(self, bound: float) -> bool:
        """Whether this bound allows no better plan."""
        return bool(self.hopeless(np.array([bound]))[0])

    def offer(self, open_: np.ndarray) -> None:
        """Polish a set of sites by swaps, and keep it where it is the best."""
        if open_.tobytes() in self.polished:
            return
        self.polished.add(open_.tobytes())
        better = improve(self.m, open_, self.far, self.clock)
        value = value_of(self.m, better, self.far)
        if value < self.value:
            self.best, self.value = better, value
            self.told(self.value, self.bound)

    def look(self, c: Choice, prices: np.ndarray, pace: Pace) -> None:
        """Bound one node; close it, or put its two children on the heap."""
        self.nodes += 1
        a = ascend(c, prices, self.value, pace, self.enough, self.clock)
        if self.enough(a.bound):
            return
        if pace is ROOT:
            self.bound = max(self.bound, a.bound)
            self.told(self.value, self.bound)
        if pace is ROOT or self.nodes % OFFER == 0:
            for open_ in reversed(a.met[-SHOWN:]):
                self.offer(open_)
                if self.enough(a.bound):
                    return
        must, never = settle_sites(c, a, self.hopeless)
        c = _narrowed(c, must, never)
        if c.p <= 0 or not c.free.any():
            self.leaf(c, a)
            return
        h = int(np.where(c.free, a.often, -1.0).argmax())
        rest = c.free.copy()
        rest[h] = False
        fixed = c.fixed.copy()
        fixed[h] = True
        for child in (replace(c, fixed=fixed, free=rest, p=c.p - 1), replace(c, free=rest)):
            self.pushed += 1  # of equal bounds the younger first: deeper, and less memory
            heapq.heappush(self.heap, (a.bound, -self.pushed, child, a.prices.astype(np.float32)))

    def leaf(self, c: Choice, a: Ascent) -> None:
        """One set is left; the sites that would not serve anybody cost nothing, or were not worth their price."""
        value = value_of(self.m, c.fixed, self.far)
        if value < self.value:
            self.best, self.value = c.fixed.copy(), value
            self.told(self.value, self.bound)
            self.offer(c.fixed)


def prove(
    m: PMedian, gap: float, clock: Clock, told: Callable[[float, float], None] = lambda value, bound: None
) -> Proof:
    """The best set of sites with its bound; stops early when the clock is over or the gap is reached.

    Parameters
    ----------
    gap : relative gap that is small enough; 0 = the optimum.
    told : called with value and bound whenever one of them gets better.
    """
    tree = Tree(m, gap, clock, told)
    tree.bound = _everywhere(m)
    tree.offer(greedy(m, tree.far, clock))
    root = Choice(m.n, m.unit, m.site, m.cost, m.price, m.always, ~m.always, m.p, m.m)
    tree.look(root, _first_prices(tree), ROOT)
    while tree.heap:
        bound = tree.heap[0][0]
        if bound > tree.bound:
            tree.bound = bound
            told(tree.value, bound)
        if clock.over or tree.enough(bound):
            break
        _, _, choice, prices = heapq.heappop(tree.heap)
        tree.look(choice, prices, NODE)
    if tree.best is None and (not tree.heap or tree.enough(tree.heap[0][0])):
        return Proof(None, tree.far, tree.far, tree.nodes)
    if not tree.heap or tree.enough(tree.heap[0][0]):
        slack = 0.0 if m.grain else PROOF * max(1.0, abs(tree.value))
        tree.bound = max(tree.bound, tree.value - max(slack, gap * abs(tree.value)))
    if m.grain:
        tree.bound = m.grain * np.ceil(tree.bound / m.grain - 1e-6)
    return Proof(tree.best, tree.value, min(float(tree.bound), tree.value), tree.nodes)


def _everywhere(m: PMedian) -> float:
    """What it costs where every site is open, which no plan is below: known at once."""
    first = np.flatnonzero(np.diff(m.unit, prepend=-1))
    return max(0.0, float(m.cost[first].sum()))


def _first_prices(tree: Tree) -> np.ndarray:
    """Between the cheapest and the second cheapest site of the best plan."""
    if tree.best is None:
        return np.full(tree.m.n, float(tree.m.cost.mean()))
    now = nearest(tree.m, tree.best, tree.far)
    second = np.where(now.second < tree.far, now.second, now.cost)
    return (now.cost + second) / 2


def _narrowed(c: Choice, must: np.ndarray, never: np.ndarray) -> Choice:
    """The node with sites settled, and without the pairs of sites that are closed, once these are most of them."""
    c = replace(c, fixed=c.fixed | must, free=c.free & ~must & ~never, p=c.p - int(must.sum()))
    live = c.fixed | c.free
    if live.sum() < 0.7 * c.listed:
        k = np.flatnonzero(live[c.site])
        c = replace(c, unit=c.unit[k], site=c.site[k], cost=c.cost[k], listed=int(live.sum()))
    return c

"""A tree of sites with a price of each unit at its leaves: the proof for one district of many leads, whose sets are too many.

At prices m_u of serving each unit no plan is below Σ m_u + the sum over the best sites h of [price of h − the most that h saves
of m_u − c_uh] (FORMULATION.md, "Many leads in one region"): without capacities each unit that saves counts, else whole units that
fit. Nodes are split by a site, open on one side and closed on the other.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.capacitated import knapsack_bound
from gridplan.optimise.engines.capacitated.single_source import SingleSource, single_source_of
from gridplan.optimise.engines.capacitated.whole_fillings import Whole, whole_of
from gridplan.optimise.engines.p_median import lagrangian
from gridplan.optimise.engines.p_median.median_instance import p_median_of
from gridplan.optimise.engines.p_median.swaps import greedy, improve, nearest
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.proving.leaf import Leaf, Proof, Split
from gridplan.proving.site_prices import AROUND, relaxed_prices

MOST_NODES = 4_000  # counts, not a clock: the same plan has the same certificate
MOST_DEEP = 150  # sites open or closed on the way to a leaf: who reads a tree goes down step by step
MOST_WHOLE = 8  # of those that fill sites by whole units: each takes seconds
CLOSE = 2e-7  # relative distance to the value at which a leaf is closed
DIGITS = 9  # of a price in the file


def fits(p: Problem) -> bool:
    """Whether it is one district with one goal, and nothing but its cap and capacities ties it together."""
    tied = p.minds_changes or (p.hospital_cap[p.counted] < 1).any() or p.use is not None
    alone = len(p.all_stages) == 1 and p.stages[0].kind == "sum" and p.stages[0].pair_price is None
    return len(p.district_ids) == 1 and alone and not tied and bool(p.counted.all())


def prove_sites(p: Problem, value: float) -> Proof | None:
    """The proof of the one goal, as far as it goes in a number of nodes; None where the district cannot be seen so."""
    seen = single_source_of(p)
    if seen is None:
        return None
    whole = whole_of(seen) if np.isfinite(p.capacity).any() else None
    return _Sites(p, seen, whole, value).grow()


@dataclass(eq=False)
class _Node:
    """Sites open and closed, so many on the way, the prices to begin with, and where its leaf or split belongs."""

    fixed: np.ndarray
    free: np.ndarray
    prices: np.ndarray
    holder: list[_Held]
    slot: int
    deep: int = 0


_Held = int | Leaf | None | list["_Held"]


class _Sites:
    """The district as matrices, and the nodes still to be looked at."""

    def __init__(self, p: Problem, r: SingleSource, whole: Whole | None, value: float) -> None:
        self.r, self.whole, self.value, self.hospitals = r, whole, value, len(p.hospital_ids)
        costs = r.cost[np.isfinite(r.cost)]
        grain = 0.0 if (costs != np.rint(costs)).any() else 1 - 1e-3  # so is every plan's value
        self.enough = value - max(grain, CLOSE * max(1.0, abs(value)))
        self.most_nodes = MOST_NODES if whole is None else MOST_WHOLE
        self.lived = p.people > 0
        self.start = _first_prices(p, r)
        self.cap = len(p.hospital_ids) if p.district_cap[0] == NO_CAP else int(p.district_cap[0])

    def grow(self) -> Proof:
        """Nodes by bound, the lowest first, until every one is closed or there are enough."""
        root: list[_Held] = [None]
        start = self.start
        heap = [(-np.inf, 0, _Node(self.r.always, ~self.r.always, start, root, 0))]
        number, lowest, leaves = 0, np.inf, 0
        while heap:
            _, _, node = heapq.heappop(heap)
            leaf, often = self._bound(node)
            site = (
                int(np.where(node.free, often, -1.0).argmax())
                if node.free.any() and node.deep < MOST_DEEP
                else -1
            )
            if leaf.bound >= self.enough or number >= self.most_nodes or site < 0:
                node.holder[node.slot] = leaf
                lowest, leaves = min(lowest, leaf.bound), leaves + 1
                continue
            below: list[_Held] = [site, None, None]
            node.holder[node.slot] = below
            here = np.arange(self.r.m) == site
            assert leaf.units is not None
            for slot, fixed in ((1, node.fixed | here), (2, node.fixed)):
                number += 1
                child = _Node(fixed, node.free & ~here, leaf.units, below, slot, node.deep + 1)
                heapq.heappush(heap, (leaf.bound, -number, child))
        tree = _frozen(root[0])
        whole_number = self.value - self.enough > 0.5
        return Proof(tree, float(np.ceil(lowest - 1e-6)) if whole_number else float(lowest), leaves)

    def _bound(self, node: _Node) -> tuple[Leaf, np.ndarray]:
        """The best prices of a node, and how often each site was chosen there."""
        most = self.cap - int(node.fixed.sum())
        if most < 0:
            none = np.zeros(self.hospitals)
            return Leaf(none, none, np.zeros(0), np.inf, units=node.prices), none
        prices, often = self._ascent(node, most)
        if node.slot == 0 and self.whole is None:
            prices = self._lifted(node, most, prices)
        units = np.where(self.lived, np.array([float(f"{x:.{DIGITS}g}") for x in prices.tolist()]), 0.0)
        nothing = np.zeros(self.hospitals)
        bound = self._value(node, most, units)
        return Leaf(nothing, nothing, np.zeros(0), bound, units=units, whole=self.whole is not None), often

    def _lifted(self, node: _Node, most: int, prices: np.ndarray) -> np.ndarray:
        """The prices, or better ones of the linear relaxation where these do not close the tree at its root."""
        best, bound = prices, self._value(node, most, prices)
        for around in AROUND:
            if bound >= self.enough:
                break
            relaxed = relaxed_prices(self.r, self.cap, prices, around)
            if relaxed is None:
                break
            if (lifted := self._value(node, most, relaxed)) > bound:
                best, bound = relaxed, lifted
        return best

    def _ascent(self, node: _Node, most: int) -> tuple[np.ndarray, np.ndarray]:
        r, clock, closed = self.r, Clock(None), ~(node.fixed | node.free)
        first = node.slot == 0
        if self.whole is not None:
            cost = np.where(closed[None, :], np.inf, r.cost)
            part = SingleSource(cost, r.use, r.capacity, r.price, node.fixed, most, r.grain)
            prices = node.prices
            if first:
                prices = knapsack_bound.ascend(part, prices, self.value, lambda b: False, clock).prices
            best = knapsack_bound.ascend(
                part, prices, self.value, lambda b: b >= self.enough, clock, self.whole
            )
            return best.prices, best.often
        unit, site = np.nonzero(np.isfinite(r.cost) & ~closed[None, :])
        choice = lagrangian.Choice(
            r.n, unit, site, r.cost[unit, site], r.price, node.fixed, node.free, most, int((~closed).sum())
        )
        pace = lagrangian.ROOT if first else lagrangian.NODE
        aim = self.enough + 1e-9 * abs(self.enough)  # prices are rounded once more
        up = lagrangian.ascend(choice, node.prices, self.value, pace, lambda b: b >= aim, clock)
        return up.prices, up.often

    def _value(self, node: _Node, most: int, units: np.ndarray) -> float:
        """The bound at the prices as they stand in the file."""
        saves = np.maximum(units[:, None] - self.r.cost, 0.0)
        brings = -saves.sum(axis=0)
        if self.whole is not None:
            brings = -_filled(saves, self.whole)
        best = np.sort(np.minimum(brings[node.free], 0.0))[:most]
        bound = float(units.sum() + brings[node.fixed].sum() + best.sum())
        return bound - 1e-11 * float(np.abs(units).sum())


def _first_prices(p: Problem, r: SingleSource) -> np.ndarray:
    """Between the cheapest and the second cheapest site of a good plan without capacities."""
    start = np.sort(np.where(np.isfinite(r.cost), r.cost, 0.0), axis=1).mean(axis=1)
    seen = p_median_of(p, 0)
    if seen is not None:
        m, units, _ = seen
        far, clock = m.too_much, Clock(None)
        now = nearest(m, improve(m, greedy(m, far, clock), far, clock), far)
        start[units] = (now.cost + np.where(now.second < far, now.second, now.cost)) / 2
    return start


def _filled(saves: np.ndarray, whole: Whole) -> np.ndarray:
    """(H,) the most that each site saves by whole units that fit."""
    best = np.zeros((int(whole.capacity.max(initial=0)) + 1, saves.shape[1]))
    for u in np.flatnonzero(saves.any(axis=1)).tolist():
        size = int(whole.use[u].max())
        if size < len(best):
            best[size:] = np.maximum(best[size:], best[: len(best) - size] + saves[u])
    out: np.ndarray = best[whole.capacity, np.arange(saves.shape[1])]
    return out


def _frozen(node: _Held) -> Split | Leaf:
    if isinstance(node, Leaf):
        return node
    assert isinstance(node, list)
    site, inside, outside = node
    assert isinstance(site, int)
    return Split(0, site, _frozen(inside), _frozen(outside))

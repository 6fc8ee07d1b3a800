"""A tree of pairs and units with prices at its leaves: the proof that no choice of partners is below a bound.

Where the prices of a node do not close it, it is split: by a pair that is in on one side and out on the other; where the
master is sure of all pairs, by a unit that it splits between hospitals, which is served by one of them or not.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.proving.leaf import Leaf, Proof, Split
from gridplan.proving.partner_prices import UNSURE, Node, Sets

MOST_NODES = 400  # a count, not a clock: the same plan has the same certificate
CLOSE = 2e-7  # relative distance to the value at which a leaf is closed


def prove(
    p: Problem, stage: Stage, kept: Sequence[tuple[Stage, float]], value: float, most_nodes: int = MOST_NODES
) -> Proof:
    """The proof of one goal, as far as it goes in a number of nodes.

    Parameters
    ----------
    stage : the goal, a sum over units.
    kept : earlier goals, each with what it may come to at most.
    value : of the plan; a node is closed once its bound is there.
    """
    return _Tree(Sets(p, stage, kept), value, most_nodes).grow()


def prove_none(p: Problem, most_nodes: int = MOST_NODES) -> Proof:
    """The proof that no plan fits, as far as it goes in a number of nodes: it is whole where its bound is inf."""
    nothing = replace(p.stages[0], cost=np.zeros(len(p.unit)), pair_price=None, change_price=0.0)
    return _Tree(Sets(p, nothing, ()), np.inf, most_nodes).grow()


class _Tree:
    """Nodes by bound, the lowest first, until every one is closed or there are enough."""

    def __init__(self, sets: Sets, value: float, most: int) -> None:
        self.sets, self.value, self.most = sets, value, most
        self._enough = value if np.isinf(value) else value - CLOSE * max(1.0, abs(value))
        self._number = itertools.count()

    def grow(self) -> Proof:
        root: list[Any] = [None]
        heap: list[tuple[float, int, Node, list[Any], int]] = []
        self._push(heap, -np.inf, Node(self.sets.alive(), (), self.sets.none()), root, 0)
        lowest, leaves = np.inf, 0
        while heap:
            _, number, node, holder, slot = heapq.heappop(heap)
            leaf, shares = self.sets.bound(node, self._enough)
            split = None
            if leaf.bound < self._enough and number < self.most:
                split = self._split(node, shares)
            if split is None:
                holder[slot] = leaf
                lowest, leaves = min(lowest, leaf.bound), leaves + 1
                continue
            d, h, u = split
            unit = -1 if u < 0 else int(self.sets.sets[d].units[u])
            below: list[Any] = [d, h, None, None, unit]
            holder[slot] = below
            for n, inside in ((2, True), (3, False)):
                self._push(heap, leaf.bound, self._below(node, leaf, d, h, u, inside), below, n)
        return Proof(_frozen(root[0]), float(lowest), leaves)

    def _push(self, heap: list[Any], bound: float, node: Node, holder: list[Any], slot: int) -> None:
        heapq.heappush(heap, (bound, next(self._number), node, holder, slot))

    def _below(self, node: Node, leaf: Leaf, d: int, h: int, u: int, inside: bool) -> Node:
        if u >= 0:
            return Node(node.alive, (*node.units, (d, u, h, inside)), leaf)
        mine = self._with(d, h)
        part = node.alive[d] & (mine if inside else ~mine)
        return Node([part if i == d else a for i, a in enumerate(node.alive)], node.units, leaf)

    def _with(self, d: int, h: int) -> np.ndarray:
        some = self.sets.sets[d]
        mine: np.ndarray = ((some.members == h) & some.distinct).any(axis=1)
        return mine

    def _split(self, node: Node, shares: dict[int, float]) -> tuple[int, int, int] | None:
        """District, hospital, and a unit where it is no pair (else -1): the pair that the master is least sure of, or the unit.

        Where it is sure of all, a pair that some of the sets left have, and others not.
        """
        pairs, units = self.sets.doubts(shares)
        doubt = {
            pair: min(part, 1 - part) * float(self.sets.sets[pair[0]].people.sum())
            for pair, part in pairs.items()
            if UNSURE < part < 1 - UNSURE
        }
        for d, h in sorted(doubt, key=lambda pair: (-doubt[pair], pair)):
            if self._tells(node.alive[d], d, h):
                return d, h, -1
        if units:
            _, d, h, u = max(units)
            return d, h, u
        sizes = [int(a.sum()) for a in node.alive]
        for d in np.argsort(sizes)[::-1].tolist():
            for h in self.sets.sets[d].open.tolist():
                if self._tells(node.alive[d], d, h):
                    return d, h, -1
        return None

    def _tells(self, alive: np.ndarray, d: int, h: int) -> bool:
        mine = self._with(d, h)
        return bool((alive & mine).any() and (alive & ~mine).any())


def _frozen(node: Any) -> Split | Leaf:
    if isinstance(node, Leaf):
        return node
    return Split(node[0], node[1], _frozen(node[2]), _frozen(node[3]), node[4])

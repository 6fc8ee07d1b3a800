"""Branch and bound on pairs over the column bound: a plan of whole units, its bound, and how far they are apart.

A node keeps, for every district, the sets that it may still choose. Sets that cannot beat the best plan are dropped by
their reduced cost; a node is split on the pair that the master is least sure of, then on whole sets; where one set is
left in every district, the plan of that choice is solved exactly.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.columns.choice import Found, best_plan, exact_plan, within_caps
from gridplan.optimise.engines.columns.column_bound import Bound, Columns
from gridplan.optimise.engines.columns.leftover import core_of, solve_core
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.optimise.engines.columns.restricted_master import whole_sets
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.empty_units import settled
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import OPTIMAL_GAP, GoalResult, Outcome, relative_gap
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

MOST_SETS = 400_000
PROOF = OPTIMAL_GAP / 10
CORE, CORE_SECONDS = 3_000, 3.0  # sets and places of what is left of a node, to be solved as one model
FIRST_GAP = 1e-3  # of the first plan


Take = Callable[[np.ndarray], None]


@dataclass(frozen=True, eq=False)
class Node:
    """A part of the plans: per district the sets that may be chosen, a bound from above, prices to begin with."""

    bound: float
    alive: list[np.ndarray]
    people_price: np.ndarray
    pair_price: np.ndarray


def misfit(p: Problem) -> Text | None:
    """Why sets of partners and loads do not say all of a problem whose fields are known, None where they do."""
    if count_sets(p) > MOST_SETS:
        return Text("there are too many sets of partners", "合作医院组合过多")
    return None


def solve_by_columns(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
    take: Take = lambda serves: None,
) -> Outcome | None:
    """The best plan found and its bound; None where no plan keeps the rules.

    Parameters
    ----------
    seconds : stop after so long with the best plan found; None = until proven.
    gap : stop at this relative gap.
    progress : called with value and bound whenever one of them gets better.
    take : called with the hospital of each unit (−1 where nobody lives) whenever a better plan is found.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    start = time.perf_counter()
    if ((p.pinned & p.counted).sum(axis=1) > p.district_cap).any():
        return None
    columns = Columns(p)
    build = time.perf_counter() - start
    tree = _Tree(columns, Clock(seconds), max(gap, PROOF), progress, take)
    tree.grow()
    if tree.best is None:
        if tree.done:
            return None
        raise no_plan(p, p.stages[0], tree.bound / stage_scale(p, p.stages[0]))
    serves = settled(p, np.where(tree.best.serves < 0, _anywhere(p), tree.best.serves))
    if serves is None:
        return None
    stage = p.stages[0]
    value = stage_value(p, stage, serves)
    goal = GoalResult(stage.goal, stage.text, value, min(value, max(0.0, tree.bound)), stage.unit)
    return Outcome(
        serves, listed_pairs(p, serves), (goal,), COLUMNS.name, build, time.perf_counter() - start - build
    )


def _anywhere(p: Problem) -> np.ndarray:
    """A hospital for every unit that it may go to; for units where nobody lives, until they are settled."""
    out = np.zeros(len(p.unit_ids), dtype=int)
    usable = np.flatnonzero(p.usable)[::-1]
    out[p.unit[usable]] = p.hospital[usable]
    return out


class _Tree:
    """Nodes by bound, the lowest first; the best plan so far."""

    def __init__(self, columns: Columns, clock: Clock, gap: float, progress: Progress, take: Take) -> None:
        self.columns, self.clock, self.gap = columns, clock, gap
        self._progress, self._told = progress, take
        self.best: Found | None = None
        self.done = False
        self._number = itertools.count()
        self._rounds = 0
        self._core = CORE  # halved whenever such a model takes too long
        self._tried: set[tuple[int, ...]] = set()
        self._nodes: list[tuple[float, int, Node]] = []
        self._closed = np.inf  # the lowest bound of leaves that were not closed to the end

    @property
    def value(self) -> float:
        """Value of the best plan, inf where there is none."""
        return np.inf if self.best is None else self.best.value

    @property
    def bound(self) -> float:
        """No plan is below it."""
        lowest = self._nodes[0][0] if self._nodes else np.inf
        return min(lowest, self._closed, self.value)

    @property
    def near(self) -> bool:
        """Whether the gap asked for is reached."""
        return np.isfinite(self.value) and relative_gap(self.value, self.bound) <= self.gap

    def grow(self) -> None:
        """Until proven, near enough, or out of time."""
        zeros = np.zeros(len(self.columns.capacity))
        self._push(Node(-np.inf, self.columns.possible(), zeros, zeros))
        while self._nodes and not self.near and not self.clock.over:
            self._visit(heapq.heappop(self._nodes)[2])
            self._tell()
        self.done = not self._nodes

    def _tell(self) -> None:
        value, bound = self.value, self.bound
        if np.isfinite(bound):
            known = value if np.isfinite(value) else None
            self._progress(Step(Text("branching on pairs", "按结对分支"), known, bound))

    def _push(self, node: Node) -> None:
        if all(a.any() for a in node.alive) and node.bound < self.value:
            heapq.heappush(self._nodes, (node.bound, next(self._number), node))

    def _visit(self, node: Node) -> None:
        if all(a.sum() == 1 for a in node.alive):
            self._leaf(node)
            return
        enough = min(self.value * (1 - self.gap) if np.isfinite(self.value) else np.inf, self.columns.top + 1)
        bound = self.columns.bound(node.alive, node.people_price, node.pair_price, enough, self.clock)
        value = max(bound.value, node.bound)
        if bound.value >= enough:
            self._closed = min(self._closed, value) if value < self.value else self._closed
            return
        if self.clock.over:
            self._push(Node(value, node.alive, bound.people_price, bound.pair_price))
            return
        self._round(node, bound)
        alive = self._kept(node.alive, bound)
        if self._solved_whole(alive, bound):
            return
        below = Node(value, alive, bound.people_price, bound.pair_price)
        for part in self._split(below, bound):
            self._push(Node(value, part, below.people_price, below.pair_price))

    def _solved_whole(self, alive: list[np.ndarray], bound: Bound) -> bool:
        """Whether little enough is left of the node to be solved as one model, and it was, to the end."""
        if not np.isfinite(self.value) or not all(a.any() for a in alive):
            return False
        parts = core_of(self.columns, alive, bound, self.value, self._core)
        if parts is None:
            return False
        left = self.clock.left
        found, proven = solve_core(
            self.columns, parts, CORE_SECONDS if left is None else min(CORE_SECONDS, left)
        )
        self._take(found)
        if proven < self.value * (1 - self.gap):
            self._core //= 2
            return False
        if proven < self.value:
            self._closed = min(self._closed, max(proven, bound.value))
        return True

    def _leaf(self, node: Node) -> None:
        sets = [int(a.argmax()) for a in node.alive]
        if not within_caps(self.columns, sets):
            return
        found, bound = exact_plan(self.columns, sets, self.clock.left)
        self._take(found)
        if bound < self.value:
            self._closed = min(self._closed, max(bound, node.bound))

    def _round(self, node: Node, bound: Bound) -> None:
        """Plans of the sets that the master shares most and, now and then, of those that go best together."""
        self._try(self._most_shared(bound), bound)
        self._rounds += 1
        if self._rounds & (self._rounds - 1) == 0:  # the first, second, fourth, eighth … time
            sets = whole_sets(self.columns, node.alive, self._short())
            if sets is not None:
                self._try(sets, bound)

    def _most_shared(self, bound: Bound) -> list[int]:
        sets = [int(v.argmin()) for v in bound.values]
        most = [0.0] * len(sets)
        for (d, k), share in bound.shares.items():
            if k >= 0 and share > most[d]:
                sets[d], most[d] = k, share
        return sets

    def _try(self, sets: list[int], bound: Bound) -> None:
        if tuple(sets) not in self._tried and within_caps(self.columns, sets):
            self._tried.add(tuple(sets))
            short = Clock(self._short())
            self._take(best_plan(self.columns, sets, bound.people_price, short, self.value, self._loose))

    @property
    def _loose(self) -> float:
        """A small part of the gap that is left: what is not worth closing in one plan of many."""
        return relative_gap(self.value, self.bound) / 20 if np.isfinite(self.value) else FIRST_GAP

    def _short(self) -> float:
        left = self.clock.left
        return 2.0 if left is None else min(2.0, left)

    def _take(self, found: Found | None) -> None:
        if found is not None and found.value < self.value:
            self.best = found
            self._told(found.serves)

    def _kept(self, alive: list[np.ndarray], bound: Bound) -> list[np.ndarray]:
        """Sets that could still be part of a better plan."""
        slack = self.value - bound.value
        return [a & (v - v.min() <= slack) for a, v in zip(alive, bound.values, strict=True)]

    def _split(self, node: Node, bound: Bound) -> list[list[np.ndarray]]:
        """Two halves: with and without the pair that the master is least sure of; else with and without one set."""
        halves = self._by_pair(node, bound) or self._by_set(node, bound)
        if halves is None:
            return [node.alive]
        d, mine = halves
        return [
            [a & mine if i == d else a for i, a in enumerate(node.alive)],
            [a & ~mine if i == d else a for i, a in enumerate(node.alive)],
        ]

    def _by_pair(self, node: Node, bound: Bound) -> tuple[int, np.ndarray] | None:
        share: dict[tuple[int, int], float] = {}
        for (d, k), part in bound.shares.items():
            if k >= 0:
                some = self.columns.sets[d]
                for h in some.members[k][some.distinct[k]].tolist():
                    share[d, h] = share.get((d, h), 0.0) + part
        doubt = {
            pair: min(part, 1 - part) * float(self.columns.sets[pair[0]].people.sum())
            for pair, part in share.items()
            if 1e-6 < part < 1 - 1e-6
        }
        for d, h in sorted(doubt, key=lambda pair: (-doubt[pair], pair)):
            some = self.columns.sets[d]
            mine = ((some.members == h) & some.distinct).any(axis=1)
            if (node.alive[d] & mine).any() and (node.alive[d] & ~mine).any():
                return d, mine
        return None

    def _by_set(self, node: Node, bound: Bound) -> tuple[int, np.ndarray] | None:
        sizes = [int(a.sum()) for a in node.alive]
        d = int(np.argmax(sizes))
        if sizes[d] <= 1:
            return None
        mine = np.zeros(len(node.alive[d]), dtype=bool)
        mine[int(np.where(node.alive[d], bound.values[d], np.inf).argmin())] = True
        return d, mine


COLUMNS = FastEngine(
    "columns",
    frozenset({
        "counted", "allowed", "pinned", "within", "district_cap", "hospital_cap", "capacity", "excess_price", "pair_scores", "demand",
    }),
    misfit,
    solve_by_columns,
    Text("one goal, under caps and capacities", "单一目标，受上限和承载约束"),
)  # fmt: skip

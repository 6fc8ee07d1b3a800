"""The prices of a node: a master over sets of partners and who serves each unit, solved until its prices prove no more.

The master is that of FORMULATION.md, "By columns", with one more row for each earlier goal that is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gridplan.optimise.engines.columns.partner_sets import DistrictSets, district_sets
from gridplan.optimise.model.highs_door import Master
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.proving.leaf import Leaf

ROUNDS = 60  # of pricing at one node
NEW = 3  # sets that a district adds in a round
MEET = 1e-9
UNSURE = 1e-6  # share from which a pair or a unit is in doubt
DIGITS = 12  # of a price in the file


@dataclass(frozen=True, eq=False)
class Node:
    """What is left at a node: per district which sets, which units must or must not go somewhere, the prices above."""

    alive: list[np.ndarray]
    units: tuple[tuple[int, int, int, bool], ...]
    start: Leaf


class SplitUnit(NamedTuple):
    """A unit, its place in its district d, of which the master has a part at h; weight: residents that are not sure."""

    weight: float
    d: int
    h: int
    u: int


class Sets:
    """The sets of all districts with the cost of the goal and of those kept, and a master over the sets found so far."""

    def __init__(self, p: Problem, stage: Stage, kept: Sequence[tuple[Stage, float]]) -> None:
        self.problem = p
        self.limits = np.array([limit for _, limit in kept])
        counted = stage.change_price * (p.counted[None, :] & p.changeable)
        # (D, H) of a chosen pair, and what ending all of today's costs
        self.fixed = np.where(p.existing, -counted, counted)
        self.ending = float((p.existing * counted).sum())
        self.sets = district_sets(p)
        self.costs = [self._costs(p, s, self.sets) for s in (stage, *(s for s, _ in kept))]
        self.capped = np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP))
        self.limited = np.flatnonzero(np.isfinite(p.capacity))
        self.scale = max(1.0, float(p.people.mean()))
        districts = len(self.sets)
        lower = [*np.ones(districts), *np.full(len(self.capped) + len(self.limited) + len(kept), -np.inf)]
        upper = [
            *np.ones(districts), *p.hospital_cap[self.capped].astype(float), *p.capacity[self.limited] / self.scale,
            *self.limits / self.scale,
        ]  # fmt: skip
        self._master = Master(np.array(lower), np.array(upper))
        self._first_kept = districts + len(self.capped) + len(self.limited)
        self._of: list[tuple[int, int]] = [(d, -1) for d in range(districts)]
        self._serves = [np.full(len(some.units), -1) for some in self.sets]  # of each column
        # (n, H) bool by district: where its units may not go at this node
        self._shut: dict[int, np.ndarray] = {}
        self._known: set[tuple[int, int, bytes]] = set()
        top = 10 * max(1.0, sum(self._dearest(c) for c in self.costs[0])) / self.scale
        for d in range(districts):  # a way out for every district, dearer than any plan
            self._master.add(top, [d], [1.0])

    @staticmethod
    def _costs(p: Problem, stage: Stage, sets: list[DistrictSets]) -> list[np.ndarray]:
        cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
        usable = p.usable
        cost[p.unit[usable], p.hospital[usable]] = p.weight(stage)[p.unit[usable]] * stage.cost[usable]
        return [cost[some.units] for some in sets]

    @staticmethod
    def _dearest(cost: np.ndarray) -> float:
        return float(
            np.maximum(0.0, np.where(np.isfinite(cost), cost, -np.inf).max(axis=1, initial=0.0)).sum()
        )

    def none(self) -> Leaf:
        """No prices at all."""
        hospitals = len(self.problem.hospital_ids)
        return Leaf(np.zeros(hospitals), np.zeros(hospitals), np.zeros(len(self.limits)), -np.inf)

    def alive(self) -> list[np.ndarray]:
        """Every set of every district."""
        return [np.ones(len(some.members), dtype=bool) for some in self.sets]

    def _priced(self, d: int, leaf: Leaf, costless: bool) -> DistrictSets:
        """A district at the prices of the earlier goals."""
        cost = self.costs[0][d]
        if d in self._shut:
            cost = np.where(self._shut[d], np.inf, cost)
        if costless:
            cost = np.where(np.isfinite(cost), 0.0, np.inf)
        for price, other in zip(leaf.kept, self.costs[1:], strict=True):
            if price:
                cost = cost + price * np.where(np.isfinite(other[d]), other[d], 0.0)
        return replace(self.sets[d], cost=cost)

    def values(self, leaf: Leaf, alive: list[np.ndarray], costless: bool = False) -> list[np.ndarray]:
        """Per district, what each set costs at the prices of a leaf."""
        priced = [self._priced(d, leaf, costless) for d in range(len(self.sets))]
        if costless:
            return [
                some.values(leaf.people, a) + some.places(leaf.places)
                for some, a in zip(priced, alive, strict=True)
            ]
        prices = [leaf.places + fixed for fixed in self.fixed]
        return [
            some.values(leaf.people, a) + some.places(price) + self._way_there(some, price, leaf, a)
            for some, price, a in zip(priced, prices, alive, strict=True)
        ]

    def _way_there(
        self, some: DistrictSets, price: np.ndarray, leaf: Leaf, alive: np.ndarray
    ) -> np.ndarray | float:
        """What it adds per set that members who bring money, today's partners that stay, serve somebody."""
        paid = price[some.members] < 0
        touched = alive & (paid & some.distinct).any(axis=1) if some.members.shape[1] else np.zeros(0, bool)
        if not touched.any():
            return 0.0
        cost, more = some.cost + some.people[:, None] * leaf.people, np.zeros(len(some.members))
        for k in np.flatnonzero(touched).tolist():
            below = cost[:, some.at_hand(k)].min(axis=1)
            if np.isfinite(below).all():
                own = some.members[k][some.distinct[k] & paid[k]]
                more[k] = float((cost[:, own] - below[:, None]).min(axis=0, initial=np.inf).sum())
        return more

    def total(self, leaf: Leaf, values: list[np.ndarray], costless: bool = False) -> float:
        """The bound that prices prove."""
        p = self.problem
        paid = 0.0 if costless else -self.ending
        paid += float((leaf.people[self.limited] * p.capacity[self.limited]).sum())
        paid += float((leaf.places[self.capped] * p.hospital_cap[self.capped]).sum())
        paid += float((leaf.kept * self.limits).sum())
        return sum(float(v.min(initial=np.inf)) for v in values) - paid

    def bound(self, node: Node, enough: float) -> tuple[Leaf, dict[int, float]]:
        """The best prices of a node, and the master's share of each column; inf where no plan fits."""
        alive, start = node.alive, node.start
        self._shut = self._closed(node.units)
        columns = zip(self._of, self._serves, strict=True)
        self._master.let_in(
            np.array([k < 0 or (alive[d][k] and self._may(d, serves)) for (d, k), serves in columns])
        )
        leaf, best = start, replace(start, bound=-np.inf, costless=False)
        shares: dict[int, float] = {}
        for _ in range(ROUNDS):
            values = self.values(leaf, alive)
            total = self.total(leaf, values)
            if total > best.bound:
                best = replace(leaf, bound=total)
            if best.bound >= enough:
                break
            new = sum(self._add(d, k, leaf) for d, v in enumerate(values) for k in _cheapest(v))
            solved = self._master.solve()
            if solved is None:
                break
            shares = {i: float(solved.shares[i]) for i in np.flatnonzero(solved.shares > 1e-9).tolist()}
            now = self._prices(solved.rows)
            if any(self._of[i][1] < 0 for i in shares):
                none_fits = self.total(now, self.values(now, alive, True), True)
                if none_fits > 1e-9 * max(1.0, float(now.places.sum() + now.people.sum())):
                    return replace(now, bound=np.inf, costless=True), {}
            elif solved.value * self.scale - best.bound <= MEET * max(1.0, abs(best.bound)):
                break
            leaf = now if not new else _between(best, now)
        return best, shares

    def _closed(self, units: tuple[tuple[int, int, int, bool], ...]) -> dict[int, np.ndarray]:
        shut: dict[int, np.ndarray] = {}
        for d, u, h, inside in units:
            mine = shut.setdefault(d, np.zeros(self.costs[0][d].shape, dtype=bool))
            mine[u] |= (np.arange(mine.shape[1]) != h) if inside else (np.arange(mine.shape[1]) == h)
        return shut

    def _may(self, d: int, serves: np.ndarray) -> bool:
        return d not in self._shut or not self._shut[d][np.arange(len(serves)), serves].any()

    def doubts(self, shares: dict[int, float]) -> tuple[dict[tuple[int, int], float], list[SplitUnit]]:
        """How much of each pair (d, h) the master has chosen, and the units that it splits between hospitals."""
        pairs: dict[tuple[int, int], float] = {}
        at: dict[int, np.ndarray] = {}
        for i, part in shares.items():
            d, k = self._of[i]
            some = self.sets[d]
            if k < 0:
                continue
            for h in some.members[k][some.distinct[k]].tolist():
                pairs[d, h] = pairs.get((d, h), 0.0) + part
            served = at.setdefault(d, np.zeros(some.cost.shape))
            served[np.arange(len(served)), self._serves[i]] += part
        split: list[SplitUnit] = []
        for d, served in at.items():
            share = np.minimum(served, 1 - served)
            for u in np.flatnonzero(share.max(axis=1) > UNSURE).tolist():
                h = int(share[u].argmax())
                split.append(SplitUnit(float(share[u, h] * self.sets[d].people[u]), d, h, u))
        return pairs, split

    def _add(self, d: int, choice: int, leaf: Leaf) -> bool:
        some = self._priced(d, leaf, costless=False)
        serves = self._with_everybody(d, choice, some, leaf)
        key = (d, choice, serves.tobytes())
        if key in self._known:
            return False
        self._known.add(key)
        each = np.arange(len(serves))
        load = np.bincount(serves, weights=some.people, minlength=len(leaf.people))
        entries = {d: 1.0}
        rows = {int(h): len(self.sets) + i for i, h in enumerate(self.capped)}
        for h in {*some.pinned.tolist(), *some.members[choice][some.distinct[choice]].tolist()} & rows.keys():
            entries[rows[h]] = 1.0
        for i, h in enumerate(self.limited.tolist()):
            if load[h]:
                entries[len(self.sets) + len(self.capped) + i] = float(load[h]) / self.scale
        for n, cost in enumerate(self.costs[1:]):
            spent = float(cost[d][each, serves].sum())
            if spent:
                entries[self._first_kept + n] = spent / self.scale
        own = float(self.costs[0][d][each, serves].sum()) + float(some.places(self.fixed[d])[choice])
        self._master.add(own / self.scale, list(entries), list(entries.values()))
        self._of.append((d, choice))
        self._serves.append(serves)
        return True

    def _with_everybody(self, d: int, choice: int, some: DistrictSets, leaf: Leaf) -> np.ndarray:
        """Who serves each unit of a set; a partner that brings money gets its best unit, where it would have none."""
        serves = some.serve(choice, leaf.people)
        own = some.members[choice][some.distinct[choice]]
        for h in own[(leaf.places + self.fixed[d])[own] < 0].tolist():
            if len(serves) and not (serves == h).any():
                cost = some.cost + some.people[:, None] * leaf.people
                serves[int((cost[:, h] - cost[np.arange(len(serves)), serves]).argmin())] = h
        return serves

    def _prices(self, duals: np.ndarray) -> Leaf:
        leaf = self.none()
        first = len(self.sets)
        for i, h in enumerate(self.capped.tolist()):
            leaf.places[h] = _price(-float(duals[first + i]) * self.scale)
        for i, h in enumerate(self.limited.tolist()):
            leaf.people[h] = _price(-float(duals[first + len(self.capped) + i]))
        for n in range(len(self.limits)):
            leaf.kept[n] = _price(-float(duals[self._first_kept + n]))
        return leaf


def _between(best: Leaf, now: Leaf) -> Leaf:
    """Half-way between the best prices so far and the master's, which swing."""
    return replace(
        now,
        places=_rounded((best.places + now.places) / 2),
        people=_rounded((best.people + now.people) / 2),
        kept=_rounded((best.kept + now.kept) / 2),
    )


def _rounded(prices: np.ndarray) -> np.ndarray:
    return np.array([_price(x) for x in prices.tolist()])


def _price(value: float) -> float:
    return float(f"{max(0.0, value):.{DIGITS}g}")


def _cheapest(values: np.ndarray) -> list[int]:
    few = min(NEW, len(values))
    order = np.argpartition(values, few - 1)[:few] if few else np.zeros(0, dtype=int)
    kept: list[int] = order[np.isfinite(values[order])].tolist()
    return kept

"""Make a plan's parts hang together, keep the capacities, and move border units as long as it helps."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gridplan.geography.adjacency import components
from gridplan.optimise.model.goal_rows import listed_pairs
from gridplan.optimise.model.separators import fragments, neighbours_of
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock

BETTER = 1e-9
LARGE = 5  # units of a fragment that is worth a bridge


@dataclass
class Mender:
    """What stays the same for every plan of a problem: costs and who touches whom."""

    problem: Problem
    cost: np.ndarray = field(init=False)
    beside: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        p = self.problem
        self.cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
        k = np.flatnonzero(p.usable)
        self.cost[p.unit[k], p.hospital[k]] = p.weight(p.stages[0])[p.unit[k]] * p.stages[0].cost[k]
        self.beside = neighbours_of(p)

    def value(self, serves: np.ndarray) -> float:
        """Σ cost."""
        return float(self.cost[np.arange(len(serves)), serves].sum())

    def mended(self, serves: np.ndarray, clock: Clock) -> np.ndarray | None:
        """A plan with the same pairs or fewer whose parts hang together within the capacities; None where none was found.

        Large fragments join the parts beside them, or are bridged to their own: the better of both.
        """
        made = self._worked(serves, clock)
        bridged = self._bridged(serves)
        other = None if bridged is None or clock.over else self._worked(bridged, clock)
        if made is None or other is None:
            return other if made is None else made
        return min(made, other, key=self.value)

    def _bridged(self, serves: np.ndarray) -> np.ndarray | None:
        """Large fragments bridged to the largest one of their part by the units that go over cheapest; None where there are none."""
        out, done = serves.copy(), False
        for parts in fragments(self.problem, serves):
            h = int(serves[parts[0][0]])
            for part in parts[1:]:
                if len(part) >= LARGE:
                    way = self._way(list(part), set(parts[0]), h, out)
                    out[way], done = h, done or bool(way)
        return out if done else None

    def _way(self, start: list[int], goal: set[int], h: int, serves: np.ndarray) -> list[int]:
        """The units between a fragment and another that go over to a hospital cheapest; none where there is no such way."""
        heap, before, closed = [(0.0, u, -1) for u in start], dict[int, int](), set[int]()
        heapq.heapify(heap)
        while heap:
            paid, u, came = heapq.heappop(heap)
            if u in closed:
                continue
            closed.add(u)
            before[u] = came
            if u in goal:
                way = []
                while u >= 0:
                    way.append(u)
                    u = before[u]
                return way
            for v in self.beside[u]:
                if v not in closed and np.isfinite(self.cost[v, h]):
                    more = max(0.0, float(self.cost[v, h] - self.cost[v, serves[v]]))
                    heapq.heappush(heap, (paid + more, v, u))
        return []

    def _worked(self, serves: np.ndarray, clock: Clock) -> np.ndarray | None:
        whole = self._joined(serves)
        if whole is None:
            return None
        work = _Work(self, whole)
        if not work.lighten(clock):
            return None
        work.improve(clock)
        return self._without_strangers(work.serves)

    def _without_strangers(self, serves: np.ndarray) -> np.ndarray | None:
        """Units where nobody lives stay with hospitals that are partners of their district."""
        p, out = self.problem, serves.copy()
        stranger = (p.people == 0) & ~listed_pairs(p, serves)[p.district, serves]
        if not stranger.any():
            return out
        out[stranger] = -1
        return self._joined(out)

    def _joined(self, serves: np.ndarray) -> np.ndarray | None:
        """Each stray part to the parts beside it, unit by unit, the cheapest first."""
        out = serves.copy()
        for parts in fragments(self.problem, serves):
            for part in parts[1:]:
                out[part] = -1
        offers = [offer for u in np.flatnonzero(out < 0).tolist() for offer in self._offers(u, out, serves)]
        heapq.heapify(offers)
        while offers:
            _, u, h = heapq.heappop(offers)
            if out[u] < 0:
                out[u] = h
                for v in self.beside[u]:
                    if out[v] < 0 and np.isfinite(self.cost[v, h]):
                        heapq.heappush(offers, self._offer(v, h, serves))
        self._fill_pieces(out)
        return out if (out >= 0).all() and np.isfinite(self.value(out)) else None

    def _fill_pieces(self, out: np.ndarray) -> None:
        """Pieces in which nobody is served yet, at a partner of their district that all of the piece can reach."""
        p = self.problem
        if (out >= 0).all() or p.neighbours is None:
            return
        pieces = components(len(out), p.neighbours)
        known = out >= 0
        for piece in np.unique(pieces[~known]).tolist():
            mine = ~known & (pieces == piece)
            d = int(p.district[mine.argmax()])
            partners = np.unique(np.append(out[known & (p.district == d)], np.flatnonzero(p.pinned[d])))
            fit = [h for h in partners.tolist() if np.isfinite(self.cost[mine, h]).all()]
            if fit:
                out[mine] = fit[0]

    def _offers(self, u: int, out: np.ndarray, before: np.ndarray) -> Iterator[tuple[float, int, int]]:
        for h in {int(out[v]) for v in self.beside[u]} - {-1}:
            if np.isfinite(self.cost[u, h]):
                yield self._offer(u, h, before)

    def _offer(self, u: int, h: int, before: np.ndarray) -> tuple[float, int, int]:
        more = self.cost[u, h] - (self.cost[u, before[u]] if before[u] >= 0 else 0.0)
        return float(more / max(1, self.problem.people[u])), u, h


class _Work:
    """A plan whose parts hang together, being changed one border unit at a time."""

    def __init__(self, mender: Mender, serves: np.ndarray) -> None:
        p = mender.problem
        self.m, self.serves, self.people, self.capacity = mender, serves, p.people, p.capacity
        self.load = np.bincount(serves, weights=p.people, minlength=len(p.hospital_ids))

    def lighten(self, clock: Clock) -> bool:
        """Move border units away from hospitals that are too full; False where that leads nowhere."""
        while True:
            full = np.flatnonzero(self.load > self.capacity)
            if not len(full):
                return True
            if clock.over:
                return False
            units = np.flatnonzero(np.isin(self.serves, full)).tolist()
            if not self._first([move for u in units for move in self._moves(u, per_person=True)]):
                return False

    def improve(self, clock: Clock) -> None:
        """Moves that pay off, and two at a time where the first needs capacity that the second frees, until there is none."""
        least = BETTER * max(1.0, self.m.value(self.serves))
        self._move_all(least, clock)
        while not clock.over and self._in_pairs(least, clock):
            self._move_all(least, clock)

    def _move_all(self, least: float, clock: Clock) -> None:
        todo = set(range(len(self.serves)))
        while todo and not clock.over:
            u = todo.pop()
            moves = [move for move in self._moves(u, per_person=False) if move[0] < -least]
            if self._first(moves):
                todo |= self.m.beside[u] | {u}

    def _in_pairs(self, least: float, clock: Clock) -> bool:
        """Each wish of a unit for a part without spare capacity, the most paying first, with the cheapest move that frees it."""
        every = range(len(self.serves))
        away: dict[int, list[tuple[float, int, int]]] = {}
        for move in (move for u in every for move in self._moves(u, per_person=False)):
            away.setdefault(int(self.serves[move[1]]), []).append(move)
        for moves in away.values():
            moves.sort()
        done = False
        wishes = sorted(wish for u in every for wish in self._wishes(u, least))
        for gain, u, h in wishes:
            if clock.over:
                break
            done |= self._pair(gain, u, h, away.get(h, []), least)
        return done

    def _pair(self, gain: float, u: int, h: int, away: list[tuple[float, int, int]], least: float) -> bool:
        """Whether a unit went to a hospital that another one left for it."""
        before = int(self.serves[u])
        for more, v, to in away:
            if gain + more >= -least:
                return False
            if v == u or self.serves[v] != h or not self._still(v, to) or self.serves[u] == h:
                continue
            frees = self.load[h] - self.people[v] + self.people[u] <= self.capacity[h]
            fits = self.load[to] + self.people[v] <= self.capacity[to] + (
                self.people[u] if to == before else 0
            )
            if not frees or not fits or not self._may_leave(v):
                continue
            self._go(v, to)
            if self._still(u, h) and self._may_leave(u):
                self._go(u, h)
                return True
            self._go(v, h)
        return False

    def _still(self, u: int, h: int) -> bool:
        """Whether a unit still stands beside a hospital's part."""
        return any(self.serves[v] == h for v in self.m.beside[u])

    def _wishes(self, u: int, least: float) -> Iterator[tuple[float, int, int]]:
        """Moves that would pay off, had the hospital the capacity."""
        for more, h in self._beside(u):
            if more < -least and self.load[h] + self.people[u] > self.capacity[h]:
                yield more, u, h

    def _moves(self, u: int, per_person: bool) -> Iterator[tuple[float, int, int]]:
        """What it costs to move a unit to a part beside it with spare capacity."""
        for more, h in self._beside(u):
            if self.load[h] + self.people[u] <= self.capacity[h]:
                yield (more / max(1, self.people[u]) if per_person else more), u, h

    def _beside(self, u: int) -> Iterator[tuple[float, int]]:
        """The parts beside a unit that it may go to, each with what that costs more."""
        now = int(self.serves[u])
        for h in {int(self.serves[v]) for v in self.m.beside[u]} - {now}:
            more = float(self.m.cost[u, h] - self.m.cost[u, now])
            if np.isfinite(more):
                yield more, h

    def _go(self, u: int, h: int) -> None:
        self.load[self.serves[u]] -= self.people[u]
        self.load[h] += self.people[u]
        self.serves[u] = h

    def _first(self, moves: list[tuple[float, int, int]]) -> bool:
        """Make the cheapest move that tears no part apart."""
        for _, u, h in sorted(moves):
            if self._may_leave(u):
                self._go(u, h)
                return True
        return False

    def _may_leave(self, u: int) -> bool:
        """Whether the neighbours in a unit's own part still reach each other without it."""
        h = self.serves[u]
        mine = {v for v in self.m.beside[u] if self.serves[v] == h}
        if len(mine) < 2:
            return True
        missing = set(mine)
        front = [missing.pop()]
        seen = {u, front[0]}
        while front and missing:
            for v in self.m.beside[front.pop()]:
                if v not in seen and self.serves[v] == h:
                    seen.add(v)
                    missing.discard(v)
                    front.append(v)
        return not missing

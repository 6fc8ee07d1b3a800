"""Loads of grids within their limits by chains: what is too much in one grid goes from neighbour to neighbour to where
there is room, and what is too little comes the same way. Prices alone end where every neighbour is full, too.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from gridplan.optimise.engines.grids.partition import Partition
from gridplan.optimise.run.clock import Clock

TRIES = 6  # chains for one grid, each without the unit that broke the last
CHAINS = 20  # per grid: each lessens what is wrong, if by little
HOP = 0.02  # mean costs of a unit that a move costs besides: of chains that cost the same the shortest


def settle(s: Partition, clock: Clock) -> bool:
    """Whether all grids of a search are within their limits, after chains of moves that lessen what is wrong."""
    hopeless: set[int] = set()
    for _ in range(CHAINS * len(s.leads)):
        wrong = [(s.wrong(h), -h) for h in s.leads.tolist() if h not in hopeless and s.wrong(h)]
        if not wrong or clock.over:
            break
        h = -max(wrong)[1]
        if _one_chain(s, h):
            hopeless.clear()
        else:
            hopeless.add(h)
    return not any(s.wrong(h) for h in s.leads.tolist())


def trade(s: Partition, clock: Clock) -> None:
    """Units to grids that are nearer but full, each with a chain that makes room there for less than is won."""
    won = True
    while won:
        won = False
        for u in range(len(s.serves)):
            if u % 64 == 0 and clock.over:
                return
            if u not in s.kept and s.people[u] > 0:
                won = _better_off(s, u) or won


def _better_off(s: Partition, u: int) -> bool:
    """Take a unit to the grid that is best for it and can make room; False, and nothing done, where there is none."""
    g, tiny = s.serves[u], 1e-6 * max(1.0, s.people[u] * s.span)
    for gain, h in sorted((s.cost[u][h] - s.cost[u][g], h) for h in s.offers(u) if h != g):
        if gain >= -tiny:
            return False
        if s.load[g] - s.people[u] < s.low[g] - 1e-6 or not s.removable(u, g):
            continue
        s.move(u, h)
        if not s.wrong(h):
            return True
        moves = _found(s, h, {u}, -gain - tiny)
        if moves is not None and _made(s, moves) is None:
            paid = sum(s.cost[v][to] - s.cost[v][one] for v, one, to in moves)
            if gain + paid < -tiny and not any(s.wrong(k) for k in {k for _, *two in moves for k in two}):
                return True
            _undo(s, moves)
        s.move(u, g)
    return False


def _one_chain(s: Partition, start: int) -> bool:
    """Make one chain from a grid that has too many or too few residents; False, and nothing done, where there is none."""
    spoilt: set[int] = set()
    for _ in range(TRIES):
        moves = _found(s, start, spoilt)
        if moves is None:
            return False
        touched = {h for _, *two in moves for h in two}
        before = sum(s.wrong(h) for h in touched)
        broken = _made(s, moves)
        if broken is None:
            if sum(s.wrong(h) for h in touched) < before - 1e-6:
                return True
            _undo(s, moves)
        spoilt.add(moves[-1][0] if broken is None else broken)
    return False


def _made(s: Partition, moves: list[tuple[int, int, int]]) -> int | None:
    """Make the moves of a chain; where one cannot be made, none is, and its unit is named."""
    for n, (u, g, h) in enumerate(moves):
        if not (s.serves[u] == g and h in s.offers(u) and s.removable(u, g)):
            _undo(s, moves[:n])
            return u
        s.move(u, h)
    return None


def _undo(s: Partition, moves: list[tuple[int, int, int]]) -> None:
    for u, g, _ in reversed(moves):
        s.move(u, g)


def _found(
    s: Partition, start: int, spoilt: set[int], most: float = float("inf")
) -> list[tuple[int, int, int]] | None:
    """The cheapest chain: unit, from, to; the move farthest from the grid comes first.

    None where no room is reached for less than `most`.
    """
    over = s.load[start] > s.high[start]
    hop = HOP * s.span * sum(s.people) / max(1, len(s.people))
    paid, need, way = {start: 0.0}, {start: s.wrong(start)}, dict[int, tuple[int, int]]()
    heap, done = [(0.0, start)], set[int]()
    while heap:
        so_far, g = heapq.heappop(heap)
        if g in done:
            continue
        done.add(g)
        if need[g] <= 0:
            return _moves(way, g, start, over)
        for u, h in _steps(s, g, over):
            much = s.people[u]
            if u in spoilt or h in done or much <= 0 or (g != start and much < need[g]):
                continue
            if not _stays(s, g, much, need[g], over):
                continue
            one, other = (g, h) if over else (h, g)
            price = so_far + hop + max(0.0, s.cost[u][other] - s.cost[u][one])
            if price < min(most, paid.get(h, float("inf"))) and s.removable(u, one):
                paid[h], way[h] = price, (u, g)
                need[h] = s.load[h] + much - s.high[h] if over else s.low[h] - s.load[h] + much
                heapq.heappush(heap, (price, h))
    return None


def _stays(s: Partition, g: int, much: float, need: float, over: bool) -> bool:
    """Whether a grid that hands on so many (or takes so many in) is not left with too few (or too many)."""
    if over:
        return s.high[g] + need - much >= s.low[g] - 1e-6
    return s.low[g] - need + much <= s.high[g] + 1e-6


def _steps(s: Partition, g: int, over: bool) -> Iterator[tuple[int, int]]:
    """Unit and other grid: those that may leave a grid, or those that may join it; campuses stay."""
    if over:
        for u in sorted(s.units[g]):
            if u not in s.kept:
                yield from ((u, h) for h in s.offers(u) if h != g and s.cost[u][h] < float("inf"))
        return
    if s.area.connected:
        near = {v for u in s.units[g] for v in s.beside[u]} | s.loose
    else:
        near = set(range(len(s.serves)))
    for u in sorted(near):
        if s.serves[u] != g and u not in s.kept and s.cost[u][g] < float("inf"):
            yield u, s.serves[u]


def _moves(way: dict[int, tuple[int, int]], end: int, start: int, over: bool) -> list[tuple[int, int, int]]:
    moves, h = [], end
    while h != start:
        u, g = way[h]
        moves.append((u, g, h) if over else (u, h, g))
        h = g
    return moves

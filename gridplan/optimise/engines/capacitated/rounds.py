"""Rounds of ruin and recreate, one number at a time: compiled where numba is installed, the same answers where not.

Heavy to import where numba is installed; who needs it imports it when it is used. A round takes some neighbouring units
out, or closes a site, opens sites that save most, and puts every unit back where it costs least. Units beyond a capacity
cost a price each, which rises while there are any. Worse plans are kept by chance, less and less often (annealing).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numpy as np

F = TypeVar("F", bound=Callable[..., object])
CLOSING = 0.45  # share of rounds that close a site
TAKEN = 18  # units that a round takes out at most, where it closes none
BESIDE = 10  # units of neighbours that go with a closed site
# Chance of a neighbour's unit to go: beside a closed site; in half of the other rounds; in the other half.
FEW, MANY, ALL = 0.3, 0.6, 1.0
AROUND = 6  # open sites around a unit that a round touches
NEAR_SITES = 12  # closed sites near a unit that may be opened
BLINK = 0.02  # of the sites are passed over
MIDDLE = 15  # sites that are looked at as the middle of a group
MODULUS, FACTOR = 2_147_483_647, 48_271  # Park and Miller's random numbers: the same in every Python


def _compiler() -> Callable[[F], F] | None:
    try:
        from numba import njit
    except ImportError:
        return None

    def compile_(function: F) -> F:
        try:
            return cast("F", njit(cache=True)(function))
        except RuntimeError:  # nowhere to keep what it compiled
            return cast("F", njit(function))

    return compile_


COMPILER = _compiler()


def compiled(function: F) -> F:
    """The function, compiled at its first call where numba is installed."""
    return function if COMPILER is None else COMPILER(function)


class Sites(NamedTuple):
    """The problem.

    Parameters
    ----------
    cost, use : (n, m) of a unit at a site, cost inf where it cannot go.
    capacity, extra : (m,) capacity, and price of opening.
    always : (m,) sites that are open in every plan.
    near : (n, K) the cheapest sites of each unit, in order.
    most : how many sites may be open beside those always open.
    """

    cost: np.ndarray
    use: np.ndarray
    capacity: np.ndarray
    extra: np.ndarray
    always: np.ndarray
    near: np.ndarray
    most: int


class Groups(NamedTuple):
    """A plan that is being changed.

    Parameters
    ----------
    serves : (n,) site of each unit, -1 while it has none.
    load, members : (m,) use, and how many units, of each site.
    first, after, before : units of each site, as a chain.
    sums : value, use beyond capacities, value of the best plan.
    numbers : sites open beside those always open, the last random number.
    best : (n,) the best plan that keeps every capacity.
    """

    serves: np.ndarray
    load: np.ndarray
    members: np.ndarray
    first: np.ndarray
    after: np.ndarray
    before: np.ndarray
    sums: np.ndarray
    numbers: np.ndarray
    best: np.ndarray


@compiled
def _chance(g: Groups) -> float:
    """A random number between 0 and 1."""
    g.numbers[1] = g.numbers[1] * FACTOR % MODULUS
    return g.numbers[1] / MODULUS


@compiled
def _beyond(load: float, capacity: float) -> float:
    return max(0.0, load - capacity)


@compiled
def take(p: Sites, g: Groups, u: int) -> None:
    """A unit out of its site."""
    h = g.serves[u]
    g.sums[1] -= _beyond(g.load[h], p.capacity[h])
    g.load[h] -= p.use[u, h]
    g.members[h] -= 1
    if g.members[h] == 0:
        g.load[h] = 0.0
        if not p.always[h]:
            g.numbers[0] -= 1
            g.sums[0] -= p.extra[h]
    g.sums[1] += _beyond(g.load[h], p.capacity[h])
    g.sums[0] -= p.cost[u, h]
    if g.before[u] >= 0:
        g.after[g.before[u]] = g.after[u]
    else:
        g.first[h] = g.after[u]
    if g.after[u] >= 0:
        g.before[g.after[u]] = g.before[u]
    g.serves[u] = -1


@compiled
def put(p: Sites, g: Groups, u: int, h: int) -> None:
    """A unit into a site, which is opened if need be."""
    if g.members[h] == 0 and not p.always[h]:
        g.numbers[0] += 1
        g.sums[0] += p.extra[h]
    g.sums[1] -= _beyond(g.load[h], p.capacity[h])
    g.load[h] += p.use[u, h]
    g.members[h] += 1
    g.sums[1] += _beyond(g.load[h], p.capacity[h])
    g.sums[0] += p.cost[u, h]
    g.before[u] = -1
    g.after[u] = g.first[h]
    if g.first[h] >= 0:
        g.before[g.first[h]] = u
    g.first[h] = u
    g.serves[u] = h


@compiled
def _ruin(p: Sites, g: Groups, out: np.ndarray) -> int:
    """Take units out around one, with their whole site or by chance; how many, listed in `out`."""
    n, near = p.cost.shape[0], p.near.shape[1]
    centre = min(n - 1, int(_chance(g) * n))
    own = g.serves[centre]
    closing = not p.always[own] and _chance(g) < CLOSING
    many = 0
    if closing:
        u = g.first[own]
        while u >= 0:
            out[many] = u
            many += 1
            u = g.after[u]
        size = many + int(_chance(g) * BESIDE)
    else:
        size = 1 + int(_chance(g) * TAKEN)
    met = 0
    for k in range(near):
        h = p.near[centre, k]
        if many >= size or met >= AROUND:
            break
        if g.members[h] == 0 or (closing and h == own):
            continue
        met += 1
        chance = FEW if closing else ALL if _chance(g) < 0.5 else MANY
        u = g.first[h]
        while u >= 0 and many < size:
            if chance == ALL or _chance(g) < chance:
                out[many] = u
                many += 1
            u = g.after[u]
    return many


@compiled
def _farther(p: Sites, g: Groups, u: int) -> float:
    """What a unit without a site expects to pay: half as much again as at its cheapest open site."""
    for k in range(p.near.shape[1]):
        h = p.near[u, k]
        if (g.members[h] > 0 or p.always[h]) and p.cost[u, h] < math.inf:
            return 1.5 * p.cost[u, h]
    return 2.0 * p.cost[u, p.near[u, 0]]


@compiled
def _open(p: Sites, g: Groups, out: np.ndarray, many: int, pays: np.ndarray) -> None:
    """Open sites near units that are out, each where it saves most, as chance sees it."""
    for _ in range(8):
        if g.numbers[0] >= p.most:
            return
        for j in range(many):
            pays[j] = _farther(p, g, out[j]) if g.serves[out[j]] < 0 else 0.0
        u = out[min(many - 1, int(_chance(g) * many))]
        if p.extra[p.near[u, 0]] > 0 and _chance(g) < 0.3:
            return
        found, least = -1, 0.0
        for k in range(min(NEAR_SITES, p.near.shape[1])):
            h = p.near[u, k]
            if g.members[h] > 0 or p.always[h] or p.cost[u, h] == math.inf:
                continue
            total = p.extra[h]
            for j in range(many):
                total -= max(0.0, pays[j] - p.cost[out[j], h])
            total *= 0.7 + 0.6 * _chance(g)
            if total < least:
                least, found = total, h
        if found < 0:
            continue
        nearest = -1
        for j in range(many):
            v = out[j]
            if g.serves[v] < 0 and p.use[v, found] <= p.capacity[found] and p.cost[v, found] < math.inf:  # noqa: SIM102
                if nearest < 0 or p.cost[v, found] < p.cost[nearest, found]:
                    nearest = v
        if nearest >= 0:
            put(p, g, nearest, found)


@compiled
def _in_order(p: Sites, g: Groups, out: np.ndarray, many: int, rank: np.ndarray) -> None:
    """Sort the units that are out, in one of four ways: large first, by chance, near first, those with most to lose."""
    how = _chance(g)
    for j in range(many):
        u = out[j]
        nearest = p.near[u, 0]
        if how < 0.35:
            rank[j] = -p.use[u, nearest]
        elif how < 0.6:
            rank[j] = _chance(g)
        elif how < 0.8:
            rank[j] = p.cost[u, nearest]
        else:
            one, two = math.inf, math.inf
            for k in range(p.near.shape[1]):
                h = p.near[u, k]
                if g.members[h] > 0 or p.always[h]:
                    if one == math.inf:
                        one = p.cost[u, h]
                    else:
                        two = p.cost[u, h]
                        break
            rank[j] = one - two if two < math.inf else -math.inf
    for j in range(1, many):
        u, mine, k = out[j], rank[j], j
        while k > 0 and rank[k - 1] > mine:
            out[k], rank[k] = out[k - 1], rank[k - 1]
            k -= 1
        out[k], rank[k] = u, mine


@compiled
def _recreate(p: Sites, g: Groups, u: int, beyond: float) -> int:
    """The open site where a unit costs least, `beyond` for each use above a capacity; -1 where no site is open to it."""
    found, least = -1, math.inf
    for k in range(p.near.shape[1]):
        h = p.near[u, k]
        cost = p.cost[u, h]
        if cost >= least:
            return found  # sites come in order of cost
        if (g.members[h] == 0 and not p.always[h]) or _chance(g) < BLINK:
            continue
        cost += beyond * (_beyond(g.load[h] + p.use[u, h], p.capacity[h]) - _beyond(g.load[h], p.capacity[h]))
        if cost < least:
            found, least = h, cost
    if found < 0:
        for h in range(p.cost.shape[1]):
            if (g.members[h] > 0 or p.always[h]) and p.cost[u, h] < least:
                found, least = h, p.cost[u, h]
    return found


@compiled
def _to_the_middle(p: Sites, g: Groups, u: int, beyond: float) -> None:
    """The group of a unit to the closed site near it that serves it best, if that helps."""
    old = g.serves[u]
    if p.always[old]:
        return
    now = p.extra[old] + beyond * _beyond(g.load[old], p.capacity[old])
    v = g.first[old]
    while v >= 0:
        now += p.cost[v, old]
        v = g.after[v]
    found, least = -1, now - 1e-9 * abs(g.sums[0])
    for k in range(min(MIDDLE, p.near.shape[1])):
        h = p.near[u, k]
        if g.members[h] > 0 or p.always[h]:
            continue
        total, load = p.extra[h], 0.0
        v = g.first[old]
        while v >= 0 and total < least:
            total += p.cost[v, h]
            load += p.use[v, h]
            v = g.after[v]
        total += beyond * _beyond(load, p.capacity[h])
        if total < least:
            found, least = h, total
    if found >= 0:
        while g.first[old] >= 0:
            v = g.first[old]
            take(p, g, v)
            put(p, g, v, found)


@compiled
def rounds(p: Sites, g: Groups, many: int, heat: float, beyond: float) -> None:
    """So many rounds at one heat; the best plan that keeps every capacity is kept in `g.best`."""
    n = p.cost.shape[0]
    out, old = np.empty(n, np.int64), np.empty(n, np.int64)
    pays, rank = np.empty(n, np.float64), np.empty(n, np.float64)
    for _ in range(many):
        before, most = g.sums[0] + beyond * g.sums[1], max(p.most, g.numbers[0])
        taken = _ruin(p, g, out)
        for j in range(taken):
            old[out[j]] = g.serves[out[j]]
        for j in range(taken):
            take(p, g, out[j])
        if taken:
            _open(p, g, out, taken, pays)
        _in_order(p, g, out, taken, rank)
        for j in range(taken):
            u = out[j]
            if g.serves[u] < 0:
                h = _recreate(p, g, u, beyond)
                put(p, g, u, old[u] if h < 0 else h)
        worse = g.sums[0] + beyond * g.sums[1] - before
        if g.numbers[0] > most or worse >= -heat * math.log(max(1e-12, _chance(g))):
            for j in range(taken):
                take(p, g, out[j])
            for j in range(taken):
                put(p, g, out[j], old[out[j]])
            continue
        for _again in range(min(taken, 3)):
            _to_the_middle(p, g, out[min(taken - 1, int(_chance(g) * taken))], beyond)
        whole = g.sums[1] < 1e-7 and g.numbers[0] <= p.most
        if whole and g.sums[0] < g.sums[2] - 1e-9 * abs(g.sums[2]):
            g.sums[2] = g.sums[0]
            for u in range(n):
                g.best[u] = g.serves[u]

"""What is left of a node once prices have ruled out most sets and most places: a model small enough to be solved whole.

At the prices of the bound, a unit at a hospital costs the bound at least as much more as the best set with that
hospital, and as the unit's way there beyond its cheapest way in that set. Where that is beyond the best plan, the
unit does not go there in any better one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.columns.choice import Found
from gridplan.optimise.engines.columns.column_bound import Bound, Columns
from gridplan.optimise.engines.columns.partner_sets import DistrictSets
from gridplan.optimise.model.highs_door import Answer, minimise


@dataclass(frozen=True, eq=False)
class Part:
    """One district of a core: the sets that are left, and where its units may go, (n, H) bool."""

    sets: np.ndarray
    may: np.ndarray


def core_of(
    columns: Columns, alive: list[np.ndarray], bound: Bound, value: float, most: int
) -> list[Part] | None:
    """What better plans than `value` may choose; None where that is more than so many sets and places of units."""
    slack, parts, places = value - bound.value, [], 0
    for some, mine, values, plain in zip(columns.sets, alive, bound.values, bound.plain, strict=True):
        sets = np.flatnonzero(mine)
        if len(sets) > most:
            return None
        least = values.min()
        may = _places(some, sets, plain[sets] - least, values[sets] - least, bound.people_price, slack)
        free = may[may.sum(axis=1) > 1]
        places += int(free.sum()) + len(sets)
        if places > most:
            return None
        parts.append(Part(sets, may))
    return parts


def _places(
    some: DistrictSets,
    sets: np.ndarray,
    plain: np.ndarray,
    beyond: np.ndarray,
    people_price: np.ndarray,
    slack: float,
) -> np.ndarray:
    priced = some.cost + some.people[:, None] * people_price
    least = np.full(priced.shape, np.inf)
    for k, lone, more in zip(sets.tolist(), plain.tolist(), beyond.tolist(), strict=True):
        hand = some.at_hand(k)
        mine = priced[:, hand]
        over = np.maximum(more, lone + mine - mine.min(axis=1, keepdims=True))
        least[:, hand] = np.minimum(least[:, hand], over)
    may: np.ndarray = least <= slack
    return may


def solve_core(columns: Columns, parts: list[Part], seconds: float | None) -> tuple[Found | None, float]:
    """The best plan of a core, and a bound on all its plans; inf where it has none.

    min Σ c_uh x_uh;  Σ_h x_uh = 1;  x_uh ≤ y_dh = Σ_{k with h} w_dk;  Σ_k w_dk = 1;  capacities on x, caps on w
    """
    rows = _Rows()
    p, scale = columns.problem, columns.scale
    capacity = {h: rows.row(-np.inf, columns.capacity[h] / scale) for h in columns.limited.tolist()}
    cap = {h: rows.row(-np.inf, float(p.hospital_cap[h])) for h in columns.capped.tolist()}
    x = []  # column, district, unit within it, hospital
    for d, (some, part) in enumerate(zip(columns.sets, parts, strict=True)):
        y = _choose(rows, some, part, cap)
        for u in range(len(some.units)):
            hospitals = np.flatnonzero(part.may[u]).tolist()
            one = rows.row(1.0, 1.0)
            for h in hospitals:
                column = rows.column(some.cost[u, h] / scale, whole=True)
                x.append((column, d, u, h))
                rows.enter(one, column, 1.0)
                if h in capacity:
                    rows.enter(capacity[h], column, some.people[u] / scale)
                if h in y and (len(hospitals) > 1 or rows.first(d, h)):
                    follows = rows.row(-np.inf, 0.0)
                    rows.enter(follows, column, 1.0)
                    rows.enter(follows, y[h], -1.0)
    answer = rows.minimise(seconds)
    bound = np.inf if answer.impossible else answer.bound * scale
    if answer.values is None:
        return None, bound
    serves, value = np.full(len(p.unit_ids), -1), 0.0
    for column, d, u, h in x:
        if answer.values[column] > 0.5:
            some = columns.sets[d]
            serves[some.units[u]] = h
            value += float(some.cost[u, h])
    lived = serves >= 0
    load = np.bincount(serves[lived], weights=p.people[lived], minlength=len(columns.capacity))
    whole = int(lived.sum()) == sum(len(some.units) for some in columns.sets)
    return (Found(value, serves) if whole and (load <= columns.capacity).all() else None), bound


def _choose(rows: _Rows, some: DistrictSets, part: Part, cap: dict[int, int]) -> dict[int, int]:
    """One set of the district; for each hospital that is not at hand anyway, the column that says whether it is."""
    one, y = rows.row(1.0, 1.0), dict[int, int]()
    given, taken = set(some.given.tolist()), dict[int, int]()
    for k in part.sets.tolist():
        w = rows.column(0.0, whole=True)
        rows.enter(one, w, 1.0)
        members = set(some.members[k][some.distinct[k]].tolist())
        for h in members | set(some.pinned.tolist()):
            if h in cap:
                rows.enter(cap[h], w, 1.0)
        for h in members - given:
            if h not in y:
                y[h], taken[h] = rows.column(0.0, whole=False), rows.row(0.0, 0.0)
                rows.enter(taken[h], y[h], -1.0)
            rows.enter(taken[h], w, 1.0)
    return y


class _Rows:
    """A model as its rows, columns and entries come."""

    def __init__(self) -> None:
        self._cost, self._whole = list[float](), list[bool]()
        self._lower, self._upper = list[float](), list[float]()
        self._entries: list[tuple[float, int, int]] = []
        self._seen: set[tuple[int, int]] = set()

    def row(self, lower: float, upper: float) -> int:
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self._lower) - 1

    def column(self, cost: float, whole: bool) -> int:
        self._cost.append(cost)
        self._whole.append(whole)
        return len(self._cost) - 1

    def enter(self, row: int, column: int, value: float) -> None:
        self._entries.append((value, row, column))

    def first(self, d: int, h: int) -> bool:
        """Whether the pair is asked for the first time: units with no other place need one row together."""
        new = (d, h) not in self._seen
        self._seen.add((d, h))
        return new

    def minimise(self, seconds: float | None) -> Answer:
        from scipy.sparse import csc_array  # heavy

        values, rows, columns = zip(*self._entries, strict=True)
        matrix = csc_array((values, (rows, columns)), shape=(len(self._lower), len(self._cost)))
        limits = np.array(self._lower), np.array(self._upper)
        return minimise(np.array(self._cost), matrix, *limits, np.array(self._whole), seconds, 0.0)

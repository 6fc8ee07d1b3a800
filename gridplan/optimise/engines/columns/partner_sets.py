"""The sets of partners that one district may choose, and what each costs at given prices: one pass over arrays.

A price λ_h per resident stands for a hospital's capacity, a price μ_h per pair for its cap of districts. At these
prices each unit goes to the cheapest partner of the set, so a set has one value, and the cheapest set of every
district gives a lower bound on every plan (FORMULATION.md, "By columns").
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.patterns.patterns import unbound
from gridplan.optimise.problem import Problem

FEW = 0.1  # share of sets alive below which the others are not worked out
AT_ONCE = 200_000  # units of as many sets as are looked at together


@dataclass(frozen=True, eq=False)
class DistrictSets:
    """One district: its units with residents, and the sets of counted partners that it may add to those it has.

    Parameters
    ----------
    units : (n,) units with residents.
    people : (n,) their residents.
    cost : (n, H) cost of the whole unit, inf where it may not go.
    given : hospitals at hand with every set: pinned ones, and exempt ones that may be chosen.
    pinned : counted hospitals among `given`; they take a place under their caps.
    open : counted hospitals to choose from.
    members : (N, r) the sets, as hospital indices in rising order; the last one repeated where a set is smaller than
        r. The empty set, where hospitals are at hand without it, stands last.
    distinct : (N, r) bool, false where a member is a repetition (or the set is empty).
    """

    units: np.ndarray
    people: np.ndarray
    cost: np.ndarray
    given: np.ndarray
    pinned: np.ndarray
    open: np.ndarray
    members: np.ndarray
    distinct: np.ndarray

    def values(self, people_price: np.ndarray, alive: np.ndarray, minutes: bool = True) -> np.ndarray:
        """(N,) what each set costs at prices λ (H,); inf where it is not alive, or impossible.

        Parameters
        ----------
        alive : (N,) bool; the others are not looked at.
        minutes : False counts the prices alone.
        """
        cost = self.cost if minutes else np.where(np.isfinite(self.cost), 0.0, np.inf)
        if alive.mean() < FEW:
            return self._few_values(cost, people_price, alive)
        priced = cost + self.people[:, None] * people_price
        base = priced[:, self.given].min(axis=1) if len(self.given) else np.full(len(self.units), np.inf)
        totals = np.fromiter(_totals(priced[:, self.open], base, self.members.shape[1]), float)
        if len(totals) < len(self.members):
            totals = np.append(totals, base.sum())
        return np.where(alive, totals, np.inf)

    def _few_values(self, cost: np.ndarray, people_price: np.ndarray, alive: np.ndarray) -> np.ndarray:
        """As `values`, hospital by hospital of the sets that are alive, some of them at a time."""
        few = np.flatnonzero(alive)
        asked = np.unique(np.concatenate([self.given, self.members[few].ravel()]))
        row = np.zeros(cost.shape[1], dtype=int)
        row[asked] = np.arange(len(asked))
        priced = np.ascontiguousarray(cost[:, asked].T) + np.multiply.outer(people_price[asked], self.people)
        base = priced[row[self.given]].min(axis=0, initial=np.inf)
        totals, each = np.full(len(self.members), np.inf), max(1, AT_ONCE // max(1, priced.shape[1]))
        for start in range(0, len(few), each):
            some = few[start : start + each]
            best = priced[row[self.members[some]]].min(axis=1, initial=np.inf)
            totals[some] = np.minimum(best, base).sum(axis=1)
        return totals

    def places(self, pair_price: np.ndarray) -> np.ndarray:
        """(N,) what the pairs of each set cost at prices μ (H,), the pinned ones included."""
        own: np.ndarray = (pair_price[self.members] * self.distinct).sum(axis=1) + pair_price[
            self.pinned
        ].sum()
        return own

    def at_hand(self, choice: int) -> np.ndarray:
        """Hospitals that the district may use with a set, in rising order."""
        return np.unique(np.concatenate([self.given, self.members[choice]]))

    def serve(self, choice: int, people_price: np.ndarray) -> np.ndarray:
        """(n,) the cheapest hospital of a set for each unit, at prices λ; equal ones end with the smaller id."""
        hospitals = self.at_hand(choice)
        priced = self.cost[:, hospitals] + self.people[:, None] * people_price[hospitals]
        best: np.ndarray = hospitals[priced.argmin(axis=1)]
        return best


def district_sets(p: Problem) -> list[DistrictSets]:
    """The sets of every district."""
    cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
    usable = p.usable
    cost[p.unit[usable], p.hospital[usable]] = (
        p.weight(p.stages[0])[p.unit[usable]] * p.stages[0].cost[usable]
    )
    return [_sets_of(p, d, cost) for d in range(len(p.district_ids))]


def count_sets(p: Problem) -> int:
    """How many sets all districts have together, without making them."""
    return sum(
        math.comb(len(_open(p, d)) + _most_added(p, d) - 1, _most_added(p, d)) if _most_added(p, d) else 1
        for d in range(len(p.district_ids))
    )


def _sets_of(p: Problem, d: int, cost: np.ndarray) -> DistrictSets:
    units = np.flatnonzero((p.district == d) & (p.people > 0))
    pinned = np.flatnonzero(p.pinned[d] & p.counted)
    free = p.allowed[d] & (~p.counted | unbound(p, d))
    given, rows = np.union1d(pinned, np.flatnonzero(free)), list(_members(p, d))
    members = np.array(rows, dtype=int).reshape(len(rows), _most_added(p, d))
    distinct = np.ones(members.shape, dtype=bool)
    distinct[:, 1:] = members[:, 1:] != members[:, :-1]
    if len(given) and members.shape[1]:
        members = np.vstack([members, np.full(members.shape[1], given[0])])
        distinct = np.vstack([distinct, np.zeros(members.shape[1], dtype=bool)])
    return DistrictSets(
        units=units,
        people=p.people[units].astype(float),
        cost=cost[units],
        given=given,
        pinned=pinned,
        open=_open(p, d),
        members=members,
        distinct=distinct,
    )


def _open(p: Problem, d: int) -> np.ndarray:
    if unbound(p, d):
        return np.zeros(0, dtype=int)
    return np.flatnonzero(p.allowed[d] & p.counted & ~p.pinned[d])


def _most_added(p: Problem, d: int) -> int:
    """Members that a set may add to the pinned pairs."""
    return max(0, min(int(p.district_cap[d]) - int((p.pinned[d] & p.counted).sum()), len(_open(p, d))))


def _members(p: Problem, d: int) -> Iterator[tuple[int, ...]]:
    """The order in which `_totals` gives its values."""
    return itertools.combinations_with_replacement(_open(p, d).tolist(), _most_added(p, d))


def _totals(priced: np.ndarray, base: np.ndarray, most: int) -> Iterator[float]:
    """Σ_u min(base_u, members of the set) for each set, in the order of combinations with repetition."""
    if most == 0:
        yield float(base.sum())
        return
    if most == 1:
        yield from np.minimum(base[:, None], priced).sum(axis=0).tolist()
        return
    for first in range(priced.shape[1]):
        yield from _totals(priced[:, first:], np.minimum(base, priced[:, first]), most - 1)

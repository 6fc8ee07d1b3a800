"""What a set of partners costs where none of them takes more of its district than its whole capacity.

At prices λ each unit goes to the cheapest partner of the set, which may send a partner more residents than it could take
if the district were its only one. The units that leave it cheapest then go to their next partner, one of them in part:
a continuous knapsack, solved by sorting. The value is still below every plan with the set, and nearer to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.columns.partner_sets import DistrictSets

KEPT = 4_000_000  # numbers that a district keeps of its pairs of partners


@dataclass(frozen=True, eq=False)
class Served:
    """A set as it serves at some prices.

    Parameters
    ----------
    more : by how much it costs more than with each unit at its cheapest partner, at the prices; inf where it cannot serve.
    cost : without the prices.
    load : (H,) residents.
    """

    more: float
    cost: float
    load: np.ndarray


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two partners that all units reach: the units in the order in which they change from the first to the second.

    Parameters
    ----------
    dearer : (n,) what the second costs more, per resident, rising.
    people, cost : (n + 1,) residents with the second, and the cost of all, once so many units have changed.
    """

    first: int
    second: int
    dearer: np.ndarray
    people: np.ndarray
    cost: np.ndarray


@dataclass
class OwnRoom:
    """The sets of one district, each partner taking no more of it than its capacity.

    Parameters
    ----------
    capacity : (H,) residents.
    """

    sets: DistrictSets
    capacity: np.ndarray
    _pairs: dict[int, _Pair | None] = field(default_factory=dict)

    def served(self, choice: int, people_price: np.ndarray, minutes: bool = True) -> Served:
        """How a set serves the district at prices λ (H,) within the capacity of the partner that would be fullest.

        Parameters
        ----------
        minutes : False counts the prices alone.
        """
        pair = self._pair(choice) if minutes else None
        if pair is None:
            return _among_many(self.sets, choice, people_price, self.capacity, minutes)
        first, second, all_of_it = pair.first, pair.second, float(pair.people[-1])
        price = float(people_price[second] - people_price[first])  # what the second costs more, per resident
        n = int(pair.dearer.searchsorted(-price))
        wish = float(pair.people[n])
        held = min(max(wish, all_of_it - float(self.capacity[first])), float(self.capacity[second]))
        free = float(pair.cost[n])
        cost = free if held == wish else float(np.interp(held, pair.people, pair.cost))
        load = np.zeros(len(self.capacity))
        load[first], load[second] = all_of_it - held, held
        if load[first] > self.capacity[first] * (1 + 1e-12):
            return Served(np.inf, np.inf, load)
        return Served(max(0.0, cost - free + price * (held - wish)), cost, load)

    def _pair(self, choice: int) -> _Pair | None:
        """A set of two partners that all units reach, kept where there is room for it; else None."""
        if choice not in self._pairs:
            some = self.sets
            hand = some.at_hand(choice)
            if len(hand) != 2 or not np.isfinite(some.cost[:, hand]).all() or not len(some.units):
                self._pairs[choice] = None
                return None
            first, second = some.cost[:, hand].T
            dearer = (second - first) / some.people
            by = np.argsort(dearer, kind="stable")
            people = np.concatenate([[0.0], np.cumsum(some.people[by])])
            cost = first.sum() + np.concatenate([[0.0], np.cumsum((second - first)[by])])
            pair = _Pair(int(hand[0]), int(hand[1]), dearer[by], people, cost)
            if 3 * len(by) * len(self._pairs) > KEPT:
                return pair
            self._pairs[choice] = pair
        return self._pairs[choice]


def _among_many(
    some: DistrictSets, choice: int, people_price: np.ndarray, capacity: np.ndarray, minutes: bool
) -> Served:
    """As `OwnRoom.served`, for any number of partners and units that may not go everywhere."""
    hand = some.at_hand(choice)
    cost = some.cost[:, hand] if minutes else np.where(np.isfinite(some.cost[:, hand]), 0.0, np.inf)
    priced = cost + some.people[:, None] * people_price[hand]
    every, place = np.arange(len(priced)), priced.argmin(axis=1)
    load = np.bincount(place, weights=some.people, minlength=len(hand))
    more, paid = 0.0, float(cost[every, place].sum())
    full = int((load - capacity[hand]).argmax())
    over = load[full] - capacity[hand[full]]
    if over > 0 and np.isfinite(paid):
        mine = np.flatnonzero(place == full)
        others = priced[mine]
        others[:, full] = np.inf
        to = others.argmin(axis=1)
        dearer = others[np.arange(len(mine)), to] - priced[mine, full]
        by = np.argsort(dearer / some.people[mine], kind="stable")
        mine, to, dearer = mine[by], to[by], dearer[by]
        before = np.cumsum(some.people[mine]) - some.people[mine]
        share = np.clip((over - before) / some.people[mine], 0.0, 1.0)
        on = share > 0
        mine, to, dearer, share = mine[on], to[on], dearer[on], share[on]
        if not np.isfinite(dearer).all():
            return Served(np.inf, np.inf, np.zeros(len(capacity)))
        more = float((share * dearer).sum())
        paid += float((share * (cost[mine, to] - cost[mine, full])).sum())
        load += np.bincount(to, weights=share * some.people[mine], minlength=len(hand))
        load[full] = capacity[hand[full]]
    whole = np.zeros(len(capacity))
    whole[hand] = load
    return Served(more, paid, whole)

"""From chosen sets of partners to a plan of whole units within the capacities: by prices, then by a small model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.columns.column_bound import Columns
from gridplan.optimise.model.highs_door import Master, minimise
from gridplan.optimise.run.clock import Clock

ROUNDS = 25  # of pricing for one choice of sets
NEAR = 400  # units left to the small model, at least
EASINGS = 300  # times that a price is raised
SMALL_GAP = 1e-6


@dataclass(frozen=True, eq=False)
class Found:
    """A plan of whole units: its value in person-minutes and the hospital of each unit (−1 where nobody lives)."""

    value: float
    serves: np.ndarray


@dataclass(frozen=True, eq=False)
class Choice:
    """One set chosen in every district: the units, their hospitals at hand and what each costs.

    Parameters
    ----------
    units : (n,) units with residents.
    people : (n,) their residents.
    hand : (n, k) hospitals at hand, the first one repeated where a district has fewer.
    cost : (n, k) cost of the whole unit, inf where the unit may not go, or a hospital is a repetition.
    """

    units: np.ndarray
    people: np.ndarray
    hand: np.ndarray
    cost: np.ndarray

    def priced(self, prices: np.ndarray) -> np.ndarray:
        """(n, k) cost of the whole unit at prices λ (H,)."""
        priced: np.ndarray = self.cost + self.people[:, None] * prices[self.hand]
        return priced

    def load(self, place: np.ndarray, hospitals: int) -> np.ndarray:
        """(H,) residents of each hospital, where every unit goes to its `place` at hand."""
        return np.bincount(self.at(place), weights=self.people, minlength=hospitals)

    def at(self, place: np.ndarray) -> np.ndarray:
        """(n,) hospital at each unit's place."""
        at: np.ndarray = self.hand[np.arange(len(place)), place]
        return at

    def paid(self, place: np.ndarray) -> float:
        """Σ cost."""
        return float(self.cost[np.arange(len(place)), place].sum())


def chosen(columns: Columns, sets: list[int]) -> Choice:
    """The units and costs of one set per district."""
    hands = [some.at_hand(k) for some, k in zip(columns.sets, sets, strict=True)]
    widest = max(len(hand) for hand in hands)
    hand, cost = [], []
    for some, mine in zip(columns.sets, hands, strict=True):
        spare = widest - len(mine)
        padded = np.concatenate([mine, np.full(spare, mine[0])])
        hand.append(np.broadcast_to(padded, (len(some.units), widest)))
        cost.append(np.pad(some.cost[:, mine], ((0, 0), (0, spare)), constant_values=np.inf))
    return Choice(
        np.concatenate([some.units for some in columns.sets]),
        np.concatenate([some.people for some in columns.sets]),
        np.concatenate(hand),
        np.concatenate(cost),
    )


def within_caps(columns: Columns, sets: list[int]) -> bool:
    """Whether the hospitals' caps on districts hold."""
    p, used = columns.problem, np.zeros(len(columns.capacity), dtype=int)
    for some, k in zip(columns.sets, sets, strict=True):
        used[some.pinned] += 1
        used[some.members[k][some.distinct[k]]] += 1
    return bool((used <= p.hospital_cap)[p.counted].all())


def best_plan(
    columns: Columns,
    sets: list[int],
    prices: np.ndarray,
    clock: Clock,
    below: float = np.inf,
    gap: float = SMALL_GAP,
) -> Found | None:
    """A good plan of whole units with these sets; None where none was found.

    Prices are found for the choice; every unit that clearly prefers one hospital at them goes there, the others are
    left to a small model that keeps the capacities.

    Parameters
    ----------
    below : where the prices prove that no plan with these sets is below it, none is sought.
    gap : of the small model.
    """
    choice = chosen(columns, sets)
    if not np.isfinite(choice.cost).any(axis=1).all():
        return None
    own, bound = _prices(columns, choice, prices)
    if bound >= below:
        return None
    place, by_regret = _places(choice, own)
    near, found = NEAR, None
    while found is None:
        found = _small(columns, choice, place, by_regret[:near], clock.left, max(gap, SMALL_GAP))[0]
        eased = _eased(choice, own, columns.capacity) if found is None and near == NEAR else None
        if eased is not None:
            found = _checked(columns, choice, eased[1])
            place, by_regret = _places(choice, eased[0])
            better = _small(columns, choice, place, by_regret[: 4 * NEAR], clock.left, max(gap, SMALL_GAP))[0]
            return better if found is None or (better is not None and better.value < found.value) else found
        if near >= len(by_regret) or near > 16 * NEAR or clock.over:
            break
        near *= 4
    return found


def _places(choice: Choice, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) the cheapest place of each unit at prices λ, and the units by what the next one would cost more per resident."""
    priced = choice.priced(prices)
    place = priced.argmin(axis=1)
    rest = priced.copy()
    rest[np.arange(len(place)), place] = np.inf
    regret = (rest.min(axis=1) - priced.min(axis=1)) / choice.people
    return place, np.argsort(regret, kind="stable")  # inf, no other: last


def _eased(choice: Choice, start: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Prices λ and places within the capacities, by raising the price of the fullest hospital until it fits, again and again.

    Where units are small against capacities this ends near the best plan, and at once; None where it leads nowhere.
    """
    prices, priced = start.copy(), choice.priced(start)
    place = priced.argmin(axis=1)
    for _ in range(EASINGS):
        load = choice.load(place, len(prices))
        over = np.where(np.isfinite(capacity), load - capacity, 0.0)
        h = int((over / np.maximum(capacity, 1.0)).argmax())
        if over[h] <= 0:
            return prices, place
        mine = np.flatnonzero(choice.at(place) == h)
        others = np.where(choice.hand[mine] == h, np.inf, priced[mine])
        more = (others.min(axis=1) - priced[mine, place[mine]]) / choice.people[mine]
        order = np.argsort(more, kind="stable")
        gone = int(np.searchsorted(np.cumsum(choice.people[mine[order]]), over[h]))
        if gone >= len(order) or not np.isfinite(more[order[gone]]):
            return None
        rise = float(more[order[gone]]) * (1 + 1e-9) + 1e-9
        prices[h] += rise
        priced += np.where(choice.hand == h, rise * choice.people[:, None], 0.0)
        place = priced.argmin(axis=1)
    return None


def exact_plan(columns: Columns, sets: list[int], seconds: float | None) -> tuple[Found | None, float]:
    """The best plan with these sets and a proven bound on it; inf where there is none."""
    choice = chosen(columns, sets)
    if not np.isfinite(choice.cost).any(axis=1).all():
        return None, np.inf
    nowhere = np.zeros(len(choice.units), dtype=int)
    return _small(columns, choice, nowhere, np.arange(len(nowhere)), seconds, 1e-9)


def _prices(columns: Columns, choice: Choice, start: np.ndarray) -> tuple[np.ndarray, float]:
    """Prices λ at which the choice keeps the capacities best, and the bound that they prove: the master of it alone."""
    limited, scale = columns.limited, columns.scale
    if not len(limited):
        return np.zeros(len(columns.capacity)), choice.cost.min(axis=1).sum()
    most = columns.capacity[limited]
    master = Master(np.append(1.0, np.full(len(limited), -np.inf)), np.append(1.0, most / scale))
    dear = np.where(np.isfinite(choice.cost), choice.cost, 0.0).max(axis=1)
    master.add(10 * max(1.0, float(dear.sum())) / scale, [0], [1.0])
    best, best_value, prices = start, -np.inf, start
    for _ in range(ROUNDS):
        place = choice.priced(prices).argmin(axis=1)
        load, cost = choice.load(place, len(prices))[limited], choice.paid(place)
        value = cost + float((prices[limited] * (load - most)).sum())
        if value > best_value:
            best, best_value = prices, value
        master.add(cost / scale, range(len(limited) + 1), [1.0, *(load / scale).tolist()])
        solved = master.solve()
        if solved is None or solved.value * scale - best_value <= 1e-6 * max(1.0, abs(best_value)):
            break
        now = np.zeros(len(prices))
        now[limited] = np.maximum(0.0, -solved.rows[1:])
        prices = 0.5 * best + 0.5 * now
    return best, best_value


def _small(
    columns: Columns,
    choice: Choice,
    place: np.ndarray,
    free: np.ndarray,
    seconds: float | None,
    gap: float = SMALL_GAP,
) -> tuple[Found | None, float]:
    """The best plan that leaves all units but `free` where they are, and a bound on it."""
    fixed = np.ones(len(place), dtype=bool)
    fixed[free] = False
    stay = Choice(choice.units[fixed], choice.people[fixed], choice.hand[fixed], choice.cost[fixed])
    load, spent = stay.load(place[fixed], len(columns.capacity)), stay.paid(place[fixed])
    at, where = np.nonzero(np.isfinite(choice.cost[free]))
    unit = free[at]
    people, hospital = choice.people[unit], choice.hand[unit, where]
    scale = max(1.0, float(choice.people.mean()))
    limit_row = np.full(len(columns.capacity), -1)
    limit_row[columns.limited] = len(free) + np.arange(len(columns.limited))
    held = np.flatnonzero(limit_row[hospital] >= 0)
    entries = np.concatenate([np.ones(len(at)), people[held] / scale])
    places = np.concatenate([at, limit_row[hospital[held]]]), np.concatenate([np.arange(len(at)), held])
    from scipy.sparse import csc_array  # heavy

    rows = csc_array((entries, places), shape=(len(free) + len(columns.limited), len(at)))
    spare = (columns.capacity - load)[columns.limited] / scale
    lower = np.concatenate([np.ones(len(free)), np.full(len(spare), -np.inf)])
    upper = np.concatenate([np.ones(len(free)), spare])
    cost = choice.cost[unit, where] / scale
    answer = minimise(cost, rows, lower, upper, np.ones(len(cost), dtype=bool), seconds, gap)
    bound = np.inf if answer.impossible else answer.bound * scale + spent
    if answer.values is None:
        return None, bound
    on = answer.values > 0.5
    out = place.copy()
    out[unit[on]] = where[on]
    return _checked(columns, choice, out), bound


def _checked(columns: Columns, choice: Choice, place: np.ndarray) -> Found | None:
    """The plan, unless the solver's tolerances let a capacity slip."""
    value = choice.paid(place)
    if (choice.load(place, len(columns.capacity)) > columns.capacity).any() or not np.isfinite(value):
        return None
    serves = np.full(len(columns.problem.unit_ids), -1)
    serves[choice.units] = choice.at(place)
    return Found(value, serves)

"""A problem from arrays is the problem it says: p-median, capacities, opening prices, use per pair."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.engines import solve
from gridplan.optimise.problem import Problem
from gridplan.words.errors import InfeasibleError

COST = np.array([[3.0, 8.0, 1.0], [2.0, 1.0, 9.0], [7.0, 4.0, 6.0], [5.0, 2.0, 2.0]])
DEMAND = np.array([4.0, 3.0, 5.0, 2.0])


def value(p: Problem) -> float:
    outcome = solve(p)
    assert outcome.proven
    return outcome.goals[-1].value


def every_plan() -> list[tuple[int, ...]]:
    return list(itertools.product(range(3), repeat=4))


def cost_of(plan: tuple[int, ...]) -> float:
    return sum(COST[u, h] for u, h in enumerate(plan))


@pytest.mark.parametrize("p", [1, 2, 3])
def test_a_p_median(p: int) -> None:
    best = min(cost_of(plan) for plan in every_plan() if len(set(plan)) <= p)
    assert value(from_arrays(COST, leads=p)) == pytest.approx(best)


def test_a_capacitated_p_median_has_costs_and_demands_apart() -> None:
    def fits(plan: tuple[int, ...]) -> bool:
        loads = np.bincount(plan, weights=DEMAND, minlength=3)
        return len(set(plan)) <= 2 and bool((loads <= 8).all())

    best = min(cost_of(plan) for plan in every_plan() if fits(plan))
    assert value(from_arrays(COST, leads=2, capacity=8, use=DEMAND)) == pytest.approx(best)


def test_opening_prices_are_paid_once_per_hospital() -> None:
    price = np.array([6.0, 4.0, 5.0])
    best = min(cost_of(plan) + price[list(set(plan))].sum() for plan in every_plan())
    assert value(from_arrays(COST, opening_price=price)) == pytest.approx(best)


def test_generalised_assignment_has_its_own_use_per_pair() -> None:
    use, room = np.array([[3, 1, 5], [2, 4, 4], [5, 5, 1], [2, 3, 6]]), np.array([5.0, 4.0, 6.0])

    def fits(plan: tuple[int, ...]) -> bool:
        loads = np.zeros(3)
        for u, h in enumerate(plan):
            loads[h] += use[u, h]
        return bool((loads <= room).all())

    best = min(cost_of(plan) for plan in every_plan() if fits(plan))
    assert value(from_arrays(COST, capacity=room, use=use)) == pytest.approx(best)


def test_a_sparse_matrix_keeps_its_zeros_and_lacks_the_rest() -> None:
    dense = np.array([[0.0, 5.0], [np.inf, 2.0], [1.0, np.nan]])
    pairs = sparse.coo_array((np.array([5.0, 0.0, 2.0, 1.0]), ([0, 0, 1, 2], [1, 0, 1, 0])), shape=(3, 2))
    one, other = from_arrays(dense), from_arrays(pairs)
    for name in ("unit", "hospital", "minutes"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert value(other) == 3.0


def test_pins_and_bans_hold() -> None:
    banned = from_arrays(COST, leads=1, allowed=np.array([True, False, True]))
    assert set(solve(banned).serves.tolist()) == {0}
    pinned = solve(from_arrays(COST, leads=2, pinned=np.array([False, False, True])))
    assert pinned.chosen[0, 2]


def test_several_districts_and_a_hospital_cap() -> None:
    district = np.array([0, 0, 1, 1])
    free = solve(from_arrays(COST, leads=1, district=district))
    capped = solve(from_arrays(COST, leads=[1, 1], district=district, hospital_cap=1))
    assert (free.chosen.sum(axis=1) == 1).all()
    assert (capped.chosen.sum(axis=0) <= 1).all()


def test_too_little_room_is_refused_with_the_hospital() -> None:
    with pytest.raises(InfeasibleError):
        solve(from_arrays(COST, leads=1, capacity=8, use=DEMAND))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"minutes": np.zeros(3)}, "matrix of units × hospitals"),
    ({"minutes": np.zeros((0, 3))}, "matrix of units × hospitals"),
    ({"minutes": np.array([[1.0, -2.0]])}, "negative .*unit 0, hospital 1"),
    ({"minutes": np.array([[1.0], [np.inf]])}, "unit 1 reaches no hospital"),
    ({"people": [1, 2, 3]}, r"people: got shape \(3,\)"),
    ({"people": [1, 2, 3, 0.5]}, "people: 0.5 at 3, expected whole"),
    ({"people": [1, 2, 3, -1]}, "people: -1"),
    ({"leads": 1.5}, "leads: 1.5"),
    ({"leads": -1}, "leads: -1"),
    ({"capacity": [1, 2]}, "capacity: got shape"),
    ({"capacity": [1, 2, float("nan")]}, "capacity: nan"),
    ({"use": np.full((4, 3), -1)}, "use: -1"),
    ({"use": np.full((3, 4), 1)}, r"use: got shape \(3, 4\)"),
    ({"use": np.full(4, np.inf)}, "use: not a number"),
    ({"opening_price": -3}, "opening_price: -3"),
    ({"allowed": [1, 0, 1]}, "allowed: got int64"),
    ({"pinned": np.ones(2, dtype=bool)}, "pinned: got bool of shape"),
    ({"allowed": np.zeros(3, dtype=bool), "pinned": np.ones(3, dtype=bool)}, "pinned: hospital 0 is not allowed"),
    ({"hospital_ids": ["a", "b", "b"]}, "3 different names"),
    ({"unit_ids": ["a"]}, "4 different names"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "says"), WRONG)
def test_arrays_that_do_not_fit_are_named(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        from_arrays(**{"minutes": COST} | wrong)

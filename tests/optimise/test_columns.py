"""Column generation agrees with trying everything, and with the reference model where that is too much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.cases.city import City, problem
from gridplan.optimise.engines.columns.choice import _eased, chosen
from gridplan.optimise.engines.columns.column_bound import Columns
from gridplan.optimise.engines.columns.own_room import OwnRoom
from gridplan.optimise.engines.columns.pair_tree import COLUMNS, solve_by_columns
from gridplan.optimise.engines.columns.partner_sets import FEW, DistrictSets
from gridplan.optimise.engines.columns.restricted_master import whole_sets
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.progress import silent

from .brute import best, keeps_rules
from .cases import USUAL, problems

ALL = list(HealthCheck)
RULES = (*USUAL, "unreachable", "exempt")


@settings(max_examples=300, deadline=None, suppress_health_check=ALL)
@given(problems(rules=RULES))
def test_columns_agree_with_brute_force(p: Problem) -> None:
    assert COLUMNS.why_not(p) is None
    truth, outcome = best(p), COLUMNS.solve(p, None, 0.0, 1, silent)
    if truth is None:
        assert outcome is None, "a plan where there is none"
        return
    assert outcome is not None, "no plan where there is one"
    assert outcome.proven
    assert [g.value for g in outcome.goals] == pytest.approx(truth, abs=1e-3)
    assert keeps_rules(p, tuple(outcome.serves.tolist()))


def city(seed: int, ratio: float, units: int = 60) -> Problem:
    p = problem(City(units, 8, 4, seed))
    room = ratio * float(p.people.sum()) / len(p.hospital_ids)
    return replace(p, capacity=np.full(len(p.hospital_ids), room))


@pytest.mark.parametrize("ratio", [1.7, 2.2, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_columns_and_the_reference_model_have_the_same_optimum(seed: int, ratio: float) -> None:
    p = city(seed, ratio)
    mine, reference = solve_by_columns(p, seconds=60), find(p, seconds=60)
    assert (mine is None) == (reference is None)
    if mine is not None and reference is not None and reference.proven:
        assert mine.goals[0].bound <= reference.goals[0].value * (1 + 1e-7)
        assert mine.goals[0].value >= reference.goals[0].bound * (1 - 1e-7)
        if mine.proven:
            assert mine.goals[0].value == pytest.approx(reference.goals[0].value, rel=1e-6)


@settings(max_examples=60, deadline=None, suppress_health_check=ALL)
@given(problems(rules=RULES), st.lists(st.integers(0, 60), min_size=6, max_size=6))
def test_any_prices_give_a_bound(p: Problem, prices: list[int]) -> None:
    truth = best(p)
    if truth is None:
        return
    columns = Columns(p)
    h = len(p.hospital_ids)
    lam = np.where(np.isfinite(p.capacity), np.array(prices[:h], float), 0.0)
    mu = np.where(p.counted & (p.hospital_cap != NO_CAP), np.array(prices[3 : 3 + h], float), 0.0)
    alive = columns.possible()
    assert columns.bound(alive, lam, mu, np.inf).value <= truth[0] + 1e-6


def test_pricing_looks_at_the_clock() -> None:
    """One round where the clock is over; its bound holds."""
    columns = Columns(city(3, 2.0, units=400))
    zeros, alive = np.zeros(len(columns.capacity)), columns.possible()
    one = columns.bound(alive, zeros, zeros, np.inf, Clock(0.0))
    assert not columns.found
    assert 0 < one.value <= columns.bound(alive, zeros, zeros, np.inf).value and columns.found


def test_a_clock_that_runs_out_leaves_plan_and_bound() -> None:
    p = city(3, 2.0, units=400)
    outcome = solve_by_columns(p, seconds=1.0)
    assert outcome is not None
    assert outcome.goals[0].bound <= outcome.goals[0].value
    load = np.bincount(outcome.serves, weights=p.people, minlength=len(p.hospital_ids))
    assert (load <= p.capacity).all()


def test_the_same_problem_has_the_same_plan() -> None:
    p = city(1, 2.2, units=120)
    first, second = solve_by_columns(p, gap=1e-3), solve_by_columns(p, gap=1e-3)
    assert first is not None and second is not None
    assert (first.serves == second.serves).all()


def district(seed: int, share: float, reach: float = 1.0) -> tuple[OwnRoom, np.ndarray, float]:
    """One district with three hospitals that take a share of it each, and prices; what it costs within them, by linprog.

    Parameters
    ----------
    reach : share of the units that may go anywhere; the others may not go to the third hospital.
    """
    rng = np.random.default_rng(seed)
    people, cost = rng.integers(1, 9, 7).astype(float), rng.uniform(0, 50, (7, 3))
    cost[rng.uniform(size=7) > reach, 2] = np.inf
    none = np.zeros(0, dtype=int)
    pair = np.array([[0, 1], [1, 2]])
    some = DistrictSets(
        np.arange(7), people, cost, none, none, np.arange(3), pair, np.ones((2, 2), dtype=bool)
    )
    return OwnRoom(some, np.full(3, share * people.sum())), rng.uniform(0, 5, 3), float(people.sum())


@pytest.mark.parametrize("choice", [0, 1])
@pytest.mark.parametrize("seed", range(6))
def test_a_set_within_its_own_capacities_costs_what_the_transport_problem_says(
    seed: int, choice: int
) -> None:
    from scipy.optimize import linprog

    room, prices, residents = district(seed, 0.6, reach=0.8 if seed % 2 else 1.0)
    some, hand = room.sets, room.sets.members[choice]
    priced = some.cost[:, hand] + some.people[:, None] * prices[hand]
    once = np.kron(np.eye(7), np.ones(2))
    load = np.kron(some.people, np.eye(2))
    limits = [(0, 1 if np.isfinite(c) else 0) for c in priced.ravel()]
    least = linprog(
        np.where(np.isfinite(priced), priced, 0.0).ravel(),
        load,
        room.capacity[hand],
        once,
        np.ones(7),
        limits,
    )
    way = room.served(choice, prices)
    assert (way.load <= room.capacity + 1e-9).all()
    if not least.success:
        assert np.isinf(way.more)
        return
    assert way.load.sum() == pytest.approx(residents)
    assert priced.min(axis=1).sum() + way.more == pytest.approx(least.fun)
    assert way.cost + (way.load * prices).sum() == pytest.approx(least.fun)


def test_sets_within_their_own_capacities_lift_the_bound_of_tight_cities() -> None:
    """A district of more residents than a hospital takes cannot send them all to the nearest."""
    p = city(3, 1.7)
    columns = Columns(p)
    zeros, alive = np.zeros(len(columns.capacity)), columns.possible()
    bound = columns.bound(alive, zeros, zeros, np.inf)
    gained = sum(v.min() for v in bound.values) - sum(v.min() for v in bound.plain)
    assert gained > 1e-4 * bound.value
    exact = find(p, seconds=60)
    assert exact is not None and bound.value <= exact.goals[0].value


def test_few_sets_cost_what_they_cost_among_all() -> None:
    some = Columns(city(1, 2.0)).sets[0]
    prices, few = np.linspace(0, 9, 8), np.zeros(len(some.members), dtype=bool)
    few[[2, 5]] = True
    every = some.values(prices, np.ones(len(few), dtype=bool))
    assert len(few) * FEW > 2, "they are too many to be worked out alone"
    assert some.values(prices, few)[few] == pytest.approx(every[few])
    assert np.isinf(some.values(prices, few)[~few]).all()


def test_prices_are_raised_until_all_units_fit() -> None:
    """The fullest hospital takes a tenth less than would come to it: those go elsewhere who lose least by it."""
    p = city(3, 3.0, units=400)
    columns = Columns(p)
    free, alive = np.zeros(len(columns.capacity)), columns.possible()
    columns.bound(alive, free, free, np.inf)
    sets = whole_sets(columns, alive, 10.0)
    assert sets is not None
    choice = chosen(columns, sets)
    load = choice.load(choice.priced(free).argmin(axis=1), 8)
    capacity = np.full(8, np.inf)
    capacity[load.argmax()] = 0.9 * load.max()
    eased = _eased(choice, free, capacity)
    assert eased is not None
    prices, place = eased
    assert (choice.load(place, 8) <= capacity).all() and prices[load.argmax()] > 0
    least = choice.cost.min(axis=1).sum()
    dual = choice.priced(prices).min(axis=1).sum() - prices[load.argmax()] * capacity.min()
    assert least < dual <= choice.paid(place) <= dual * 1.01
    assert _eased(choice, free, np.zeros(8)) is None, "nothing fits"

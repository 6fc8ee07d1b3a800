"""The engine for leads with capacities agrees with brute force and the reference model, and keeps every room."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.engines import choose as engines
from gridplan.optimise.engines.capacitated import capacitated, single_source
from gridplan.optimise.engines.capacitated.capacitated import CAPACITATED, solve_capacitated
from gridplan.optimise.engines.capacitated.exchanges import exchanged
from gridplan.optimise.engines.capacitated.first_plans import Plan, assigned
from gridplan.optimise.engines.capacitated.knapsack_bound import ascend
from gridplan.optimise.engines.capacitated.single_source import SingleSource, single_source_of
from gridplan.optimise.engines.capacitated.whole_fillings import fill, whole_of
from gridplan.optimise.model import narrowed as narrow
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import InfeasibleError

from .brute import best, keeps_rules

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def regions(draw: st.DrawFn, most: int) -> Problem:
    """One district: whole or broken costs and uses, rooms that are tight, prices, pins, bans and holes, each on or off."""
    n, m = draw(st.integers(2, most)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    cost = np.rint(rng.uniform(0, 12, (n, m))) if draw(st.booleans()) else rng.uniform(0, 12, (n, m))
    if draw(st.booleans()):
        cost[rng.uniform(size=cost.shape) < 0.2] = np.inf
        cost[np.isinf(cost).all(axis=1), 0] = 1.0
    use = rng.integers(0, 9, (n, m) if draw(st.booleans()) else n).astype(float)
    use = use if draw(st.booleans()) else use * 1.01
    some = rng.uniform(size=m)
    return from_arrays(
        cost,
        leads=draw(st.none() | st.integers(1, 3)),
        people=rng.integers(1, 5, n) if draw(st.booleans()) else None,
        capacity=np.rint(rng.uniform(0.5, 2.5, m) * use.sum() / use.size * n / min(m, 3)),
        use=use,
        opening_price=rng.integers(0, 30, m) if draw(st.booleans()) else None,
        pinned=some < 0.15 if draw(st.booleans()) else None,
        allowed=(some < 0.15) | (rng.uniform(size=m) < 0.85) if draw(st.booleans()) else None,
    )


@QUICK
@given(regions(5))
def test_the_engine_agrees_with_brute_force(p: Problem) -> None:
    assert CAPACITATED.why_not(p) is None
    truth, found = best(p), solve_capacitated(p)
    if truth is None or found is None:
        assert truth is None and found is None
        return
    assert found.proven
    assert [g.value for g in found.goals] == pytest.approx(truth, abs=1e-3)
    assert keeps_rules(p, tuple(found.serves.tolist()))


@settings(QUICK, max_examples=50)
@given(regions(18))
def test_the_engine_agrees_with_the_reference_model(p: Problem) -> None:
    ours, theirs = solve_capacitated(p), find(p)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert ours.proven and theirs.proven
        assert ours.goals[0].value == pytest.approx(theirs.goals[0].value, rel=2e-6, abs=1e-5)


@settings(QUICK, max_examples=60)
@given(regions(12), st.integers(0, 10**6))
def test_no_price_bounds_above_the_optimum(p: Problem, seed: int) -> None:
    r, proven = single_source_of(p), find(p)
    if r is None or proven is None:
        return
    value, rng = proven.goals[0].value, np.random.default_rng(seed)
    start = rng.uniform(0, 30, r.n)
    for whole in (None, whole_of(r)):
        b = ascend(r, start, value * 1.1 + 1, lambda bound: False, Clock(None), whole)
        assert b.value <= value * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_a_knapsack_in_whole_units_is_the_best_of_all_sets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gain, use = -rng.uniform(0, 9, (3, 7)), rng.integers(0, 6, (3, 7))
    room = rng.integers(0, 15, 3)
    filled = fill(gain, use, room)
    assert filled is not None
    values, taken = filled
    for k in range(3):
        sets = (np.array(some) for some in itertools.product([False, True], repeat=7))
        least = min(gain[k][some].sum() for some in sets if use[k][some].sum() <= room[k])
        assert values[k] == pytest.approx(least)
        assert gain[k][taken[k]].sum() == pytest.approx(least) and use[k][taken[k]].sum() <= room[k]


def city(n: int = 60, leads: int = 8, seed: int = 2) -> Problem:
    rng = np.random.default_rng(seed)
    places, demand = rng.uniform(0, 100, (n, 2)), rng.integers(1, 20, n).astype(float)
    cost = np.linalg.norm(places[:, None] - places[None], axis=2)
    return from_arrays(cost, leads=leads, capacity=float(np.ceil(demand.sum() / leads * 1.15)), use=demand)


def test_exchanges_keep_every_room_and_never_make_a_plan_worse() -> None:
    r = single_source_of(city())
    found = solve_capacitated(city(), gap=0.1)
    assert r is not None and found is not None
    better = exchanged(r, found.serves, Clock(None))
    assert r.fits(better) and r.value(better) <= r.value(found.serves)


@pytest.mark.parametrize("seed", range(4))
def test_exchanges_end_where_no_move_and_no_swap_helps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = from_arrays(
        rng.uniform(0, 9, (24, 5)), capacity=np.full(5, 30.0), use=rng.integers(1, 9, (24, 5)).astype(float)
    )
    r = single_source_of(p)
    assert r is not None
    start = solve_capacitated(p, gap=1.0)
    assert start is not None
    done = exchanged(r, start.serves, Clock(None))

    def better(serves: np.ndarray) -> bool:
        return r.fits(serves) and r.value(serves) < r.value(done) - 1e-6

    for u, v in itertools.combinations(range(24), 2):
        swapped = done.copy()
        swapped[[u, v]] = done[[v, u]]
        assert not better(swapped)
    for u, site in itertools.product(range(24), range(5)):
        moved = done.copy()
        moved[u] = site
        assert not better(moved)


def test_uses_that_are_the_same_everywhere_take_no_memory() -> None:
    rng = np.random.default_rng(1)
    cost, room = rng.uniform(0, 9, (24, 5)), np.full(5, 60.0)
    same = single_source_of(from_arrays(cost, capacity=room, use=np.arange(24.0)))
    own = single_source_of(from_arrays(cost, capacity=room, use=rng.uniform(0, 9, (24, 5))))
    assert same is not None and own is not None
    assert same.use.strides[1] == 0 and (same.use == np.arange(24.0)[:, None]).all()
    assert own.use.strides[1] > 0


def test_what_is_too_large_for_matrices_still_gets_a_plan_and_its_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the matrices and beyond the exact model: the cheapest sites of each unit, and the gap told against all."""
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, 100, (60, 2))
    cost = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    p = from_arrays(cost, leads=8, capacity=np.full(60, 12.0), use=np.ones(60))
    truth = engines.solve(p)
    monkeypatch.setattr(single_source, "MOST_PAIRS", 1_000)
    monkeypatch.setattr(narrow, "MOST_PAIRS", 1_500)
    assert engines.choose(p)[0] == "highs"
    found = engines.solve(p)
    assert found.engine == "highs" and found.status == "feasible"
    assert found.bound <= truth.value <= found.value
    assert "3,600 pairs would make a model" in found.why.en and "每" not in found.why.en


def test_a_gap_is_enough_where_it_is_asked_for() -> None:
    found = engines.solve(city(), gap=0.03)
    assert found.engine == "capacitated"
    assert found.goals[0].bound <= found.goals[0].value and found.goals[0].gap <= 0.03 + 1e-9


def test_too_little_room_is_refused_with_the_reason() -> None:
    rng = np.random.default_rng(0)
    tight = from_arrays(rng.uniform(1, 9, (12, 4)), leads=2, capacity=5, use=np.ones(12))
    assert solve_capacitated(tight) is None
    with pytest.raises(InfeasibleError):
        engines.solve(tight, engine="capacitated")


def test_where_prices_alone_choose_as_many_sites_are_tried_as_the_bound_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of sixty sites some six are worth their price; where so many do not hold all units, more of them are tried."""
    rng, tried = np.random.default_rng(0), []

    def noting(r: SingleSource, open_: np.ndarray, clock: Clock) -> Plan | None:
        plan = assigned(r, open_, clock)
        tried.append((int(open_.sum()), plan is not None))
        return plan

    monkeypatch.setattr(capacitated, "assigned", noting)
    at, sites = rng.uniform(0, 1000, (200, 2)), rng.uniform(0, 1000, (60, 2))
    use = rng.integers(5, 35, 200).astype(float)
    cost = np.linalg.norm(at[:, None] - sites[None], axis=2)
    rooms = {"capacity": np.full(60, np.ceil(use.sum() / 6)), "opening_price": np.full(60, 4000.0)}
    p = from_arrays(cost, use=use, **rooms)
    assert len(p.unit) > capacitated.PRICED_MOST
    assert solve_capacitated(p, seconds=3.0) is not None
    assert tried[0][0] == 60, "all of them are open at first, for a plan at once"
    numbers = [number for number, _ in tried[1:]]
    assert numbers and numbers == sorted({*numbers}) and 5 <= numbers[0] <= numbers[-1] <= 12
    assert [found for _, found in tried[1:]] == [False] * (len(numbers) - 1) + [True]
    tried.clear()
    monkeypatch.setattr(capacitated, "numbers_opened", lambda r, b: [2, 5, 9, 30])
    assert solve_capacitated(p, seconds=3.0) is not None
    assert tried[1:] == [(2, False), (5, False), (9, True)]


def test_without_a_choice_of_sites_or_with_a_small_one_by_prices_the_solver_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An assignment whose uses and costs pull against each other; where the number of sites is limited, prices of units do."""
    rng, asked = np.random.default_rng(5), []

    def noting(search: capacitated.Search) -> None:
        asked.append(search.r.always.all())
        first(search)
        assert search.plan is not None and search.bound > 0.99 * search.value

    first = capacitated._to_the_solver
    monkeypatch.setattr(capacitated, "_to_the_solver", noting)
    use = np.rint(1 - 10 * np.log(rng.uniform(1e-3, 1, (60, 6))))
    cost = np.rint(1000 / use - 10 * rng.uniform(size=use.shape)).clip(1)
    capacity = np.full(6, np.ceil(0.8 * use.sum() / 36))
    found = solve_capacitated(from_arrays(cost, capacity=capacity, use=use), seconds=30, gap=0.005)
    assert found is not None and found.gap <= 0.005 and asked == [True]
    dear = from_arrays(cost, capacity=2 * capacity, use=use, opening_price=np.full(6, 500.0))
    assert solve_capacitated(dear, seconds=30, gap=0.005) is not None and asked == [True, False]
    few = from_arrays(cost, capacity=2 * capacity, use=use, leads=4)
    assert solve_capacitated(few, seconds=30, gap=0.005) is not None and len(asked) == 2

"""Large areas of grids: bounds below, plans above the optimum, rules kept, the same answer every time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.cases.grids import GridCity, grid_problem
from gridplan.optimise.engines.choose import find
from gridplan.optimise.engines.grids import by_area, large_area, lead_tree
from gridplan.optimise.engines.grids.area import areas
from gridplan.optimise.engines.grids.by_area import countable
from gridplan.optimise.engines.grids.few_pairs import among_few_pairs
from gridplan.optimise.engines.grids.growth import Search, load_prices
from gridplan.optimise.engines.grids.large_area import Large, keeps_rules
from gridplan.optimise.engines.grids.lead_bounds import Bounds
from gridplan.optimise.model.solve_reference import find as find_by_reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import NoPlanInTimeError

from .brute_grids import best_grids, keeps_grid_rules
from .grid_cases import GRID_RULES, grid_problems

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
# A search knows no order of leads: such areas are left to the exact model, see `solve_area`.
WITHIN_AN_AREA = tuple(rule for rule in GRID_RULES if rule not in ("city_numbers", "order"))


def searched(p: Problem, seconds: float = 20.0) -> list[Large] | None:
    found: list[Large] = []
    for area in areas(p):
        if not countable(area):
            return None
        found.append(Large(area, list(range(area.least, area.most + 1))))
        found[-1].run(Clock(seconds), 0.0)
    return found


@QUICK
@given(grid_problems(rules=WITHIN_AN_AREA))
def test_no_optimum_is_below_the_bound_or_above_the_plan(p: Problem) -> None:
    truth, found = best_grids(p), searched(p)
    if found is None:
        assert truth is None
        return
    if truth is None:
        assert any(large.serves is None for large in found)
        return
    assert sum(large.bound for large in found) <= truth + 1e-3
    serves = np.full(len(p.unit_ids), -1)
    for large in found:
        if large.serves is not None:
            serves[large.area.units] = large.area.leads[large.serves]
    if (serves >= 0).all():
        assert sum(large.value for large in found) >= truth - 1e-3
        assert keeps_grid_rules(p, tuple(serves.tolist()))


def test_leading_and_not_leading_leave_out_no_plan_of_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every choice of leads is in one node: no bound of a number of grids falls, none rises above its optimum."""
    asked, raised, halfway = [], 0, lead_tree._halfway
    monkeypatch.setattr(lead_tree, "_halfway", lambda node: (asked.append(halfway(node)), asked[-1])[1])
    for seed in range(8):
        (area,) = areas(grid_problem(GridCity(units=20, leads=7, balance=None, seed=seed)))
        truth = by_area.numbered(area, "highs", Clock(None), 0.0, 1)
        bounds = Bounds(area, sorted(truth))
        bounds.improve(Clock(None), np.inf, 60)
        before = dict(bounds.at)
        lead_tree.split(bounds, Clock(None), lambda: np.inf, 0.0, lambda leads: None)
        for number, answer in truth.items():
            assert before[number] <= bounds.at[number] <= answer.value * (1 + 1e-7)
            raised += bounds.at[number] > before[number] * (1 + 1e-4)
    assert sum(lead is not None for lead in asked) > 3 and raised > 3


def test_a_fixed_number_of_grids_has_a_bound_by_leading_and_not_leading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prices alone take half of each of two leads that are near each other."""
    (area,) = areas(grid_problem(GridCity(units=200, leads=20, number=10, balance=0.05)))
    large, before = Large(area, [10]), []

    def noting(*asked: Any) -> np.ndarray | None:
        before.append(large.value - large.bounds.least)
        return lead_tree.split(*asked)

    monkeypatch.setattr(large_area, "split", noting)
    large.run(Clock(20), 0.0)
    assert large.serves is not None and large.value - large.bound < 0.7 * before[0]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("number", [None, 3])
def test_a_middling_city_stands_between_bound_and_plan_of_the_reference(
    seed: int, number: int | None
) -> None:
    p = grid_problem(GridCity(units=24, leads=3, number=number, balance=0.3, seed=seed))
    (large,) = searched(p) or ()
    best = find_by_reference(p)
    assert best is not None and best.proven
    optimum = best.goals[0].value
    assert large.bound <= optimum * (1 + 1e-7)
    assert large.serves is not None and optimum <= large.value * (1 + 1e-7)
    assert large.value <= 1.2 * optimum
    exact = find(p)
    assert exact is not None and exact.goals[0].value == pytest.approx(optimum)


def test_a_large_area_is_searched_and_says_so() -> None:
    p = grid_problem(GridCity(units=600, leads=40, balance=0.15))
    outcome = find(p, seconds=60, gap=0.05)
    assert (
        outcome is not None
        and outcome.engine == "grids"
        and outcome.why is not None
        and "24000 pairs" in outcome.why.en
        and "1 by prices" in outcome.why.en
    )
    goal = outcome.goals[0]
    assert goal.bound <= goal.value and goal.gap <= 0.05
    (area,) = areas(p)
    assert keeps_rules(area, outcome.serves)


@pytest.mark.parametrize("seed", [1, 2])
def test_where_every_neighbour_is_full_chains_bring_the_loads_within_their_limits(seed: int) -> None:
    """Prices alone end without a plan here, with a few residents too many in one grid."""
    (area,) = areas(grid_problem(GridCity(units=400, leads=20, number=20, balance=0.1, seed=seed)))
    leads = np.arange(20)
    price, promise = load_prices(area, leads)
    serves = Search(area, leads, price).run(Clock(None))
    assert serves is not None and keeps_rules(area, serves)
    assert promise <= area.value(serves) <= 1.02 * promise


@pytest.mark.parametrize("balance", [0.15, 0.05])
def test_the_solver_among_few_pairs_finds_better_plans_than_a_search(balance: float) -> None:
    """From a plan of a search, and from none; what it offers keeps every rule."""
    (area,) = areas(grid_problem(GridCity(units=240, leads=12, number=12, balance=balance)))
    leads = np.arange(12)
    price, promise = load_prices(area, leads)
    serves = Search(area, leads, price).run(Clock(None))
    assert serves is not None
    for start in (serves, None):
        offered: list[float] = []

        def offer(plan: np.ndarray, offered: list[float] = offered) -> float:
            assert keeps_rules(area, plan)
            offered.append(area.value(plan))
            return offered[-1]

        among_few_pairs(area, leads, start, area.value(serves), "highs", Clock(10), 1, offer)
        assert promise <= min(offered) < area.value(serves)


def test_the_solver_is_asked_where_a_search_finds_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "run", lambda *_: None)
    (area,) = areas(grid_problem(GridCity(units=200, leads=8, number=8)))
    large = Large(area, [8])
    large.run(Clock(60), 0.0)
    assert large.serves is not None and keeps_rules(area, large.serves)


def test_prices_known_nearly_need_few_rounds() -> None:
    """A bound from any start; after some rounds nearly that of many."""
    (area,) = areas(grid_problem(GridCity(units=400, leads=20, balance=0.15)))
    price, _ = load_prices(area, np.arange(19))
    start = np.append(price, 0.0)
    few, many = (load_prices(area, np.arange(20), n, s)[1] for n, s in ((20, start), (2_000, None)))
    assert 0.99 * many <= few <= many * (1 + 1e-6)


@pytest.mark.parametrize(
    "city", [GridCity(400, 20, 20), GridCity(400, 20, seed=2), GridCity(600, 40, 40, balance=0.05, seed=3)]
)
def test_the_cheapest_units_of_each_lead_prove_what_all_of_them_do(city: GridCity) -> None:
    """At any prices, to the last digit: what is left out is more than a grid may take."""
    (area,) = areas(grid_problem(city))
    numbers = [city.number] if city.number else list(range(8, 21))
    few, every = Bounds(area, numbers), Bounds(area, numbers)
    every._share = 1e9
    rng = np.random.default_rng(0)
    for _ in range(10):
        price = few.best_price * rng.uniform(0.5, 2.5, len(few.best_price))
        value, cover = few._price(price, numbers[-1], numbers)
        known = every._price(price, numbers[-1], numbers)
        assert value == known[0] and (cover == known[1]).all() and few.at == every.at
    need = np.minimum(few.high.max(axis=0), few._reach)
    assert few._cheapest_units(few.rate - price, need)[0].shape[1] < city.units / 2


def test_an_exact_model_of_a_large_area_is_not_begun_where_no_plan_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To build it for 200,000 pairs alone takes minutes: what is known is told instead."""
    monkeypatch.setattr(by_area, "LARGEST", 2_000)
    monkeypatch.setattr(by_area, "CutModel", lambda *_: pytest.fail("it is built"))
    p = grid_problem(GridCity(units=200, leads=12, number=12, balance=1e-4))
    with pytest.raises(NoPlanInTimeError, match="no plan can be below"):
        find(p, seconds=60)


def test_the_same_city_has_the_same_plan_every_time() -> None:
    p = grid_problem(GridCity(units=200, leads=8, number=8))
    one, other = ((searched(p, 600.0) or ())[0] for _ in range(2))
    assert one.serves is not None and (one.serves == other.serves).all() and one.bound == other.bound


def test_a_broken_plan_is_not_let_through() -> None:
    p = grid_problem(GridCity(units=60, leads=5, number=5, balance=0.3))
    (large,) = searched(p) or ()
    area, serves = large.area, large.serves
    assert serves is not None and keeps_rules(area, serves)
    moved = serves.copy()
    moved[area.roots[0]] = 1
    assert not keeps_rules(area, moved)  # a lead without its campus
    assert not keeps_rules(replace(area, balance=1e-6), serves)
    assert not keeps_rules(replace(area, capacity=np.full(5, 10.0)), serves)
    far = next(u for u in range(60) if serves[u] == 0 and u not in area.roots[0])
    assert keeps_rules(area, serves) and not keeps_rules(
        replace(
            area,
            beside=tuple(near if u != far else near[:0] for u, near in enumerate(_cut(area.beside, far))),
        ),
        serves,
    )


def _cut(beside: tuple[np.ndarray, ...], u: int) -> tuple[np.ndarray, ...]:
    """Neighbours without one unit."""
    return tuple(near[near != u] for near in beside)

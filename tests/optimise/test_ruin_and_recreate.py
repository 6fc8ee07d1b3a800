"""Rounds of ruin and recreate: compiled and plain the same, every sum right, every plan told fits; good plans of tight groups."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.optimise.engines.capacitated import capacitated, first_sites, ruin_and_recreate
from gridplan.optimise.engines.capacitated import rounds as compiled
from gridplan.optimise.engines.capacitated.first_plans import Plan
from gridplan.optimise.engines.capacitated.single_source import SingleSource, single_source_of
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock

from .brute import best
from .test_capacitated import city, regions

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def tight(n: int = 60, leads: int = 8) -> SingleSource:
    found = single_source_of(city(n, leads))
    assert found is not None
    return found


@pytest.fixture
def plain() -> ModuleType:
    """The same module as Python reads it where numba is not installed."""
    spec = importlib.util.spec_from_file_location("plain_rounds", compiled.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "numba", None)
        spec.loader.exec_module(module)
    assert module.COMPILER is None and compiled.COMPILER is not None
    return module


def started(r: SingleSource, seed: int = 1) -> tuple[compiled.Sites, compiled.Groups]:
    rough = ruin_and_recreate.roughly(r, np.arange(r.m) < max(1, r.most))
    sites = ruin_and_recreate._sites(r)
    return sites, ruin_and_recreate._groups(r, sites, rough, seed)


@pytest.mark.parametrize("seed", [1, 7])
def test_compiled_and_plain_give_the_same_plan(plain: ModuleType, seed: int) -> None:
    r = tight(40, 6)
    sites, one = started(r, seed)
    _, other = started(r, seed)
    compiled.rounds(sites, one, 300, 4.0, 2.0)
    plain.rounds(sites, other, 300, 4.0, 2.0)
    for mine, theirs in zip(one, other, strict=True):
        assert mine.tolist() == theirs.tolist()


def assert_sums(r: SingleSource, groups: compiled.Groups) -> None:
    """What is kept while a plan changes is what the plan itself says."""
    serves = groups.serves
    load = np.bincount(serves, r.use[np.arange(r.n), serves], r.m)
    assert groups.load == pytest.approx(load)
    assert groups.members.tolist() == np.bincount(serves, minlength=r.m).tolist()
    assert groups.sums[0] == pytest.approx(r.value(serves))
    assert groups.sums[1] == pytest.approx(np.maximum(0.0, load - r.capacity).sum(), abs=1e-6)
    assert groups.numbers[0] == len(np.unique(serves[~r.always[serves]]))
    for h in range(r.m):
        chain, u = [], int(groups.first[h])
        while u >= 0:
            chain.append(u)
            u = int(groups.after[u])
        assert sorted(chain) == np.flatnonzero(serves == h).tolist()


@QUICK
@given(regions(9), st.integers(1, 10**6), st.floats(0.0, 20.0), st.floats(0.0, 9.0))
def test_sums_are_right_and_plans_fit_whatever_is_drawn(
    p: Problem, seed: int, heat: float, beyond: float
) -> None:
    r = single_source_of(p)
    if r is None or r.most < 0:
        return
    sites, groups = started(r, seed)
    opened = int(groups.numbers[0])
    for _ in range(5):
        compiled.rounds(sites, groups, 20, heat, beyond)
        assert_sums(r, groups)
        assert groups.numbers[0] <= max(r.most, opened)
        if groups.sums[2] < ruin_and_recreate.NO_PLAN:
            assert r.fits(groups.best) and r.value(groups.best) == pytest.approx(groups.sums[2])


@QUICK
@given(regions(5))
def test_no_plan_is_better_than_the_best_of_all(p: Problem) -> None:
    r, truth = single_source_of(p), best(p)
    if r is None or r.most < 0:
        return
    told: list[Plan] = []
    rough = ruin_and_recreate.roughly(r, np.arange(r.m) < max(1, r.most))
    ruin_and_recreate.annealed(r, rough, 1.0, 500, Clock(None), told.append)
    assert [plan.value for plan in told] == sorted((plan.value for plan in told), reverse=True)
    assert all(r.fits(plan.serves) for plan in told)
    if told:
        assert truth is not None and told[-1].value >= truth[0] - 1e-6 * max(1.0, abs(truth[0]))


def test_tight_groups_get_a_plan_near_the_bound() -> None:
    r, told = tight(), list[Plan]()
    prices = first_sites.first_prices(r)
    bound = capacitated.ascend(r, prices, 2 * float(prices.sum()), lambda _: False, Clock(None)).value
    rough = ruin_and_recreate.roughly(r, first_sites.first_sites(r, prices))
    assert not r.fits(rough) or r.value(rough) > 1.1 * bound
    ruin_and_recreate.annealed(r, rough, bound, 40_000, Clock(None), told.append)
    assert bound <= told[-1].value <= 1.03 * bound


def test_the_clock_and_a_value_that_is_enough_end_it() -> None:
    r, told = tight(), list[Plan]()
    rough = ruin_and_recreate.roughly(r, np.arange(r.m) < r.most)
    ruin_and_recreate.annealed(r, rough, 1.0, 10**9, Clock(0.0), told.append)
    assert told == []
    ruin_and_recreate.annealed(r, rough, 1.0, 10**9, Clock(None), told.append, enough=1e9)
    assert len(told) == 1


def test_with_a_clock_it_goes_on_without_one_while_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    class Looks(Clock):
        """A clock that a look at it costs."""

        def __post_init__(self) -> None:
            self.looks = 0

        @property
        def left(self) -> float | None:
            self.looks += 1
            return None if self.seconds is None else max(0.1, self.seconds - self.looks)

    begun: list[int] = []
    real = ruin_and_recreate._groups
    monkeypatch.setattr(ruin_and_recreate, "_groups", lambda *a: begun.append(1) or real(*a))
    r = tight(20, 3)
    rough = ruin_and_recreate.roughly(r, np.arange(r.m) < r.most)
    ruin_and_recreate.annealed(r, rough, 1.0, 500, Looks(None), lambda plan: None)
    without = len(begun)
    ruin_and_recreate.annealed(r, rough, 1.0, 500, Looks(1_000.0), lambda plan: None)
    assert len(begun) - without > 3 * without >= 3 * ruin_and_recreate.STARTS


def test_without_numba_and_with_prices_of_sites_no_plan_is_annealed(monkeypatch: pytest.MonkeyPatch) -> None:
    search = capacitated.Search(tight(), 0.0, Clock(None), lambda value, bound: None)
    assert capacitated._anneals(search)
    assert not capacitated._anneals(
        capacitated.Search(tight(), 0.0, Clock(5.0), lambda value, bound: None)
    ), "a short clock is not spent on compiling"
    priced = tight()
    priced.price[:] = 3.0
    assert not capacitated._anneals(capacitated.Search(priced, 0.0, Clock(None), lambda value, bound: None))
    monkeypatch.setattr(capacitated, "find_spec", lambda name: None)
    assert not capacitated._anneals(search)

"""Whole fillings of sites: their bound is one, covering by all of them is the optimum, grouping anew keeps the rooms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from gridplan.optimise.engines.capacitated.capacitated import solve_capacitated
from gridplan.optimise.engines.capacitated.coverings import Cluster, covered
from gridplan.optimise.engines.capacitated.fillings import Generation
from gridplan.optimise.engines.capacitated.first_plans import planned
from gridplan.optimise.engines.capacitated.regroup import regrouped
from gridplan.optimise.engines.capacitated.single_source import SingleSource, single_source_of
from gridplan.optimise.engines.capacitated.whole_fillings import whole_of
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock

from .brute import best
from .test_capacitated import city, regions

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def every_filling(r: SingleSource) -> list[Cluster]:
    return [
        (h, np.array(units))
        for h in range(r.m)
        for k in range(1, r.n + 1)
        for units in itertools.combinations(range(r.n), k)
        if r.use[list(units), h].sum() <= r.capacity[h] and np.isfinite(r.cost[list(units), h]).all()
    ]


@QUICK
@given(regions(5))
def test_covering_by_every_filling_is_the_optimum(p: Problem) -> None:
    r, truth = single_source_of(p), best(p)
    if r is None or truth is None or r.most < 0:
        return
    serves = covered(r, every_filling(r), np.zeros(r.n), None)
    assert serves is not None and r.fits(serves)
    assert r.value(serves) == pytest.approx(truth[0], abs=1e-6 + 2e-3 * abs(truth[0]))  # it stops at a gap


@QUICK
@given(regions(6))
def test_the_bound_by_fillings_is_never_above_the_optimum_and_fillings_fit(p: Problem) -> None:
    r, truth = single_source_of(p), best(p)
    whole = None if r is None else whole_of(r)
    if r is None or whole is None or truth is None:
        return
    made = Generation(r, whole, np.zeros(r.n), [])
    made.run(Clock(None), np.inf)
    made.vary(Clock(None), 5, np.random.default_rng(1))
    assert made.bound <= truth[0] + 1e-6 * max(1.0, abs(truth[0]))
    for site, units in made.clusters:
        assert r.use[units, site].sum() <= r.capacity[site] * (1 + 1e-12)
        assert np.isfinite(r.cost[units, site]).all()


@pytest.mark.parametrize("seed", range(3))
def test_grouping_anew_keeps_the_rooms_and_gets_better(seed: int) -> None:
    p = city(26, 7, seed)
    r = single_source_of(p)
    assert r is not None
    whole, found = whole_of(r), solve_capacitated(p, gap=0.5)
    assert whole is not None and found is not None
    made = Generation(r, whole, np.zeros(r.n), [])
    made.run(Clock(None), np.inf)
    poor = planned(r, found.serves)
    plan = regrouped(r, whole, poor, made.prices, Clock(2.0), made.bound)
    assert r.fits(plan.serves) and plan.value <= poor.value
    truth = find(p)
    assert truth is not None and truth.value <= plan.value <= truth.value * 1.05


def test_small_groups_are_proven_as_the_reference_model_does() -> None:
    p = city(28, 8, 5)
    ours, truth = solve_capacitated(p), find(p)
    assert ours is not None and truth is not None
    assert ours.value == pytest.approx(truth.value, rel=1e-6)
    assert ours.bound == pytest.approx(truth.value, rel=1e-6)

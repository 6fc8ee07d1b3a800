"""The engine for many leads agrees with brute force and the reference model, on ties, pins, bans, prices and holes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.engines import choose as engines
from gridplan.optimise.engines.p_median.lagrangian import ROOT, Choice, ascend
from gridplan.optimise.engines.p_median.median_instance import _by_cost, p_median_of
from gridplan.optimise.engines.p_median.p_median import P_MEDIAN, solve_p_median
from gridplan.optimise.engines.p_median.site_tree import prove
from gridplan.optimise.engines.p_median.swaps import improve, value_of
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import InfeasibleError, NoPlanInTimeError, NoSolverError, SolveError
from gridplan.words.progress import silent

from .brute import best, keeps_rules
from .cases import problems

MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
RULES = (
    "ban",
    "eligibility",
    "pin",
    "travel_standard",
    "unreachable",
    "exempt",
    "pair_price",
    "district_cap",
    "hospital_cap",
)


@MANY
@given(problems(rules=RULES))
def test_the_engine_agrees_with_brute_force(p: Problem) -> None:
    if P_MEDIAN.why_not(p) is not None:
        return
    truth, found = best(p), P_MEDIAN.solve(p, None, 0.0, 1, silent)
    if truth is None or found is None:
        assert truth is None and found is None
        return
    assert found.proven
    assert [g.value for g in found.goals] == pytest.approx(truth, abs=1e-3)
    assert keeps_rules(p, tuple(found.serves.tolist()))


@st.composite
def regions(draw: st.DrawFn) -> Problem:
    """Up to 30 units and 12 sites, in up to 3 districts: whole costs with many ties, or fractions."""
    n, m, d = draw(st.integers(2, 30)), draw(st.integers(2, 12)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    cost = np.rint(rng.uniform(0, 12, (n, m))) if draw(st.booleans()) else rng.uniform(0, 12, (n, m))
    if draw(st.booleans()):
        cost[rng.uniform(size=cost.shape) < 0.3] = np.inf
        cost[np.isinf(cost).all(axis=1), 0] = 1.0
    some = rng.uniform(size=m)
    return from_arrays(
        cost,
        leads=draw(st.none() | st.integers(1, 5)),
        people=rng.integers(1, 9, n) if draw(st.booleans()) else None,
        district=np.concatenate([np.arange(min(d, n)), rng.integers(0, min(d, n), n - min(d, n))]),
        opening_price=rng.integers(0, 40, m) if draw(st.booleans()) else None,
        pinned=some < 0.1 if draw(st.booleans()) else None,
        allowed=(some < 0.1) | (rng.uniform(size=m) < 0.8) if draw(st.booleans()) else None,
    )


@settings(MANY, max_examples=150)
@given(regions())
def test_the_engine_agrees_with_the_reference_model(p: Problem) -> None:
    ours, theirs = solve_p_median(p), find(p)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert ours.proven and theirs.proven
        assert ours.goals[0].value == pytest.approx(theirs.goals[0].value, rel=2e-6)
        assert (ours.chosen.sum(axis=1) <= p.district_cap).all()
        assert ours.chosen[p.pinned].all() and not ours.chosen[~p.allowed].any()


@settings(MANY, max_examples=60)
@given(regions(), st.integers(0, 10**6))
def test_no_price_bounds_above_the_optimum(p: Problem, seed: int) -> None:
    seen = p_median_of(p, 0)
    if seen is None:
        return
    m, rng = seen[0], np.random.default_rng(seed)
    proof = prove(m, 0.0, Clock(None))
    if proof.open_ is None:
        return
    c = Choice(m.n, m.unit, m.site, m.cost, m.price, m.always, ~m.always, m.p, m.m)
    a = ascend(c, rng.uniform(0, 30, m.n), proof.value, ROOT, lambda bound: False, Clock(None))
    assert a.bound <= proof.value * (1 + 1e-9) + 1e-9


def random_median(n: int = 120, leads: int = 12, seed: int = 5) -> Problem:
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 100, (n, 2))
    return from_arrays(np.linalg.norm(places[:, None] - places[None], axis=2), leads=leads)


@given(st.integers(0, 10**6), st.booleans())
def test_pairs_row_by_row_are_in_the_order_of_all_keys(seed: int, dense: bool) -> None:
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(6), 5) if dense else np.sort(rng.integers(0, 6, 30))
    cost, minutes = rng.integers(0, 3, 30) * 1.0, rng.integers(0, 3, 30) * 1.0
    assert (_by_cost(unit, cost, minutes) == np.lexsort((np.arange(30), minutes, cost, unit))).all()


def test_swaps_never_make_a_plan_worse() -> None:
    seen = p_median_of(random_median(), 0)
    assert seen is not None
    m, rng = seen[0], np.random.default_rng(1)
    for _ in range(5):
        open_ = np.isin(np.arange(m.m), rng.choice(m.m, m.p, replace=False))
        better = improve(m, open_, m.too_much, Clock(None))
        assert better.sum() == m.p
        assert value_of(m, better, m.too_much) <= value_of(m, open_, m.too_much)


def test_the_same_input_gives_the_same_plan() -> None:
    one, other = (solve_p_median(random_median()) for _ in range(2))
    assert one is not None and other is not None
    assert (one.serves == other.serves).all() and one.goals[0].bound == other.goals[0].bound


@dataclass
class Looks(Clock):
    """A clock that is over after so many looks, however fast the machine."""

    looks: int = 0

    @property
    def over(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize("looks", [45, 60, 90, 150, 400])
def test_a_clock_that_is_over_leaves_a_plan_and_its_bound(looks: int) -> None:
    p = random_median(n=100, leads=40)
    seen, proven = p_median_of(p, 0), solve_p_median(p)
    assert seen is not None and proven is not None
    stopped = prove(seen[0], 0.0, Looks(None, looks))
    assert stopped.open_ is not None
    assert stopped.bound <= proven.goals[0].value <= stopped.value + 1e-6


def test_no_plan_is_told_from_no_time() -> None:
    cost = np.array([[1.0, np.inf], [np.inf, 1.0], [1.0, 1.0]])
    assert solve_p_median(from_arrays(cost, leads=1)) is None
    with pytest.raises(InfeasibleError):
        engines.solve(from_arrays(cost, leads=1), engine="p_median")


def test_a_gap_is_enough_where_it_is_asked_for() -> None:
    rough = solve_p_median(random_median(), gap=0.05)
    assert rough is not None and rough.goals[0].gap <= 0.05 + 1e-9


def test_auto_says_what_it_chose_and_why() -> None:
    few, many = engines.solve(random_median(n=20, leads=3)), engines.solve(random_median())
    assert few.engine == "highs" and few.why is not None and "400 pairs" in few.why.en
    assert many.engine == "p_median" and many.why is not None and "14400 pairs" in many.why.en


def test_the_engine_stands_aside_where_units_are_tied_together() -> None:
    rng = np.random.default_rng(0)
    cost = rng.uniform(1, 9, (60, 40))
    tied = from_arrays(cost, leads=9, capacity=10)
    reason = P_MEDIAN.why_not(tied)
    assert reason is not None and "capacities" in reason.en
    with pytest.raises(SolveError, match="capacities"):
        engines.solve(tied, engine="p_median")
    assert engines.choose(tied)[0] == "capacitated"
    with pytest.raises(NoSolverError, match="auto, highs"):
        engines.solve(tied, engine="copt")
    assert (
        P_MEDIAN.why_not(from_arrays(cost, leads=2, district=np.arange(60) % 3, hospital_cap=1)) is not None
    )


def test_a_clock_that_ends_before_any_plan_says_so() -> None:
    """400 units with two sites each: whether 105 sites reach all of them is a hard question (vertex cover)."""
    rng = np.random.default_rng(3)
    cost = np.full((400, 200), np.inf)
    for u in range(400):
        cost[u, rng.choice(200, 2, replace=False)] = 1.0
    with pytest.raises(NoPlanInTimeError):
        solve_p_median(from_arrays(cost, leads=105), seconds=0.5)

"""What a solver run is called: a stopped run is never optimal, a broken answer never a plan."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import highspy
import numpy as np
import pulp
import pytest
from scipy.sparse import csc_array

from gridplan.optimise.engines import solve
from gridplan.optimise.model.highs_door import minimise
from gridplan.optimise.model.pulp_door import Model, engines
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run import in_time
from gridplan.optimise.run.interrupt import stopped
from gridplan.optimise.run.outcome import OPTIMAL_GAP
from gridplan.optimise.stages import Stage
from gridplan.words.errors import NoPlanInTimeError, NoSolverError
from gridplan.words.text import both


def knapsack(n: int = 30, seed: int = 1) -> Model:
    """A model that takes long to prove: equal weights and values, coupled by an awkward limit."""
    rng = np.random.default_rng(seed)
    model = Model("hard")
    x = [[model.binary(f"x[{i},{j}]") for j in range(8)] for i in range(n)]
    size, cost = rng.integers(10, 40, (n, 8)), rng.integers(10, 40, (n, 8))
    for i in range(n):
        model.add([(v, 1.0) for v in x[i]], "==", 1.0, f"one[{i}]")
    for j in range(8):
        limit = 0.8 * size.mean(axis=1).sum() / 8
        model.add([(x[i][j], float(size[i, j])) for i in range(n)], "<=", float(limit), f"room[{j}]")
    model.minimise([(x[i][j], float(cost[i, j])) for i in range(n) for j in range(8)])
    return model


def hard_city(
    units: int, hospitals: int = 30, districts: int = 10, slack: float = 1.08, seed: int = 3
) -> Problem:
    """A tight capacitated city that no solver proves in a second."""
    rng = np.random.default_rng(seed)
    people = rng.integers(500, 4000, units)
    minutes = np.round(rng.uniform(5, 90, (units, hospitals)), 4)
    unit, hospital = (a.ravel() for a in np.indices(minutes.shape))
    shape = (districts, hospitals)
    return Problem(
        layer="general",
        unit_ids=np.array([f"u{i:05}" for i in range(units)], dtype=object),
        district_ids=np.array([f"d{i}" for i in range(districts)], dtype=object),
        hospital_ids=np.array([f"h{i}" for i in range(hospitals)], dtype=object),
        people=people,
        demand=people.astype(float),
        district=np.arange(units) % districts,
        unit=unit,
        hospital=hospital,
        minutes=minutes.ravel(),
        counted=np.ones(hospitals, dtype=bool),
        priority=np.ones(shape, dtype=np.int64),
        allowed=np.ones(shape, dtype=bool),
        pinned=np.zeros(shape, dtype=bool),
        existing=np.zeros(shape, dtype=bool),
        district_cap=np.full(districts, 6),
        hospital_cap=np.full(hospitals, 3),
        capacity=np.full(hospitals, people.sum() / hospitals * slack),
        within=np.ones(len(unit), dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(len(unit)),
        least_partners=0,
        least_share=0.0,
        stages=(Stage("travel", both("travel"), minutes.ravel()),),
    )


@pytest.mark.parametrize("engine", engines())
def test_a_run_stopped_at_a_gap_is_feasible_with_a_true_bound(engine: str) -> None:
    solved = knapsack().solve(engine, None, gap=0.5)
    proven = knapsack().solve(engine, 60, gap=0.0)
    assert solved.has_values and solved.bound is not None and proven.bound is not None
    assert solved.bound <= proven.bound + 1e-6


@pytest.mark.parametrize("engine", engines())
def test_a_run_stopped_by_the_clock_is_never_called_optimal(engine: str) -> None:
    problem = hard_city(120)
    try:
        outcome = solve(problem, engine=engine, seconds=2.0)
    except NoPlanInTimeError as stopped:
        assert "time ran out" in str(stopped)
        return
    goal = outcome.goals[-1]
    assert goal.bound <= goal.value
    assert (goal.status == "optimal") == (goal.gap <= OPTIMAL_GAP)
    assert goal.status == "feasible", "this city is not proven in two seconds; make it harder"


def test_no_plan_in_time_says_so_and_keeps_the_bound() -> None:
    with pytest.raises(NoPlanInTimeError) as refused:
        solve(hard_city(400, 40, 16, slack=1.005), seconds=0.1)
    assert refused.value.bound is None or refused.value.bound >= 0


@pytest.mark.parametrize("engine", engines())
def test_an_impossible_model_is_infeasible(engine: str) -> None:
    model = Model("impossible")
    x = model.binary("x")
    model.add([(x, 1.0)], ">=", 2.0, "two")
    model.minimise([(x, 1.0)])
    assert model.solve(engine, None, 0.0).found == "infeasible"


def test_a_solver_that_does_not_end_is_left_behind_and_nothing_is_claimed(monkeypatch) -> None:
    """As a presolve of HiGHS that no clock reaches: both doors come back, and the next search is whole again."""
    one = np.ones(1)
    rows = csc_array(np.ones((1, 1)))
    let_go = threading.Event()
    with monkeypatch.context() as hung:
        hung.setattr(highspy.Highs, "run", lambda highs: let_go.wait(60))
        hung.setattr(in_time, "LATE", 0.1)
        assert knapsack(20).solve("highs", 0.2, 0.0).found == "none"
        answer = minimise(one, rows, one, one, one > 0, 0.2, 0.0)
        assert (answer.values, answer.bound, answer.impossible) == (None, -np.inf, False)
    let_go.set()
    assert knapsack(20).solve("highs", 30, 0.0).found == "optimal"
    assert minimise(one, rows, one, one, one > 0, 30, 0.0).bound == 1.0


@pytest.mark.parametrize("seconds", [None, 30.0])
def test_an_answer_that_the_solver_takes_back_is_sought_without_presolve(seconds, monkeypatch) -> None:
    """Presolve of HiGHS 1.16.0 was seen to give points that miss a row (test_transition.taken_back)."""
    said: list[str] = []

    def status(highs: highspy.Highs) -> highspy.HighsModelStatus:
        said.append(highs.getOptionValue("presolve")[1])
        return real(highs) if said[-1] == "off" else highspy.HighsModelStatus.kSolveError

    real = highspy.Highs.getModelStatus
    monkeypatch.setattr(highspy.Highs, "getModelStatus", status)
    one = np.ones(1)
    assert minimise(one, csc_array(np.ones((1, 1))), one, one, one > 0, seconds, 0.0).bound == 1.0
    assert {*said} == {"choose", "off"}
    said.clear()
    assert knapsack(20).solve("highs", seconds, 0.0).found == "optimal"
    assert {*said} == {"choose", "off"}


@pytest.mark.parametrize("door", ["arrays", "pulp"])
def test_the_best_of_what_is_left_behind_is_kept(door: str, monkeypatch) -> None:
    """The plan and the bound that HiGHS had said stand, whatever it says or writes later."""
    real, let_go, ended = highspy.Highs.run, threading.Event(), threading.Event()

    def runs_and_hangs(highs: highspy.Highs) -> highspy.HighsStatus:
        status = real(highs)
        let_go.wait(60)
        ended.set()
        return status

    monkeypatch.setattr(highspy.Highs, "run", runs_and_hangs)
    monkeypatch.setattr(in_time, "LATE", 0.5)
    if door == "pulp":
        model = knapsack(20)
        assert model.solve("highs", 0.5, 0.0).found == "feasible"
        left = [model.is_on(x) for x in model._whole]
        let_go.set()
        assert ended.wait(10)
        assert [model.is_on(x) for x in model._whole] == left
        assert sum(left) > 0
        return
    cost, rows = -np.arange(1.0, 31.0), csc_array(np.arange(3.0, 33.0)[None] ** 1.5)
    answer = minimise(cost, rows, np.zeros(1), np.array([500.0]), cost < 0, 0.5, 0.0)
    let_go.set()
    assert answer.values is not None
    assert (rows @ answer.values <= 500.0 + 1e-6).all()
    assert -np.inf < answer.bound <= float(cost @ answer.values) + 1e-6


ENDS = """
import numpy as np
from scipy.sparse import csc_array
from gridplan.optimise.model.highs_door import minimise
from gridplan.optimise.run import in_time

in_time.SHARE, in_time.LATE = 0.0, 0.5
draw = np.random.default_rng(0)
rows = csc_array(draw.integers(1, 100, (60, 400)).astype(float))
most = np.asarray(rows.sum(axis=1)).ravel() // 3
answer = minimise(-draw.integers(1, 100, 400).astype(float), rows, np.full(60, -np.inf), most, np.ones(400, bool), 30.0, 0.0)
raise SystemExit(7)
"""


def test_a_programme_that_left_a_solver_behind_ends_as_it_should() -> None:
    """A thread that asks Python when it is no more would break the whole programme off, with code 134."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDS], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (7, "")


def test_what_is_left_behind_ends_at_its_next_look(monkeypatch) -> None:
    monkeypatch.setattr(in_time, "LATE", 0.05)
    ended = threading.Event()

    def works_on() -> None:
        while not stopped():
            time.sleep(0.01)
        ended.set()

    assert in_time.in_time(works_on, 0.05) is None
    assert ended.wait(10)
    assert not stopped(), "only the search that nobody waits for is asked to stop"


def test_what_breaks_in_its_thread_breaks_here() -> None:
    with pytest.raises(ZeroDivisionError):
        in_time.in_time(lambda: 1 // 0, 5.0)
    assert in_time.in_time(threading.get_ident, None) == threading.get_ident()
    assert in_time.in_time(threading.get_ident, 5.0) != threading.get_ident()


def test_changing_threads_between_two_solves_gives_the_same_answer() -> None:
    """HiGHS returns garbage here unless its scheduler is reset."""
    first = knapsack(20).solve("highs", 30, 0.0, threads=1)
    second = knapsack(20).solve("highs", 30, 0.0, threads=2)
    third = knapsack(20).solve("highs", 30, 0.0, threads=1)
    assert first.found == second.found == third.found == "optimal"
    assert second.bound == pytest.approx(first.bound) and third.bound == pytest.approx(first.bound)


def test_two_ids_that_look_alike_to_pulp_stay_two_variables() -> None:
    model = Model("names")
    one, two = model.binary("x[a-1]"), model.binary("x[a_1]")
    model.add([(one, 1.0)], "<=", 0.0, "row[区-1]")
    model.add([(two, 1.0)], ">=", 1.0, "row[区_1]")
    model.minimise([(one, 1.0), (two, 1.0)])
    assert model.solve("highs", None, 0.0).found == "optimal"
    assert not model.is_on(one) and model.is_on(two)


@pytest.mark.skipif("cbc" in engines(), reason=f"PuLP {pulp.__version__} brings CBC")
def test_a_missing_cbc_is_said_with_the_way_out() -> None:
    with pytest.raises(NoSolverError, match="highs"):
        knapsack(5).solve("cbc", None, 0.0)


def test_no_cap_is_no_row() -> None:
    assert NO_CAP > 10**15


def test_the_solver_says_nothing_on_the_screen() -> None:
    """HiGHS 1.16 prints a banner when the first of a process is made, before it can be told not to."""
    code = (
        "import gridplan as gp; from gridplan.optimise.model.pulp_door import engine_version, engines;"
        "engine_version('highs'); gp.plan(gp.tiny_town(), gp.policy('shanghai-2025')); engines(); print('done')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("done\n", "")

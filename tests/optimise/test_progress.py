"""What a solve says while it goes on, and Ctrl-C: the best plan so far comes back."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.cases.city import City, problem
from gridplan.optimise.arrays import from_arrays
from gridplan.optimise.engines.choose import Engine, solve
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.interrupt import interruptible, stopped
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Step
from gridplan.words.text import Text


@pytest.fixture(autouse=True)
def hands_on() -> Iterator[None]:
    """Ctrl-C as a person at a terminal has it; what runs in the background has it switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def hard(engine: Engine) -> Problem:
    """A problem that the engine does not prove in a moment."""
    rng = np.random.default_rng(3)
    if engine in ("p_median", "capacitated"):
        places = rng.uniform(0, 100, (150, 2))
        minutes = np.linalg.norm(places[:, None] - places[None], axis=2)
        demand = rng.integers(1, 20, 150)
        rooms = {"capacity": 1.1 * demand.sum() / 12, "use": demand} if engine == "capacitated" else {}
        return from_arrays(minutes, leads=12, people=rng.integers(1, 90, 150), **rooms)
    return problem(City(units=300, hospitals=14, districts=6, seed=2, capacity_ratio=2.5))


ENGINES: tuple[Engine, ...] = ("highs", "columns", "capacitated", "p_median")


@pytest.mark.parametrize("engine", ENGINES)
def test_value_and_bound_come_nearer_to_each_other(engine: Engine) -> None:
    told: list[Step] = []
    seconds = 1.5 if engine in ("capacitated", "p_median") else None
    outcome = solve(hard(engine), engine=engine, seconds=seconds, progress=told.append)
    values = [step.value for step in outcome.trace if step.value is not None]
    bounds = [step.bound for step in outcome.trace if step.bound is not None]
    assert values and all(a >= b * (1 - 1e-9) for a, b in itertools.pairwise(values))
    assert all(a <= b * (1 + 1e-9) for a, b in itertools.pairwise(bounds))
    assert (values[-1], bounds[-1]) == pytest.approx((outcome.value, outcome.bound), rel=1e-9)
    assert all(0 < step.seconds <= told[-1].seconds for step in outcome.trace)
    assert not outcome.stopped


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_brings_the_best_plan_so_far(engine: Engine) -> None:
    def press(step: Step) -> None:
        if step.value is not None and not stopped():
            signal.raise_signal(signal.SIGINT)

    p = hard(engine)
    outcome = solve(p, engine=engine, progress=press)
    assert outcome.stopped
    assert outcome.bound <= outcome.value
    load = np.bincount(outcome.serves, weights=p.people, minlength=len(p.hospital_ids))
    assert p.use is not None or (load <= p.capacity).all()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_the_programme() -> None:
    with pytest.raises(KeyboardInterrupt):
        solve(hard("highs"), engine="highs", progress=lambda step: signal.raise_signal(signal.SIGINT))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_before_any_plan_says_so() -> None:
    def press(step: Step) -> None:
        if not stopped():
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(NoPlanInTimeError, match="stopped before any plan"):
        solve(
            problem(City(units=900, hospitals=14, districts=8, capacity_ratio=1.5)),
            engine="highs",
            progress=press,
        )


def test_ctrl_c_elsewhere_is_as_always() -> None:
    with interruptible():
        pass
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_step_reads_as_one_line() -> None:
    step = Step(Text("solving", "求解"), 2000.4, 1990.0)
    assert str(step) == "solving, best 2,000, bound 1,990, gap 0.520%"
    assert step.line.zh == "求解，当前最好 2,000，界 1,990，差距 0.520%"
    assert str(Step(Text("reading", "读取"))) == "reading"
    assert Step(Text("a", "b"), bound=3.0).gap is None

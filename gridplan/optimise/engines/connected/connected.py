"""The engine "connected": caps, capacities, and what a partner serves in a district hangs together."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.columns.pair_tree import COLUMNS, solve_by_columns
from gridplan.optimise.engines.connected.mend import Mender
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import find, no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

EXACT = 20_000  # pairs up to which the exact model goes on where bound and plan do not meet
LOOSE_SECONDS, LOOSE_SHARE = 60.0, 0.8  # for the bound: without a clock; of the clock


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be solved so, None where it can."""
    if p.neighbours is None:
        return Text("no parts have to hang together", "没有连片要求")
    if (p.people == 0).any():
        return Text("some units have no residents", "部分单元无居民")
    return COLUMNS.why_not(replace(p, neighbours=None))


def solve_connected_parts(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The best plan found and its bound; None where no plan keeps the rules, parts that hang together aside.

    The bound is that of plans whose parts may stand apart. Where it is not met, and the problem is small, the exact model
    goes on; beyond that size the gap stays as it is, and is said.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    start, clock, mender = time.perf_counter(), Clock(seconds), Mender(p)
    best: list[np.ndarray] = []

    def take(serves: np.ndarray) -> None:
        made = mender.mended(serves, clock)
        if made is not None and (not best or mender.value(made) < mender.value(best[0])):
            best[:] = [made]
            progress(Step(Text("joining parts", "连接各片"), stage_value(p, p.stages[0], made)))

    share = LOOSE_SECONDS if clock.left is None else LOOSE_SHARE * clock.left
    build = time.perf_counter() - start
    loose = solve_by_columns(replace(p, neighbours=None), share, gap, threads, progress, take)
    if loose is None:
        return None
    take(loose.serves)
    bound, stage = loose.bound, p.stages[0]
    if len(p.unit) <= EXACT and not (best and stage_value(p, stage, best[0]) <= bound * (1 + 1e-9)):
        try:
            exact = find(p, seconds=clock.left, gap=gap, threads=threads, progress=progress)
        except NoPlanInTimeError as stopped:
            bound = max(bound, stopped.bound or 0.0)
        else:
            if exact is None or not best or exact.value < stage_value(p, stage, best[0]):
                return None if exact is None else replace(exact, engine=CONNECTED.name)
            bound = max(bound, exact.bound)
    if not best:
        raise no_plan(p, stage, bound / stage_scale(p, stage))
    value = stage_value(p, stage, best[0])
    goal = GoalResult(stage.goal, stage.text, value, min(value, max(0.0, bound)), stage.unit)
    spent = time.perf_counter() - start - build
    return Outcome(best[0], listed_pairs(p, best[0]), (goal,), CONNECTED.name, build, spent)


CONNECTED = FastEngine(
    "connected",
    COLUMNS.knows | {"neighbours"},
    misfit,
    solve_connected_parts,
    Text("one goal, and parts that hang together", "单一目标，各片相连"),
)

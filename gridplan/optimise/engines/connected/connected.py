"""The engine "parts": caps, capacities, and what a partner serves in a district hangs together."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.columns import pair_tree as columns
from gridplan.optimise.engines.connected.mend import Mender
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import find, no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

NAME = "parts"
EXACT = 20_000  # pairs up to which the exact model goes on where bound and plan do not meet
LOOSE_SECONDS, LOOSE_SHARE = 60.0, 0.8  # for the bound: without a clock; of the clock


def why_not(p: Problem) -> Text | None:
    """Why the engine cannot solve a problem, None where it can."""
    if p.neighbours is None:
        return Text("no parts have to hang together", "没有连片要求")
    if (p.people == 0).any():
        return Text("some units have no residents", "部分单元无居民")
    if p.use is not None or any(stage.pair_price is not None for stage in p.stages):
        return Text("uses of capacity or prices of pairs of their own", "含有单独的承载占用或结对价格")
    if len(p.district_ids) > 1 and columns.applies(replace(p, neighbours=None)):
        return None
    return Text(
        "other goals and rules than minutes, caps and capacities, or too many sets",
        "含有其他目标或规则，或组合过多",
    )


def solve_by_parts(
    p: Problem, seconds: float | None = None, gap: float = 0.0, progress: Progress = silent
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
    loose = columns.solve_by_columns(replace(p, neighbours=None), share, gap, progress, take)
    if loose is None:
        return None
    take(loose.serves)
    bound, stage = loose.bound, p.stages[0]
    if len(p.unit) <= EXACT and not (best and stage_value(p, stage, best[0]) <= bound * (1 + 1e-9)):
        exact = find(p, seconds=clock.left, gap=gap, progress=progress)
        if exact is None or not best or exact.value < stage_value(p, stage, best[0]):
            return exact
        bound = max(bound, exact.bound)
    if not best:
        raise no_plan(p, stage, bound / stage_scale(p, stage))
    value = stage_value(p, stage, best[0])
    goal = GoalResult(stage.goal, stage.text, value, min(value, max(0.0, bound)), stage.unit)
    spent = time.perf_counter() - start - build
    return Outcome(best[0], listed_pairs(p, best[0]), (goal,), NAME, build, spent)

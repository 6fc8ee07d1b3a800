"""The engine "connected": caps, capacities, and what a partner serves in a district hangs together."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.columns.pair_tree import COLUMNS, solve_by_columns
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.optimise.engines.connected.mend import Mender
from gridplan.optimise.engines.connected.set_costs import MOST_SETS, SetCosts
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.empty_units import lived_in
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import find, no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

EXACT = 20_000  # pairs up to which the exact model goes on where bound and plan do not meet
LOOSE_SECONDS, LOOSE_SHARE = (
    60.0,
    0.8,
)  # for the bound: without a clock; of the clock, where the exact model goes on


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be solved so, None where it can."""
    if p.neighbours is None:
        return Text("no parts have to hang together", "没有连片要求")
    return COLUMNS.why_not(replace(p, neighbours=None))


def solve_connected_parts(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The best plan found and its bound; None where no plan keeps the rules.

    Without capacities the sets of partners are priced one by one until the best choice is proven. With capacities the
    bound is that of plans whose parts may stand apart; where it is not met, and the problem is small, the exact model
    goes on; beyond that size the gap stays as it is, and is said.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    start, clock, stage = time.perf_counter(), Clock(seconds), p.stages[0]
    by_sets = not np.isfinite(p.capacity).any() and count_sets(p) <= MOST_SETS
    search = _by_sets if by_sets else _by_mending
    serves, bound = search(p, clock, gap, threads, progress)
    if serves is None:
        if np.isinf(bound):
            return None
        raise no_plan(p, stage, bound / stage_scale(p, stage))
    value = stage_value(p, stage, serves)
    goal = GoalResult(stage.goal, stage.text, value, min(value, max(0.0, bound)), stage.unit)
    return Outcome(serves, listed_pairs(p, serves), (goal,), CONNECTED.name, 0.0, time.perf_counter() - start)


def _by_sets(
    p: Problem, clock: Clock, gap: float, threads: int, progress: Progress
) -> tuple[np.ndarray | None, float]:
    """The best plan and the bound, inf where no plan keeps the rules; by pricing sets of partners."""
    if ((p.pinned & p.counted).sum(axis=1) > p.district_cap).any():
        return None, np.inf

    def told(best: np.ndarray | None, bound: float) -> None:
        value = None if best is None else stage_value(p, p.stages[0], best)
        progress(
            Step(
                Text("pricing sets of partners whose parts connect", "计算各组合的连片出行成本"), value, bound
            )
        )

    return SetCosts(p).search(clock, gap, told)


def _by_mending(
    p: Problem, clock: Clock, gap: float, threads: int, progress: Progress
) -> tuple[np.ndarray | None, float]:
    """The best plan and the bound, inf where no plan keeps the rules; by columns whose parts are joined afterwards."""
    mender, stage, lived = Mender(p), p.stages[0], lived_in(replace(p, neighbours=None))
    best: list[np.ndarray] = []

    def take(found: np.ndarray) -> None:
        serves = np.full(len(p.unit_ids), -1)
        serves[lived.units] = found
        made = mender.mended(serves, clock)
        if made is not None and (not best or mender.value(made) < mender.value(best[0])):
            best[:] = [made]
            progress(Step(Text("joining parts", "连接各片"), stage_value(p, stage, made)))

    large = len(p.unit) > EXACT
    share = LOOSE_SECONDS if clock.left is None else clock.left if large else LOOSE_SHARE * clock.left
    part = lived.part
    loose = None if part is None else solve_by_columns(part, share, gap, threads, progress, take)
    if loose is None:
        return None, np.inf
    take(loose.serves)
    bound = loose.bound
    met = best and stage_value(p, stage, best[0]) <= bound * (1 + 1e-9)
    if large or met or clock.over:
        return (best[0] if best else None), bound
    try:
        exact = find(p, seconds=clock.left, gap=gap, threads=threads, progress=progress)
    except NoPlanInTimeError as stopped:
        return (best[0] if best else None), max(bound, stopped.bound or 0.0)
    if exact is None:
        return None, np.inf
    better = not best or exact.value < stage_value(p, stage, best[0])
    return (exact.serves if better else best[0]), max(bound, exact.bound)


CONNECTED = FastEngine(
    "connected",
    COLUMNS.knows | {"neighbours"},
    misfit,
    solve_connected_parts,
    Text("one goal, and parts that hang together", "单一目标，各片相连"),
)

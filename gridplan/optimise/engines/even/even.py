"""The engine "even": the fullest hospital, or the difference between districts, is as small as it can be; then travel."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.columns.pair_tree import COLUMNS, solve_by_columns
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.optimise.engines.even.loads import level_loads
from gridplan.optimise.engines.even.means import level_means
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.goal_rows import keep_limit, listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import OPTIMAL_GAP, GoalResult, Outcome
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import RESIDENTS, SHARE
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

MOST_SETS = 20_000
EXACT = 2_000  # pairs up to which the exact model goes on where bound and plan do not meet
TIES_SECONDS, TIES_GAP = 20.0, 1e-4  # for travel where it only ends ties


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be solved so, None where it can."""
    kinds = [stage.kind for stage in p.all_stages]
    if kinds not in (["balance"], ["inequality"], ["balance", "sum"], ["inequality", "sum"]):
        return Text(
            "its goals are not balance or inequality, with at most travel after it",
            "目标不是 balance 或 inequality（其后至多 travel）",
        )
    if kinds[0] == "inequality" and np.isfinite(p.capacity).any():
        return Text("capacities and the goal inequality", "承载能力与目标 inequality 并用")
    if count_sets(p) > MOST_SETS:
        return Text("there are too many sets of partners", "合作医院组合过多")
    return None


def solve_evenly(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The best plan found and its bounds; None where no plan keeps the rules.

    Where the small models leave no plan of whole units, or a small problem is not proven, the reference model answers.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    start, clock, first = time.perf_counter(), Clock(seconds), p.stages[0]
    search = _by_loads if first.kind == "balance" else _by_means
    serves, bounds = search(p, clock, gap, progress)
    if serves is None and np.isinf(bounds[0]):
        return None
    found = None if serves is None else _told(p, serves, bounds, start)
    if found is not None and (found.gap <= max(gap, OPTIMAL_GAP) or len(p.unit) > EXACT or clock.over):
        return found
    try:
        other = find(p, seconds=clock.left, gap=gap, threads=threads, progress=progress)
    except NoPlanInTimeError:
        if found is None:
            raise
        return found
    if found is None or other is None or other.gap <= max(gap, OPTIMAL_GAP):
        return other
    return min(other, found, key=lambda outcome: [goal.value for goal in outcome.goals])


def _told(p: Problem, serves: np.ndarray, bounds: tuple[float, float], start: float) -> Outcome:
    goals = []
    for stage, bound in zip(p.stages, bounds, strict=False):
        value = stage_value(p, stage, serves)
        goals.append(GoalResult(stage.goal, stage.text, value, min(value, max(0.0, bound)), stage.unit))
    spent = time.perf_counter() - start
    return Outcome(serves, listed_pairs(p, serves), tuple(goals), EVEN.name, 0.0, spent)


def _by_loads(
    p: Problem, clock: Clock, gap: float, progress: Progress
) -> tuple[np.ndarray | None, tuple[float, float]]:
    """A plan (None: none found) and the bounds of the goals, inf where no plan keeps the rules."""
    stage = p.stages[0]
    share = stage.unit == SHARE
    full = p.capacity if share else np.ones(len(p.hospital_ids))
    serves, bound = level_loads(p, full, 1.0 if share else np.inf, Clock(clock.share(2)))
    if serves is None or stage_value(p, stage, serves) > (1.0 if share else np.inf):
        return None, (bound, 0.0)
    if stage.unit == RESIDENTS:
        bound = float(np.ceil(bound * (1 - 1e-9)))
    value = stage_value(p, stage, serves)
    progress(Step(stage.text, value, bound))
    if len(p.all_stages) == 1:
        return serves, (bound, 0.0)
    travel = p.all_stages[1]
    kept = keep_limit(p, stage, value) * stage_scale(p, stage) * full
    better, least = _least_travel(p, travel, kept, len(p.stages) == 1, clock, gap, progress)
    if better is not None and stage_value(p, travel, better) < stage_value(p, travel, serves):
        serves = better
    return serves, (bound, least)


def _least_travel(
    p: Problem, travel: Stage, kept: np.ndarray, ties: bool, clock: Clock, gap: float, progress: Progress
) -> tuple[np.ndarray | None, float]:
    """A plan of least travel with loads of so much at most, and its bound."""
    part = replace(p, stages=(travel,), ties=None, capacity=np.minimum(p.capacity, kept))
    if COLUMNS.why_not(part) is not None:
        return None, 0.0
    seconds = clock.left
    if ties:
        seconds, gap = min(TIES_SECONDS, TIES_SECONDS if seconds is None else seconds), max(gap, TIES_GAP)
    try:
        found = solve_by_columns(part, seconds, gap, progress=progress)
    except NoPlanInTimeError as stopped:
        return None, stopped.bound or 0.0
    return (None, 0.0) if found is None else (found.serves, found.bound)


def _by_means(
    p: Problem, clock: Clock, gap: float, progress: Progress
) -> tuple[np.ndarray | None, tuple[float, float]]:
    """A plan (None: none found) and the bounds of the goals, inf where no plan keeps the rules."""
    stage, last = p.stages[0], p.all_stages[-1]
    if last.kind != "sum":
        last = Stage("travel", last.text, p.minutes)
    found = level_means(p, last, len(p.stages) == 2, clock)
    if found.serves is None:
        return None, (found.bound, 0.0)
    value = stage_value(p, stage, found.serves)
    progress(Step(stage.text, value, found.bound))
    return found.serves, (found.bound, found.travel)


EVEN = FastEngine(
    "even",
    frozenset({
        "counted", "allowed", "pinned", "within", "district_cap", "hospital_cap", "capacity", "stages", "goal_balance",
        "goal_inequality", "excess_price",
    }),
    misfit,
    solve_evenly,
    Text("even loads or even travel first", "先求负荷或出行均衡"),
)  # fmt: skip

"""Solve a problem to a proven optimum, or say how far from proven the best plan found is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from gridplan.optimise.model.empty_units import cheapest, settled
from gridplan.optimise.model.goal_rows import (
    goal_terms,
    keep_goal,
    listed_pairs,
    proven_bound,
    stage_scale,
    stage_value,
)
from gridplan.optimise.model.narrowed import narrowed, relaxed_bound
from gridplan.optimise.model.pulp_door import Engine, Told
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.interrupt import stopped
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import figure
from gridplan.words.errors import NoPlanInTimeError, SolveError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import layer_title


def find(
    problem: Problem,
    *,
    engine: Engine = "highs",
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """Solve all goals of a problem in order with the compact reference model; None where no plan keeps all rules.

    Parameters
    ----------
    engine : "highs", or "cbc" where PuLP brings it.
    seconds : stop after so long with the best plan found; None = until proven.
    gap : stop at this relative gap; 0 = until proven. Such a plan is "best found", not "optimal".
    threads : of the solver; one gives the same answer every time.
    progress : called at each goal, and with value and bound while it is solved.

    A model that would not fit into the clock (or, without one, into memory) is cut to each unit's cheapest hospitals, which
    is said (`model/narrowed.py`).

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    NoSolverError : the engine cannot run here.
    """
    cut = narrowed(problem, seconds)
    if cut is None:
        return _find(problem, engine, seconds, gap, threads, progress)
    part, told = cut
    progress(Step(told))
    found = None if part is None else _find(part, engine, seconds, gap, threads, progress)
    if found is None:  # that the part has no plan says nothing of the whole
        bound = relaxed_bound(problem, problem.stages[0]) / stage_scale(problem, problem.stages[0])
        raise no_plan(problem, problem.stages[0], bound, told)
    goals = (
        replace(goal, bound=min(goal.value, relaxed_bound(problem, stage)))
        for goal, stage in zip(found.goals, problem.stages, strict=True)
    )
    return replace(found, goals=tuple(goals), why=told)


def _find(
    problem: Problem, engine: Engine, seconds: float | None, gap: float, threads: int, progress: Progress
) -> Outcome | None:
    """As `find`, with the whole model.

    Raises
    ------
    NoPlanInTimeError, NoSolverError : as `find`.
    """
    clock, start = Clock(seconds), time.perf_counter()
    ref = _within_caps(problem, engine, clock, threads) or Reference(problem)
    build, spent = time.perf_counter() - start, 0.0
    serves, chosen = None, None
    goals: list[GoalResult] = []
    stages = problem.all_stages
    for n, stage in enumerate(stages):
        progress(Step(_doing(problem, stage)))
        told = _teller(problem, stage, progress)
        start = time.perf_counter()
        if n == len(problem.stages) and serves is not None:  # ties may not use the tolerance
            _keep_all(ref, problem.stages, serves)
        ref.model.minimise(goal_terms(ref, stage))
        build += time.perf_counter() - start
        share = clock.share(len(stages) - n)  # no goal eats another's time
        solved = solve_connected(ref, engine, share, gap, threads, told)
        spent += solved.seconds
        if solved.found == "none" and serves is None and n + 1 < len(stages) and not clock.over:
            solved = solve_connected(
                ref, engine, clock.left, gap, threads, told
            )  # a plan first, however long it takes
            spent += solved.seconds
        if solved.found == "infeasible":
            if goals:
                raise _lost(goals, engine)
            return None
        if solved.has_values:
            serves, chosen = read_plan(ref)
            if (serves < 0).any():  # an empty district cannot be settled
                return None
        elif serves is None or chosen is None:
            raise no_plan(problem, stage, solved.bound)
        if n == len(problem.stages):
            break
        value = stage_value(problem, stage, serves)
        bound = proven_bound(problem, stage, solved.bound, value)
        goals.append(GoalResult(stage.goal, stage.text, value, bound, stage.unit))
        if n + 1 < len(problem.stages):
            keep_goal(ref, stage, value * (1 + problem.tolerance))
        elif n + 1 < len(stages):
            keep_goal(ref, stage, value)
    if serves is None or chosen is None:
        raise SolveError(Text("the policy has no goal", "政策没有目标"))
    return Outcome(serves, chosen, in_the_end(problem, goals, serves), engine, build, spent)


def _within_caps(problem: Problem, engine: Engine, clock: Clock, threads: int) -> Reference | None:
    """The model with caps that do not bend, where fewest deviations come first and a plan without any is found.

    No plan has fewer than none, and solvers are slow to see it while the caps may bend.
    """
    if not problem.stages or problem.stages[0].kind != "deviations" or problem.ties is None:
        return None
    firm = Reference(replace(problem, caps_bend=False))
    firm.model.minimise(goal_terms(firm, problem.ties))
    solved = solve_connected(firm, engine, clock.share(2 * len(problem.all_stages)), 1.0, threads)
    return firm if solved.has_values else None


def in_the_end(problem: Problem, goals: Iterable[GoalResult], serves: np.ndarray) -> tuple[GoalResult, ...]:
    """The goals with the values of the final plan; what each reached when it was solved stays beside."""
    values = [stage_value(problem, stage, serves) for stage in problem.stages]
    return tuple(
        replace(goal, value=value, reached=min(goal.reached, value), bound=min(goal.bound, value))
        for goal, value in zip(goals, values, strict=True)
    )


def _keep_all(ref: Reference, stages: Iterable[Stage], serves: np.ndarray) -> None:
    """No goal gets worse than it is in the plan found; already so where no tolerance let it."""
    for stage in stages if ref.problem.tolerance else ():
        keep_goal(ref, stage, stage_value(ref.problem, stage, serves))


def read_plan(ref: Reference) -> tuple[np.ndarray, np.ndarray]:
    """Whole-unit plan from the model: who serves each unit, which pairs are listed.

    Where nothing couples the units of a district beyond its partners, each unit goes to the cheapest partner; equal
    costs go to the nearer one, then to the smaller id, so that ties end the same way every time.
    """
    p = ref.problem
    serves = np.full(len(p.unit_ids), -1)
    for k, x in ref.x.items():
        if ref.model.is_on(x):
            serves[p.unit[k]] = p.hospital[k]
    chosen = np.zeros_like(p.allowed)
    for (d, h), y in ref.y.items():
        chosen[d, h] = ref.model.is_on(y)
    if not p.coupled:
        better = settled(p, cheapest(p, chosen, serves))
        serves = serves if better is None else better
    better = settled(p, serves)
    serves = serves if better is None else better
    return serves, listed_pairs(p, serves)


def _doing(problem: Problem, stage: Stage) -> Text:
    layer = layer_title(problem.layer)
    return Text(f"solving {layer.en}: {stage.text.en}", f"求解{layer.zh}：{stage.text.zh}")


def no_plan(
    problem: Problem, stage: Stage, bound: float | None, size: Text | None = None
) -> NoPlanInTimeError:
    """The error of a clock that ran out before any plan, with what was proven by then.

    Parameters
    ----------
    size : of a model that was too large for the clock, where that is why.
    """
    proven = None if bound is None else bound * stage_scale(problem, stage)
    least = figure(proven or 0.0, stage.unit)
    known = "" if proven is None else f"; no plan can be below {least.en}"
    known_zh = "" if proven is None else f"；任何方案不低于 {least.zh}"
    when = (
        Text("it was stopped before any plan was found", "求解被中止，尚未找到任何方案")
        if stopped()
        else Text("the time ran out before any plan was found", "时限内未找到任何方案")
    )
    if size is not None:
        when = Text(f"{when.en} ({size.en})", f"{when.zh}（{size.zh}）")
        advice = Text(
            "give more seconds, or a travel limit that leaves fewer pairs",
            "请增加时限，或设定出行时间限制以减少可达对",
        )
    else:
        advice = Text(
            "give more seconds, or loosen capacity or travel limits",
            "请增加时限，或放宽承载能力、出行时间限制",
        )
    return NoPlanInTimeError(Text(f"{when.en}{known}", f"{when.zh}{known_zh}"), advice, proven)


def _teller(problem: Problem, stage: Stage, progress: Progress) -> Told:
    """Value and bound of the model as a step in the goal's unit."""
    doing, scale = _doing(problem, stage), stage_scale(problem, stage)

    def told(value: float | None, bound: float | None) -> None:
        least = None if bound is None else max(0.0, bound * scale)
        progress(Step(doing, None if value is None else value * scale, least))

    return told


def _lost(goals: list[GoalResult], engine: Engine) -> SolveError:
    goal = goals[-1].goal
    return SolveError(Text(f"{engine} lost the plan of goal {goal}", f"{engine} 丢失了目标 {goal} 的方案"))

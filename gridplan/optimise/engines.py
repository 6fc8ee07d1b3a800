"""Which engine solves which problem.

| engine | what it does | where |
|---|---|---|
| "auto" | chooses the fastest one that is exact for the problem, and says why (`Outcome.why`) | everywhere |
| "highs" | the reference model with HiGHS | everywhere |
| "cbc" | the reference model with CBC | everywhere, where PuLP brings CBC |
| "lagrangian" | Lagrangian bound, swaps, branching on sites (`medians`) | districts that nothing ties together, one goal |
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from gridplan.errors import NoSolverError
from gridplan.optimise import solve as reference
from gridplan.optimise.medians.engine import NAME as LAGRANGIAN
from gridplan.optimise.medians.engine import find_medians
from gridplan.optimise.medians.view import why_not
from gridplan.optimise.outcome import Outcome
from gridplan.optimise.problem import Problem
from gridplan.optimise.solve import Progress
from gridplan.text import Text

Engine = Literal["auto", "highs", "cbc", "lagrangian"]
ENGINES: tuple[Engine, ...] = ("auto", "highs", "cbc", LAGRANGIAN)
SMALL = 2_000  # pairs up to which the reference model is as quick as anything


def choose(p: Problem) -> tuple[Engine, Text]:
    """The engine that "auto" takes, and why."""
    pairs = len(p.unit)
    if pairs <= SMALL:
        return "highs", Text(f"{pairs} pairs are few", f"仅 {pairs} 个可达对")
    reason = why_not(p)
    if reason is not None:
        return "highs", reason
    return LAGRANGIAN, Text(
        f"{pairs} pairs, one goal, and nothing ties the districts together",
        f"{pairs} 个可达对、单一目标，各区互不牵连",
    )


def solve(
    problem: Problem,
    *,
    engine: Engine = "auto",
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Solve a problem with the engine named, or with the one that fits.

    Parameters
    ----------
    engine : see the table above.
    seconds : stop after so long with the best plan found; None = until proven.
    gap : stop at this relative gap; 0 = until proven. Such a plan is "best found", not "optimal".
    threads : of the solver HiGHS; one gives the same answer every time. The other engines use one.
    progress : called with a sentence at each step.

    Raises
    ------
    InfeasibleError : no plan keeps all rules; `conflicts` says which give way at the least relaxation.
    NoPlanInTimeError : the clock ran out before any plan.
    SolveError : the engine named cannot solve such a problem.
    NoSolverError : the engine cannot run here.
    """
    chosen, why = choose(problem) if engine == "auto" else (engine, None)
    if progress is not None and why is not None:
        progress(Text(f"engine {chosen}: {why.en}", f"求解引擎 {chosen}：{why.zh}"))
    if chosen == "highs" or chosen == "cbc":
        found = reference.solve(
            problem, engine=chosen, seconds=seconds, gap=gap, threads=threads, progress=progress
        )
        return found if why is None else replace(found, why=why)
    if chosen != LAGRANGIAN:
        raise NoSolverError(
            Text(f"there is no engine {chosen!r}", f"没有求解引擎 {chosen!r}"),
            Text(f"use one of {', '.join(ENGINES)}", f"可用：{'、'.join(ENGINES)}"),
        )
    outcome = find_medians(problem, seconds=seconds, gap=gap, progress=progress)
    if outcome is None:  # the reference model explains what clashes
        return reference.solve(problem, seconds=seconds, gap=gap, threads=threads, progress=progress)
    return outcome if why is None else replace(outcome, why=why)

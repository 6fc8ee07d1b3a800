"""Which engine solves which problem. Folder = engine = the word that a plan prints.

| engine | what it does | where |
|---|---|---|
| "auto" | chooses the fastest one that is exact for the problem, and says why (`Outcome.why`) | everywhere |
| "highs" | the reference model (`model/`) with HiGHS | everywhere |
| "cbc" | the reference model with CBC | everywhere, where PuLP brings CBC |
| "p_median" | Lagrangian bound, swaps, branching on sites | districts that nothing ties together, one goal |
| "patterns" | every set of partners of a district as one variable | units tied by partners alone, few sets |
| "capacitated" | Lagrangian bound with knapsacks, restricted models, exchanges | one district, capacities, one goal |
| "columns" | sets of partners and loads by column generation | caps and capacities, one goal, few sets |
| "connected" | the same, then strays to the part beside them | the same with parts that hang together |
| "even" | partners from a small model, whole units by moves and swaps, then "columns" | balance or inequality first, then travel |
| "grids" | area by area: exact with cuts, or prices and local search | a layer of grids whose only goal is travel |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, get_args

from gridplan.optimise.engines.capacitated.capacitated import CAPACITATED
from gridplan.optimise.engines.columns.pair_tree import COLUMNS
from gridplan.optimise.engines.connected.connected import CONNECTED
from gridplan.optimise.engines.even.even import EVEN
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.engines.grids.by_area import GRIDS
from gridplan.optimise.engines.p_median.p_median import P_MEDIAN
from gridplan.optimise.engines.patterns.patterns import PATTERNS
from gridplan.optimise.infeasible.refuse import refuse
from gridplan.optimise.model import solve_reference as reference
from gridplan.optimise.model.pulp_door import Engine as Solver
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.interrupt import interruptible
from gridplan.optimise.run.outcome import FORMERLY, Outcome
from gridplan.optimise.run.trace import Trace
from gridplan.words.arguments import check_limits
from gridplan.words.errors import NoSolverError, SolveError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

Engine = Literal[
    "auto", "highs", "cbc", "p_median", "patterns", "capacitated", "columns", "connected", "even", "grids",
    "lagrangian", "knapsacks", "parts",
]  # fmt: skip
SMALL = 2_000  # pairs up to which the reference model is as quick as anything
LARGE = 1_000_000  # pairs from which "columns" is quicker than "patterns", and needs less memory
# In the order in which "auto" takes them.
FAST: Mapping[str, FastEngine] = {
    engine.name: engine for engine in (P_MEDIAN, PATTERNS, CAPACITATED, COLUMNS, CONNECTED, EVEN, GRIDS)
}


def solver_of(engine: str) -> Solver:
    """The solver behind an engine: the fast ones are ours, and what they leave over goes to HiGHS."""
    return "cbc" if engine == "cbc" else "highs"


def fitting(p: Problem) -> list[str]:
    """The fast engines that know all of a problem and whose method fits it, the best one first."""
    return list(_fitting(p))


def _fitting(p: Problem) -> Iterator[str]:
    """One by one, since the first is mostly all that is asked for."""
    many = len(p.unit) > LARGE and len(p.district_ids) > 1
    if many and FAST["columns"].why_not(p) is None:
        yield "columns"
        return
    yield from (name for name, engine in FAST.items() if engine.why_not(p) is None)


def choose(p: Problem, small: int = SMALL) -> tuple[str, Text]:
    """The engine that "auto" takes, and why.

    Parameters
    ----------
    small : pairs up to which the reference model is taken; grids are never small.
    """
    pairs = len(p.unit)
    size = Text(f"{pairs} pairs", f"{pairs} 个可达对")
    if pairs <= small and p.grids is None:
        return "highs", Text(f"{size.en} are few", f"仅 {size.zh}")
    for name in _fitting(p):
        why = FAST[name].why
        return name, Text(f"{size.en}; {why.en}", f"{size.zh}；{why.zh}")
    return "highs", Text(
        f"{size.en}; no faster engine knows all its rules", f"{size.zh}；更快的引擎不支持其全部规则"
    )


def solve(
    problem: Problem,
    *,
    engine: Engine = "auto",
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome:
    """Solve a problem with the engine named, or with the one that fits.

    Parameters
    ----------
    engine : see the table above.
    seconds : stop after so long with the best plan found; None = until proven.
    gap : stop at this relative gap; 0 = until proven. Such a plan is "best found", not "optimal".
    threads : of the reference model's solver; one gives the same answer every time.
    progress : called with a `Step` whenever something begins, or value or bound get better.

    Ctrl-C (in the main thread) ends the search: the best plan so far comes back, with its bound and `stopped` set.

    Raises
    ------
    ArgumentError : seconds, gap or threads that cannot be meant.
    InfeasibleError : no plan keeps all rules; `conflicts` says which give way at the least relaxation.
    NoPlanInTimeError : the clock ran out before any plan.
    SolveError : the engine named cannot solve such a problem.
    NoSolverError : the engine cannot run here, or there is none of that name.
    """
    check_limits(seconds, gap, threads)
    clock = Clock(seconds)
    found = find(problem, engine=engine, seconds=seconds, gap=gap, threads=threads, progress=progress)
    if found is None:
        refuse(problem, solver_of(engine), clock.left)
    return found


def find(
    problem: Problem,
    *,
    engine: Engine = "auto",
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
    small: int = SMALL,
) -> Outcome | None:
    """As `solve`, but None where no plan keeps all rules, without asking why.

    Parameters
    ----------
    small : as `choose`.

    Raises
    ------
    NoPlanInTimeError, SolveError, NoSolverError : as `solve`.
    """
    name, why = choose(problem, small) if engine == "auto" else (FORMERLY.get(engine, engine), None)
    trace = Trace(progress)
    if why is not None:
        trace(Step(Text(f"engine {name}: {why.en}", f"求解引擎 {name}：{why.zh}")))
    with interruptible() as stop:
        outcome = _run(name, problem, seconds, gap, threads, trace)
        if outcome is None:
            return None
        trace(Step(Text("solved", "求解完成"), outcome.value, outcome.bound))
    return replace(outcome, why=_both(why, outcome.why), trace=tuple(trace.steps), stopped=stop.is_set())


def _both(chosen: Text | None, searched: Text | None) -> Text | None:
    """Why an engine was taken, and what it says of its way."""
    if chosen is None or searched is None:
        return chosen or searched
    return Text(f"{chosen.en}; {searched.en}", f"{chosen.zh}；{searched.zh}")


def _run(
    name: str, p: Problem, seconds: float | None, gap: float, threads: int, progress: Progress
) -> Outcome | None:
    """Raises what `find` raises."""
    if name in FAST:
        reason = FAST[name].why_not(p)
        if reason is not None:
            raise SolveError(
                Text(f"engine {name!r} cannot solve this: {reason.en}", f"{name!r} 引擎不适用：{reason.zh}"),
                Text("use engine='auto'", "请用 engine='auto'"),
            )
        return FAST[name].solve(p, seconds, gap, threads, progress)
    if name in ("highs", "cbc"):
        return reference.find(
            p, engine=solver_of(name), seconds=seconds, gap=gap, threads=threads, progress=progress
        )
    names = [one for one in get_args(Engine) if one not in FORMERLY]
    raise NoSolverError(
        Text(f"there is no engine {name!r}", f"没有求解引擎 {name!r}"),
        Text(f"use one of {', '.join(names)}", f"可用：{'、'.join(names)}"),
    )

"""Which engine solves which problem.

| engine | what it does | where |
|---|---|---|
| "auto" | chooses the fastest one that is exact for the problem, and says why (`Outcome.why`) | everywhere |
| "highs" | the reference model with HiGHS | everywhere |
| "cbc" | the reference model with CBC | everywhere, where PuLP brings CBC |
| "lagrangian" | Lagrangian bound, swaps, branching on sites (`medians`) | districts that nothing ties together, one goal |
| "patterns" | every set of partners of a district as one variable (`patterns`) | units tied by partners alone, few sets |
| "knapsacks" | Lagrangian bound with knapsacks, restricted models, exchanges (`rooms`) | one district, capacities, one goal |
| "columns" | sets of partners and loads by column generation (`columns`) | caps and capacities, one goal, few sets |
| "parts" | the same, then strays to the part beside them (`parts`) | the same with parts that hang together |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from gridplan.optimise.engines.capacitated import sites as rooms_view
from gridplan.optimise.engines.capacitated.capacitated import find_rooms
from gridplan.optimise.engines.columns import pair_tree as columns
from gridplan.optimise.engines.connected import connected as parts
from gridplan.optimise.engines.p_median.medians import why_not
from gridplan.optimise.engines.p_median.p_median import find_medians
from gridplan.optimise.engines.patterns import patterns
from gridplan.optimise.model import solve_reference as reference
from gridplan.optimise.model.pulp_door import Engine as Solver
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.interrupt import interruptible
from gridplan.optimise.run.outcome import Outcome
from gridplan.optimise.run.trace import Trace
from gridplan.words.errors import NoSolverError, SolveError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

Engine = Literal["auto", "highs", "cbc", "lagrangian", "patterns", "knapsacks", "columns", "parts"]
SMALL = 2_000  # pairs up to which the reference model is as quick as anything
LARGE = 1_000_000  # pairs from which "columns" is quicker than "patterns", and needs less memory


@dataclass(frozen=True)
class Fast:
    """An engine for some problems only.

    Parameters
    ----------
    reason : why it cannot solve a problem, None where it can.
    find : problem, seconds, gap, progress → the best plan, None where no plan keeps the rules.
    why : why it is chosen where it fits.
    """

    reason: Callable[[Problem], Text | None]
    find: Callable[[Problem, float | None, float, Progress], Outcome | None]
    why: Text


def _not_by_patterns(p: Problem) -> Text | None:
    if patterns.applies(p):
        return None
    return Text(
        "units are tied together by more than partners, or there are too many sets",
        "各单元不仅由结对相联系，或组合过多",
    )


def _not_by_columns(p: Problem) -> Text | None:
    if p.use is not None or any(stage.pair_price is not None for stage in p.stages):
        return Text("uses of capacity or prices of pairs of their own", "含有单独的承载占用或结对价格")
    if len(p.district_ids) > 1 and columns.applies(p):
        return None
    return Text(
        "other goals and rules than minutes, caps and capacities, or too many sets",
        "含有其他目标或规则，或组合过多",
    )


def _by_patterns(p: Problem, seconds: float | None, gap: float, progress: Progress) -> Outcome | None:
    progress(Step(Text("pricing every set of partners", "逐一计算各合作医院组合")))
    found = patterns.solve_by_patterns(p, seconds=seconds)
    return None if found is None else replace(found, engine="patterns")


FAST: Mapping[Engine, Fast] = {
    "lagrangian": Fast(
        why_not,
        lambda p, seconds, gap, progress: find_medians(p, seconds=seconds, gap=gap, progress=progress),
        Text("one goal, and nothing ties the districts together", "单一目标，各区互不牵连"),
    ),
    "patterns": Fast(
        _not_by_patterns, _by_patterns, Text("only partners tie units together", "各单元仅由结对相联系")
    ),
    "knapsacks": Fast(
        rooms_view.why_not,
        lambda p, seconds, gap, progress: find_rooms(p, seconds=seconds, gap=gap, progress=progress),
        Text("one district and one goal, under capacities", "单一区、单一目标，受承载约束"),
    ),
    "columns": Fast(
        _not_by_columns,
        lambda p, seconds, gap, progress: columns.solve_by_columns(p, seconds, gap, progress),
        Text("one goal, under caps and capacities", "单一目标，受上限和承载约束"),
    ),
    "parts": Fast(
        parts.why_not,
        lambda p, seconds, gap, progress: parts.solve_by_parts(p, seconds, gap, progress),
        Text("one goal, and parts that hang together", "单一目标，各片相连"),
    ),
}


def solver_of(engine: Engine) -> Solver:
    """The solver behind an engine: the fast ones are ours, and what they leave over goes to HiGHS."""
    return "cbc" if engine == "cbc" else "highs"


def choose(p: Problem) -> tuple[Engine, Text]:
    """The engine that "auto" takes, and why."""
    pairs = len(p.unit)
    size = Text(f"{pairs} pairs", f"{pairs} 个可达对")
    if pairs <= SMALL:
        return "highs", Text(f"{size.en} are few", f"仅 {size.zh}")
    fitting = [name for name, fast in FAST.items() if fast.reason(p) is None]
    if pairs > LARGE and "columns" in fitting:
        fitting = ["columns"]
    if fitting:
        why = FAST[fitting[0]].why
        return fitting[0], Text(f"{size.en}; {why.en}", f"{size.zh}；{why.zh}")
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
    InfeasibleError : no plan keeps all rules; `conflicts` says which give way at the least relaxation.
    NoPlanInTimeError : the clock ran out before any plan.
    SolveError : the engine named cannot solve such a problem.
    NoSolverError : the engine cannot run here, or there is none of that name.
    """
    chosen, why = choose(problem) if engine == "auto" else (engine, None)
    trace = Trace(progress)
    if why is not None:
        trace(Step(Text(f"engine {chosen}: {why.en}", f"求解引擎 {chosen}：{why.zh}")))
    with interruptible() as stop:
        outcome = _run(chosen, problem, seconds, gap, threads, trace)
        trace(Step(Text("solved", "求解完成"), outcome.value, outcome.bound))
    return replace(outcome, why=why or outcome.why, trace=tuple(trace.steps), stopped=stop.is_set())


def _run(
    name: Engine, p: Problem, seconds: float | None, gap: float, threads: int, progress: Progress
) -> Outcome:
    """Raises what `solve` raises."""
    if name in FAST:
        outcome = _fast(name, p, seconds, gap, progress)
        if outcome is not None:
            return outcome
        name = "highs"  # the reference model explains what clashes
    if name == "highs" or name == "cbc":
        return reference.solve(p, engine=name, seconds=seconds, gap=gap, threads=threads, progress=progress)
    names = get_args(Engine)
    raise NoSolverError(
        Text(f"there is no engine {name!r}", f"没有求解引擎 {name!r}"),
        Text(f"use one of {', '.join(names)}", f"可用：{'、'.join(names)}"),
    )


def _fast(name: Engine, p: Problem, seconds: float | None, gap: float, progress: Progress) -> Outcome | None:
    reason = FAST[name].reason(p)
    if reason is not None:
        raise SolveError(
            Text(f"engine {name!r} cannot solve this: {reason.en}", f"{name!r} 引擎不适用：{reason.zh}"),
            Text("use engine='auto'", "请用 engine='auto'"),
        )
    return FAST[name].find(p, seconds, gap, progress)

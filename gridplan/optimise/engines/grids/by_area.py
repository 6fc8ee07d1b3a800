"""A layer of grids, area by area: each solved on its own, and where the city's number of grids binds, weighed together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.engines.grids.area import Area, areas
from gridplan.optimise.engines.grids.exact_area import NOTHING, Answer, CutModel, fair_parts
from gridplan.optimise.engines.grids.large_area import Large
from gridplan.optimise.grid_arrays import GridArrays
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.model.solve_reference import no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

SMALL, EXACT = 1_500, 20_000  # pairs of units and leads: up to there exact at once; exact at all
LARGEST = (
    200_000  # beyond, building the exact model takes longer than anybody waits, also where no plan is known
)
SEARCH_SECONDS = 120.0  # for an area beyond, where the planner gives no clock


@dataclass(frozen=True, eq=False)
class GridRun:
    """A plan of all areas (None where none was found), and what no plan can be below.

    Parameters
    ----------
    impossible : it is proven that no plan keeps all rules.
    how : by which method, in words.
    """

    serves: np.ndarray | None
    bound: float
    impossible: bool
    how: Text
    seconds: float


def misfit(p: Problem) -> Text | None:
    """Why a problem whose fields are known cannot be solved area by area, None where it can."""
    if p.grids is None:
        return Text("it is no layer of grids", "不是网格层")
    if [stage.goal for stage in p.all_stages] != ["travel"]:
        return Text("it has other goals than travel", "目标不止出行")
    return None


def find_grids(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The best plan of grids with its bound, None where no plan keeps the rules.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    (stage,) = p.stages
    progress(Step(Text(f"solving grids: {stage.text.en}", f"求解网格：{stage.text.zh}")))
    run = solve_grids(p, "highs", seconds, gap, threads)
    if run.impossible:
        return None
    if run.serves is None:
        raise no_plan(p, stage, run.bound / stage_scale(p, stage))
    value = stage_value(p, stage, run.serves)
    goal = GoalResult(stage.goal, stage.text, value, min(value, max(0.0, run.bound)), stage.unit)
    return Outcome(run.serves, listed_pairs(p, run.serves), (goal,), GRIDS.name, 0.0, run.seconds, run.how)


def solve_grids(p: Problem, engine: Engine, seconds: float | None, gap: float, threads: int) -> GridRun:
    """Solve a layer of grids whose only goal is travel."""
    start, clock = time.perf_counter(), Clock(seconds)
    assert p.grids is not None
    parts = areas(p)
    answers = []
    alone = _numbers_of_the_city(p.grids, parts[0]) if len(parts) == 1 else None
    for n, area in enumerate(parts):
        answers.append(solve_area(area, engine, _share(clock, len(parts) - n), gap, threads, alone))
        if answers[-1].impossible:
            break
    used = sum(len(np.unique(a.serves)) for a in answers if a.serves is not None)
    complete = len(answers) == len(parts) and all(a.serves is not None for a in answers)
    if complete and not p.grids.least <= used <= p.grids.most:
        tables = [
            numbered(area, engine, _share(clock, len(parts) - n), gap, threads)
            for n, area in enumerate(parts)
        ]
        answers = together(tables, p.grids.least, p.grids.most)
    impossible = any(answer.impossible for answer in answers)
    serves = np.full(len(p.unit_ids), -1)
    for area, answer in zip(parts, answers, strict=False):
        if answer.serves is not None:
            serves[area.units] = area.leads[answer.serves]
    bound = float(sum(answer.bound for answer in answers))
    done = len(answers) == len(parts) and (serves >= 0).all()
    how = _how(len(parts), sum(answer.searched for answer in answers))
    return GridRun(serves if done else None, bound, impossible, how, time.perf_counter() - start)


def _how(areas: int, searched: int) -> Text:
    """How many areas were solved by the exact model, and how many by prices and local search."""
    return Text(
        f"grids: {areas - searched} area(s) exact with cuts, {searched} by prices and local search",
        f"grids：{areas - searched} 个片区由精确模型加割求解，{searched} 个由价格法与局部搜索求解",
    )


def solve_area(
    a: Area, engine: Engine, clock: Clock, gap: float, threads: int, numbers: Sequence[int] | None = None
) -> Answer:
    """The best plan of an area, its number of grids free within its bounds, or among some.

    A small area is solved exactly. In a large one plans and bounds are searched first; where they do not meet, and
    the area is not too large, the exact model goes on from there.
    """
    numbers = range(a.most, a.least - 1, -1) if numbers is None else numbers
    if not countable(a) or not len(numbers):
        return NOTHING
    size = a.pairs
    if size <= SMALL or a.order:  # searching knows no order of leads
        return _exact(a, engine, clock, gap, threads, dict.fromkeys(numbers, 0.0), NOTHING)
    large = Large(a, sorted(numbers), engine, threads)
    large.run(Clock(_search_seconds(size, clock)), gap)
    if np.isinf(large.bounds.least):
        return NOTHING
    found = Answer(large.serves, large.value, large.bound, True)
    close = found.serves is not None and found.value - found.bound <= max(gap, 1e-7) * abs(found.value)
    if close or clock.over or size > LARGEST or (size > EXACT and found.serves is not None):
        return found
    return _exact(a, engine, clock, gap, threads, large.bounds.at, found)


def _exact(
    a: Area, engine: Engine, clock: Clock, gap: float, threads: int, floors: Mapping[int, float], best: Answer
) -> Answer:
    """The exact model, number by number where that makes the fair part a number; each need only beat the best."""
    if fair_parts(a, 1) is None:
        found = CutModel(a, min(floors), max(floors), best.value).solve(engine, clock, gap, threads)
        known = max(found.bound, 0.0 if best.serves is None else best.bound)
        return _better(best, found, known)
    bound = np.inf
    for number in sorted(floors, reverse=True):
        if floors[number] >= best.value:
            continue
        found = CutModel(a, number, number, best.value).solve(engine, clock, gap, threads)
        bound = min(bound, max(found.bound, floors[number]))
        best = _better(best, found, 0.0)
        if best.value <= 0:
            break
    return Answer(best.serves, best.value, min(bound, best.value), best.searched)


def _better(best: Answer, found: Answer, bound: float) -> Answer:
    one = found if found.serves is not None and found.value < best.value else best
    return Answer(one.serves, one.value, min(bound, one.value), one.searched)


def _search_seconds(size: int, clock: Clock) -> float:
    """For searching before, or instead of, the exact model."""
    if size > EXACT:
        return SEARCH_SECONDS if clock.left is None else clock.left
    return 10.0 if clock.left is None else min(10.0, clock.left / 3)


def possible_area(a: Area, engine: Engine, seconds: float | None) -> bool | None:
    """Whether an area has a plan; None where the clock ran out."""
    answer = solve_area(a, engine, Clock(seconds), 1.0, 1)
    return False if answer.impossible else None if answer.serves is None else True


def numbered(a: Area, engine: Engine, clock: Clock, gap: float, threads: int) -> Mapping[int, Answer]:
    """The best plan of an area for each number of grids that it may have."""
    numbers = range(a.most, a.least - 1, -1)
    return {
        number: solve_area(a, engine, _share(clock, len(numbers) - i), gap, threads, (number,))
        for i, number in enumerate(numbers)
    }


def together(tables: Sequence[Mapping[int, Answer]], least: int, most: int) -> list[Answer]:
    """The best answers of all areas whose numbers add up to what the city may have; one impossible where none do."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    bounds = {0: 0.0}
    for table in tables:
        best, bounds = _add(best, table, most), _add_bounds(bounds, table, most)
    bound = min((b for n, b in bounds.items() if n >= least), default=np.inf)
    numbers = min(((v, ns) for n, (v, ns) in best.items() if n >= least), default=(np.inf, ()))[1]
    if np.isinf(bound) or not numbers:
        return [Answer(None, np.inf, bound)]
    answers = [table[n] for table, n in zip(tables, numbers, strict=True)]
    return [replace(a, bound=0.0 if n else bound) for n, a in enumerate(answers)]


def _add(
    best: Mapping[int, tuple[float, tuple[int, ...]]], table: Mapping[int, Answer], most: int
) -> dict[int, tuple[float, tuple[int, ...]]]:
    """Least value for each number so far, one area more."""
    found: dict[int, tuple[float, tuple[int, ...]]] = {}
    for total, (value, numbers) in best.items():
        for n, answer in table.items():
            if answer.serves is not None and total + n <= most:
                offer = (value + answer.value, (*numbers, n))
                found[total + n] = min(found.get(total + n, offer), offer)
    return found


def _add_bounds(bounds: Mapping[int, float], table: Mapping[int, Answer], most: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for total, value in bounds.items():
        for n, answer in table.items():
            if total + n <= most:
                found[total + n] = min(found.get(total + n, np.inf), value + answer.bound)
    return found


def _numbers_of_the_city(grids: GridArrays, a: Area) -> list[int]:
    """The numbers of grids that a city of one area may have, from the most."""
    return list(range(min(a.most, grids.most), max(a.least, grids.least) - 1, -1))


def countable(a: Area) -> bool:
    """Whether counting alone leaves a plan possible."""
    few = any(n.least > min(n.most, int(a.able[n.leads].sum())) for n in a.numbers)
    if few or a.least > a.most or (a.pinned & ~a.able).any():
        return False
    return bool(np.isfinite(a.cost).any(axis=1).all())


def _share(clock: Clock, waiting: int) -> Clock:
    """A fair part of the seconds left."""
    return Clock(None if clock.left is None else clock.left / waiting)


GRIDS = FastEngine(
    "grids",
    frozenset({"grids", "counted", "allowed", "pinned", "within", "capacity", "excess_price", "demand"}),
    misfit,
    find_grids,
    Text("grids whose only goal is travel", "网格层仅以出行为目标"),
)

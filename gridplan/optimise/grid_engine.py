"""A layer of grids, area by area: each solved on its own, and where the city's number of grids binds, weighed together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.clock import Clock
from gridplan.optimise.grid_area import Area, areas
from gridplan.optimise.grid_cuts import NOTHING, Answer, CutModel, by_number, fair_parts
from gridplan.optimise.problem import Problem
from gridplan.optimise.pulp_room import Engine


@dataclass(frozen=True, eq=False)
class GridRun:
    """A plan of all areas (None where none was found), and what no plan can be below.

    Parameters
    ----------
    impossible : it is proven that no plan keeps all rules.
    engine : who solved it, in words.
    """

    serves: np.ndarray | None
    bound: float
    impossible: bool
    engine: str
    seconds: float


def is_plain_travel(p: Problem) -> bool:
    """Whether the only goal is travel, a sum over units, and capacity counts residents."""
    stages = p.all_stages
    priced = any(stage.change_price or stage.pair_price is not None for stage in stages)
    return [stage.goal for stage in stages] == ["travel"] and not priced and p.use is None


def solve_grids(p: Problem, engine: Engine, seconds: float | None, gap: float, threads: int) -> GridRun:
    """Solve a layer of grids whose only goal is travel."""
    start, clock = time.perf_counter(), Clock(seconds)
    assert p.grids is not None
    parts = areas(p)
    answers = []
    for n, area in enumerate(parts):
        answers.append(solve_area(area, engine, _share(clock, len(parts) - n), gap, threads))
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
    name = f"{engine}, area by area, with cuts"
    return GridRun(serves if done else None, bound, impossible, name, time.perf_counter() - start)


def solve_area(a: Area, engine: Engine, clock: Clock, gap: float, threads: int) -> Answer:
    """The best plan of an area, its number of grids free within its bounds."""
    if not _countable(a):
        return NOTHING
    if fair_parts(a, 1) is None:
        return CutModel(a, a.least, a.most).solve(engine, clock, gap, threads)
    best, bound = NOTHING, np.inf
    for number in by_number(a):
        found = CutModel(a, number, number, best.value).solve(engine, clock, gap, threads)
        bound = min(bound, found.bound)
        if found.serves is not None and found.value < best.value:
            best = found
        if best.value <= 0:
            break
    return Answer(best.serves, best.value, min(bound, best.value))


def possible_area(a: Area, engine: Engine, seconds: float | None) -> bool | None:
    """Whether an area has a plan; None where the clock ran out."""
    answer = solve_area(a, engine, Clock(seconds), 1.0, 1)
    return False if answer.impossible else None if answer.serves is None else True


def numbered(a: Area, engine: Engine, clock: Clock, gap: float, threads: int) -> Mapping[int, Answer]:
    """The best plan of an area for each number of grids that it may have."""
    return {n: CutModel(a, n, n).solve(engine, clock, gap, threads) for n in by_number(a)}


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
    first = Answer(answers[0].serves, answers[0].value, 0.0)
    rest = [Answer(a.serves, a.value, 0.0) for a in answers[1:]]
    return [Answer(first.serves, first.value, bound), *rest]


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


def _countable(a: Area) -> bool:
    """Whether counting alone leaves a plan possible."""
    few = any(n.least > min(n.most, int(a.able[n.leads].sum())) for n in a.numbers)
    if few or a.least > a.most or (a.pinned & ~a.able).any():
        return False
    return bool(np.isfinite(a.cost).any(axis=1).all())


def _share(clock: Clock, waiting: int) -> Clock:
    """A fair part of the seconds left."""
    return Clock(None if clock.left is None else clock.left / waiting)

"""District patterns: the problem with one variable per district and set of partners; exact, and quick to ask again.

Where nothing couples the units of a district beyond its partners, each unit goes to the best partner of the set, so
a set has one cost, and only the caps per hospital tie districts together: a row per district and one per hospital,
however many units there are.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.empty_units import settled
from gridplan.optimise.model.goal_rows import goal_scale, keep_limit, listed_pairs, proven_bound, stage_value
from gridplan.optimise.model.pulp_door import Model
from gridplan.optimise.model.solve_reference import no_plan
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

MOST_PATTERNS = 20_000


@dataclass(frozen=True, eq=False)
class Patterns:
    """The sets of partners that one district may choose.

    Parameters
    ----------
    members : (N, H) bool, counted partners of each set.
    costs : (N, stages) Σ weight · cost of each goal with the set, and last of what ends ties.
    """

    members: np.ndarray
    costs: np.ndarray


def misfit(p: Problem) -> Text | None:
    """Why sets of partners do not say all of a problem whose fields are known, None where they do."""
    if sum(_count(p, d) for d in range(len(p.district_ids))) > MOST_PATTERNS:
        return Text("there are too many sets of partners", "合作医院组合过多")
    return None


def solve_by_patterns(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The proven optimum of all goals in order, None where no plan keeps the rules.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    progress(Step(Text("pricing every set of partners", "逐一计算各合作医院组合")))
    start, clock, spent = time.perf_counter(), Clock(seconds), 0.0
    (order, usable), costs, scale = preferences(p), _costs(p), goal_scale(p)
    patterns = [_patterns(p, d, order, usable, costs) for d in range(len(p.district_ids))]
    if any(not len(some.members) for some in patterns):
        return None
    model, z = _master(p, patterns)
    build = time.perf_counter() - start
    chosen, goals = None, []
    stages = p.all_stages
    for n, stage in enumerate(stages):
        terms = [
            (z[d][i], float(cost) / scale)
            for d, some in enumerate(patterns)
            for i, cost in enumerate(some.costs[:, n])
        ]
        model.minimise(terms)
        solved = model.solve("highs", clock.left, gap, threads)
        spent += solved.seconds
        if solved.found == "infeasible":
            return None
        if solved.has_values:
            chosen = _read(p, model, patterns, z)
        elif chosen is None:
            raise no_plan(p, stage, solved.bound)
        serves = _serve(p, chosen, order, usable)
        if n == len(p.stages):
            break
        value = stage_value(p, stage, serves)
        bound = proven_bound(p, stage, solved.bound, value)
        goals.append(GoalResult(stage.goal, stage.text, value, bound, stage.unit))
        if n + 1 < len(stages):
            model.add([t for t in terms if t[1]], "<=", keep_limit(p, stage, value), f"keep[{stage.goal}]")
    return Outcome(serves, listed_pairs(p, serves), tuple(goals), PATTERNS.name, build, spent)


def _count(p: Problem, d: int) -> int:
    """How many sets the district has."""
    if unbound(p, d):
        return 1
    open_, pinned = choices(p, d)
    most = min(int(p.district_cap[d]) - len(pinned), len(open_))
    return sum(math.comb(len(open_), k) for k in range(most + 1))


def unbound(p: Problem, d: int) -> bool:
    """No cap binds the district or any hospital it may choose, and no pair has a price: all of them at once is the best set."""
    mine = p.allowed[d] & p.counted
    return bool(
        p.change_price == 0
        and p.district_cap[d] >= mine.sum()
        and (p.hospital_cap[mine] >= len(p.district_ids)).all()
    )


def choices(p: Problem, d: int) -> tuple[list[int], list[int]]:
    """Counted hospitals that the district may choose, and those that it must have."""
    counted, pinned = p.allowed[d] & p.counted, p.pinned[d] & p.counted
    return np.flatnonzero(counted & ~pinned).tolist(), np.flatnonzero(pinned).tolist()


def preferences(p: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Each unit's hospitals, best first: goal by goal, then minutes, then id; and how many of them it may use."""
    shape = (len(p.unit_ids), len(p.hospital_ids))
    keys = []
    for values in (p.minutes, *(p.preference(stage) for stage in reversed(p.all_stages)), ~p.usable):
        key = np.full(shape, np.inf)
        key[p.unit, p.hospital] = values
        keys.append(key)
    return np.lexsort(keys), np.bincount(p.unit[p.usable], minlength=shape[0])


def _costs(p: Problem) -> np.ndarray:
    """(stages, n, H) what each unit at each hospital counts in each goal."""
    costs = np.zeros((len(p.all_stages), len(p.unit_ids), len(p.hospital_ids)))
    for n, stage in enumerate(p.all_stages):
        costs[n, p.unit, p.hospital] = stage.cost * p.weight(stage)[p.unit]
    return costs


def _patterns(p: Problem, d: int, order: np.ndarray, usable: np.ndarray, costs: np.ndarray) -> Patterns:
    lived = np.flatnonzero((p.district == d) & (p.people > 0))
    rank = np.argsort(order[lived], axis=1)
    exempt = np.flatnonzero(p.allowed[d] & ~p.counted)
    nobody = np.full(len(lived), len(p.hospital_ids))
    base = rank[:, exempt].min(axis=1) if len(exempt) else nobody
    free, pinned = unbound(p, d), int((p.pinned[d] & p.counted).sum())
    members = [np.zeros((0, len(p.hospital_ids)), dtype=bool)]
    values = [np.zeros((0, len(costs)))]
    for some in _sets(p, d):
        best = np.minimum(base[:, None], rank[:, some].min(axis=2)) if some.shape[1] else base[:, None]
        possible = (best < usable[lived][:, None]).all(axis=0)
        for member in () if free else some.T[pinned:]:  # who would serve nobody is in a smaller set
            possible &= (rank[:, member] == best).any(axis=0)
        some, best = some[possible], best[:, possible]
        hospital = order[lived[:, None], np.minimum(best, order.shape[1] - 1)]
        on = np.zeros((len(some), len(p.hospital_ids)), dtype=bool)
        np.put_along_axis(on, some, True, axis=1)
        members.append(on)
        values.append(costs[:, lived[:, None], hospital].sum(axis=1).T)
    return Patterns(np.concatenate(members), np.concatenate(values))


def _sets(p: Problem, d: int) -> Iterator[np.ndarray]:
    """Sets of counted partners by size, as rows of hospital indices; pinned ones are in every set."""
    open_, pinned = choices(p, d)
    most = min(int(p.district_cap[d]) - len(pinned), len(open_))
    for k in (len(open_),) if unbound(p, d) else range(most + 1):
        rows = [(*pinned, *more) for more in itertools.combinations(open_, k)]
        yield np.array(rows, dtype=np.int64).reshape(len(rows), len(pinned) + k)


def _master(p: Problem, patterns: list[Patterns]) -> tuple[Model, list[list[Any]]]:
    """One set per district; each counted hospital within its cap (4)."""
    model = Model(f"gridplan_patterns_{p.layer}")
    z = [
        [model.binary(f"z[{p.district_ids[d]},{i}]") for i in range(len(s.members))]
        for d, s in enumerate(patterns)
    ]
    for d, mine in enumerate(z):
        model.add([(one, 1.0) for one in mine], "==", 1.0, f"one[{p.district_ids[d]}]")
    for h in np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP)).tolist():
        terms = [
            (z[d][i], 1.0) for d, s in enumerate(patterns) for i in np.flatnonzero(s.members[:, h]).tolist()
        ]
        if len(terms) > p.hospital_cap[h]:
            model.add(terms, "<=", float(p.hospital_cap[h]), f"hospital_cap[{p.hospital_ids[h]}]")
    return model, z


def _read(p: Problem, model: Model, patterns: list[Patterns], z: list[list[Any]]) -> np.ndarray:
    chosen = p.allowed & ~p.counted
    for d, some in enumerate(patterns):
        for i, one in enumerate(z[d]):
            if model.is_on(one):
                chosen[d] |= some.members[i]
    return chosen


def _serve(p: Problem, chosen: np.ndarray, order: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Each unit at its best chosen partner; units where nobody lives follow the partners listed."""
    may = np.take_along_axis(chosen[p.district], order, axis=1)
    may &= np.arange(order.shape[1]) < usable[:, None]
    serves = order[np.arange(len(order)), may.argmax(axis=1)]
    better = settled(p, serves)
    return serves if better is None else better


PATTERNS = FastEngine(
    "patterns",
    frozenset({
        "counted", "allowed", "pinned", "within", "district_cap", "hospital_cap", "excess_price", "pair_scores", "demand", "use",
        "stages",
    }),
    misfit,
    solve_by_patterns,
    Text("only partners tie units together", "各单元仅由结对相联系"),
)  # fmt: skip

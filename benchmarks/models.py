"""The two that are compared: gridplan, and the model as one would write it down with dicts and `lpSum`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import pulp

from gridplan.errors import NoPlanInTimeError
from gridplan.optimise.goals import stage_value
from gridplan.optimise.outcome import relative_gap
from gridplan.optimise.problem import Problem
from gridplan.optimise.solve import solve

SAME_GAP = 1e-7  # gridplan asks HiGHS for this; the naive model must too


@dataclass(frozen=True)
class Run:
    """Seconds to build and to solve; value and proven bound in person-minutes, NaN where there is none."""

    build_seconds: float
    solve_seconds: float
    value: float
    bound: float

    @property
    def seconds(self) -> float:
        """Build and solve together."""
        return self.build_seconds + self.solve_seconds

    @property
    def gap(self) -> float:
        """Relative gap between value and bound."""
        return relative_gap(self.value, self.bound)


def gridplan(problem: Problem, seconds: float) -> Run:
    """gridplan's own way: `solve` of the compact model."""
    try:
        outcome = solve(problem, seconds=seconds)
    except NoPlanInTimeError as stopped:
        return Run(
            float("nan"), seconds, float("nan"), float("nan") if stopped.bound is None else stopped.bound
        )
    goal = outcome.goals[-1]
    return Run(outcome.build_seconds, outcome.solve_seconds, goal.value, goal.bound)


def naive(problem: Problem, seconds: float) -> Run:
    """The same problem as textbooks write it; same solver, same gap, same clock, one thread."""
    start = time.perf_counter()
    units, hospitals, districts = (range(len(ids)) for ids in _ids(problem))
    pairs = zip(problem.unit.tolist(), problem.hospital.tolist(), strict=True)
    weighted = problem.people[problem.unit] * problem.stages[-1].cost
    cost = dict(zip(pairs, weighted.tolist(), strict=True))
    model = pulp.LpProblem("naive", pulp.LpMinimize)
    x = {(u, h): model.add_variable(f"x_{u}_{h}", 0, 1, cat="Binary") for u in units for h in hospitals}
    y = {(d, h): model.add_variable(f"y_{d}_{h}", 0, 1, cat="Binary") for d in districts for h in hospitals}
    model += pulp.lpSum(cost[u, h] * x[u, h] for u in units for h in hospitals)
    for u in units:
        model += pulp.lpSum(x[u, h] for h in hospitals) == 1
        for h in hospitals:
            model += x[u, h] <= y[int(problem.district[u]), h]
    for d in districts:
        model += pulp.lpSum(y[d, h] for h in hospitals) <= int(problem.district_cap[d])
    for h in hospitals:
        model += pulp.lpSum(y[d, h] for d in districts) <= int(problem.hospital_cap[h])
    built = time.perf_counter()
    left = max(0.1, seconds - (built - start))  # gridplan's clock runs while it builds, too
    solver = pulp.HiGHS(msg=False, timeLimit=left, gapRel=SAME_GAP, gapAbs=0.0, threads=1, random_seed=0)
    model.solve(solver)
    solved = time.perf_counter()
    info = model.solverModel.getInfo()
    value = float("nan")
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        serves = np.array([max(hospitals, key=lambda h: x[u, h].varValue) for u in units])
        value = stage_value(problem, problem.stages[-1], serves)
    return Run(built - start, solved - built, value, float(info.mip_dual_bound))


def _ids(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return problem.unit_ids, problem.hospital_ids, problem.district_ids


MODELS: Mapping[str, Callable[[Problem, float], Run]] = {"gridplan": gridplan, "naive": naive}

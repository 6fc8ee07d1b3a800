"""The competitors: the model as one would write it down, with the tools that are at hand; one thread, the same clock.

"pulp-compact-…" is the textbook model with dicts and `lpSum`; "ortools-cpsat" the same for CP-SAT; "spopt" is
PySAL's p-median, which has no capacities apart from its weights and so only fits the family pmed.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from gridplan.optimise.problem import NO_CAP, Problem

SAME_GAP = 1e-7  # gridplan proves to this; the others must too
NAN = float("nan")
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible


class UnfitError(ValueError):
    """A competitor that does not know such problems."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The hospital of each unit (None where no plan was found), a proven bound (NaN where none), seconds."""

    serves: np.ndarray | None
    bound: float
    build_seconds: float
    solve_seconds: float


@dataclass(frozen=True, eq=False)
class Compact:
    """The textbook model, as PuLP holds it."""

    model: Any
    x: dict[tuple[int, int], Any]

    def serves(self, units: int) -> np.ndarray:
        """The hospital with the largest x of each unit."""
        best: dict[int, tuple[float, int]] = {}
        for (u, h), x in self.x.items():
            best[u] = max(best.get(u, (-1.0, -1)), (float(x.varValue or 0.0), h))
        return np.array([best[u][1] for u in range(units)])


def compact_highs(p: Problem, seconds: float) -> Answer:
    """The compact model by HiGHS through PuLP."""
    start = time.perf_counter()
    compact = _compact(p)
    built = time.perf_counter()
    compact.model.solve(_highs(seconds - (built - start)))
    info = compact.model.solverModel.getInfo()
    found = compact.serves(len(p.unit_ids)) if info.primal_solution_status == FEASIBLE else None
    return Answer(found, float(info.mip_dual_bound), built - start, time.perf_counter() - built)


def compact_cbc(p: Problem, seconds: float) -> Answer:
    """The compact model by the CBC that PuLP brings; its bound is known only where it proved the optimum."""
    kind = getattr(pulp, "PULP_CBC_CMD", None) or pulp.COIN_CMD
    start = time.perf_counter()
    compact = _compact(p)
    built = time.perf_counter()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PULP_CBC_CMD is deprecated", DeprecationWarning)
        solver = kind(msg=False, timeLimit=max(0.1, seconds - (built - start)), gapRel=SAME_GAP)
    if not solver.available():
        raise UnfitError("pulp-compact-cbc: this PuLP brings no CBC")
    compact.model.solve(solver)
    spent = time.perf_counter() - built
    sol, whole = compact.model.sol_status, all(_whole(x.varValue) for x in compact.x.values())
    optimal = sol == pulp.LpSolutionOptimal and spent < 0.98 * seconds
    found = compact.serves(len(p.unit_ids)) if whole and sol in (1, 2) else None
    bound = float(pulp.value(compact.model.objective)) if optimal else NAN
    return Answer(found, bound, built - start, spent)


def spopt(p: Problem, seconds: float) -> Answer:
    """PySAL's p-median with the same HiGHS."""
    from spopt.locate import PMedian

    plain = p.use is None and not np.isfinite(p.capacity).any() and p.stages[-1].pair_price is None
    if not plain or len(p.district_ids) != 1 or p.district_cap[0] == NO_CAP:
        raise UnfitError("spopt solves the family pmed only")
    start = time.perf_counter()
    cost = np.full((len(p.unit_ids), len(p.hospital_ids)), p.stages[-1].cost.max() * 1e3)
    cost[p.unit, p.hospital] = p.stages[-1].cost
    median = PMedian.from_cost_matrix(cost, p.people.astype(float), p_facilities=int(p.district_cap[0]))
    built = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        # Without its result lists: those fail where the clock ran out.
        median = median.solve(_highs(seconds - (built - start)), results=False)
    info = median.problem.solverModel.getInfo()
    spent = time.perf_counter() - built
    found = None
    if info.primal_solution_status == FEASIBLE:
        open_ = [h for h, y in enumerate(median.fac_vars) if (y.varValue or 0.0) > 0.5]
        found = np.array(open_)[cost[:, open_].argmin(axis=1)]
    return Answer(found, float(info.mip_dual_bound), built - start, spent)


def cpsat(p: Problem, seconds: float) -> Answer:
    """The compact model by CP-SAT of OR-tools, in whole numbers: fractions of costs in thousandths."""
    from ortools.sat.python import cp_model

    start = time.perf_counter()
    cost, price = p.weight(p.stages[-1])[p.unit] * p.stages[-1].cost, _price(p)
    scale = 1 if (cost == np.rint(cost)).all() and (price == np.rint(price)).all() else 1000
    use = np.rint(p.pair_use).astype(int)
    if (use != p.pair_use).any():
        raise UnfitError("ortools-cpsat needs whole numbers as use of capacity")
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in p.unit]
    y = {(d, h): model.new_bool_var("") for d, h in np.argwhere(p.allowed).tolist()}
    district = p.pair_district
    for k, (d, h) in enumerate(zip(district.tolist(), p.hospital.tolist(), strict=True)):
        model.add_implication(x[k], y[d, h])
    for mine in _groups(p.unit):
        model.add_exactly_one(x[k] for k in mine)
    for mine in _groups(p.hospital):
        room = p.capacity[p.hospital[mine[0]]]
        if np.isfinite(room):
            model.add(sum(int(use[k]) * x[k] for k in mine) <= int(room))
    for row, cap in _cap_rows(p):
        model.add(sum(y[pair] for pair in row if pair in y) <= cap)
    whole_cost, whole_price = np.rint(cost * scale).astype(int), np.rint(price * scale).astype(int)
    model.minimize(
        sum(int(c) * one for c, one in zip(whole_cost, x, strict=True))
        + sum(int(whole_price[pair]) * one for pair, one in y.items())
    )
    built = time.perf_counter()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (built - start))
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # without it one worker never sees the linear relaxation
    solver.parameters.random_seed = 0
    status = solver.solve(model)
    spent = time.perf_counter() - built
    rounding = 0.0 if scale == 1 else 0.5 * (len(p.unit_ids) + len(y)) / scale
    found = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = np.full(len(p.unit_ids), -1)
        on = [k for k, one in enumerate(x) if solver.value(one)]
        found[p.unit[on]] = p.hospital[on]
    return Answer(found, solver.best_objective_bound / scale - rounding, built - start, spent)


def _compact(p: Problem) -> Compact:
    units, hospitals, districts = (
        range(len(p.unit_ids)),
        range(len(p.hospital_ids)),
        range(len(p.district_ids)),
    )
    pairs = list(zip(p.unit.tolist(), p.hospital.tolist(), strict=True))
    cost = dict(zip(pairs, (p.weight(p.stages[-1])[p.unit] * p.stages[-1].cost).tolist(), strict=True))
    use, price = dict(zip(pairs, p.pair_use.tolist(), strict=True)), _price(p)
    model = pulp.LpProblem("naive", pulp.LpMinimize)
    x = {(u, h): model.add_variable(f"x_{u}_{h}", 0, 1, cat="Binary") for u, h in pairs}
    y = {(d, h): model.add_variable(f"y_{d}_{h}", 0, 1, cat="Binary") for d in districts for h in hospitals}
    opening = [float(price[pair]) * y[pair] for pair in y if price[pair]]
    model += pulp.lpSum([cost[pair] * x[pair] for pair in pairs] + opening)
    for u in units:
        mine = [h for h in hospitals if (u, h) in x]
        model += pulp.lpSum(x[u, h] for h in mine) == 1
        for h in mine:
            model += x[u, h] <= y[int(p.district[u]), h]
    for h in hospitals:
        if np.isfinite(p.capacity[h]):
            model += pulp.lpSum(use[u, h] * x[u, h] for u in units if (u, h) in x) <= float(p.capacity[h])
    for row, cap in _cap_rows(p):
        model += pulp.lpSum(y[pair] for pair in row) <= cap
    return Compact(model, x)


def _cap_rows(p: Problem) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """The pairs that a cap counts, and the cap."""
    hospitals, districts = range(len(p.hospital_ids)), range(len(p.district_ids))
    for d in districts:
        if p.district_cap[d] != NO_CAP:
            yield [(d, h) for h in hospitals], int(p.district_cap[d])
    for h in hospitals:
        if p.hospital_cap[h] != NO_CAP:
            yield [(d, h) for d in districts], int(p.hospital_cap[h])


def _groups(of: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(of, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(of[order])) + 1)


def _price(p: Problem) -> np.ndarray:
    price = p.stages[-1].pair_price
    return np.zeros(p.allowed.shape) if price is None else price


def _whole(value: float | None) -> bool:
    return value is not None and abs(value - round(value)) < 1e-6


def _highs(seconds: float) -> Any:
    return pulp.HiGHS(
        msg=False, timeLimit=max(0.1, seconds), gapRel=SAME_GAP, gapAbs=0.0, threads=1, random_seed=0
    )

"""The textbook model with dicts and `lpSum`, by the solvers that PuLP knows: "pulp-compact-highs", "-cbc" and "-scip"."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from benchmarks.competitors.answer import NAN, SAME_GAP, Answer, UnfitError, cap_rows, price_of
from gridplan.optimise.problem import Problem

FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible


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
    compact.model.solve(highs(seconds - (built - start)))
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


def compact_scip(p: Problem, seconds: float) -> Answer:
    """The compact model by SCIP through PuLP."""
    start = time.perf_counter()
    compact = _compact(p)
    built = time.perf_counter()
    left = max(0.1, seconds - (built - start))
    compact.model.solve(pulp.SCIP_PY(msg=False, timeLimit=left, gapRel=SAME_GAP, threads=1))
    scip = compact.model.solverModel
    found = compact.serves(len(p.unit_ids)) if scip.getNSols() else None
    return Answer(found, float(scip.getDualbound()), built - start, time.perf_counter() - built)


def _compact(p: Problem) -> Compact:
    units, hospitals, districts = (
        range(len(p.unit_ids)),
        range(len(p.hospital_ids)),
        range(len(p.district_ids)),
    )
    pairs = list(zip(p.unit.tolist(), p.hospital.tolist(), strict=True))
    cost = dict(zip(pairs, (p.weight(p.stages[-1])[p.unit] * p.stages[-1].cost).tolist(), strict=True))
    use, price = dict(zip(pairs, p.pair_use.tolist(), strict=True)), price_of(p)
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
    for row, cap in cap_rows(p):
        model += pulp.lpSum(y[pair] for pair in row) <= cap
    return Compact(model, x)


def _whole(value: float | None) -> bool:
    return value is not None and abs(value - round(value)) < 1e-6


def highs(seconds: float) -> Any:
    """PuLP's HiGHS with the gap and the one thread that all have."""
    return pulp.HiGHS(
        msg=False, timeLimit=max(0.1, seconds), gapRel=SAME_GAP, gapAbs=0.0, threads=1, random_seed=0
    )

"""PySAL's p-median, which has no capacities apart from its weights and so only fits the family pmed."""

from __future__ import annotations

import contextlib
import io
import time

import numpy as np

from benchmarks.competitors.answer import Answer, UnfitError
from benchmarks.competitors.textbook import FEASIBLE, highs
from gridplan.optimise.problem import NO_CAP, Problem


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
        median = median.solve(highs(seconds - (built - start)), results=False)
    info = median.problem.solverModel.getInfo()
    spent = time.perf_counter() - built
    found = None
    if info.primal_solution_status == FEASIBLE:
        open_ = [h for h, y in enumerate(median.fac_vars) if (y.varValue or 0.0) > 0.5]
        found = np.array(open_)[cost[:, open_].argmin(axis=1)]
    return Answer(found, float(info.mip_dual_bound), built - start, spent)

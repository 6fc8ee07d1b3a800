"""The textbook model as sparse arrays straight to HiGHS, without PuLP's objects."""

from __future__ import annotations

import time

import highspy
import numpy as np
from scipy.sparse import csc_array, hstack, vstack

from benchmarks.competitors.answer import SAME_GAP, Answer, cap_rows, price_of
from gridplan.optimise.problem import Problem


def highs_direct(p: Problem, seconds: float) -> Answer:
    """min Σ c x + Σ f y;  Σ_h x_uh = 1;  x_uh ≤ y_dh;  Σ_u r_uh x_uh ≤ U_h;  Σ y ≤ caps; all 0 or 1."""
    start = time.perf_counter()
    lp = _model(p)
    built = time.perf_counter()
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", SAME_GAP), ("mip_abs_gap", 0.0),
        ("time_limit", max(0.1, seconds - (built - start))),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    highs.run()
    info, found = highs.getInfo(), None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        on = np.array(highs.getSolution().col_value)[: len(p.unit)] > 0.5
        found = np.full(len(p.unit_ids), -1)
        found[p.unit[on]] = p.hospital[on]
    return Answer(found, float(info.mip_dual_bound), built - start, time.perf_counter() - built)


def _model(p: Problem) -> highspy.HighsLp:
    pairs, units, hospitals = len(p.unit), len(p.unit_ids), len(p.hospital_ids)
    wide = len(p.district_ids) * hospitals
    each, place = np.arange(pairs), p.pair_district * hospitals + p.hospital
    one = csc_array((np.ones(pairs), (p.unit, each)), shape=(units, pairs))
    room = csc_array((p.pair_use, (p.hospital, each)), shape=(hospitals, pairs))
    tied = csc_array((np.ones(pairs), (each, each)), shape=(pairs, pairs))
    to = csc_array((-np.ones(pairs), (each, place)), shape=(pairs, wide))
    rows = list(cap_rows(p))
    at = [(n, d * hospitals + h) for n, (row, _) in enumerate(rows) for d, h in row]
    caps = csc_array((np.ones(len(at)), tuple(np.array(at, int).reshape(-1, 2).T)), shape=(len(rows), wide))
    blocks = [
        [one, csc_array((units, wide))],
        [room, csc_array((hospitals, wide))],
        [tied, to],
        [csc_array((len(rows), pairs)), caps],
    ]
    matrix = csc_array(vstack([hstack(block) for block in blocks]))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate([p.weight(p.stages[-1])[p.unit] * p.stages[-1].cost, price_of(p).ravel()])
    lp.col_lower_, lp.col_upper_ = np.zeros(pairs + wide), np.ones(pairs + wide)
    lp.row_lower_ = np.concatenate([np.ones(units), np.full(matrix.shape[0] - units, -highspy.kHighsInf)])
    limits = [
        np.ones(units),
        np.minimum(p.capacity, highspy.kHighsInf),
        np.zeros(pairs),
        np.array([float(cap) for _, cap in rows]),
    ]
    lp.row_upper_ = np.concatenate(limits)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (pairs + wide)
    return lp

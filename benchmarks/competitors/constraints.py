"""The textbook model for CP-SAT of OR-tools."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.competitors.answer import Answer, UnfitError, cap_rows, groups, price_of
from gridplan.optimise.problem import Problem


def cpsat(p: Problem, seconds: float) -> Answer:
    """The compact model by CP-SAT of OR-tools, in whole numbers: fractions of costs in thousandths."""
    from ortools.sat.python import cp_model

    start = time.perf_counter()
    cost, price = p.weight(p.stages[-1])[p.unit] * p.stages[-1].cost, price_of(p)
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
    for mine in groups(p.unit):
        model.add_exactly_one(x[k] for k in mine)
    for mine in groups(p.hospital):
        room = p.capacity[p.hospital[mine[0]]]
        if np.isfinite(room):
            model.add(sum(int(use[k]) * x[k] for k in mine) <= int(room))
    for row, cap in cap_rows(p):
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

"""HiGHS from arrays, for models too large to be built variable by variable; beside `pulp_door`, its only user."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from gridplan.optimise.run.in_time import in_time
from gridplan.optimise.run.interrupt import stopped
from gridplan.optimise.run.quiet import hush

if TYPE_CHECKING:
    from scipy.sparse import csc_array

INF = highspy.kHighsInf
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible


@dataclass(frozen=True, eq=False)
class Prices:
    """A solved master: its value, a price per row, a share per column."""

    value: float
    rows: np.ndarray
    shares: np.ndarray


class Seen:
    """What a solver said while it ran: the best values and the best bound, for where it does not come back."""

    def __init__(self) -> None:
        self.values: np.ndarray | None = None
        self.bound = -np.inf

    def listens_to(self, highs: highspy.Highs) -> None:
        """Keep what a solver says from now on."""
        highs.cbMipInterrupt.subscribe(lambda event: self.raise_to(event.data_out.mip_dual_bound))
        highs.cbMipImprovingSolution.subscribe(lambda event: self.keep(event.data_out.mip_solution))

    def keep(self, values: np.ndarray) -> None:
        """Keep a better solution; HiGHS uses its memory again."""
        self.values = np.array(values, dtype=float)

    def raise_to(self, bound: float) -> None:
        """Keep a better bound."""
        if bound < INF:
            self.bound = max(self.bound, float(bound))


class Master:
    """A linear programme that grows by columns and is solved again from where it stood.

    Parameters
    ----------
    lower, upper : (rows,) limits of the rows, inf where none.
    """

    def __init__(self, lower: np.ndarray, upper: np.ndarray) -> None:
        self._highs = _quiet()
        self._highs.setOptionValue("solver", "simplex")
        for low, high in zip(lower.tolist(), upper.tolist(), strict=True):
            self._highs.addRow(max(low, -INF), min(high, INF), 0, [], [])

    def add(self, cost: float, rows: Sequence[int], values: Sequence[float]) -> None:
        """A column from 0 upwards."""
        self._highs.addCol(cost, 0.0, INF, len(rows), list(rows), list(values))

    def let_in(self, may: np.ndarray) -> None:
        """Which columns may be used, (columns,) bool."""
        index = np.arange(len(may), dtype=np.int32)
        self._highs.changeColsBounds(len(may), index, np.zeros(len(may)), np.where(may, INF, 0.0))

    def solve(self) -> Prices | None:
        """None where the solver did not end at an optimum."""
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._highs.getSolution()
        value = float(self._highs.getObjectiveValue())
        return Prices(value, np.array(solution.row_dual), np.array(solution.col_value))


@dataclass(frozen=True, eq=False)
class Answer:
    """Values of the columns (None where none was found), a proven lower bound (−inf where none), whether impossible.

    Parameters
    ----------
    prices : (columns,) and (rows,) reduced costs and prices of a linear programme that is solved to its end; else None.
    """

    values: np.ndarray | None
    bound: float
    impossible: bool
    prices: tuple[np.ndarray, np.ndarray] | None = None


def minimise(
    cost: np.ndarray, rows: csc_array, lower: np.ndarray, upper: np.ndarray, whole: np.ndarray, seconds: float | None,
    gap: float, slip: float = 1e-6, most: np.ndarray | None = None, asked: float | None = None,
    restarts: bool = True,
) -> Answer:  # fmt: skip
    """Minimise cost · x over lower ≤ rows · x ≤ upper, 0 ≤ x ≤ most, x whole where `whole`.

    Parameters
    ----------
    cost, whole : (columns,).
    rows : (rows, columns).
    seconds, gap : where to stop; None and 0 = proven to 1e-7.
    most : (columns,) 1 where it is not given.
    slip : by how much a row may be missed while searching; HiGHS takes an answer back that misses one by more than 1e-6.
    asked : stop as soon as it is known whether the least is above this or not.
    restarts : whether HiGHS may begin anew in the middle, with a presolve that keeps no clock: one, of a part of a
        capacitated p-median with 4 s and rows in fractions, was seen not to end.

    Where HiGHS takes its answer back, it is asked once more without presolve; where it does not end, what it had said is known.
    """
    end = None if seconds is None else time.monotonic() + max(0.0, seconds)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = np.zeros(len(cost)), np.ones(len(cost)) if most is None else most
    model.row_lower_, model.row_upper_ = np.maximum(lower, -INF), np.minimum(upper, INF)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole.tolist()]
    for presolve in ("choose", "off"):
        highs = _quiet()
        left = None if end is None else max(0.0, end - time.monotonic())
        if left is not None:
            highs.setOptionValue("time_limit", left)
        highs.setOptionValue("presolve", presolve)
        highs.setOptionValue("mip_rel_gap", max(gap, 1e-7))
        highs.setOptionValue("mip_abs_gap", 0.0)
        highs.setOptionValue("mip_allow_restart", restarts)
        highs.setOptionValue("mip_feasibility_tolerance", slip)
        highs.cbMipInterrupt.subscribe(_end_if_stopped)
        if asked is not None:
            highs.cbMipInterrupt.subscribe(_end_if_known(asked))
        highs.cbSimplexInterrupt.subscribe(_end_if_stopped)
        seen = Seen()
        seen.listens_to(highs)
        highs.passModel(model)
        if in_time(highs.run, left) is None:
            return Answer(seen.values, seen.bound, False)
        if stopped() or highs.getModelStatus() != highspy.HighsModelStatus.kSolveError:
            break
    info, status = highs.getInfo(), highs.getModelStatus()
    if status == highspy.HighsModelStatus.kSolveError and stopped():
        raise KeyboardInterrupt  # a second Ctrl-C, which cannot pass through HiGHS itself
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(None, np.inf, True)
    found = info.primal_solution_status == FEASIBLE
    bound = float(info.mip_dual_bound) if whole.any() else float(info.objective_function_value)
    done = status == highspy.HighsModelStatus.kOptimal
    proven = bound if abs(bound) < INF and (whole.any() or done) else -np.inf
    solution = highs.getSolution()
    prices = (np.array(solution.col_dual), np.array(solution.row_dual)) if done and not whole.any() else None
    return Answer(np.array(solution.col_value) if found else None, proven, False, prices)


def _end_if_stopped(event: Any) -> None:
    if stopped():
        event.data_in.user_interrupt = True


def _end_if_known(asked: float) -> Callable[[Any], None]:
    def end(event: Any) -> None:
        if event.data_out.mip_dual_bound > asked or event.data_out.mip_primal_bound <= asked:
            event.data_in.user_interrupt = True

    return end


def _quiet() -> highspy.Highs:
    hush()
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(option, value)
    return highs

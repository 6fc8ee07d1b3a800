"""Goals in strict order over an assembled model, with a few columns that decide (custody) and many that follow.

For each goal: the columns that decide are whole and the others relaxed for the bound; with the decision found, the
others are whole for the value. Where bound and value do not meet, that decision is cut off and the next best taken,
until the bound of all that is left is no better: a branching over whole decisions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import relative_gap
from gridplan.words.errors import DataError, NoPlanInTimeError
from gridplan.words.text import Text

CLOSED = 1e-6  # relative gap below which bound and value have met
SLACK = 1e-7  # relative room that an earlier goal leaves to later ones, for rounding
PRICE = 1e-7  # of a scaled goal: less is no price
ON_FACE = 1e-6  # how near to its limit a column or row must be
LEAST_COUNT = 1e-3  # of one; what a bound on a whole number may be off by
MOST_DECISIONS = 60  # looked at for one goal
EARLY = 0.6  # of the clock that is left, for a goal that others come after: most use little of it


@dataclass(frozen=True, eq=False)
class Aim:
    """One goal: least cost · x.

    Parameters
    ----------
    cost : (columns,).
    """

    name: str
    cost: np.ndarray


@dataclass(frozen=True, eq=False)
class Reached:
    """What a goal reached, in the sense of its cost; `decisions` were looked at to prove it."""

    name: str
    value: float
    bound: float
    seconds: float
    decisions: int

    @property
    def gap(self) -> float:
        """Relative gap."""
        return relative_gap(self.value, self.bound)


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of all columns, whole where they must be, and each goal's proof."""

    values: np.ndarray
    reached: tuple[Reached, ...]


def solve_in_order(
    model: Assembly,
    aims: Sequence[Aim],
    decides: np.ndarray,
    follows: np.ndarray,
    seconds: float | None = None,
    told: Callable[[Reached], None] = lambda reached: None,
) -> Solution:
    """Solve goals in strict order.

    Parameters
    ----------
    decides, follows : indices of columns that must be whole: those that decide, and those that follow.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    DataError : it is proven that there is nothing to be found.
    """
    clock, values, reached = Clock(seconds), None, []
    counted = np.concatenate([decides, follows])
    for n, aim in enumerate(aims):
        last = n + 1 == len(aims)
        share = clock.left if last else _early(clock)
        scale = float(np.abs(aim.cost).max()) or 1.0  # large numbers would drown in the solver's tolerances
        scaled = Aim(aim.name, aim.cost / scale)
        faces: list[_Face] = []
        found, values = _solve(model, scaled, decides, follows, values, share, faces)
        one = replace(found, value=float(aim.cost @ values), bound=found.bound * scale)
        if _is_counted(aim.cost, counted):
            one = replace(one, bound=min(one.value, float(np.ceil(one.bound - LEAST_COUNT))))
        reached.append(one)
        told(one)
        only = False
        if not last and len(decides):
            only = _is_only(model, scaled, values, decides, follows, _early(clock))
        if not (faces and faces[-1].keep(model, values)):
            used = np.flatnonzero(aim.cost)
            model.row(used, scaled.cost[used], high=found.value + SLACK * max(1.0, abs(found.value)))
        if only:
            for side in (True, False):
                same = decides[(values[decides] > 0.5) == side]
                if len(same):
                    model.row(same, 1.0, low=float(side * len(same)), high=float(side * len(same)))
            decides = decides[:0]
    assert values is not None
    return Solution(values, tuple(reached))


@dataclass(frozen=True, eq=False)
class _Face:
    """All answers of a linear programme that are as good as the best: what its prices say of columns and rows.

    Keeping a goal by its face instead of by a row "no worse than" leaves the structure of the rows (a network) as it is.

    Parameters
    ----------
    value : of the best.
    columns, rows : reduced costs and prices; what has one is at its limit in every best answer.
    """

    value: float
    columns: np.ndarray
    rows: np.ndarray

    def keep(self, model: Assembly, values: np.ndarray) -> bool:
        """Hold all later answers to the face; False, and nothing done, where the answer at hand is not on it."""
        most = np.ones(len(values))
        most[list(model.most)] = list(model.most.values())
        low, high = np.flatnonzero(self.columns > PRICE), np.flatnonzero(self.columns < -PRICE)
        priced = np.flatnonzero(np.abs(self.rows) > PRICE).tolist()
        at = [float(model.values[r] @ values[model.index[r]]) for r in priced]
        lower, upper = np.array(model.lower), np.array(model.upper)
        to_lower = [bool(abs(v - lower[r]) <= abs(v - upper[r])) for r, v in zip(priced, at, strict=True)]
        ends = [lower[r] if down else upper[r] for r, down in zip(priced, to_lower, strict=True)]
        if (
            (values[low] > ON_FACE).any()
            or (values[high] < most[high] - ON_FACE).any()
            or any(abs(v - end) > ON_FACE * max(1.0, abs(end)) for v, end in zip(at, ends, strict=True))
        ):
            return False
        for row, down, end in zip(priced, to_lower, ends, strict=True):
            if down:
                model.upper[row] = end
            else:
                model.lower[row] = end
        if len(low):
            model.row(low, 1.0, high=0.0)
        if len(high):
            model.row(high, 1.0, low=float(most[high].sum()))
        return True


def _early(clock: Clock) -> float | None:
    return None if clock.left is None else EARLY * clock.left


def _is_counted(cost: np.ndarray, counted: np.ndarray) -> bool:
    """Whether a goal is a whole number in any answer: then its bound is one, too, and the room left for rounding is none."""
    used = np.flatnonzero(cost)
    return bool(np.isin(used, counted).all() and (cost[used] == np.round(cost[used])).all())


def _solve(
    model: Assembly,
    aim: Aim,
    decides: np.ndarray,
    follows: np.ndarray,
    known: np.ndarray | None,
    seconds: float | None,
    faces: list[_Face],
) -> tuple[Reached, np.ndarray]:
    """One goal. `known` keeps all goals before and is as good as any to begin with.

    Parameters
    ----------
    faces : gets the optimal face, where the best whole answer is as good as the relaxed one.
    """
    start, clock = time.perf_counter(), Clock(seconds)
    best, values = (float(aim.cost @ known), known) if known is not None else (np.inf, None)
    if not aim.cost.any() and values is not None:
        return Reached(aim.name, 0.0, 0.0, 0.0, 0), values
    cuts, bounds, left, looked = 0, [], -np.inf, 0
    while looked < MOST_DECISIONS:
        _whole(model, decides, follows, False)
        relaxed = model.solve(aim.cost, clock.left)
        if relaxed.impossible:
            left = np.inf
            break
        left = max(left, relaxed.bound)
        if relaxed.prices is not None:
            faces[:] = [_Face(relaxed.bound, *relaxed.prices)]
        if (
            relaxed.values is None
            or left >= best - CLOSED * max(1.0, abs(best))
            or (clock.over and values is not None)
        ):
            break
        on = decides[relaxed.values[decides] > 0.5]
        off = np.setdiff1d(decides, on)
        found, bound = _follow(model, aim, decides, follows, on, off, clock)
        looked += 1
        bounds.append(bound)
        if found is not None and float(aim.cost @ found) < best:
            best, values = float(aim.cost @ found), found
        if not len(decides):
            left = np.inf
            break
        if left >= best - CLOSED * max(1.0, abs(best)):
            break  # bound and value have met: nothing is asked of the decisions that are left
        model.row(
            decides, np.where(np.isin(decides, on), -1.0, 1.0), low=1.0 - len(on)
        )  # any decision but this
        cuts += 1
    model.drop(cuts)
    if values is None and left == np.inf and all(bound == np.inf for bound in bounds):
        raise DataError(
            Text("no programme keeps all limits at once", "没有同时满足全部限额的实施方案"),
            Text("loosen the limits of this part in the policy", "请放宽政策中该部分的限额"),
        )
    if values is None:
        raise NoPlanInTimeError(
            Text("no programme was found in the time given", "在给定时间内没有找到实施方案"),
            Text("give more seconds", "请给出更长的时间"),
            None if np.isinf(left) else left,
        )
    bound = min(left, *bounds, best) if bounds else min(left, best)
    if faces and best > faces[0].value + CLOSED * max(1.0, abs(best)):
        faces.clear()
    return Reached(aim.name, best, bound, time.perf_counter() - start, looked), values


def _is_only(
    model: Assembly,
    aim: Aim,
    values: np.ndarray,
    decides: np.ndarray,
    follows: np.ndarray,
    seconds: float | None,
) -> bool:
    """Whether no other decision keeps all goals so far: then later goals have only what follows to choose.

    Asked by the goal just reached: the search ends as soon as the bound of all other decisions is worse than it.
    """
    best = float(aim.cost @ values)
    asked = best + SLACK * max(1.0, abs(best))  # the room that the kept goal leaves to later ones
    on = values[decides] > 0.5
    _whole(model, decides, follows, False)
    model.row(decides, np.where(on, -1.0, 1.0), low=1.0 - on.sum())
    other = model.solve(aim.cost, seconds, asked=asked)
    model.drop(1)
    return other.impossible or other.bound > asked


def _follow(
    model: Assembly,
    aim: Aim,
    decides: np.ndarray,
    follows: np.ndarray,
    on: np.ndarray,
    off: np.ndarray,
    clock: Clock,
) -> tuple[np.ndarray | None, float]:
    """The best of one decision, all whole; and the bound of it."""
    _whole(model, decides, follows, True)
    rows = 0
    for columns, side in ((on, 1.0), (off, 0.0)):
        if len(columns):
            model.row(columns, 1.0, low=side * len(columns), high=side * len(columns))
            rows += 1
    answer = model.solve(aim.cost, clock.left)
    model.drop(rows)
    if answer.values is None:
        return None, np.inf if answer.impossible else answer.bound
    values = answer.values.copy()
    whole = np.concatenate([decides, follows])
    values[whole] = np.round(values[whole])
    return values, answer.bound


def _whole(model: Assembly, decides: np.ndarray, follows: np.ndarray, all_of_them: bool) -> None:
    for column in decides.tolist():
        model.whole[column] = True
    for column in follows.tolist():
        model.whole[column] = all_of_them

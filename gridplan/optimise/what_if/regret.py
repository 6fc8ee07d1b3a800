"""Regret: one choice of partners for many futures, least bad in the worst of them or on the average."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.run.outcome import OPTIMAL_GAP, relative_gap
from gridplan.optimise.what_if.partner_menus import Choice

KEEP = 1e-9


@dataclass(frozen=True, eq=False)
class LeastRegret:
    """What is lost in each future against the plan that would have been best there.

    Parameters
    ----------
    picks : the set of each district.
    regrets : (S,) in the unit of the goal travel.
    worst, worst_bound : the largest regret; no choice has less than the bound (given the mean, where that came first).
    mean, mean_bound : the weighted mean of the regrets, likewise.
    """

    picks: list[int]
    regrets: np.ndarray
    worst: float
    worst_bound: float
    mean: float
    mean_bound: float

    @property
    def proven(self) -> bool:
        """Whether both are proven."""
        gaps = relative_gap(self.worst, self.worst_bound), relative_gap(self.mean, self.mean_bound)
        return max(gaps) <= OPTIMAL_GAP


def least_regret(
    choice: Choice, costs: np.ndarray, best: np.ndarray, weights: np.ndarray, mean_first: bool, seconds: float | None
) -> LeastRegret | None:  # fmt: skip
    """The choice of least worst regret, and among those of least mean regret, or the other way round.

    min R, then min Σ_s w_s Σ_dS c_sdS z_dS;  Σ_dS c_sdS z_dS − best_s ≤ R for every future s

    Parameters
    ----------
    costs : (S, columns of `choice`) of each set in each future; inf where somebody has no partner there.
    best : (S,) the least possible in each future.
    weights : (S,) adding up to 1.
    mean_first : whether the mean comes before the worst.

    Returns
    -------
    None where no choice gives everybody a partner in every future, or none was found in time.
    """
    programme, scale, columns = choice.programme, goal_scale(choice.p), choice.all
    ever = np.isfinite(costs).all(axis=0)
    finite = np.where(ever, costs, 0.0)
    before, rows = len(programme.whole), len(programme.index)
    (top,) = programme.columns(1, whole=False)
    ends = np.append(0, np.cumsum([len(z) for z in choice.z]))
    highest = sum(finite[:, a:b].max(axis=1) for a, b in itertools.pairwise(ends))
    most = max(scale, float(np.max(highest - best)))
    if not ever.all():
        programme.row(columns[~ever], 1.0, high=0.0)
    for cost, least in zip(finite, best, strict=True):
        programme.row(np.append(columns, top), np.append(cost, -most) / scale, high=least / scale)
    worst, mean = np.zeros(len(programme.whole)), np.zeros(len(programme.whole))
    worst[top] = most / scale
    mean[columns] = weights @ finite / scale
    offset, bounds = float(weights @ best), []
    picks: list[int] | None = None
    for n, (cost, shift) in enumerate(
        [(mean, offset), (worst, 0.0)] if mean_first else [(worst, 0.0), (mean, offset)]
    ):
        answer = programme.solve(cost, seconds)
        if answer.values is None:  # the second may run out of time: the first stands
            break
        picks = choice.read(answer.values)
        bounds.append(answer.bound * scale - shift)
        if n == 0:
            reached = _figures(finite, best, weights, choice, picks)
            limit = reached[1] + offset if mean_first else reached[0]
            programme.row(np.flatnonzero(cost), cost[cost != 0], high=limit * (1 + KEEP) / scale + KEEP)
    programme.drop(len(programme.index) - rows)
    del programme.whole[before:]
    if picks is None:
        return None
    bounds += [-np.inf] * (2 - len(bounds))
    highest_regret, average = _figures(finite, best, weights, choice, picks)
    least_worst, least_mean = reversed(bounds) if mean_first else bounds
    regrets = _costs(finite, choice, picks) - best
    return LeastRegret(
        picks, regrets, highest_regret, min(highest_regret, max(0.0, least_worst)), average,
        min(average, max(0.0, least_mean)),
    )  # fmt: skip


def _costs(costs: np.ndarray, choice: Choice, picks: list[int]) -> np.ndarray:
    """(S,) what a choice costs in each future."""
    starts = np.append(0, np.cumsum([len(z) for z in choice.z]))[:-1]
    return np.asarray(costs[:, starts + np.array(picks)].sum(axis=1))


def _figures(
    costs: np.ndarray, best: np.ndarray, weights: np.ndarray, choice: Choice, picks: list[int]
) -> tuple[float, float]:
    """The worst and the mean regret of a choice."""
    regrets = _costs(costs, choice, picks) - best
    return float(regrets.max()), float(weights @ regrets)

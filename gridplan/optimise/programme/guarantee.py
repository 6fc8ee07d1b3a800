"""CD-5 as a transport problem, one district at a time: whole persons of named groups to centres (FORMULATION.md, E)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class GuaranteeProblem:
    """Numbers of one district.

    Parameters
    ----------
    people : (cells,) persons of a group in a unit.
    cell, centre, minutes : (ways,) which cell may go to which centre, within the standard.
    room : (centres,) persons that it can carry, whole; inf = not stated.
    """

    people: np.ndarray
    cell: np.ndarray
    centre: np.ndarray
    minutes: np.ndarray
    room: np.ndarray


@dataclass(frozen=True, eq=False)
class GuaranteeSolution:
    """served : (ways,) persons, whole. left : (cells,) persons without a place within the standard."""

    served: np.ndarray
    left: np.ndarray
    reached: tuple[Reached, ...]


def guarantee_model(p: GuaranteeProblem) -> tuple[Assembly, np.ndarray, np.ndarray, list[Aim]]:
    """The rows, the columns w (ways) and n (cells: nowhere), the goals: fewest left, least travel."""
    model = Assembly()
    w = model.columns(len(p.cell), name="w", most=p.people[p.cell].astype(float))
    n = model.columns(len(p.people), name="n", most=p.people.astype(float))
    for c in range(len(p.people)):
        mine = np.append(w[p.cell == c], n[c])
        model.row(mine, 1.0, low=float(p.people[c]), high=float(p.people[c]))  # (E1)
    for i in np.flatnonzero(np.isfinite(p.room)).tolist():
        if (p.centre == i).any():
            model.row(w[p.centre == i], 1.0, high=float(p.room[i]))  # (E2)
    left, travel = np.zeros(len(model.whole)), np.zeros(len(model.whole))
    left[n] = 1.0
    travel[w] = p.minutes
    return model, w, n, [Aim("left", left), Aim("travel", travel)]


def solve_guarantee(p: GuaranteeProblem, seconds: float | None = None) -> GuaranteeSolution:
    """Whole persons, both goals in order; the rows are a network, so that corners are whole.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    model, w, n, aims = guarantee_model(p)
    solution = solve_in_order(model, aims, w[:0], np.concatenate([w, n]), seconds)
    whole = np.round(solution.values).astype(int)
    return GuaranteeSolution(whole[w], whole[n], solution.reached)

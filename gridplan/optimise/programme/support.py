"""CD-6 as an integer programme: which weak specialties are chosen, and when (FORMULATION.md, "Programme", W)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class SupportProblem:
    """Numbers: (candidates,) people, hospital, discipline, district (indices), fill (bool: to be filled up first).

    Parameters
    ----------
    years : planned.
    per_year, per_hospital, per_discipline, district_most : chosen in a year at most.
    district_least : (districts,) chosen in a year at least.
    """

    people: np.ndarray
    hospital: np.ndarray
    discipline: np.ndarray
    district: np.ndarray
    fill: np.ndarray
    years: int
    per_year: int
    per_hospital: int
    per_discipline: int
    district_most: int
    district_least: np.ndarray


@dataclass(frozen=True, eq=False)
class SupportSolution:
    """year : (candidates,) in which it is chosen, from 0; −1 = not."""

    year: np.ndarray
    reached: tuple[Reached, ...]


@dataclass(frozen=True)
class Missed:
    """A candidate that is not chosen in any year, and the chosen one that it would replace: in `year`, `margin` people short."""

    candidate: int
    year: int
    displaced: int
    margin: float


def support_model(p: SupportProblem) -> tuple[Assembly, np.ndarray, list[Aim]]:
    """The rows of the programme, its columns x (candidates, years), and its goals."""
    model, n = Assembly(), len(p.people)
    x = model.columns(n * p.years, name="x").reshape(n, p.years)
    t = model.columns(1, whole=False, name="t")
    for c in range(n):
        model.row(x[c], 1.0, high=1.0)  # (W1) each once
    for y in range(p.years):
        model.row(x[:, y], 1.0, high=float(p.per_year))  # (W2)
        for groups, most in ((p.hospital, p.per_hospital), (p.discipline, p.per_discipline)):
            for g in np.unique(groups):
                model.row(x[groups == g, y], 1.0, high=float(most))  # (W3), (W4)
        for d in np.unique(p.district):
            model.row(
                x[p.district == d, y], 1.0, low=float(p.district_least[d]), high=float(p.district_most)
            )  # (W5)
    for d in np.unique(p.district):
        mine = x[p.district == d].ravel()
        total = float((p.district == d).sum())
        model.row(np.append(mine, t), np.append(np.full(len(mine), -1.0 / total), 1.0), high=0.0)  # (W6)
    held = np.arange(p.years, 0, -1, dtype=float)
    fill, gain, least = (np.zeros(len(model.whole)) for _ in range(3))
    fill[x] = -np.where(p.fill, p.people, 0.0)[:, None] * held
    gain[x] = -p.people[:, None] * held
    least[t] = -1.0
    return model, x, [*([Aim("fill", fill)] if p.fill.any() else []), Aim("gain", gain), Aim("share", least)]


def solve_support(p: SupportProblem, seconds: float | None = None) -> SupportSolution:
    """Goals in order: what is to be filled up, early; most people, early; the district with the least share gets most.

    A place of year y (from 0) is held for Y − y of the Y years that are planned.

    Raises
    ------
    NoPlanInTimeError : the clock ran out.
    DataError : the floors cannot be kept together with the limits.
    """
    model, x, aims = support_model(p)
    solution = solve_in_order(model, aims, x.ravel()[:0], x.ravel(), seconds)
    chosen = solution.values[x] > 0.5
    return SupportSolution(np.where(chosen.any(axis=1), chosen.argmax(axis=1), -1), solution.reached)


def limits(p: SupportProblem) -> dict[str, tuple[np.ndarray, int]]:
    """Limits of a year, by the name of the rule's value: group of each candidate, and how many of it at most."""
    return {
        "per_hospital": (p.hospital, p.per_hospital),
        "per_discipline": (p.discipline, p.per_discipline),
        "district_most": (p.district, p.district_most),
    }


def full_limits(p: SupportProblem, year: np.ndarray, c: int, y: int) -> list[str]:
    """The limits that are full for a candidate in a year."""
    on = year == y
    return [name for name, (of, most) in limits(p).items() if (of[on] == of[c]).sum() >= most]


def just_missed(p: SupportProblem, year: np.ndarray) -> tuple[list[Missed], list[int]]:
    """Those not chosen: the next ones, nearest first, and those that only limits or floors keep out.

    The next have no more people than the last one chosen. Each would replace one alone, so that the list of that year
    keeps every limit and floor: one of its own hospital, discipline, district, where their limits are full. Who has
    more people than the last one chosen is kept out. What is to be filled up is compared with its like, others with
    theirs; who nobody needs is neither.
    """
    missed: list[Missed] = []
    kept_out: list[int] = []
    for c in np.flatnonzero((year < 0) & (p.people > 0)).tolist():
        like = p.people[(year >= 0) & (p.fill == p.fill[c])]
        nearest = _nearest(p, year, c)
        if len(like) and p.people[c] > like.min():
            kept_out.append(c)
        elif nearest is not None:
            missed.append(nearest)
    return sorted(missed, key=lambda m: (m.margin, -p.people[m.candidate], m.candidate)), kept_out


def _nearest(p: SupportProblem, year: np.ndarray, c: int) -> Missed | None:
    """The chosen one with the fewest people that a candidate could replace alone."""
    best: Missed | None = None
    for y in range(p.years):
        on = year == y
        spare = np.bincount(p.district[on], minlength=len(p.district_least)) > p.district_least
        may = on & (p.fill == p.fill[c]) & (spare[p.district] | (p.district == p.district[c]))
        for name in full_limits(p, year, c, y):
            of = limits(p)[name][0]
            may &= of == of[c]
        if may.any():
            d = int(np.flatnonzero(may)[np.argmin(p.people[may])])
            margin = float(p.people[d] - p.people[c])
            if best is None or margin < best.margin:
                best = Missed(c, y, d, margin)
    return best

"""Ask again: the optimum of a problem that differs a little, by the fastest engine that knows all of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.choose import find, fitting
from gridplan.optimise.engines.patterns.patterns import PATTERNS
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import Outcome


def solve_again(problem: Problem, seconds: float | None = None) -> Outcome | None:
    """The best plan of all goals in order with its bound, None where no plan keeps the rules.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    return find(problem, seconds=seconds, small=0)


def by_sets(problem: Problem) -> bool:
    """Whether each set of partners of a district has one cost, so that a place more is asked about by sets."""
    return PATTERNS.why_not(problem) is None


def is_quick(problem: Problem) -> bool:
    """Whether it is asked again in a moment: units tied together by partners alone."""
    return not {"p_median", "patterns"}.isdisjoint(fitting(problem))


def with_pin(p: Problem, d: int, h: int) -> Problem:
    """The same problem with the pair in every plan."""
    return replace(p, pinned=_set(p.pinned, (d, h), True))


def with_ban(p: Problem, d: int, h: int) -> Problem:
    """The same problem with the pair in no plan."""
    return replace(p, allowed=_set(p.allowed, (d, h), False))


def with_unit_at(p: Problem, u: int, h: int) -> Problem:
    """The same problem with one unit at one hospital."""
    return replace(p, within=p.within & ((p.unit != u) | (p.hospital == h)))


def with_district_cap(p: Problem, d: int, most: int) -> Problem:
    """The same problem with another cap for one district."""
    return replace(p, district_cap=_set(p.district_cap, d, most))


def with_hospital_cap(p: Problem, h: int, most: int) -> Problem:
    """The same problem with another cap for one hospital."""
    return replace(p, hospital_cap=_set(p.hospital_cap, h, most))


def _set(array: np.ndarray, where: int | tuple[int, int], value: float | bool) -> np.ndarray:
    changed = array.copy()
    changed[where] = value
    return changed

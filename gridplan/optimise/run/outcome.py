"""Outcome: what a solve reached, what is proven, by whom, in how many seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gridplan.policies.goals import PERSON_MINUTES
from gridplan.words.progress import Step
from gridplan.words.text import Text

Status = Literal["optimal", "feasible"]
OPTIMAL_GAP = 1e-6
# What engines were called before 2026-12, in calls and in plans that were saved.
FORMERLY: Mapping[str, str] = {
    "lagrangian": "p_median",
    "knapsacks": "capacitated",
    "parts": "connected",
    "highs, area by area, with cuts": "grids",
    "cbc, area by area, with cuts": "grids",
    "prices and local search": "grids",
    "prices and local search; highs, area by area, with cuts": "grids",
    "prices and local search; cbc, area by area, with cuts": "grids",
}


def relative_gap(value: float, bound: float) -> float:
    """|value − bound| / max(1, |value|) (policy-rules, "Goal of shanghai-2025"), to 12 decimals.

    A solver that stops at a gap of 1e-6 says 0.999999 beside 1.0, and their difference is 1.00000000003e-06.
    """
    return round(abs(value - bound) / max(1.0, abs(value)), 12)


@dataclass(frozen=True)
class GoalResult:
    """One goal: what was reached and what is proven.

    Parameters
    ----------
    goal : "residents_through_5" … "residents_through_2" for "priority", else the goal's own name.
    value : of the plan as it is, recomputed from the whole units, never read from the solver.
    bound : no plan can be below this, given what the goals before it reached and the tolerance.
    unit : of value and bound, a key of `policy.goals.UNITS`.
    reached : the best value known when this goal was solved; a later goal may have used the tolerance, and then
        `value` is larger. What is proven is proven of this one. The value, where nothing else is given.
    """

    goal: str
    text: Text
    value: float
    bound: float
    unit: str = PERSON_MINUTES
    reached: float = math.nan

    def __post_init__(self) -> None:
        if math.isnan(self.reached):
            object.__setattr__(self, "reached", self.value)

    @property
    def gap(self) -> float:
        """Relative gap between what was reached and the bound."""
        return relative_gap(self.reached, self.bound)

    @property
    def status(self) -> Status:
        """ "optimal" only where the gap is closed; a run stopped by the clock is "feasible"."""
        return "optimal" if self.gap <= OPTIMAL_GAP else "feasible"


@dataclass(frozen=True, eq=False)
class Outcome:
    """A whole-unit plan of one layer, with its proof.

    Parameters
    ----------
    serves : (units,) index of the hospital that serves each unit.
    chosen : (districts, hospitals) bool, the listed pairs.
    goals : in the order they were solved.
    engine : the name of an engine in `engines/choose.py` other than "auto".
    build_seconds, solve_seconds : seconds spent building models, and inside the solver.
    why : what the engine is and, where "auto" chose it, why.
    trace : value and bound over time, as the engine told them.
    stopped : whether Ctrl-C ended it.
    """

    serves: np.ndarray
    chosen: np.ndarray
    goals: tuple[GoalResult, ...]
    engine: str
    build_seconds: float
    solve_seconds: float
    why: Text | None = None
    trace: tuple[Step, ...] = ()
    stopped: bool = False

    @property
    def proven(self) -> bool:
        """Whether every goal is proven optimal."""
        return all(goal.status == "optimal" for goal in self.goals)

    @property
    def status(self) -> Status:
        """ "optimal" where every goal is."""
        return "optimal" if self.proven else "feasible"

    @property
    def value(self) -> float:
        """Of the last goal, in its unit."""
        return self.goals[-1].value

    @property
    def bound(self) -> float:
        """Of the last goal: no plan is below it, given the goals before."""
        return self.goals[-1].bound

    @property
    def gap(self) -> float:
        """The largest relative gap of all goals."""
        return max(goal.gap for goal in self.goals)

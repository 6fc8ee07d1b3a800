"""Outcome: what a solve reached, what is proven, by whom, in how many seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gridplan.text import Text

Status = Literal["optimal", "feasible"]
OPTIMAL_GAP = 1e-6


def relative_gap(value: float, bound: float) -> float:
    """|value − bound| / max(1, |value|) (policy-rules, "Goal of shanghai-2025")."""
    return abs(value - bound) / max(1.0, abs(value))


@dataclass(frozen=True)
class GoalResult:
    """One goal: what was reached and what is proven.

    Parameters
    ----------
    goal : "residents_through_5" … "residents_through_2" (residents), or "travel" (person-minutes).
    value : recomputed from the whole-unit plan, never read from the solver.
    bound : no plan can be below this, given the values of the goals before it.
    """

    goal: str
    text: Text
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Relative gap between value and bound."""
        return relative_gap(self.value, self.bound)

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
    engine : "highs" or "cbc".
    build_seconds, solve_seconds : seconds spent building models, and inside the solver.
    """

    serves: np.ndarray
    chosen: np.ndarray
    goals: tuple[GoalResult, ...]
    engine: str
    build_seconds: float
    solve_seconds: float

    @property
    def proven(self) -> bool:
        """Whether every goal is proven optimal."""
        return all(goal.status == "optimal" for goal in self.goals)

"""A layer of a plan as its rules are asked about it: what each leaves no room for, keeps apart, and would give if loosened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.words.text import Text


class SolvedLayer(Protocol):
    """One layer of a plan: the problem, who serves whom, and names. Indices as in the problem."""

    @property
    def problem(self) -> Problem:
        """The layer as it was solved."""

    @property
    def serves(self) -> np.ndarray:
        """(n,) index of the hospital that serves each unit."""

    @property
    def chosen(self) -> np.ndarray:
        """(D, H) listed pairs."""

    @property
    def minutes(self) -> np.ndarray:
        """(n, H) minutes, inf where unreachable."""

    @property
    def within(self) -> np.ndarray:
        """(n, H) whether the travel limit is kept."""

    @property
    def load(self) -> np.ndarray:
        """(H,) residents of each hospital."""

    def partners(self, d: int) -> list[int]:
        """Counted partners of a district."""

    def districts(self, h: int) -> list[int]:
        """Districts of a hospital."""

    def district(self, d: int) -> str:
        """Name and id of a district."""

    def hospital(self, h: int) -> str:
        """Name and id of a hospital."""

    def why_left_out(self, u: int, h: int) -> str:
        """What the travel times say of a pair that they leave out, "" where nothing."""


@dataclass(frozen=True, eq=False)
class Loosened:
    """One rule loosened by one at one place where it binds.

    Parameters
    ----------
    district, hospital : indices of the place, -1 where it has none.
    limit, loosened : what the rule allows there, and would allow.
    problem : the problem with that alone changed.
    what : the change in the planner's words.
    """

    district: int
    hospital: int
    limit: float
    loosened: float
    problem: Problem
    what: Text

"""How far a district's residents travel while its partners change, and what no order of its changes can avoid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

MOST_WEIGHED = 12  # changes of one district and layer of which every order is weighed beforehand
SLIP = 1e-6  # minutes


def _jump(was: float, now: float) -> float:
    """Minutes that a district loses; NaN stands for nobody in reach."""
    if math.isnan(was):
        return 0.0
    return math.inf if math.isnan(now) else max(0.0, now - was)


@dataclass(frozen=True, eq=False)
class Served:
    """The residents of one district in one layer, and the partners that they may go to.

    Parameters
    ----------
    changes : (k,) indices of its changes among all.
    adds : (k,) whether a change adds a partner (else it takes one away).
    column : (k,) the partner that a change is about.
    always : (m,) partners that are there before and after.
    people : (u,) residents.
    minutes, cost : (u, m) minutes to each partner, and by what residents choose among them; inf where out of reach.
    final : mean minutes once all changes are made, as the plan itself has them; NaN where it states none.
    """

    changes: np.ndarray
    adds: np.ndarray
    column: np.ndarray
    always: np.ndarray
    people: np.ndarray
    minutes: np.ndarray
    cost: np.ndarray
    final: float = float("nan")
    known: dict[bytes, float] = field(default_factory=dict)

    def of(self, done: np.ndarray) -> float:
        """Mean minutes once these changes (k,) are made; NaN where nobody has a partner in reach."""
        done = np.asarray(done, dtype=bool)
        key = done.tobytes()
        if key not in self.known:
            self.known[key] = self._mean(done)
        return self.known[key]

    def _mean(self, done: np.ndarray) -> float:
        if done.all() and np.isfinite(self.final):
            return self.final
        there = self.always.copy()
        there[self.column[done == self.adds]] = True
        if not there.any() or not self.people.sum():
            return float("nan")
        best = self.cost[:, there].argmin(axis=1)[:, None]
        near = np.take_along_axis(self.minutes[:, there], best, axis=1)[:, 0]
        reached = np.isfinite(near)
        people = self.people[reached].sum()
        return float((self.people[reached] * near[reached]).sum() / people) if people else float("nan")

    def jump(self, before: np.ndarray, after: np.ndarray) -> float:
        """By how many minutes the district is worse off after than before; inf where it loses its last partner in reach.

        0 where it had none, or is not worse off.
        """
        return _jump(self.of(before), self.of(after))

    def unavoidable(self) -> float:
        """The least largest jump of any order of the changes, some of them together; 0 beyond `MOST_WEIGHED` changes.

        Of a district by itself: caps and changes per phase may ask for more.
        """
        k = len(self.changes)
        if not k or k > MOST_WEIGHED:
            return 0.0
        states = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
        mean = np.array([self.of(state) for state in states])
        least = np.full(2**k, np.inf)
        least[0] = 0.0
        for state in range(1, 2**k):  # every subset of a state has a smaller number
            before, at = (state - 1) & state, np.inf
            while True:
                at = min(at, max(float(least[before]), _jump(float(mean[before]), float(mean[state]))))
                if not before:
                    break
                before = (before - 1) & state
            least[state] = at
        return float(least[-1])

    def of_part(self, part: np.ndarray) -> Self:
        """The same district with its changes as they are numbered in a part; all of them, or none, are in it."""
        place = {int(c): n for n, c in enumerate(part.tolist())}
        return replace(self, changes=np.array([place[int(c)] for c in self.changes], dtype=np.int64))

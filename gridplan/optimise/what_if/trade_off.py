"""The frontier of travel against another goal: the least travel under a limit of the other (epsilon-constraint).

A point counts only when it is proven that less of the other goal costs more travel: the next lower limit is solved as
well. Values of the other goal stand on a ladder (whole numbers of pairs, or the minutes that occur), so that nothing
lies between two rungs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gridplan.optimise.model.goal_rows import goal_terms, keep_goal, proven_bound, stage_value
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.model.solve_reference import no_plan, read_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import OPTIMAL_GAP, relative_gap
from gridplan.optimise.stages import Stage
from gridplan.optimise.what_if.partner_menus import Choice, choice_of, menus_of, scaled, travel_alone, why_not
from gridplan.policies.goals import PAIRS

SAME = 1e-9  # relative; two plans whose travel differs by less are as good as each other


@dataclass(frozen=True, eq=False)
class Reached:
    """The least travel under a limit, with the other goal's value of that plan.

    Parameters
    ----------
    first, bound : travel, and what is proven of it under the limit.
    second, second_bound : the other goal; no plan that travels as little has less than the bound.
    """

    serves: np.ndarray
    first: float
    bound: float
    second: float
    second_bound: float = 0.0

    @property
    def gap(self) -> float:
        """The larger relative gap of the two."""
        return max(relative_gap(self.first, self.bound), relative_gap(self.second, self.second_bound))

    @property
    def proven(self) -> bool:
        """Whether no plan is better in one goal and as good in the other."""
        return self.gap <= OPTIMAL_GAP


@dataclass(eq=False)
class Limits:
    """A layer whose travel is asked for under limits of another goal; each limit is solved once."""

    p: Problem
    other: Stage
    seconds: float | None = None
    clock: Clock = field(init=False)
    ladder: list[float] = field(init=False)
    known: dict[int, Reached | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(self.seconds)
        self.ladder = []
        self.travel = travel_alone(self.p)
        self.by_menus = why_not(self.travel) is None
        self.choice = self._choice(self.travel) if self.by_menus and self.other.unit == PAIRS else None

    def best(self) -> Reached | None:
        """The least travel of all, and the ladder below it; None where no plan keeps the rules."""
        top = self._solve(np.inf)
        if top is None:
            return None
        if self.other.unit == PAIRS:
            self.ladder = [float(n) for n in range(int(top.second) + 1)]
        else:
            p = self.p
            minutes = np.unique(p.minutes[p.usable & (p.people[p.unit] > 0)])
            self.ladder = minutes[minutes <= top.second].tolist()
        self.known[len(self.ladder) - 1] = top
        return top

    def at(self, rung: int) -> Reached | None:
        """The least travel with the other goal at most at this rung; None where there is no plan."""
        if rung < 0:
            return None
        if rung not in self.known:
            self.known[rung] = self._solve(self.ladder[rung])
        return self.known[rung]

    def rung(self, value: float) -> int:
        """The rung of a plan's value."""
        return int(np.searchsorted(self.ladder, value + 1e-9, side="right")) - 1

    def settled(self, reached: Reached) -> Reached:
        """As little travel, and then the least of the other goal, with the proof that less costs more."""
        while True:
            lower = self.at(self.rung(reached.second) - 1)
            if lower is not None and lower.first <= reached.first * (1 + SAME):
                reached = replace(lower, bound=min(reached.bound, lower.bound))
                continue
            proven = lower is None or lower.bound > reached.first * (1 + SAME)
            return replace(reached, second_bound=reached.second if proven else self.ladder[0])

    def _choice(self, p: Problem) -> Choice | None:
        return choice_of(p, menus_of(p))

    def _solve(self, limit: float) -> Reached | None:
        return self._by_menus(limit) if self.by_menus else self._by_reference(limit)

    def _by_menus(self, limit: float) -> Reached | None:
        p, choice = self.travel, self.choice
        rows = 0
        if self.other.unit != PAIRS:
            near = (p.minutes <= limit + SAME) | (p.people[p.unit] == 0)
            p = replace(p, within=p.within & near)
            choice = self._choice(p)
        if choice is None:
            return None
        programme = choice.programme
        if self.other.unit == PAIRS and np.isfinite(limit):
            counts = (
                choice.stacked("changes")
                if self.other.kind == "changes"
                else (choice.stacked("members") & p.counted).sum(axis=1)
            )
            programme.row(choice.all, counts, high=limit)
            rows = 1
        cost = scaled(p, choice.stacked("costs")[:, -1])
        answer = programme.solve(cost, self.clock.left)
        programme.drop(rows)
        if answer.impossible:
            return None
        if answer.values is None:
            raise no_plan(self.p, self.travel.stages[0], answer.bound)
        return self._reached(choice.serves(choice.read(answer.values)), answer.bound)

    def _by_reference(self, limit: float) -> Reached | None:
        travel = self.travel.stages[0]
        ref = Reference(replace(self.travel, stages=(self.other, travel)))
        if np.isfinite(limit):
            keep_goal(ref, self.other, limit)
        ref.model.minimise(goal_terms(ref, travel))
        solved = solve_connected(ref, "highs", self.clock.left, 0.0)
        if solved.found == "infeasible":
            return None
        if not solved.has_values:
            raise no_plan(self.p, travel, solved.bound)
        return self._reached(read_plan(ref)[0], -np.inf if solved.bound is None else solved.bound)

    def _reached(self, serves: np.ndarray, bound: float) -> Reached:
        travel = self.travel.stages[0]
        value = stage_value(self.travel, travel, serves)
        proven = proven_bound(self.p, travel, bound if np.isfinite(bound) else None, value)
        return Reached(serves, value, proven, stage_value(self.p, self.other, serves))


def find_frontier(
    p: Problem, other: Stage, points: int, seconds: float | None, say: Callable[[int, int], None]
) -> list[Reached] | None:
    """Points from the least of the other goal to the least travel; None where no plan keeps the rules.

    Parameters
    ----------
    points : at most so many, spread evenly over the values of the other goal, both ends among them.
    say : called with how many points are done, and of how many.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before a plan of every point.
    """
    limits = Limits(p, other, seconds)
    top = limits.best()
    if top is None:
        return None
    last = limits.settled(top)
    low, high = -1, limits.rung(last.second)
    while high - low > 1:  # the lowest rung that has a plan
        middle = (low + high) // 2
        if limits.at(middle) is None:
            low = middle
        else:
            high = middle
    targets = np.linspace(limits.ladder[high], last.second, points)
    rungs = sorted({limits.rung(float(target)) for target in targets})
    found = {last.second: last}
    for n, rung in enumerate(rungs[:-1]):
        say(n + 1, len(rungs))
        reached = limits.at(rung)
        assert reached is not None  # every rung above one that has a plan has it too
        point = limits.settled(reached)
        found[point.second] = point
    return [found[second] for second in sorted(found)]

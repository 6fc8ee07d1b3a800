"""Future: a scenario solved by itself, its near-optimal plans counted, and today's sets of partners costed in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.what_if.near_optimal import near_plans
from gridplan.optimise.what_if.partner_menus import Choice, choice_of, cost_elsewhere, menus_of, scaled
from gridplan.scenario.futures.ground import Ground, ground, needs_sets, needs_travel_alone
from gridplan.scenario.scenario import Scenario, apply
from gridplan.words.errors import NoPlanInTimeError, PolicyError
from gridplan.words.text import Text, both

LONGEST = 80


@dataclass(frozen=True, eq=False)
class Future:
    """One future, solved.

    Parameters
    ----------
    best, bound : the least travel there, and what is proven of it; NaN where no plan keeps the rules.
    people : residents as the goal travel counts them.
    costs : per district, what each set of partners of today's menu costs there.
    pairs : (D, H) 1 where the best plan there has the pair, else 0; NaN where the hospital is out.
    shares : (D, H) share of the near-optimal plans there that have the pair; NaN where the hospital is out.
    near, all : how many near-optimal plans were counted, and whether these are all.
    """

    scenario: Scenario
    what: Text
    best: float
    bound: float
    people: float
    costs: list[np.ndarray]
    pairs: np.ndarray
    shares: np.ndarray
    near: int
    all: bool

    @property
    def called(self) -> Text:
        """What changes where that is short, else the scenario's name."""
        short = max(len(self.what.en), len(self.what.zh)) <= LONGEST
        return (
            Text(self.what.en.rstrip("."), self.what.zh.rstrip("。")) if short else both(self.scenario.name)
        )

    @property
    def possible(self) -> bool:
        """Whether some plan keeps the rules there."""
        return bool(np.isfinite(self.best))


def best_of(choice: Choice, clock: Clock) -> tuple[list[int], float] | None:
    """The best sets and the proven bound; None where no plan keeps the rules."""
    answer = choice.programme.solve(scaled(choice.p, choice.stacked("costs")[:, -1]), clock.left)
    if answer.impossible:
        return None
    if answer.values is None:
        raise NoPlanInTimeError(
            Text("the time ran out before any plan was found", "时限内未找到任何方案"),
            Text("give more seconds", "请增加时限"),
            None,
        )
    picks = choice.read(answer.values)
    return picks, min(choice.value(picks), answer.bound * goal_scale(choice.p))


def solve_future(
    here: Ground, choice: Choice, scenario: Scenario, within: float, most: int, clock: Clock
) -> Future:
    """Solve one future, count its near-optimal plans, and cost today's sets in it."""
    said = scenario.sentences(here.region, here.policy)
    what = Text(" ".join(s.en for s in said) or "As things are.", "".join(s.zh for s in said) or "现状。")
    shape = choice.p.allowed.shape
    nothing = np.full(shape, np.nan)
    gone = Future(scenario, what, np.nan, np.nan, np.nan, [], nothing, nothing, 0, False)
    region, policy = apply(here.region, here.policy, scenario)
    needs_travel_alone(policy, "robustness")
    try:
        there = ground(region, policy).problem
    except PolicyError:
        return gone
    needs_sets(there, "robustness")
    if list(there.unit_ids) != list(choice.p.unit_ids) or list(there.district_ids) != list(
        choice.p.district_ids
    ):
        raise PolicyError(
            Text(f"{scenario.name} has other units or districts", f"{scenario.name} 的单元或区不同")
        )
    idle = there.least_partners > 0 or there.most_changes != NO_CAP
    own = choice_of(there, menus_of(there, idle=idle))
    best = None if own is None else best_of(own, clock)
    if own is None or best is None:
        return gone
    value = own.value(best[0])
    near = near_plans(own, value * (1 + within), most)
    members = np.array([own.members(picks) for picks in near.picks or [best[0]]])
    at = _columns(there, choice.p)
    pairs, shares = np.full(shape, np.nan), np.full(shape, np.nan)
    pairs[:, at[1]] = own.members(best[0])[:, at[0]]
    shares[:, at[1]] = members.mean(axis=0)[:, at[0]]
    costs = [cost_elsewhere(menu, choice.p, there) for menu in choice.menus]
    people = float(there.demand.sum())
    return Future(scenario, what, value, best[1], people, costs, pairs, shares, len(near.picks), near.all)


def _columns(there: Problem, here: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Where the hospitals of a future stand there, and here."""
    place = {h: n for n, h in enumerate(here.hospital_ids)}
    known = [(n, place[h]) for n, h in enumerate(there.hospital_ids) if h in place]
    return np.array([a for a, _ in known], dtype=np.int64), np.array([b for _, b in known], dtype=np.int64)

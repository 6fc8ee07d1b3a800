"""What if a partner that is nobody's nearest took a fair share of the district? A pin with a least share, re-solved.

The share is priced: each of its residents is made cheaper by the same number of minutes until enough of them go there
(Lagrangian relaxation of the one row Σ D_u x_uh ≥ S). Every price gives a bound by the fast engine, and its partners a plan
that keeps the share, so the answer says how near it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gridplan.ask.question import NOT_ASKED, Change, LayerQuestions
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import OPTIMAL_GAP, GoalResult, Outcome, relative_gap
from gridplan.optimise.what_if.solve_again import is_quick, solve_again, with_pin
from gridplan.words.errors import NoPlanInTimeError

ROUNDS = 6  # prices that are tried
LITTLE = 1e-5  # relative gap at which no further price is tried


@dataclass(frozen=True, eq=False)
class FairShare:
    """A pair with at least 1/`partners` of its district.

    Parameters
    ----------
    partners : partners of the district then, this one among them.
    people : residents that it serves then.
    change : what that costs against the plan.
    """

    partners: int
    people: int
    change: Change


def fair_share(q: LayerQuestions, d: int, h: int, pinned: Outcome) -> FairShare | None:
    """The cheapest plan in which a hospital serves its part of a district; None where it cannot be worked out so.

    Parameters
    ----------
    pinned : the best plan with the pair, in which it serves nobody or few.
    """
    p = with_pin(q.problem, d, h)
    alone = len(p.stages) == 1 and p.stages[0].goal == "travel" and p.stages[0].kind == "sum"
    there = (p.district == d) & (p.demand > 0) & _open(q, h)
    partners = int(pinned.chosen[d].sum())
    asked = q.demand_of(d) / max(1, partners)
    if not alone or not is_quick(p) or p.demand[there].sum() < asked:
        return None
    best, bound, chosen, tried = None, -np.inf, pinned.chosen, set()
    for _ in range(ROUNDS):
        serves, price = _filled(q, p, chosen, d, h, asked)
        value = stage_value(p, p.stages[0], serves)
        if best is None or value < best[0]:
            best = value, serves
        if price in tried or (q.clock.left is not None and q.clock.left <= 0.1):
            break
        tried.add(price)
        try:
            again = solve_again(_cheaper(p, d, h, price), q.clock.left)
        except NoPlanInTimeError:
            break
        if again is None:
            break
        bound, chosen = max(bound, again.goals[-1].bound + price * asked), again.chosen | p.pinned
        if relative_gap(best[0], bound) <= LITTLE:
            break
    assert best is not None
    change = _change(q, p, *best, bound)
    taken = int(p.people[(p.district == d) & (best[1] == h)].sum())
    return FairShare(partners, taken, change)


def _open(q: LayerQuestions, h: int) -> np.ndarray:
    return q.within[:, h] & np.isfinite(q.minutes[:, h])


def _cheaper(p: Problem, d: int, h: int, price: float) -> Problem:
    """The problem with every resident of the district `price` minutes cheaper at the hospital."""
    (stage,) = p.stages
    mine = (p.hospital == h) & (p.pair_district == d)
    return replace(p, stages=(replace(stage, cost=stage.cost - price * mine),))


def _filled(
    q: LayerQuestions, p: Problem, chosen: np.ndarray, d: int, h: int, asked: float
) -> tuple[np.ndarray, float]:
    """Each unit at the cheapest of the chosen partners, then whoever loses least to the hospital until it has its share.

    Returns
    -------
    who serves each unit, and the minutes that the last one loses.
    """
    stage_cost = np.full(q.cost.shape, np.inf)
    stage_cost[p.unit, p.hospital] = np.where(p.within, p.stages[0].cost, np.inf)
    open_to = np.where(chosen[p.district], stage_cost, np.inf)
    serves = open_to.argmin(axis=1)
    rest = open_to.copy()
    rest[:, h] = np.inf
    mine = np.flatnonzero((p.district == d) & np.isfinite(stage_cost[:, h]))
    loss = stage_cost[mine, h] - rest[mine].min(axis=1)
    order = np.argsort(loss, kind="stable")
    full = np.cumsum(p.demand[mine[order]])
    last = min(int(np.searchsorted(full, asked - 1e-9)), len(order) - 1)
    serves[mine[order[: last + 1]]] = h
    finite = loss[order[last]]
    return serves, float(max(0.0, finite)) if np.isfinite(finite) else 0.0


def _change(q: LayerQuestions, p: Problem, value: float, serves: np.ndarray, bound: float) -> Change:
    if not np.isfinite(bound):
        return NOT_ASKED
    (was,), (stage,) = q.goals, p.stages
    goal = GoalResult(stage.goal, stage.text, value, min(bound, value), stage.unit)
    outcome = Outcome(serves, listed_pairs(p, serves), (goal,), "", 0.0, 0.0)
    gap, change = max(was.gap, goal.gap), value - was.reached
    low, high = (change, change) if gap <= OPTIMAL_GAP else (goal.bound - was.reached, value - was.bound)
    told = was.goal, gap, was.text, was.unit
    return Change(outcome, True, change, low, high, *told, *q.travel_of(serves))

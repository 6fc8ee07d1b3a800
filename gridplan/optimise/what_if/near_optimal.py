"""Near-optimal plans: all within a share of the best, best first; and those that differ most from each other.

A district's set has a reduced cost against the prices of the hospitals' caps; a plan costs at least the bound of the
prices and the reduced costs of its sets. So the sets that can be in a near-optimal plan are few, and a search that
always goes on with the least bound meets the plans in the order of their value.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.model.highs_door import Master
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.what_if.partner_menus import Choice, Menu, scaled
from gridplan.policies.goals import RESIDENTS

SLIP = 1e-9


@dataclass(frozen=True, eq=False)
class Near:
    """Plans within a limit, best first.

    Parameters
    ----------
    picks : the set of each district, a list per plan.
    values : of the last goal.
    all : whether these are all; else the best ones, and more follow.
    """

    picks: list[list[int]]
    values: list[float]
    all: bool


def near_plans(choice: Choice, limit: float, most: int) -> Near:
    """Every plan whose last goal is at most `limit`, or the best `most` of them."""
    p, menus = choice.p, choice.menus
    base, reduced = priced(p, menus)
    order = sorted(range(len(menus)), key=lambda d: int((reduced[d] <= limit - base).sum()))
    ranked = [np.argsort(reduced[d], kind="stable") for d in order]
    least = np.array([reduced[d].min() for d in order])
    rest = np.append(np.cumsum(least[::-1])[::-1], 0.0)
    counted = [menus[d].members & p.counted for d in order]
    caps = np.where(p.counted, p.hospital_cap, NO_CAP)
    found = Near([], [], True)
    heap: list[tuple[float, int, tuple[int, ...], float]] = [(base + rest[0], 0, (), base)]
    top = limit + SLIP * max(1.0, abs(limit))
    while heap:
        bound, done, picks, so_far = heapq.heappop(heap)
        if bound > top:
            break
        if done > len(order):  # a whole plan, in its turn
            if len(found.picks) == most:
                return Near(found.picks, found.values, False)
            at = dict(zip(order, picks, strict=True))
            found.picks.append([at[d] for d in range(len(order))])
            found.values.append(bound)
            continue
        used = sum((counted[k][i].astype(np.int64) for k, i in enumerate(picks)), np.zeros_like(caps))
        changed = sum(int(menus[order[k]].changes[i]) for k, i in enumerate(picks))
        if done == len(order):
            value = sum(float(menus[d].costs[i, -1]) for d, i in zip(order, picks, strict=True))
            heapq.heappush(heap, (value, done + 1, picks, value))
            continue
        for i in ranked[done].tolist():
            price = so_far + float(reduced[order[done]][i])
            if price + rest[done + 1] > top:
                break
            few = changed + int(menus[order[done]].changes[i]) <= p.most_changes
            if few and (used + counted[done][i] <= caps).all():
                heapq.heappush(heap, (price + rest[done + 1], done + 1, (*picks, i), price))
    return found


def priced(p: Problem, menus: list[Menu]) -> tuple[float, list[np.ndarray]]:
    """The bound of the prices, and the reduced cost ≥ 0 of every set of each district."""
    scale = goal_scale(p)
    capped = np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP))
    n = len(menus)
    master = Master(
        np.array([*np.ones(n), *np.full(len(capped), -np.inf)]),
        np.array([*np.ones(n), *p.hospital_cap[capped]]),
    )
    for d, menu in enumerate(menus):
        for on, cost in zip(menu.members, scaled(p, menu.costs[:, -1]), strict=True):
            rows = [d, *(n + np.flatnonzero(on[capped])).tolist()]
            master.add(float(cost), rows, [1.0] * len(rows))
    prices = master.solve()
    toll = np.zeros(len(p.hospital_ids))
    if prices is not None:
        toll[capped] = np.maximum(0.0, -prices.rows[n:]) * scale
    free = [menu.costs[:, -1] + menu.members @ toll for menu in menus]
    base = sum(float(one.min()) for one in free) - float(toll[capped] @ p.hospital_cap[capped])
    return base, [one - one.min() for one in free]


@dataclass(frozen=True, eq=False)
class Different:
    """A plan that differs from those before it.

    Parameters
    ----------
    least : pairs by which it differs from the one that is most like it.
    bound : no plan within the limits differs by more.
    """

    picks: list[int]
    least: float
    bound: float


def most_different(
    choice: Choice, limits: list[float], before: list[np.ndarray], seconds: float | None
) -> Different | None:
    """The plan within the limits of all goals that differs most from the nearest of those before it.

    max δ with δ ≤ Σ_d Σ_S |S Δ S_d of the plan| z_dS for every plan before; Σ cost z ≤ limit for every goal.

    Parameters
    ----------
    limits : of each goal in order.
    before : (D, H) counted pairs of each plan before, at least one.
    """
    p, programme, scale = choice.p, choice.programme, goal_scale(choice.p)
    away = [distances(choice, members) for members in before]
    farthest = max(float(sum(one.max() for one in apart)) for apart in away)
    costs = choice.stacked("costs")
    steps = 2.0 ** np.arange(max(1, int(farthest).bit_length()))
    delta = programme.columns(len(steps))  # δ in binary digits, so that it is whole
    for n, limit in enumerate(limits):
        programme.row(choice.all, costs[:, n] / scale, high=_most(p, n, limit) / scale)
    for apart in away:
        index = np.append(choice.all, delta)
        programme.row(index, np.append(np.concatenate(apart), -steps), low=0.0)
    cost = np.zeros(len(programme.whole))
    cost[delta] = -steps
    answer = programme.solve(cost, seconds)
    programme.drop(len(limits) + len(away))
    del programme.whole[-len(steps) :]
    if answer.values is None:
        return None
    picks = choice.read(answer.values)
    least = min(sum(float(one[i]) for one, i in zip(apart, picks, strict=True)) for apart in away)
    return Different(picks, least, max(least, float(np.floor(-answer.bound + 1e-6))))


def _most(p: Problem, stage: int, limit: float) -> float:
    """What a goal may come to; residents are whole, so half a one more is none."""
    return limit + 0.5 if p.stages[stage].unit == RESIDENTS else limit * (1 + SLIP)


def distances(choice: Choice, members: np.ndarray) -> list[np.ndarray]:
    """Per district, by how many pairs each set differs from the partners that it has there."""
    return [
        (menu.members ^ mine).sum(axis=1).astype(float)
        for menu, mine in zip(choice.menus, members, strict=True)
    ]


def never_without(choice: Choice, limits: list[float], d: int, h: int, seconds: float | None) -> bool:
    """Whether no plan within the limits of all goals does without the pair; False where that is not proven in time.

    Parameters
    ----------
    limits : of each goal in order.
    """
    p, programme, costs, scale = choice.p, choice.programme, choice.stacked("costs"), goal_scale(choice.p)
    programme.row(choice.pair(d, h), 1.0, high=0.0)
    for n, limit in enumerate(limits[:-1]):
        programme.row(choice.all, costs[:, n] / scale, high=_most(p, n, limit) / scale)
    answer = programme.solve(costs[:, len(limits) - 1] / scale, seconds)
    programme.drop(len(limits))
    return answer.impossible or answer.bound * scale > limits[-1] * (1 + SLIP)

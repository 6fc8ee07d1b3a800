"""Many years at once: a set of partners per district and year, with few changes from each year to the next."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.model.assembly import Programme
from gridplan.optimise.model.goal_rows import goal_scale, listed_pairs, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.what_if.near_optimal import priced
from gridplan.optimise.what_if.partner_menus import Choice, Menu, choice_of, scaled, serves_of

Picks = list[list[int]]


@dataclass(frozen=True, eq=False)
class Way:
    """One choice per year.

    Parameters
    ----------
    serves : per year, (n,) who serves each unit.
    members : per year, (D, H) counted pairs that are listed.
    values : (T,) travel of each year.
    changes : (T,) counted pairs that are new or ended against the year before; of the first year, against today.
    """

    serves: list[np.ndarray]
    members: list[np.ndarray]
    values: np.ndarray
    changes: np.ndarray

    @property
    def total(self) -> float:
        """Travel of all years."""
        return float(self.values.sum())


@dataclass(frozen=True, eq=False)
class Together:
    """The years solved together: sets of the menus that were kept, and what is proven of the total."""

    picks: Picks
    menus: list[list[Menu]]
    bound: float


def way_of(problems: list[Problem], menus: list[list[Menu]], picks: Picks) -> Way:
    """A choice per year with its figures, worked out anew from who serves whom."""
    serves = [serves_of(p, mine, one) for p, mine, one in zip(problems, menus, picks, strict=True)]
    members = [listed_pairs(p, at) & p.counted for p, at in zip(problems, serves, strict=True)]
    values = [stage_value(p, p.stages[-1], at) for p, at in zip(problems, serves, strict=True)]
    before = [problems[0].existing & problems[0].counted, *members]
    pairs = zip(problems, before, members, strict=False)
    changes = [int(p.changed(now, then).sum()) for p, then, now in pairs]
    return Way(serves, members, np.array(values), np.array(changes))


def year_by_year(
    problems: list[Problem], menus: list[list[Menu]], per_year: int, first: int | None, seconds: float | None
) -> Picks | None:
    """Each year the best that may follow the year before, without a look ahead; None where a year has none."""
    clock, out = Clock(seconds), []
    held = problems[0].existing
    for t, (p, mine) in enumerate(zip(problems, menus, strict=True)):
        choice = choice_of(p, mine)
        if choice is None:
            return None
        limit = first if t == 0 else per_year
        if limit is not None:
            apart = [
                ((m.members ^ held[d]) & p.changeable[d] & p.counted).sum(axis=1) for d, m in enumerate(mine)
            ]
            choice.programme.row(choice.all, np.concatenate(apart), high=float(limit))
        answer = choice.programme.solve(scaled(p, choice.stacked("costs")[:, -1]), clock.left)
        if answer.values is None:
            return None
        out.append(choice.read(answer.values))
        held = np.array([m.members[i] for m, i in zip(mine, out[-1], strict=True)])
    return out


def together(
    problems: list[Problem], menus: list[list[Menu]], per_year: int, first: int | None, known: Picks | None,
    seconds: float | None, gap: float = 0.0,
) -> Together | None:  # fmt: skip
    """All years as one programme, with its proven bound; None where there is no way, or none in time.

    min Σ_t Σ_dS c_tdS z_tdS;  Σ_S z_tdS = 1 and the caps for every year t
    e_tdh ≥ |y_tdh − y_t−1,dh|  and  Σ_dh e_tdh ≤ k for every year after the first

    Sets that cannot be in a way as good as the known one are left out first: each year costs at least the bound of its
    own prices, and the set's reduced cost besides.
    """
    if known is not None:
        menus = _worth_it(problems, menus, known)
    programme, choices = Programme(), []
    for p, mine in zip(problems, menus, strict=True):
        choice = choice_of(p, mine, programme)
        if choice is None:
            return None
        choices.append(choice)
    if first is not None:
        programme.row(choices[0].all, choices[0].stacked("changes"), high=float(first))
    for before, after in itertools.pairwise(choices):
        _few_changes(programme, before, after, per_year)
    cost, scale = np.zeros(len(programme.whole)), goal_scale(problems[0])
    for choice in choices:
        cost[choice.all] = choice.stacked("costs")[:, -1] / scale
    answer = programme.solve(cost, seconds, gap)
    if answer.values is None:
        return None
    return Together([choice.read(answer.values) for choice in choices], menus, answer.bound * scale)


def _few_changes(programme: Programme, before: Choice, after: Choice, most: int) -> None:
    """At most so many counted pairs differ between two years."""
    p, changed = after.p, []
    for d in range(len(p.district_ids)):
        for h in np.flatnonzero(p.counted & p.changeable[d]).tolist():
            was, now = before.pair(d, h), after.pair(d, h)
            if not len(was) and not len(now):
                continue
            (e,) = programme.columns(1, whole=False)
            ones = np.append(np.ones(len(now)), -np.ones(len(was)))
            index = np.concatenate([now, was, [e]])
            programme.row(index, np.append(ones, -1.0), high=0.0)
            programme.row(index, np.append(-ones, -1.0), high=0.0)
            changed.append(e)
    if changed:
        programme.row(np.array(changed), 1.0, high=float(most))


def _worth_it(problems: list[Problem], menus: list[list[Menu]], known: Picks) -> list[list[Menu]]:
    """The menus without the sets that no better way can have."""
    limit = sum(
        float(m.costs[i, -1]) for mine, picks in zip(menus, known, strict=True)
        for m, i in zip(mine, picks, strict=True)
    )  # fmt: skip
    bounds = [priced(p, mine) for p, mine in zip(problems, menus, strict=True)]
    slack = limit * (1 + 1e-9) - sum(base for base, _ in bounds)
    return [
        [_only(m, one <= slack) for m, one in zip(mine, reduced, strict=True)]
        for mine, (_, reduced) in zip(menus, bounds, strict=True)
    ]


def _only(menu: Menu, kept: np.ndarray) -> Menu:
    return replace(
        menu,
        members=menu.members[kept],
        serves=menu.serves[kept],
        costs=menu.costs[kept],
        changes=menu.changes[kept],
    )

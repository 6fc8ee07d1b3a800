"""Menus: every set of counted partners that a district may choose, with what each costs, now and in other futures.

As in `patterns`, a unit goes to the best partner of its district's set, so a set has one cost whatever other districts
choose. A menu also has sets with a partner that is nobody's best: it is listed when the unit that minds least is sent
there (row 11). So counts of pairs and of changes are exact too, and one choice can be costed in many futures.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.engines.fast_engine import unknown
from gridplan.optimise.engines.patterns.patterns import PATTERNS, choices, preferences
from gridplan.optimise.model.assembly import Programme
from gridplan.optimise.model.empty_units import settled
from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.words.text import Text

MOST_SETS = 200_000
# What menus may meet, of the names of `Problem.in_use`.
KNOWS = PATTERNS.knows | {"least_partners", "most_changes", "existing"}


@dataclass(frozen=True, eq=False)
class Menu:
    """The sets of one district.

    Parameters
    ----------
    members : (N, H) bool, counted partners of each set.
    units : (m,) units with residents.
    serves : (N, m) the hospital of each of them.
    costs : (N, stages) of each goal with the set.
    changes : (N,) counted pairs that are new or ended against today.
    """

    members: np.ndarray
    units: np.ndarray
    serves: np.ndarray
    costs: np.ndarray
    changes: np.ndarray


def why_not(p: Problem) -> Text | None:
    """Why sets of partners do not say all of a problem; None where they do."""
    reason = unknown(KNOWS, p)
    if reason is not None:
        return reason
    if not goes_anywhere(p):
        return Text(
            "a unit where nobody lives cannot reach every hospital", "有无人居住的单元不能到达所有医院"
        )
    if sum(_count(p, d) for d in range(len(p.district_ids))) > MOST_SETS:
        return Text(
            f"there are more than {MOST_SETS:,} sets of partners", f"合作医院组合超过 {MOST_SETS:,} 个"
        )
    return None


def menus_of(p: Problem, idle: bool = True) -> list[Menu]:
    """A menu per district.

    Parameters
    ----------
    idle : whether sets with a partner that is nobody's best are wanted; only with a single goal.
    """
    order, usable = preferences(p)
    costs = pair_costs(p)
    return [_menu(p, d, order, usable, costs, idle) for d in range(len(p.district_ids))]


def pair_costs(p: Problem) -> np.ndarray:
    """(stages, n, H) weight · cost, inf where a unit may not go."""
    costs = np.full((len(p.all_stages), len(p.unit_ids), len(p.hospital_ids)), np.inf)
    for n, stage in enumerate(p.all_stages):
        cost = stage.cost * p.weight(stage)[p.unit]
        costs[n, p.unit[p.usable], p.hospital[p.usable]] = cost[p.usable]
    return costs


def cost_elsewhere(menu: Menu, p: Problem, future: Problem) -> np.ndarray:
    """(N,) travel of each set in another future of the same units; inf where somebody has no partner there."""
    at = {h: n for n, h in enumerate(future.hospital_ids)}
    rows = {u: n for n, u in enumerate(future.unit_ids)}
    units = np.array([rows[p.unit_ids[u]] for u in menu.units], dtype=np.int64)
    cost = np.full((len(units), len(p.hospital_ids)), np.inf)
    known = [h for h, name in enumerate(p.hospital_ids) if name in at]
    cost[:, known] = pair_costs(future)[0][units][:, [at[p.hospital_ids[h]] for h in known]]
    lived = future.people[units] > 0
    cost[~lived] = 0.0
    exempt = np.where(p.counted, np.inf, 0.0) + cost
    base, out = exempt.min(axis=1), np.zeros(len(menu.members))
    sizes = menu.members.sum(axis=1)
    for k in np.unique(sizes).tolist():
        alike = np.flatnonzero(sizes == k)
        some = np.nonzero(menu.members[alike])[1].reshape(len(alike), k)
        best = cost[:, some].min(axis=2) if k else np.full((len(units), len(alike)), np.inf)
        out[alike] = np.minimum(best, base[:, None]).sum(axis=0)
    return out


def goes_anywhere(p: Problem) -> bool:
    """Units where nobody lives reach every hospital of their district, where somebody lives there."""
    empty = (p.people == 0) & p.decided
    reached = np.bincount(p.unit[p.usable], minlength=len(p.unit_ids))
    return bool((reached >= p.allowed.sum(axis=1)[p.district])[empty].all())


def _count(p: Problem, d: int) -> int:
    open_, pinned = choices(p, d)
    most = min(int(p.district_cap[d]) - len(pinned), len(open_))
    return sum(math.comb(len(open_), k) for k in range(most + 1))


def _menu(p: Problem, d: int, order: np.ndarray, usable: np.ndarray, costs: np.ndarray, idle: bool) -> Menu:
    lived = np.flatnonzero((p.district == d) & (p.people > 0))
    rank, end = np.argsort(order[lived], axis=1), usable[lived]
    exempt = np.flatnonzero(p.allowed[d] & ~p.counted)
    base = rank[:, exempt].min(axis=1) if len(exempt) else np.full(len(lived), len(p.hospital_ids))
    open_, pinned = choices(p, d)
    most = min(int(p.district_cap[d]) - len(pinned), len(open_))
    found: list[tuple[np.ndarray, np.ndarray]] = []
    least = p.least_partners if len(lived) else 0
    for k in range(max(0, least - len(pinned)), most + 1):
        for more in itertools.combinations(open_, k):
            some = [*pinned, *more]
            best = np.minimum(base, rank[:, some].min(axis=1)) if some else base
            if (best >= end).any():
                continue
            at = order[lived, best]
            lazy = [h for h in more if not (at == h).any()]
            if lazy:
                moved = _busy(costs[-1][lived], at, list(more)) if idle else None
                if moved is None:
                    continue
                at = moved
            on = np.zeros(len(p.hospital_ids), dtype=bool)
            on[some] = True
            found.append((on, at))
    members = np.array([on for on, _ in found], dtype=bool).reshape(len(found), len(p.hospital_ids))
    serves = np.array([at for _, at in found], dtype=np.int64).reshape(len(found), len(lived))
    values = costs[:, lived[None, :], serves].sum(axis=2).T
    changes = ((members != p.existing[d]) & p.changeable[d] & p.counted).sum(axis=1)
    return Menu(members, lived, serves, values, changes)


def _busy(cost: np.ndarray, at: np.ndarray, members: list[int]) -> np.ndarray | None:
    """Each member serves a unit of its own, at the least extra cost; None where that cannot be."""
    extra = cost[:, members] - cost[np.arange(len(at)), at][:, None]
    far = np.where(np.isfinite(extra), extra, np.inf)
    finite = far[np.isfinite(far)]
    big = (float(np.abs(finite).sum()) + 1.0) * 2 if len(finite) else 1.0
    from scipy.optimize import linear_sum_assignment  # heavy

    units, which = linear_sum_assignment(np.where(np.isfinite(far), far, big))
    if len(units) < len(members) or not np.isfinite(far[units, which]).all():
        return None
    moved = at.copy()
    moved[units] = np.array(members)[which]
    return moved


@dataclass(frozen=True, eq=False)
class Choice:
    """A programme that takes one set for each district, every hospital within its cap (4), changes within (15).

    Parameters
    ----------
    z : per district, the columns of its sets.
    """

    p: Problem
    menus: list[Menu]
    programme: Programme
    z: list[np.ndarray]

    @property
    def all(self) -> np.ndarray:
        """Every column of a set."""
        return np.concatenate(self.z)

    def stacked(self, name: str) -> np.ndarray:
        """One array of all menus, in the order of `all`."""
        return np.concatenate([getattr(menu, name) for menu in self.menus])

    def pair(self, d: int, h: int) -> np.ndarray:
        """The columns whose sum is y_dh."""
        return self.z[d][self.menus[d].members[:, h]]

    def read(self, values: np.ndarray) -> list[int]:
        """The set of each district in a solution."""
        return [int(values[z].argmax()) for z in self.z]

    def members(self, picks: list[int]) -> np.ndarray:
        """(D, H) counted partners of a choice."""
        return np.array([menu.members[i] for menu, i in zip(self.menus, picks, strict=True)])

    def serves(self, picks: list[int]) -> np.ndarray:
        """(n,) who serves each unit when each district has its set."""
        return serves_of(self.p, self.menus, picks)

    def value(self, picks: list[int], stage: int = -1) -> float:
        """A goal's value of a choice."""
        return float(sum(menu.costs[i, stage] for menu, i in zip(self.menus, picks, strict=True)))


def choice_of(p: Problem, menus: list[Menu], programme: Programme | None = None) -> Choice | None:
    """The programme of a layer; None where a district has no set at all.

    Parameters
    ----------
    programme : one that others are in already, such as other years.
    """
    if any(not len(menu.members) for menu in menus):
        return None
    programme = Programme() if programme is None else programme
    z = [programme.columns(len(menu.members)) for menu in menus]
    for mine in z:
        programme.row(mine, 1.0, 1.0, 1.0)
    choice = Choice(p, menus, programme, z)
    for h in np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP)).tolist():
        index = np.concatenate([choice.pair(d, h) for d in range(len(z))])
        if len(index):
            programme.row(index, 1.0, high=float(p.hospital_cap[h]))
    if p.most_changes != NO_CAP:
        programme.row(choice.all, choice.stacked("changes"), high=float(p.most_changes))
    return choice


def serves_of(p: Problem, menus: list[Menu], picks: list[int]) -> np.ndarray:
    """(n,) who serves each unit when each district has its set; units where nobody lives follow the partners listed."""
    serves = np.full(len(p.unit_ids), -1)
    for menu, i in zip(menus, picks, strict=True):
        serves[menu.units] = menu.serves[i]
    better = settled(p, serves)
    return serves if better is None else better


def travel_alone(p: Problem) -> Problem:
    """The same rules with travel as the only goal."""
    assert p.ties is not None  # of `build_problem`
    return replace(p, stages=(p.ties,), ties=None, tolerance=0.0)


def scaled(p: Problem, cost: np.ndarray) -> np.ndarray:
    """Costs as the solver sees them, so that its tolerances stay small beside the value."""
    return cost / goal_scale(p)

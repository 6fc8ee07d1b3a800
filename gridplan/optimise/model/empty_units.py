"""Units where nobody lives: they change no plan, and are settled once the units with residents are decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gridplan.geography.adjacency import components
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.restrict import restricted
from gridplan.optimise.run.outcome import GoalResult


def settled(p: Problem, serves: np.ndarray) -> np.ndarray | None:
    """Units where nobody lives go to the nearest listed partner, so that they list no pair of their own.

    Where a whole district is empty they go to the nearest hospital that it may choose, and list nothing. None where one of
    them cannot reach any. In a layer of grids, and where parts hang together, those of lived-in districts are units like
    others, and stay.
    """
    if p.grids is not None:
        return serves
    may = listed_pairs(p, serves)
    may[p.district_people == 0] = p.allowed[p.district_people == 0]
    if p.neighbours is None:
        moved = np.where(p.people > 0, serves, cheapest(p, may, np.full_like(serves, -1)))
    else:
        moved = np.where(p.decided, serves, _together(p, cheapest(p, may, np.full_like(serves, -1))))
    return moved if (moved >= 0).all() else None


def cheapest(p: Problem, chosen: np.ndarray, serves: np.ndarray) -> np.ndarray:
    """Each unit's best chosen partner: stage by stage, then minutes, then id."""
    usable = np.flatnonzero(p.usable & chosen[p.pair_district, p.hospital])
    keys = [
        p.hospital[usable],
        p.minutes[usable],
        *(p.preference(s)[usable] for s in reversed(p.all_stages)),
        p.unit[usable],
    ]
    order = usable[np.lexsort(keys)]
    first = np.unique(p.unit[order], return_index=True)
    best = serves.copy()
    best[first[0]] = p.hospital[order[first[1]]]
    return best


def _together(p: Problem, nearest: np.ndarray) -> np.ndarray:
    """Every piece of an empty district at one hospital, that of least minutes; where none is reached by all of it, at several.

    -1 where no parts of the piece would hang together.
    """
    assert p.neighbours is not None
    out, minutes = nearest.copy(), np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
    k = np.flatnonzero(p.usable)
    minutes[p.unit[k], p.hospital[k]] = p.minutes[k]
    pieces = components(len(p.unit_ids), p.neighbours)
    for piece in np.unique(pieces[~p.decided]).tolist():
        mine = ~p.decided & (pieces == piece)
        total = minutes[mine].sum(axis=0)
        out[mine] = int(total.argmin()) if np.isfinite(total).any() else _at_several(p, mine)
    return out


def _at_several(p: Problem, units: np.ndarray) -> np.ndarray:
    """Any hospitals for a piece of an empty district whose parts hang together; -1 where there are none."""
    part = restricted(p, units, np.arange(len(p.district_ids)) == p.district[units.argmax()])
    ones, shape = np.ones(len(part.unit_ids), dtype=np.int64), part.allowed.shape
    free = replace(
        part, people=ones, demand=ones.astype(float), pinned=np.zeros(shape, dtype=bool), existing=np.zeros(shape, dtype=bool), present=None,
        district_cap=np.full(shape[0], NO_CAP), hospital_cap=np.full(shape[1], NO_CAP), capacity=np.full(shape[1], np.inf),
        least_partners=0, least_share=0.0, most_changes=NO_CAP, change_price=0.0, caps_bend=False, use=None,
        stages=(), ties=None, most_travel=None, travel_people=None, numbers={},
    )  # fmt: skip
    ref = Reference(free)
    ref.model.minimise([])
    serves = np.full(len(ones), -1)
    if solve_connected(ref, "highs", None, 1.0).has_values:
        for k, x in ref.x.items():
            if ref.model.is_on(x):
                serves[free.unit[k]] = free.hospital[k]
    return serves


@dataclass(frozen=True, eq=False)
class LivedIn:
    """A problem without the units that decide nothing, for engines that need not know of them.

    Parameters
    ----------
    part : the problem of the units that decide; None where pins alone break a cap in a district that is empty.
    units, districts : (n,), (D,) bool, who is in it.
    """

    whole: Problem
    part: Problem | None
    units: np.ndarray
    districts: np.ndarray

    def settle(self, serves: np.ndarray) -> np.ndarray | None:
        """The plan of the whole problem; None where an empty unit reaches no partner of its district."""
        out = np.full(len(self.whole.unit_ids), -1)
        out[self.units] = serves
        return settled(self.whole, out)

    def told(self, goal: GoalResult, number: int, serves: np.ndarray) -> GoalResult:
        """A goal of the part, of the whole: pins of empty districts may have their price."""
        value = stage_value(self.whole, self.whole.stages[number], serves)
        more = value - goal.value
        return replace(goal, value=value, bound=min(value, goal.bound + more), reached=goal.reached + more)


def lived_in(p: Problem) -> LivedIn:
    """The units that decide, and their districts; the problem itself where all do."""
    units = p.decided if p.grids is not None or p.neighbours is not None else p.people > 0
    districts = p.district_people > 0
    if p.grids is not None or units.all() or not units.any():
        return LivedIn(p, p, np.ones(len(p.unit_ids), dtype=bool), np.ones(len(p.district_ids), dtype=bool))
    pins = p.pinned[~districts] & p.counted
    left = np.where(p.hospital_cap == NO_CAP, NO_CAP, p.hospital_cap - pins.sum(axis=0))
    broken = (pins.sum(axis=1) > p.district_cap[~districts]).any() or (left[p.counted] < 0).any()
    if broken or (p.pinned & ~p.allowed).any():
        return LivedIn(p, None, units, districts)
    part = restricted(replace(p, hospital_cap=np.maximum(left, 0)), units, districts)
    return LivedIn(p, part, units, districts)

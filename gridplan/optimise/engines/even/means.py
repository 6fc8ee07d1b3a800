"""Least difference between the mean minutes of districts: sets of partners from a small model, whole units by changes.

A set of partners lets a district have any mean between all its units at the nearest partner and all at the farthest, but
for whole units. So the least window that meets such an interval in every district is below every plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.engines.columns.partner_sets import DistrictSets, district_sets
from gridplan.optimise.engines.even.rows import Rows
from gridplan.optimise.model.goal_rows import stage_value
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import MINUTES, SMALLEST

SLIP = 1e-6  # minutes by which the window may be wider for less travel
CHANGES = 150  # of units, the smallest, that are tried four at a time
ROOM = 0.1  # of a set's interval above the mean that it is taken for
WIDE = (
    0.02,
    0.2,
)  # what a minute of a set's interval costs per resident: whole units meet a wide one less well
TARGETS = 4  # means that are tried with one choice of sets
MEANS = 40  # of all districts that are tried
MOST_CHANGES = 200  # rounds of changes of one district


@dataclass(frozen=True, eq=False)
class Means:
    """What was found: hospitals of the units (None: none in time), bounds on the difference and on travel then."""

    serves: np.ndarray | None
    bound: float
    travel: float


@dataclass(frozen=True, eq=False)
class _Reach:
    """One district and its sets.

    Parameters
    ----------
    minutes, cost : (n, H) per resident, inf where a unit may not go.
    low, high : (N,) least and largest mean minutes of each set.
    least : (N,) least cost of the district with each set.
    beyond : (N,) least that its pairs cost beyond minutes.
    at_low, at_high : (N,) its cost with all units at the nearest and at the farthest partner.
    """

    sets: DistrictSets
    minutes: np.ndarray
    cost: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    beyond: np.ndarray
    at_low: np.ndarray
    at_high: np.ndarray

    def about(self, mean: float, wide: float) -> np.ndarray:
        """(N,) about what each set costs at a mean between its least and its largest, and some for how far these are apart."""
        apart = np.maximum(self.high - self.low, SLIP)
        far = np.clip((mean - self.low) / apart, 0.0, 1.0)
        priced = self.at_low + far * (self.at_high - self.at_low)
        about: np.ndarray = priced + wide * self.sets.people.sum() * apart
        return about


def level_means(p: Problem, last: Stage, asked: bool, clock: Clock) -> Means:
    """Hospitals of the units and bounds; the bound is inf where no plan keeps the rules.

    Parameters
    ----------
    last : travel, asked or to end ties.
    asked : whether a bound on travel is.
    """
    reach = [_reach(p, some, last.cost) for some in district_sets(p) if len(some.units)]
    window = _Window(p, reach)
    found = _at_one_mean(p, window, last, Clock(clock.share(2)))
    if found is not None:
        width = stage_value(p, p.stages[0], found)
        return Means(found, 0.0, window.cheapest(width + SLIP, clock)[1] if asked else 0.0)
    first = window.least(Clock(clock.share(2)))
    if first is None:
        return Means(None, np.inf, np.inf)
    width, bound = first
    chosen, travel = window.cheapest(width + SLIP, clock)
    if chosen is None:
        return Means(None, bound, 0.0)
    low = min(float(r.high[k]) for r, k in zip(reach, chosen, strict=True))
    high = max(float(r.low[k]) for r, k in zip(reach, chosen, strict=True))
    return Means(_whole(p, reach, chosen, min(low, high), high), bound, travel)


def _at_one_mean(p: Problem, window: _Window, last: Stage, clock: Clock) -> np.ndarray | None:
    """The plan of least travel among those whose districts differ by too little to be told, else the most even one.

    None where none was found.
    """
    best, reached = None, (np.inf, np.inf)
    for wide in WIDE:
        for chosen in window.at_one_mean(wide, clock):
            serves = _retargeted(p, window.reach, chosen)
            differ = stage_value(p, p.stages[0], serves)
            mine = (differ if differ >= SMALLEST[MINUTES] else 0.0, stage_value(p, last, serves))
            if mine < reached:
                best, reached = serves, mine
            if differ < SMALLEST[MINUTES] or clock.over:
                break
    return best


def _retargeted(p: Problem, reach: list[_Reach], chosen: list[int]) -> np.ndarray:
    """Whole units near the least mean that all sets let their district have, or near what the coarsest of them then has."""
    low = max(float(r.low[k]) for r, k in zip(reach, chosen, strict=True))
    high = min(float(r.high[k]) for r, k in zip(reach, chosen, strict=True))
    best, least, aim = _whole(p, reach, chosen, low, low), np.inf, low
    for _ in range(TARGETS):
        serves = _whole(p, reach, chosen, aim, aim)
        differ = stage_value(p, p.stages[0], serves)
        if differ < least:
            best, least = serves, differ
        means = np.array([_mean(r, serves) for r in reach])
        off = np.where((means >= low) & (means <= high), np.abs(means - aim), -1.0)
        if off.max() <= 0:
            break
        aim = float(means[off.argmax()])
    return best


def _mean(r: _Reach, serves: np.ndarray) -> float:
    mine = r.minutes[np.arange(len(r.sets.units)), serves[r.sets.units]]
    return float((r.sets.people * mine).sum() / r.sets.people.sum())


def _whole(p: Problem, reach: list[_Reach], chosen: list[int], low: float, high: float) -> np.ndarray:
    """(n,) hospitals of whole units, every district as near to a window of means as its set lets it."""
    serves = np.full(len(p.unit_ids), -1)
    for r, k in zip(reach, chosen, strict=True):
        hand = r.sets.at_hand(k)
        serves[r.sets.units] = hand[_at_mean(r.minutes[:, hand], r.cost[:, hand], r.sets.people, low, high)]
    return serves


def _reach(p: Problem, some: DistrictSets, cost: np.ndarray) -> _Reach:
    table = np.full((2, len(p.unit_ids), len(p.hospital_ids)), np.inf)
    usable = np.flatnonzero(p.usable)
    table[0, p.unit[usable], p.hospital[usable]] = p.minutes[usable]
    table[1, p.unit[usable], p.hospital[usable]] = cost[usable]
    minutes, paid = table[:, some.units]
    people, total = some.people[:, None], float(some.people.sum())
    may = np.isfinite(minutes)
    nowhere = np.where(may, 0.0, np.inf)
    free, every = np.zeros(len(p.hospital_ids)), np.ones(len(some.members), dtype=bool)

    def least(of: np.ndarray) -> np.ndarray:
        values: np.ndarray = replace(some, cost=people * np.where(may, of, 0.0) + nowhere).values(free, every)
        return values

    ends = np.zeros((2, len(some.members)))
    known = np.where(may, paid, 0.0)
    for k in range(len(some.members)):
        hand = some.at_hand(k)
        if not len(hand):
            continue
        mine = minutes[:, hand]
        places = mine.argmin(axis=1), np.where(np.isfinite(mine), mine, -1.0).argmax(axis=1)
        ends[:, k] = [float((some.people * known[np.arange(len(at)), hand[at]]).sum()) for at in places]
    more = known - np.where(may, minutes, 0.0)
    away = np.where(may, -minutes, 0.0)
    return _Reach(
        some, minutes, paid, least(minutes) / total, -least(away) / total, least(paid), least(more), *ends
    )


class _Window:
    """The model of one set per district, within the caps, and a window of minutes that their intervals meet."""

    def __init__(self, p: Problem, reach: list[_Reach]) -> None:
        self.p, self.reach = p, reach
        self.longest = max(float(r.high[np.isfinite(r.low)].max(initial=0.0)) for r in reach)

    def at_one_mean(self, wide: float, clock: Clock) -> Iterator[list[int]]:
        """Sets of little travel that all let their district have one and the same mean, by trying means from the least on."""
        least = max(float(r.low.min(initial=np.inf)) for r in self.reach)
        most = min(float(r.high[np.isfinite(r.low)].max(initial=0.0)) for r in self.reach)
        if not np.isfinite(least) or least > most:
            return
        for mean in np.linspace(least, most, MEANS).tolist():
            if clock.over:
                return
            fit = [
                (r.low <= mean + SLIP) & (r.high - mean >= ROOM * (r.high - r.low) - SLIP) for r in self.reach
            ]
            chosen = self._among(fit, [r.about(mean, wide) for r in self.reach], clock)
            if chosen is not None:
                yield chosen

    def _among(self, fit: list[np.ndarray], prices: list[np.ndarray], clock: Clock) -> list[int] | None:
        """A set of each district among those that fit, within the caps, at the least price."""
        if not all(f.any() for f in fit):
            return None
        rows = Rows()
        chosen = self._one_each(rows, fit, prices)
        answer = rows.minimise(clock.left)
        return None if answer.values is None else _sets_on(answer.values, chosen)

    def _one_each(
        self, rows: Rows, fit: list[np.ndarray], prices: list[np.ndarray] | None
    ) -> list[dict[int, int]]:
        """Per district a column for each set that fits, one of them taken; hospitals within their caps."""
        chosen, takes = list[dict[int, int]](), dict[int, list[int]]()
        for d, (r, mine) in enumerate(zip(self.reach, fit, strict=True)):
            cost = np.zeros(len(r.low)) if prices is None else prices[d] / self._scale
            columns = {k: rows.column(float(cost[k]), whole=True) for k in np.flatnonzero(mine).tolist()}
            rows.row([(w, 1.0) for w in columns.values()], 1.0, 1.0)
            for k, w in columns.items():
                for h in {*r.sets.pinned.tolist(), *r.sets.members[k][r.sets.distinct[k]].tolist()}:
                    takes.setdefault(h, []).append(w)
            chosen.append(columns)
        for h, ws in takes.items():
            if self.p.counted[h] and self.p.hospital_cap[h] != NO_CAP:
                rows.row([(w, 1.0) for w in ws], most=float(self.p.hospital_cap[h]))
        return chosen

    def least(self, clock: Clock) -> tuple[float, float] | None:
        """The least width found and its bound; None where no sets keep the caps."""
        rows, _, width = self._model(np.inf, False)
        answer = rows.minimise(clock.left)
        if answer.impossible:
            return None
        found = self.longest if answer.values is None else float(answer.values[width])
        return found, max(0.0, answer.bound)

    def cheapest(self, width: float, clock: Clock) -> tuple[list[int] | None, float]:
        """A set per district with the least travel that is known in such a window, and a bound on travel."""
        rows, chosen, _ = self._model(width, True)
        answer = rows.minimise(clock.left)
        if answer.values is None:
            return None, max(0.0, answer.bound)
        return _sets_on(answer.values, chosen), max(0.0, answer.bound) * self._scale

    @property
    def _scale(self) -> float:
        return max(1.0, float(self.p.people.mean()))

    def _model(self, most: float, travel: bool) -> tuple[Rows, list[dict[int, int]], int]:
        """min width, or Σ_d max(least_k, P_d m_d + beyond_k); low ≤ m_d ≤ low + width; low_k ≤ m_d ≤ high_k."""
        rows, scale = Rows(), self._scale
        low = rows.column(most=self.longest)
        width = rows.column(0.0 if travel else 1.0, min(most, self.longest))
        chosen = self._one_each(rows, [np.isfinite(r.low) for r in self.reach], None)
        for r, mine in zip(self.reach, chosen, strict=True):
            mean = rows.column(most=self.longest)
            rows.row([(mean, 1.0), *((w, -float(r.low[k])) for k, w in mine.items())], 0.0)
            rows.row([(mean, 1.0), *((w, -float(r.high[k])) for k, w in mine.items())], most=0.0)
            rows.row([(mean, 1.0), (low, -1.0)], 0.0)
            rows.row([(mean, 1.0), (low, -1.0), (width, -1.0)], most=0.0)
            if travel:
                paid, people = rows.column(1.0, np.inf), float(r.sets.people.sum())
                rows.row([(paid, 1.0), *((w, -float(r.least[k]) / scale) for k, w in mine.items())], 0.0)
                more = [(w, -float(r.beyond[k]) / scale) for k, w in mine.items()]
                rows.row([(paid, 1.0), (mean, -people / scale), *more], 0.0)
        return rows, chosen, width


def _sets_on(values: np.ndarray, chosen: list[dict[int, int]]) -> list[int]:
    """The set of each district whose column is on."""
    return [next(k for k, w in mine.items() if values[w] > 0.5) for mine in chosen]


def _at_mean(
    minutes: np.ndarray, cost: np.ndarray, people: np.ndarray, least: float, most: float
) -> np.ndarray:
    """(n,) places at hand whose mean minutes lie in a window, or as near to it as changes of up to four units bring it.

    Each unit begins at its cheapest hospital; those whose change costs least for each minute change as long as the mean
    stays on its side of the window; then a few units change, there or back.
    """
    place, total = cost.argmin(axis=1), float(people.sum())
    every = np.arange(len(place))
    low, high = (edge * total - float((people * minutes[every, place]).sum()) for edge in (least, most))
    sign = 1.0 if low > 0 else -1.0  # to be longer, or shorter
    need = max(low, -high)
    step = np.where(
        np.isfinite(minutes), sign * people[:, None] * (minutes - minutes[every, place][:, None]), 0.0
    )
    more = people[:, None] * (cost - cost[every, place][:, None])
    price = np.where(step > 0, more / np.maximum(step, 1e-9), np.inf)
    to = price.argmin(axis=1)
    for u in np.argsort(price[every, to], kind="stable").tolist():
        if 0 < step[u, to[u]] <= need:
            place[u], need = int(to[u]), need - step[u, to[u]]
    for _ in range(MOST_CHANGES):
        low, high = (edge * total - float((people * minutes[every, place]).sum()) for edge in (least, most))
        if low <= 1e-9 * total and high >= -1e-9 * total:
            break
        need = low if low > 0 else high
        step = people[:, None] * (minutes - minutes[every, place][:, None])
        step[every, place] = np.inf  # no change
        unit, to = np.nonzero(np.isfinite(step))
        small = np.argsort(np.abs(step[unit, to]), kind="stable")[:CHANGES]
        unit, to = unit[small], to[small]
        changes = _changes(step[unit, to], unit, need)
        if not changes:
            break
        place[unit[changes]] = to[changes]
    return place


def _changes(step: np.ndarray, unit: np.ndarray, need: float) -> list[int]:
    """Up to four changes of different units whose sum is nearest to what is needed; none where nothing is nearer than now."""
    step, unit = np.append(step, 0.0), np.append(unit, -1)  # the last one is no change
    first, second = np.triu_indices(len(step))
    fit = (unit[first] != unit[second]) | (unit[first] < 0)
    first, second = first[fit], second[fit]
    both = step[first] + step[second]
    order = np.argsort(both, kind="stable")
    first, second, both = first[order], second[order], both[order]
    at = np.searchsorted(both, need - both)
    best, found = abs(need) * (1 - 1e-9), list[int]()
    for near in (at - 1, at, at + 1):
        other = np.clip(near, 0, len(both) - 1)
        far = np.abs(both + both[other] - need)
        for mine in (unit[first], unit[second]):
            for theirs in (unit[first[other]], unit[second[other]]):
                far[(mine == theirs) & (mine >= 0)] = np.inf
        k = int(far.argmin())
        if far[k] < best:
            best = float(far[k])
            found = [int(i) for i in (first[k], second[k], first[other[k]], second[other[k]]) if unit[i] >= 0]
    return found

"""Connected parts without capacities: every set of partners of a district priced as far as the proof asks for it.

Districts share nothing but the hospitals' caps, so a set S has one cost c_dS: the least travel of the district with
partners of S whose parts hang together. What it costs where parts may stand apart is below that. A master takes the
cheapest sets within the caps; those it takes are priced exactly, by the reference model of that district and set; and so
on until it takes sets that are priced already. Then no plan is cheaper (FORMULATION.md, "Parts that hang together").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gridplan.optimise.engines.columns.partner_sets import DistrictSets, district_sets
from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.model.highs_door import Answer, minimise
from gridplan.optimise.model.separators import fragments
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.restrict import restricted
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import NoPlanInTimeError

MOST_SETS = 20_000
SMALLER = 1e-9  # by which a smaller set of the same cost is cheaper, so that it is taken first
Told = Callable[[np.ndarray | None, float], None]


@dataclass(eq=False)
class SetCosts:
    """What is known of every set: no plan with it is below `least`; the best plan with it, where it was priced.

    Parameters
    ----------
    sets : of every district, as the engine "columns" lists them.
    least : per district (N,), inf where no plan with the set keeps the rules.
    served : (district, set) → value and the hospital of each unit of the district.
    """

    p: Problem
    sets: list[DistrictSets] = field(init=False)
    least: list[np.ndarray] = field(init=False)
    served: dict[tuple[int, int], tuple[float, np.ndarray]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        free = np.zeros(len(self.p.hospital_ids))
        self.sets = district_sets(self.p)
        self.least = [some.values(free, np.ones(len(some.members), dtype=bool)) for some in self.sets]
        self._places = self._members()
        self._units = [np.flatnonzero(self.p.district == d) for d in range(len(self.sets))]

    def search(self, clock: Clock, gap: float, told: Told) -> tuple[np.ndarray | None, float]:
        """The best plan found (None where none was) and its bound; the bound is inf where no plan keeps the rules.

        Parameters
        ----------
        told : called with a plan that is better, and with the bound.
        """
        best, value, bound = None, np.inf, 0.0
        while True:
            answer, columns = self._master(clock)
            if answer.impossible:
                return best, np.inf if best is None else value
            bound = max(bound, min(answer.bound, value))
            if answer.values is None:
                return best, bound
            picks = self._read(columns[answer.values > 0.5])
            todo = [pick for pick in picks if pick not in self.served]
            for d, k in todo:
                if not clock.over:
                    self._price(d, k, clock)
            if all(pick in self.served for pick in picks):
                total = sum(self.served[pick][0] for pick in picks)
                if total < value:
                    best, value = self._together(picks), total
            told(best, bound)
            if clock.over or value - bound <= max(gap, 1e-9) * abs(value) or (not todo and gap == 0.0):
                return best, bound

    def _price(self, d: int, k: int, clock: Clock) -> None:
        """Price one set; what it costs is a bound for every set within it as well."""
        some, hand = self.sets[d], np.zeros(len(self.p.hospital_ids), dtype=bool)
        hand[some.at_hand(k)] = True
        part = replace(
            restricted(self.p, self.p.district == d, np.arange(len(self.sets)) == d, hand),
            district_cap=np.array([NO_CAP]),
            hospital_cap=np.full(int(hand.sum()), NO_CAP),
        )
        nearest = self._nearest(d, k)
        if nearest is not None:
            self.served[d, k] = float(self.least[d][k]), nearest
            return
        try:
            found = find(part, seconds=clock.left)
        except NoPlanInTimeError as stopped:
            self.least[d][k] = max(self.least[d][k], stopped.bound or 0.0)
            return
        least = np.inf if found is None else found.bound
        if found is not None:
            self.served[d, k] = found.value, np.flatnonzero(hand)[found.serves]
        within = hand[some.members].all(axis=1) | ~some.distinct.any(axis=1)
        self.least[d] = np.where(within, np.maximum(self.least[d], least), self.least[d])

    def _nearest(self, d: int, k: int) -> np.ndarray | None:
        """Each unit at the cheapest hospital of the set, where the parts hang together so; None where they do not."""
        some, units = self.sets[d], self._units[d]
        if len(some.units) < len(units):
            return None
        serves = np.full(len(self.p.unit_ids), -1)
        serves[some.units] = some.serve(k, np.zeros(len(self.p.hospital_ids)))
        if not np.isfinite(self.least[d][k]) or any(True for _ in fragments(self.p, serves)):
            return None
        mine: np.ndarray = serves[units]
        return mine

    def _together(self, picks: list[tuple[int, int]]) -> np.ndarray:
        serves = np.full(len(self.p.unit_ids), -1)
        for d, k in picks:
            serves[self._units[d]] = self.served[d, k][1]
        return serves

    def _master(self, clock: Clock) -> tuple[Answer, np.ndarray]:
        """min Σ_dS c_dS z_dS;  Σ_S z_dS = 1 for every d;  Σ_{d, S ∋ h} z_dS ≤ M_h for every capped h;  z whole

        With the sets that its columns stand for.
        """
        p, scale = self.p, goal_scale(self.p)
        least, sizes = np.concatenate(self.least), np.concatenate([s.distinct.sum(axis=1) for s in self.sets])
        district = np.repeat(np.arange(len(self.sets)), [len(s.members) for s in self.sets])
        possible = np.flatnonzero(np.isfinite(least))
        if len(np.unique(district[possible])) < len(self.sets):
            return Answer(None, np.inf, True), possible
        top = max(1.0, float(least[possible].max()))
        cost = (least[possible] + SMALLER * top * sizes[possible]) / scale
        capped = np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP))
        row = np.full(len(p.hospital_ids), -1)
        row[capped] = len(self.sets) + np.arange(len(capped))
        member, column = self._places
        counts = (row[member] >= 0) & np.isfinite(least)[column]
        rows = np.concatenate([district[possible], row[member[counts]]])
        columns = np.concatenate([np.arange(len(possible)), np.searchsorted(possible, column[counts])])
        from scipy.sparse import coo_array, csc_array  # heavy

        shape = (len(self.sets) + len(capped), len(possible))
        table = csc_array(coo_array((np.ones(len(rows)), (rows, columns)), shape=shape))
        lower = np.concatenate([np.ones(len(self.sets)), np.full(len(capped), -np.inf)])
        upper = np.concatenate([np.ones(len(self.sets)), p.hospital_cap[capped].astype(float)])
        answer = minimise(cost, table, lower, upper, np.ones(len(possible), dtype=bool), clock.left, 0.0)
        slip = SMALLER * top * int(sizes.max(initial=0)) * len(self.sets)
        return replace(answer, bound=answer.bound * scale - slip), possible

    def _members(self) -> tuple[np.ndarray, np.ndarray]:
        """Hospitals that a set takes a place of, and the column of the set; pinned ones are in every set."""
        hospitals, columns, start = [], [], 0
        for some in self.sets:
            sets, places = np.nonzero(some.distinct)
            hospitals += [some.members[sets, places], np.tile(some.pinned, len(some.members))]
            columns += [start + sets, start + np.repeat(np.arange(len(some.members)), len(some.pinned))]
            start += len(some.members)
        return np.concatenate(hospitals), np.concatenate(columns)

    def _read(self, chosen: np.ndarray) -> list[tuple[int, int]]:
        ends = np.cumsum([0, *(len(some.members) for some in self.sets)])
        districts = np.searchsorted(ends, chosen, side="right") - 1
        return list(zip(districts.tolist(), (chosen - ends[districts]).tolist(), strict=True))

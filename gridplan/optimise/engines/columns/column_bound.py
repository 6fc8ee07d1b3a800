"""Column generation: a lower bound for caps and capacities together, from a master with a row per district and hospital.

A column is a set of partners of one district with the load that it puts on each hospital. The master prices
capacities (λ per resident) and caps (μ per pair); at these prices the cheapest set of every district gives a proven
bound, and better sets become new columns, until bound and master meet (FORMULATION.md, "By columns").
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplan.optimise.engines.columns.own_room import OwnRoom, Served
from gridplan.optimise.engines.columns.partner_sets import DistrictSets, district_sets
from gridplan.optimise.model.highs_door import Master, Prices
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock

ROUNDS = 80  # of pricing at one node
SHORT = 30  # sets of a district that most rounds look at
SHORT_ROUNDS = 8  # until all are looked at again
MEET = 1e-6  # relative distance at which bound and master have met
NEW = 3  # columns a district gets in a round
SMOOTH = 0.5  # prices are taken half-way between the master's and the best so far


@dataclass(frozen=True, eq=False)
class Bound:
    """What a node proved: its bound, the prices behind it, the master's shares of the sets, and sets worth keeping.

    Parameters
    ----------
    value : person-minutes; no plan of the node is below it.
    people_price, pair_price : (H,) λ and μ.
    values : per district (N,), what each set costs at these prices, the cheapest ones within their own capacities.
    plain : the same with each unit at its cheapest partner.
    shares : (district, set) → share of it in the master.
    """

    value: float
    people_price: np.ndarray
    pair_price: np.ndarray
    values: list[np.ndarray]
    plain: list[np.ndarray]
    shares: dict[tuple[int, int], float]


@dataclass(frozen=True, eq=False)
class Column:
    """A set of partners of one district as it serves at some prices: its cost and the load on every hospital."""

    district: int
    choice: int
    cost: float
    load: np.ndarray


@dataclass
class Columns:
    """The sets of all districts and the master over the columns found so far."""

    problem: Problem
    sets: list[DistrictSets] = field(init=False)
    top: float = field(init=False)

    def __post_init__(self) -> None:
        p = self.problem
        self.sets = district_sets(p)
        self.capacity = p.capacity
        self._rooms = [OwnRoom(some, p.capacity) for some in self.sets]
        self.capped = np.flatnonzero(p.counted & (p.hospital_cap != NO_CAP))
        self.limited = np.flatnonzero(np.isfinite(p.capacity))
        self.scale = max(1.0, float(p.people.sum()) / max(1, len(p.hospital_ids)))
        free = np.zeros(len(self.capacity))
        self.totals = [some.values(free, np.ones(len(some.members), dtype=bool)) for some in self.sets]
        self.top = sum(self._dearest(some) for some in self.sets)  # no plan costs more
        districts = len(self.sets)
        lower = np.concatenate([np.ones(districts), np.full(len(self.capped) + len(self.limited), -np.inf)])
        upper = np.concatenate(
            [np.ones(districts), p.hospital_cap[self.capped], p.capacity[self.limited] / self.scale]
        )
        self._master = Master(lower, upper)
        self._row_cap = {int(h): districts + i for i, h in enumerate(self.capped)}
        self._row_people = {int(h): districts + len(self.capped) + i for i, h in enumerate(self.limited)}
        self._of: list[tuple[int, int]] = [(d, -1) for d in range(districts)]
        self.found: list[Column] = []
        self._known: set[tuple[int, int, bytes]] = set()
        for d in range(districts):  # a way out for every district, dearer than any plan
            self._master.add(10 * max(1.0, self.top) / self.scale, [d], [1.0])

    def _values(self, alive: list[np.ndarray], lam: np.ndarray, mu: np.ndarray) -> list[np.ndarray]:
        """Per district (N,), what each set costs at the prices; without capacities λ is 0, and nothing is worked out twice."""
        if len(self.limited):
            totals = [some.values(lam, a) for some, a in zip(self.sets, alive, strict=True)]
        else:
            totals = [np.where(a, t, np.inf) for a, t in zip(alive, self.totals, strict=True)]
        return [t + some.places(mu) for t, some in zip(totals, self.sets, strict=True)]

    def possible(self) -> list[np.ndarray]:
        """Per district (N,), the sets that reach all its units and the capacity for its residents."""
        out = []
        for some, totals in zip(self.sets, self.totals, strict=True):
            held = self.capacity[some.given].sum() + np.where(
                some.distinct, self.capacity[some.members], 0.0
            ).sum(axis=1)
            out.append(np.isfinite(totals) & (held >= some.people.sum()))
        return out

    def bound(
        self,
        alive: list[np.ndarray],
        people_price: np.ndarray,
        pair_price: np.ndarray,
        enough: float,
        clock: Clock | None = None,
    ) -> Bound:
        """The bound of a node by pricing, from given prices on; stops early once the bound is `enough`, or the clock is over.

        Parameters
        ----------
        alive : per district (N,), the sets that the node may choose.
        """
        self._master.let_in(np.array([k < 0 or alive[d][k] for d, k in self._of]))
        best = Bound(-np.inf, people_price, pair_price, [], [], {})
        shares: dict[tuple[int, int], float] = {}
        lam, mu, centre = people_price, pair_price, (-np.inf, people_price, pair_price)
        every, short, since = True, alive, 0  # whether all sets are looked at, or a short list of them
        for _ in range(ROUNDS):
            plain = self._values(alive if every else short, lam, mu)
            values, ways = self._sharpened(plain, lam)
            value = self._value(values, lam, mu)
            if every:
                if value > best.value:
                    best = Bound(value, lam, mu, values, plain, {})
                short, since = self._shortlist(values, shares), 0
                centre = (best.value, best.people_price, best.pair_price)
            elif value > centre[0]:
                centre = (value, lam, mu)
            if best.value >= enough or (clock is not None and clock.over):
                break
            new = sum(
                self._add(d, int(k), ways[d][int(k)]) for d, v in enumerate(values) for k in _cheapest(v)
            )
            prices = self._master.solve()
            if prices is None:
                break
            shares = self._shares(prices)
            lost = any(k < 0 for _, k in shares)
            met = not lost and prices.value * self.scale - centre[0] <= MEET * max(1.0, abs(centre[0]))
            better = centre[0] > best.value  # by the short list alone
            if met and not better:
                break
            now = self._prices(prices)
            if every and lost and self._impossible(alive, *now):
                return Bound(np.inf, *now, values, plain, {})
            since += 1
            every = met or since > SHORT_ROUNDS or centre[0] >= enough or not len(self.limited)
            if every and better:
                lam, mu = centre[1:]
                continue
            step = SMOOTH if new else 0.0
            lam = step * centre[1] + (1 - step) * now[0]
            mu = step * centre[2] + (1 - step) * now[1]
        return Bound(best.value, best.people_price, best.pair_price, best.values, best.plain, shares)

    def _shortlist(self, values: list[np.ndarray], shares: dict[tuple[int, int], float]) -> list[np.ndarray]:
        """Per district (N,), the sets that a few rounds look at: the cheapest ones, and those that the master takes."""
        out = []
        for v in values:
            few = np.zeros(len(v), dtype=bool)
            few[_cheapest(v, SHORT)] = True
            out.append(few)
        for d, k in shares:
            if k >= 0:
                out[d][k] = np.isfinite(values[d][k])
        return out

    def _sharpened(
        self, plain: list[np.ndarray], lam: np.ndarray, minutes: bool = True
    ) -> tuple[list[np.ndarray], list[dict[int, Served]]]:
        """The values with the cheapest sets of every district worked out within their own capacities, and how those serve."""
        values, ways = [v.copy() for v in plain], []
        for room, mine, before in zip(self._rooms, values, plain, strict=True):
            done: dict[int, Served] = {}
            while todo := [k for k in _cheapest(mine).tolist() if k not in done]:
                for k in todo:
                    done[k] = room.served(k, lam, minutes)
                    mine[k] = max(mine[k], before[k] + done[k].more)
            ways.append(done)
        return values, ways

    def _dearest(self, some: DistrictSets) -> float:
        cost = np.where(np.isfinite(some.cost), some.cost, -np.inf).max(axis=1, initial=0.0)
        return float(np.maximum(0.0, cost).sum())

    def _value(self, values: list[np.ndarray], lam: np.ndarray, mu: np.ndarray) -> float:
        paid = float((lam[self.limited] * self.capacity[self.limited]).sum())
        paid += float((mu[self.capped] * self.problem.hospital_cap[self.capped]).sum())
        return sum(float(v.min(initial=np.inf)) for v in values) - paid

    def _impossible(self, alive: list[np.ndarray], lam: np.ndarray, mu: np.ndarray) -> bool:
        """Whether the prices prove that no plan keeps capacities and caps: all of them cost more than there is."""
        plain = [
            some.values(lam, a, minutes=False) + some.places(mu)
            for some, a in zip(self.sets, alive, strict=True)
        ]
        values = self._sharpened(plain, lam, minutes=False)[0]
        least = sum(float(v.min(initial=np.inf)) for v in values)
        return self._value(values, lam, mu) > 1e-7 * max(1.0, least)

    def _add(self, d: int, choice: int, way: Served) -> bool:
        """The column of a set as it serves; False where the master has it."""
        some, load, cost = self.sets[d], way.load, way.cost
        key = (d, choice, load.tobytes())
        if key in self._known:
            return False
        self._known.add(key)
        rows, values = [d], [1.0]
        for h in {*some.pinned.tolist(), *some.members[choice].tolist()}.intersection(self._row_cap):
            rows.append(self._row_cap[h])
            values.append(1.0)
        for h in np.flatnonzero(load).tolist():
            if h in self._row_people:
                rows.append(self._row_people[h])
                values.append(float(load[h]) / self.scale)
        self._master.add(cost / self.scale, rows, values)
        self._of.append((d, choice))
        self.found.append(Column(d, choice, cost, load))
        return True

    def _prices(self, prices: Prices) -> tuple[np.ndarray, np.ndarray]:
        lam, mu = np.zeros(len(self.capacity)), np.zeros(len(self.capacity))
        for h, row in self._row_people.items():
            lam[h] = max(0.0, -float(prices.rows[row]))
        for h, row in self._row_cap.items():
            mu[h] = max(0.0, -float(prices.rows[row])) * self.scale
        return lam, mu

    def _shares(self, prices: Prices) -> dict[tuple[int, int], float]:
        shares: dict[tuple[int, int], float] = {}
        for i in np.flatnonzero(prices.shares > 1e-9).tolist():
            shares[self._of[i]] = shares.get(self._of[i], 0.0) + float(prices.shares[i])
        return shares


def _cheapest(values: np.ndarray, most: int = NEW) -> np.ndarray:
    few = min(most, len(values))
    order = np.argpartition(values, few - 1)[:few] if few else np.zeros(0, dtype=int)
    finite: np.ndarray = order[np.isfinite(values[order])]
    return finite

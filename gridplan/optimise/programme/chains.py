"""SH-13 as an integer programme, one district at a time: people flow to centres, centres are chained (FORMULATION.md, R).

People's choice of a centre is no yes or no: residents sign where they like, and whole units on centres would be bin
packing. What is one or the other is the chain of a centre to its district hospital.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class ChainsProblem:
    """Numbers of one district.

    Parameters
    ----------
    visits : (units,) first contacts a year, thousands.
    partner : (units,) index of the unit's municipal partner.
    unit, centre, minutes : (ways,) who may go where.
    beyond : (ways,) bool, farther than the standard.
    capacity : (centres,) first contacts a year, thousands; inf = not stated.
    to_hospital : (centres, hospitals) minutes.
    manager : (hospitals,) index of the partner that manages it; −1 = nobody, then no chain there is broken.
    up : share of first contacts that goes on to the district hospital.
    takes : (hospitals,) referrals a year that it can take, thousands; inf = not stated.
    down : share of these that comes down again. beds : (centres,) stays a year of those, thousands; inf = not stated.
    reserved : (ways,) share of the unit that goes this way at least: people who are guaranteed it.
    """

    visits: np.ndarray
    partner: np.ndarray
    unit: np.ndarray
    centre: np.ndarray
    minutes: np.ndarray
    beyond: np.ndarray
    capacity: np.ndarray
    to_hospital: np.ndarray
    manager: np.ndarray
    up: float
    takes: np.ndarray
    down: float
    beds: np.ndarray
    reserved: np.ndarray


@dataclass(frozen=True, eq=False)
class ChainsSolution:
    """share : (ways,) of the unit's contacts. chain : (centres,) index of the district hospital."""

    share: np.ndarray
    chain: np.ndarray
    reached: tuple[Reached, ...]


class ChainsModel:
    """The model's columns by meaning: x shares, b chains, g flows up by centre, hospital and partner, o overflow."""

    def __init__(self, p: ChainsProblem) -> None:
        self.p, self.model = p, Assembly()
        centres, hospitals = p.to_hospital.shape
        total = float(p.visits.sum())
        self.partners = np.unique(p.partner)
        self.x = self.model.columns(len(p.unit), whole=False, name="x")
        self.b = self.model.columns(centres * hospitals, name="b").reshape(centres, hospitals)
        shape = (centres, hospitals, len(self.partners))
        most = np.full(int(np.prod(shape)), max(total, 1e-9))
        self.g = self.model.columns(len(most), whole=False, name="g", most=most).reshape(shape)
        self.o = self.model.columns(centres, whole=False, name="o", most=np.full(centres, max(total, 1e-9)))
        self.t = self.model.columns(
            hospitals, whole=False, name="t", most=np.full(hospitals, max(total, 1e-9))
        )
        self.s = self.model.columns(centres, whole=False, name="s", most=np.full(centres, max(total, 1e-9)))
        self.rows()
        self.tiers()

    def rows(self) -> None:
        """(R1) to (R4)."""
        p, model = self.p, self.model
        flow = p.visits[p.unit]
        for u in range(len(p.visits)):
            model.row(self.x[p.unit == u], 1.0, low=1.0, high=1.0)  # (R1)
        for i in range(len(p.capacity)):
            mine = p.centre == i
            if np.isfinite(p.capacity[i]):
                model.row(
                    np.append(self.x[mine], self.o[i]), np.append(flow[mine], -1.0), high=float(p.capacity[i])
                )  # (R2)
            else:
                model.row(self.o[[i]], 1.0, high=0.0)
            model.row(self.b[i], 1.0, low=1.0, high=1.0)
            for n, partner in enumerate(self.partners):
                own = mine & (p.partner[p.unit] == partner)
                columns = np.concatenate([self.x[own], self.g[i, :, n]])
                model.row(
                    columns, np.concatenate([flow[own], -np.ones(self.g.shape[1])]), low=0.0, high=0.0
                )  # (R3)
            big = float(flow[mine].sum())
            for h in range(self.g.shape[1]):
                columns = np.append(self.g[i, h], self.b[i, h])
                model.row(columns, np.append(np.ones(len(self.partners)), -big), high=0.0)  # (R4)

    def tiers(self) -> None:
        """(R5) what a district hospital takes, (R7) beds for those sent down, (R8) who is guaranteed a way."""
        p, model = self.p, self.model
        flow, back = p.visits[p.unit], p.up * p.down
        for h in np.flatnonzero(np.isfinite(p.takes)).tolist() if p.up else []:
            mine = self.g[:, h, :].ravel()
            model.row(
                np.append(mine, self.t[h]), np.append(np.ones(len(mine)), -1.0), high=float(p.takes[h]) / p.up
            )
        for i in np.flatnonzero(np.isfinite(p.beds)).tolist() if back else []:
            mine = p.centre == i
            model.row(
                np.append(self.x[mine], self.s[i]), np.append(flow[mine], -1.0), high=float(p.beds[i]) / back
            )
        for n in np.flatnonzero(p.reserved > 0).tolist():
            model.row(self.x[[n]], 1.0, low=float(p.reserved[n]))

    def aims(self) -> list[Aim]:
        """Goals in order: least overflow, fewest beyond the standard, fewest broken chains, least travel."""
        p, n = self.p, len(self.model.whole)
        overflow, beyond, broken, travel = (np.zeros(n) for _ in range(4))
        for beyond_room in (self.o, self.t, self.s):
            overflow[beyond_room] = 1.0
        flow = p.visits[p.unit]
        beyond[self.x] = np.where(p.beyond, flow, 0.0)
        apart = (p.manager[:, None] != self.partners[None, :]) & (p.manager[:, None] >= 0)
        broken[self.g] = np.broadcast_to(apart * p.up, self.g.shape)
        travel[self.x] = flow * p.minutes
        travel[self.g] += p.up * p.to_hospital[:, :, None]
        return [
            Aim("overflow", overflow),
            Aim("beyond", beyond),
            Aim("broken", broken),
            Aim("travel", travel),
        ]


def solve_chains(p: ChainsProblem, seconds: float | None = None) -> ChainsSolution:
    """Shares and chains of one district, all goals in order.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    made = ChainsModel(p)
    solution = solve_in_order(made.model, made.aims(), made.b.ravel(), made.b.ravel()[:0], seconds)
    share = np.clip(solution.values[made.x], 0.0, 1.0)
    return ChainsSolution(share, solution.values[made.b].argmax(axis=1), solution.reached)


def largest_first_contact(p: ChainsProblem, share: float) -> tuple[float, np.ndarray]:
    """The largest share of all visits that primary care can carry without overflow: a linear programme, no bisection.

    Parameters
    ----------
    share : that `p.visits` stand for.

    Returns
    -------
    (largest share, at most 1; (centres,) bool, full at it).
    """
    model = Assembly()
    most = 1.0 / share
    x = model.columns(len(p.unit), whole=False, name="x", most=np.full(len(p.unit), most))
    t = model.columns(1, whole=False, name="t", most=np.array([most]))
    flow = p.visits[p.unit]
    for u in range(len(p.visits)):
        model.row(
            np.append(x[p.unit == u], t),
            np.append(np.ones(int((p.unit == u).sum())), -1.0),
            low=0.0,
            high=0.0,
        )
    for i in np.flatnonzero(np.isfinite(p.capacity)):
        mine = p.centre == i
        if mine.any():
            model.row(x[mine], flow[mine], high=float(p.capacity[i]))
    cost = np.zeros(len(model.whole))
    cost[t] = -1.0
    answer = model.solve(cost, None)
    assert answer.values is not None, "nobody coming is always possible"
    load = np.bincount(p.centre, weights=flow * answer.values[x], minlength=len(p.capacity))
    return float(answer.values[t[0]]) * share, load >= p.capacity - 1e-6

"""LZ-2 as an integer programme: who goes up where, and who joins the teams (FORMULATION.md, "Programme", U)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class UpstreamProblem:
    """Numbers of the programme.

    Parameters
    ----------
    stays : (institutions,) whole, stays of a year that are asked.
    teams : (institutions,) whole, teams that a doctor is to join.
    institution, host, minutes : (links,) which hospital takes in whom; minutes one way.
    joins : (links,) bool, whether the hospital's doctors join the teams too.
    places : (hosts, disciplines) stays of a year that a department can take; a part of one is none.
    seats : (hosts, disciplines) whole, teams that a department joins at most.
    weight : (institutions, disciplines) people who gain where somebody of theirs has been there.
    """

    stays: np.ndarray
    teams: np.ndarray
    institution: np.ndarray
    host: np.ndarray
    minutes: np.ndarray
    joins: np.ndarray
    places: np.ndarray
    seats: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True, eq=False)
class UpstreamSolution:
    """stays, teams : rows link, discipline, how many. missing, alone : (institutions,) stays and teams without a place."""

    stays: np.ndarray
    teams: np.ndarray
    missing: np.ndarray
    alone: np.ndarray
    reached: tuple[Reached, ...]


class UpstreamModel:
    """The model's columns by meaning: x stays, w teams, v disciplines that an institution learns from, q and a missing."""

    def __init__(self, p: UpstreamProblem) -> None:
        self.p, self.model = p, Assembly()
        n = len(p.stays)
        self.link, self.code = np.nonzero((p.places[p.host] >= 1) & (p.stays[p.institution] > 0)[:, None])
        self.x = self.model.columns(len(self.link), name="x", most=np.floor(self._most(p.stays, p.places)))
        can = p.joins[:, None] & (p.seats[p.host] > 0) & (p.teams[p.institution] > 0)[:, None]
        self.joining, self.of = np.nonzero(can)
        self.w = self.model.columns(
            len(self.joining), name="w",
            most=np.minimum(p.teams[p.institution[self.joining]], p.seats[p.host[self.joining], self.of]).astype(float),
        )  # fmt: skip
        self.q = self.model.columns(n, whole=False, name="q", most=p.stays.astype(float))
        self.a = self.model.columns(n, whole=False, name="a", most=p.teams.astype(float))
        own = set(zip(p.institution[self.link].tolist(), self.code.tolist(), strict=True))
        own |= set(zip(p.institution[self.joining].tolist(), self.of.tolist(), strict=True))
        self.learns = np.array(sorted(own), dtype=int).reshape(-1, 2)
        self.v = self.model.columns(len(self.learns), name="v")
        self.rows()

    def _most(self, stays: np.ndarray, places: np.ndarray) -> np.ndarray:
        p = self.p
        return np.minimum(stays[p.institution[self.link]], places[p.host[self.link], self.code]).astype(float)

    def rows(self) -> None:
        """(U1) to (U4)."""
        p, model = self.p, self.model
        goes, joins = p.institution[self.link], p.institution[self.joining]
        for i in range(len(p.stays)):
            mine, ours = self.x[goes == i], self.w[joins == i]
            for columns, short, asked in ((mine, self.q[i], p.stays[i]), (ours, self.a[i], p.teams[i])):
                model.row(np.append(columns, short), 1.0, low=float(asked), high=float(asked))  # (U1)
        for columns, host, code, most in (
            (self.x, p.host[self.link], self.code, p.places), (self.w, p.host[self.joining], self.of, p.seats),
        ):  # fmt: skip
            for h in np.unique(host):
                for s in np.unique(code[host == h]):
                    model.row(
                        columns[(host == h) & (code == s)], 1.0, high=float(np.floor(most[h, s]))
                    )  # (U2), (U3)
        place_x: dict[tuple[int, int], list[int]] = {}
        for column, i, s in zip(self.x.tolist(), goes.tolist(), self.code.tolist(), strict=True):
            place_x.setdefault((i, s), []).append(column)
        for column, i, s in zip(self.w.tolist(), joins.tolist(), self.of.tolist(), strict=True):
            place_x.setdefault((i, s), []).append(column)
        for n, (i, s) in enumerate(self.learns.tolist()):
            mine = np.array(place_x[i, s])
            model.row(np.append(mine, self.v[n]), np.append(np.ones(len(mine)), -1.0), low=0.0)  # (U4)

    def aims(self) -> list[Aim]:
        """Goals in order: fewest stays missing, fewest teams alone, most people who gain, least travel."""
        p, n = self.p, len(self.model.whole)
        missing, alone, gain, travel = (np.zeros(n) for _ in range(4))
        missing[self.q], alone[self.a] = 1.0, 1.0
        gain[self.v] = -p.weight[self.learns[:, 0], self.learns[:, 1]]
        travel[self.x] = p.minutes[self.link]
        return [
            Aim("missing", missing), *([Aim("alone", alone)] if p.teams.any() else []), Aim("gain", gain), Aim("travel", travel),
        ]  # fmt: skip


def solve_upstream(p: UpstreamProblem, seconds: float | None = None) -> UpstreamSolution:
    """Stays upstream and team membership of a year, all goals in order.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    made = UpstreamModel(p)
    whole = np.concatenate([made.x, made.w, made.v])
    solution = solve_in_order(made.model, made.aims(), whole[:0], whole, seconds)
    stays, teams = (np.round(solution.values[c]).astype(int) for c in (made.x, made.w))
    return UpstreamSolution(
        np.column_stack([made.link, made.code, stays])[stays > 0],
        np.column_stack([made.joining, made.of, teams])[teams > 0],
        np.round(solution.values[made.q]).astype(int),
        np.round(solution.values[made.a]).astype(int),
        solution.reached,
    )

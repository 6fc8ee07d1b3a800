"""LZ-3 and ZJ-7 as an integer programme, one district at a time: hosts of shared centres (FORMULATION.md, S)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class HostsProblem:
    """Numbers of one district.

    Parameters
    ----------
    volume : (users,) what an institution needs of each service.
    minutes : (users, hospitals) one way.
    room : (services, hospitals) volume that it can host; inf = not stated, 0 = it cannot.
    has : (services, hospitals) bool, it hosts this today.
    most : (services,) hosts at most. most_services : of one hospital, at most.
    """

    volume: np.ndarray
    minutes: np.ndarray
    room: np.ndarray
    has: np.ndarray
    most: np.ndarray
    most_services: int


@dataclass(frozen=True, eq=False)
class HostsSolution:
    """host : (services, users) index of the hospital, −1 = none has room."""

    host: np.ndarray
    reached: tuple[Reached, ...]


def hosts_model(p: HostsProblem) -> tuple[Assembly, np.ndarray, np.ndarray, list[Aim]]:
    """The rows, the columns z (services, users, hospitals) and q (services, users: nobody has room), the goals."""
    model = Assembly()
    services, hospitals = p.room.shape
    users = len(p.volume)
    y = model.columns(services * hospitals, name="y").reshape(services, hospitals)
    z = model.columns(services * users * hospitals, name="z").reshape(services, users, hospitals)
    q = model.columns(services * users, name="q").reshape(services, users)
    for k in range(services):
        model.row(y[k], 1.0, low=0.0, high=float(p.most[k]))  # (S1)
        for i in range(users):
            model.row(np.append(z[k, i], q[k, i]), 1.0, low=1.0, high=1.0)  # (S2)
            for h in range(hospitals):
                model.row(np.array([z[k, i, h], y[k, h]]), np.array([1.0, -1.0]), high=0.0)  # (S3)
        for h in range(hospitals):
            if np.isfinite(p.room[k, h]):
                model.row(z[k, :, h], p.volume, high=float(p.room[k, h]))  # (S4)
    for h in range(hospitals):
        model.row(y[:, h], 1.0, high=float(p.most_services))  # (S5)
    none, new, travel = (np.zeros(len(model.whole)) for _ in range(3))
    none[q] = p.volume
    new[y] = np.where(p.has, 0.0, 1.0)
    travel[z] = p.volume[:, None] * p.minutes
    return model, z, q, [Aim("none", none), Aim("new", new), Aim("travel", travel)]


def solve_hosts(p: HostsProblem, seconds: float | None = None) -> HostsSolution:
    """Goals in order: least volume that nobody has room for; fewest new centres; least volume × minutes.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    model, z, _, aims = hosts_model(p)
    whole = np.arange(len(model.whole))
    solution = solve_in_order(model, aims, whole[:0], whole, seconds)
    chosen = solution.values[z] > 0.5
    return HostsSolution(np.where(chosen.any(axis=2), chosen.argmax(axis=2), -1), solution.reached)

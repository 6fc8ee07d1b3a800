"""Random cities whose units are divided into grids, as a `Problem` of arrays: one area, units that touch, balance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.cases.city import DETOUR, SPEED_KM_H, City, disc, problem, touching
from gridplan.geography.adjacency import components
from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import both
from gridplan.words.vocabulary import GRID


@dataclass(frozen=True)
class GridCity:
    """What a random city of grids is made from; the same numbers give the same city."""

    units: int = 500
    leads: int = 12
    number: int | None = None
    connected: bool = True
    balance: float | None = 0.15
    seed: int = 1

    @property
    def name(self) -> str:
        """One word for tables."""
        return f"grids-{self.units}x{self.leads}-{self.number or 'free'}-{self.seed}"


def grid_problem(city: GridCity) -> Problem:
    """Units and leads, denser towards the middle; units that are neighbours in the plane touch."""
    rng = np.random.default_rng(city.seed)
    plain = problem(City(city.units, city.leads, 1, city.seed))
    n, m = city.units, city.leads
    places, sites = disc(rng, n, 0.6), disc(rng, m, 0.8)
    km = np.linalg.norm(places[:, None] - sites[None], axis=2)
    edges = touching(places)
    campus = _campuses(km)
    parts = components(n, edges)
    minutes = np.round(km * DETOUR / SPEED_KM_H * 60, 4)
    grids = GridArrays(
        neighbours=edges, root_unit=campus, root_hospital=np.arange(m), home=np.zeros(m, dtype=int),
        connected=city.connected, loose=~np.isin(parts, parts[campus]), least=1, most=FREE,
        least_in=np.array([city.number or 1]), most_in=np.array([city.number or FREE]), area=np.array([0]),
        balance=city.balance, weight=np.ones(m),
    )  # fmt: skip
    return replace(
        plain, layer=GRID, counted=np.zeros(m, dtype=bool), district_cap=np.array([NO_CAP]),
        hospital_cap=np.full(m, NO_CAP), minutes=minutes.ravel(), grids=grids,
        stages=(Stage("travel", both("minutes"), minutes.ravel()),),
    )  # fmt: skip


def _campuses(km: np.ndarray) -> np.ndarray:
    """The nearest unit of each lead, each unit once."""
    taken: list[int] = []
    for of_lead in km.T:
        taken.append(next(u for u in np.argsort(of_lead, kind="stable").tolist() if u not in taken))
    return np.array(taken)

"""Random cities of any size, as a `Problem` of arrays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.policies.rules.priority import PRICES
from gridplan.words.text import both

SPEED_KM_H = 28.0
DETOUR = 1.3
RADIUS_KM = 30.0
LONGEST = 3.4  # mean distances between neighbours that still touch
PARTNERS = 2  # of a district, at most
FULL = 1.2  # people of the largest district over the mean
DISTRICTS = 3  # of a hospital, at most


@dataclass(frozen=True)
class City:
    """What a random city is made from; the same numbers give the same city.

    Parameters
    ----------
    capacity_ratio : capacity of each hospital over the mean load, none where None. From 3 on the city is made so that
        there is a plan: no district has more people than its partners can take. Tighter ones may have none.
    contiguous : whether what a partner serves in a district must hang together; units that are neighbours in the plane
        touch.
    """

    units: int = 500
    hospitals: int = 20
    districts: int = 10
    seed: int = 1
    capacity_ratio: float | None = None
    contiguous: bool = False

    def __post_init__(self) -> None:
        if self.units < self.districts:
            raise ValueError("a city needs at least one unit per district")
        if min(self.hospitals, self.districts) < 1:
            raise ValueError("a city needs at least one hospital and one district")
        if self.districts > DISTRICTS * self.hospitals:
            raise ValueError("a hospital takes at most 3 districts: too few hospitals for so many districts")
        if self.capacity_ratio is not None and not self.capacity_ratio >= 1:
            raise ValueError(
                "hospitals with room for less than the mean load (a ratio below 1) cannot serve all"
            )
        if self.capacity_ratio is not None and self.room < 1:
            raise ValueError(
                f"{self.districts} districts with {PARTNERS} partners each have room for {self.room:.0%} of the "
                "people: give more districts, fewer hospitals or a larger ratio"
            )

    @property
    def room(self) -> float:
        """Room of all hospitals that districts may have as partners, over the people."""
        return min(self.hospitals, PARTNERS * self.districts) * (self.capacity_ratio or 1.0) / self.hospitals

    @property
    def name(self) -> str:
        """One word for tables."""
        tight = "" if self.capacity_ratio is None else f"-r{self.capacity_ratio:g}"
        parts = "-contiguous" if self.contiguous else ""
        return f"city-{self.units}x{self.hospitals}x{self.districts}{tight}{parts}-{self.seed}"


def problem(city: City) -> Problem:
    """Units and hospitals, denser towards the middle; caps 2 and 3, prices of shanghai-2025.

    A hospital has priority 1 in its home district, and a link of priority 1 to 4 to one other.

    Raises
    ------
    ValueError : no plan can exist, since a unit or a district has more residents than its partners can take.
    """
    rng = np.random.default_rng(city.seed)
    n, m, k = city.units, city.hospitals, city.districts
    centres = disc(rng, k, 0.5)
    places = disc(rng, n, 0.6)
    people = rng.integers(500, 100_000, size=n)
    district = _districts(np.linalg.norm(places[:, None] - centres[None], axis=2), people, city.room)
    sites = disc(rng, m, 1.2)
    home = np.linalg.norm(sites[:, None] - centres[None], axis=2).argmin(axis=1)
    priority = np.full((k, m), 5)
    links = rng.integers(k, size=m)
    priority[links, np.arange(m)] = rng.integers(1, 5, size=m)
    priority[home, np.arange(m)] = 1
    km = np.linalg.norm(places[:, None] - sites[None], axis=2)
    minutes = np.round(km * DETOUR / SPEED_KM_H * 60, 4).ravel()
    unit, hospital = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    room = np.inf if city.capacity_ratio is None else city.capacity_ratio * people.sum() / m
    _refuse_overfull(people, district, room, m)
    edges = touching(places) if city.contiguous else np.zeros((0, 2), dtype=int)
    price = np.array(PRICES)[priority[district[unit], hospital] - 1]
    return Problem(
        layer="general",
        unit_ids=_ids("u", n),
        district_ids=_ids("d", k),
        hospital_ids=_ids("h", m),
        people=people,
        demand=people.astype(float),
        district=district,
        unit=unit,
        hospital=hospital,
        minutes=minutes,
        counted=np.ones(m, dtype=bool),
        priority=priority,
        allowed=np.ones((k, m), dtype=bool),
        pinned=np.zeros((k, m), dtype=bool),
        existing=np.zeros((k, m), dtype=bool),
        district_cap=np.full(k, PARTNERS),
        hospital_cap=np.full(m, DISTRICTS),
        capacity=np.full(m, room),
        within=np.ones(n * m, dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(n * m),
        least_partners=0,
        least_share=0.0,
        stages=(Stage("travel", both("minutes + price"), minutes + price),),
        neighbours=edges[district[edges[:, 0]] == district[edges[:, 1]]] if city.contiguous else None,
    )


def _districts(km: np.ndarray, people: np.ndarray, room: float) -> np.ndarray:
    """(n,) each unit in the nearest district that is not full yet; those next to a centre choose first.

    Parameters
    ----------
    km : (n, k) from units to centres.
    room : of all partners over the people; where it is scarce, districts are more even.
    """
    n, k = km.shape
    left = np.full(k, min(FULL, max(1.0, 0.9 * room)) * people.sum() / k)
    district, nearest = np.empty(n, dtype=int), np.argsort(km, axis=1, kind="stable")
    for u in np.argsort(km.min(axis=1), kind="stable").tolist():
        fits = nearest[u][left[nearest[u]] >= people[u]]
        district[u] = fits[0] if len(fits) else left.argmax()
        left[district[u]] -= people[u]
    for d in np.flatnonzero(np.bincount(district, minlength=k) == 0).tolist():  # no district is empty
        spare = np.flatnonzero(np.bincount(district, minlength=k)[district] > 1)
        district[spare[km[spare, d].argmin()]] = d
    return district


def _refuse_overfull(people: np.ndarray, district: np.ndarray, room: float, hospitals: int) -> None:
    """Raises ValueError where counting shows that no plan can exist."""
    if people.max() > room:
        raise ValueError(
            f"no plan can exist: a unit has {people.max():,} residents, a hospital room for {room:,.0f}; "
            "take more units, or a larger ratio"
        )
    most = int(np.bincount(district, weights=people).max())
    partners = min(PARTNERS, hospitals)
    if most > partners * room:
        raise ValueError(
            f"no plan can exist: a district has {most:,} residents, its {partners} partners room for "
            f"{partners * room:,.0f}; take more units or districts, or a larger ratio"
        )


def touching(places: np.ndarray) -> np.ndarray:
    """(E, 2) places that are neighbours in the plane, each pair once; not those far apart, as around a bay."""
    if len(places) < 4:
        return np.array(list(itertools.combinations(range(len(places)), 2)), dtype=int).reshape(-1, 2)
    triangles = Delaunay(places).simplices
    edges = np.unique(
        np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1), axis=0
    )
    apart = np.linalg.norm(places[edges[:, 0]] - places[edges[:, 1]], axis=1)
    near: np.ndarray = edges[apart < LONGEST * RADIUS_KM * np.sqrt(np.pi / len(places))]
    return near


def disc(rng: np.random.Generator, size: int, towards_middle: float) -> np.ndarray:
    """Points in a disc, km; a larger exponent draws them to the middle."""
    angle, radius = rng.uniform(0, 2 * np.pi, size), RADIUS_KM * rng.uniform(0, 1, size) ** towards_middle
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _ids(letter: str, size: int) -> np.ndarray:
    width = len(str(size))
    return np.array([f"{letter}{i:0{width}}" for i in range(size)], dtype=object)

"""SH-12 and LZ-4 as one integer programme: alliances and signature specialties (FORMULATION.md, "Programme", A and L).

They are one, because an alliance may lift a weak discipline of a district into a signature of a grid there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, Reached, solve_in_order


@dataclass(frozen=True, eq=False)
class AlliancesProblem:
    """Numbers of the programme.

    Parameters
    ----------
    hospital, discipline : (departments,) of each leading department.
    most : (departments,) districts that it leads at most, if it leads at all; `least` at least.
    need : (districts, disciplines) people in need.
    may : (departments, districts) bool: not at home, in need, and in step with the regional consortium.
    kind : (districts,) place of its kind in the order of goals.
    outer : (districts,) bool, not central: what `suburbs` counts.
    per_district, per_hospital : alliances at most.
    suburbs : least share of alliances with `outer` districts; None = off.
    grid_district : (grids,).
    strength : (grids, disciplines) of a signature; 0 = it can be none.
    lifted : (grids, disciplines) bool: a signature only with an alliance of the district.
    borders : (pairs, 2) neighbouring grids.
    per_grid : signatures of each grid; 0 = no signatures.
    most_grids : grids that share a discipline.
    """

    hospital: np.ndarray
    discipline: np.ndarray
    most: np.ndarray
    least: int
    need: np.ndarray
    may: np.ndarray
    kind: np.ndarray
    outer: np.ndarray
    per_district: int
    per_hospital: int
    suburbs: float | None
    grid_district: np.ndarray
    strength: np.ndarray
    lifted: np.ndarray
    borders: np.ndarray
    per_grid: int
    most_grids: int


@dataclass(frozen=True, eq=False)
class AlliancesSolution:
    """alliances : rows department, district. signatures : rows grid, discipline."""

    alliances: np.ndarray
    signatures: np.ndarray
    reached: tuple[Reached, ...]


class AlliancesModel:
    """The model's columns by meaning: x alliances, y departments that lead, z signatures, e look-alikes, s short."""

    def __init__(self, p: AlliancesProblem) -> None:
        self.p, self.model = p, Assembly()
        self.lead, self.district = np.nonzero(p.may)
        self.x = self.model.columns(len(self.lead), name="x")
        self.y = self.model.columns(len(p.hospital), name="y")
        can = (p.strength > 0) if p.per_grid else np.zeros_like(p.strength, dtype=bool)
        self.grid, self.own = np.nonzero(can)
        self.z = self.model.columns(len(self.grid), name="z")
        self.s = self.model.columns(len(p.grid_district) if p.per_grid else 0, whole=False, name="s")
        self.alliances()
        self.e = np.empty(0, dtype=int)
        if p.per_grid:
            self.signatures()

    def alliances(self) -> None:
        p, model = self.p, self.model
        for k in range(len(p.hospital)):  # (A1)
            mine = self.x[self.lead == k]
            both, ones = np.append(mine, self.y[k]), np.ones(len(mine))
            model.row(both, np.append(ones, -float(p.most[k])), high=0.0)
            model.row(both, np.append(ones, -float(p.least)), low=0.0)
        for x in range(len(self.x)):
            model.row(
                np.array([self.x[x], self.y[self.lead[x]]]), np.array([1.0, -1.0]), high=0.0
            )  # tightens (A1)
        s = p.discipline[self.lead]
        for d in range(len(p.need)):
            here = self.district == d
            for code in np.unique(s[here]):
                model.row(self.x[here & (s == code)], 1.0, high=1.0)  # (A2)
            if here.any():
                model.row(self.x[here], 1.0, high=float(p.per_district))  # (A3)
        for h in np.unique(p.hospital):
            model.row(self.x[p.hospital[self.lead] == h], 1.0, high=float(p.per_hospital))
        if p.suburbs is not None:
            model.row(self.x, p.suburbs - p.outer[self.district].astype(float), high=0.0)  # (A5)

    def signatures(self) -> None:
        p, model = self.p, self.model
        k = float(p.per_grid)
        for g in range(len(p.grid_district)):
            mine = self.z[self.grid == g]
            model.row(mine, 1.0, high=k)  # (L1)
            model.row(np.append(mine, self.s[g]), np.append(np.ones(len(mine)), k), low=k)
        s = p.discipline[self.lead]
        for i in np.flatnonzero(p.lifted[self.grid, self.own]):  # (L2)
            with_ = self.x[(self.district == p.grid_district[self.grid[i]]) & (s == self.own[i])]
            model.row(np.append(with_, self.z[i]), np.append(np.ones(len(with_)), -1.0), low=0.0)
        for code in np.unique(self.own):
            model.row(self.z[self.own == code], 1.0, high=float(p.most_grids))  # (L3)
        place = {key: n for n, key in enumerate(zip(self.grid.tolist(), self.own.tolist(), strict=True))}
        both = [
            (place[a, code], place[b, code])
            for a, b in p.borders.tolist()
            for code in range(p.strength.shape[1])
            if (a, code) in place and (b, code) in place
        ]
        self.e = model.columns(len(both), whole=False, name="e")
        for n, (a, b) in enumerate(both):
            model.row(
                np.array([self.z[a], self.z[b], self.e[n]]), np.array([1.0, 1.0, -1.0]), high=1.0
            )  # (L4)

    def aims(self) -> list[Aim]:
        """Goals in order: fewest missing signatures, fewest look-alikes, most need kind by kind, greatest strength."""
        p, n = self.p, len(self.model.whole)
        aims = []
        if p.per_grid:
            missing, alike = np.zeros(n), np.zeros(n)
            missing[self.s], alike[self.e] = p.per_grid, 1.0
            aims += [Aim("unsigned", missing), Aim("alike", alike)]
        need = p.need[self.district, p.discipline[self.lead]]
        for kind in np.unique(p.kind) if len(self.x) else ():
            cost = np.zeros(n)
            cost[self.x] = -np.where(p.kind[self.district] == kind, need, 0.0)
            aims.append(Aim(f"need_{kind}", cost))
        if p.per_grid:
            strength = np.zeros(n)
            strength[self.z] = -p.strength[self.grid, self.own]
            aims.append(Aim("strength", strength))
        return aims


def solve_alliances(p: AlliancesProblem, seconds: float | None = None) -> AlliancesSolution:
    """Alliances and signatures, all goals in order.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before anything was found.
    """
    made = AlliancesModel(p)
    whole = np.concatenate([made.x, made.y, made.z])
    solution = solve_in_order(made.model, made.aims(), whole[:0], whole, seconds)
    x, z = solution.values[made.x] > 0.5, solution.values[made.z] > 0.5
    return AlliancesSolution(
        np.column_stack([made.lead[x], made.district[x]]),
        np.column_stack([made.grid[z], made.own[z]]),
        solution.reached,
    )

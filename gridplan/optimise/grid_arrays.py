"""Grids as arrays: what the layer "grid" has beyond a layer of partners (rows 8, 19, 20, 22 of FORMULATION.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.adjacency import components
from gridplan.geography.neighbours import neighbours, seats
from gridplan.inputs.region import Region
from gridplan.policies.leads import district_forms
from gridplan.policies.policy import Policy
from gridplan.policies.rules import CountyCommunities, GridLeads, Grids, GridShape

FREE = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class GridArrays:
    """What makes a layer of leads a layer of grids. Indices are those of the `Problem` it belongs to.

    Parameters
    ----------
    neighbours : (E, 2) units that touch, each pair once.
    root_unit, root_hospital : (R,) the unit of each campus of each lead, and those beside where the policy lets it begin there.
    home : (H,) district of each lead; -1 where that district is not planned.
    connected : whether each part of a grid must hold a campus of its lead (ZJ-6).
    loose : (n,) units exempt from that: on an island where no lead has a campus (over land, bridges and ferries that
        its grids may use).
    least, most : grids in the city.
    least_in, most_in : (D,) grids led from each district.
    area : (D,) number of the area that a district belongs to: grids stay inside an area, and are balanced in it.
    balance : grids' residents stand within ± this share of their fair part; None where not asked.
    weight : (H,) what the fair part is in proportion to; NaN where the hospital does not state it.
    rank : (H,) 1 the best, where a hospital leads only if the better ones of its district do; None where not asked.
    """

    neighbours: np.ndarray
    root_unit: np.ndarray
    root_hospital: np.ndarray
    home: np.ndarray
    connected: bool
    loose: np.ndarray
    least: int
    most: int
    least_in: np.ndarray
    most_in: np.ndarray
    area: np.ndarray
    balance: float | None
    weight: np.ndarray
    rank: np.ndarray | None = None

    @property
    def lead_area(self) -> np.ndarray:
        """(H,) area of each lead; -1 where its district is not planned."""
        return np.where(self.home >= 0, self.area[self.home], -1)

    @property
    def in_reach(self) -> np.ndarray:
        """(D, H) whether the lead and the district are of one area."""
        return self.area[:, None] == self.lead_area[None, :]


def lead_order(grids: GridArrays, able: np.ndarray) -> list[tuple[int, list[int]]]:
    """Pairs (h, G): h leads only if one of G does. G holds a better lead of h's district, and those better ones of the
    district that stand in a unit with it.

    Parameters
    ----------
    able : (H,) whether a hospital may lead at home.
    """
    if grids.rank is None:
        return []
    stands = [set(grids.root_unit[grids.root_hospital == h].tolist()) for h in range(len(grids.home))]
    may = [h for h in np.flatnonzero(able & (grids.home >= 0)).tolist() if stands[h]]
    found = []
    for h in may:
        better = [g for g in may if grids.home[g] == grids.home[h] and grids.rank[g] < grids.rank[h]]
        found += [
            (h, group)
            for group in sorted({tuple(o for o in better if stands[o] & stands[g]) for g in better})
        ]
    return [(h, list(group)) for h, group in found]


def grid_arrays(
    region: Region, policy: Policy, unit_ids: np.ndarray, unit_district: np.ndarray, district_ids: np.ndarray,
    hospital_ids: np.ndarray,
) -> GridArrays:  # fmt: skip
    """The arrays of the layer "grid" for the units, districts and leads of its problem.

    Parameters
    ----------
    unit_district : (n,) index of each unit's district in `district_ids`.
    """
    rule, shape = policy.rule(Grids) or Grids(), policy.rule(GridShape)
    position = pd.Index(unit_ids).get_indexer(region.units["unit_id"])  # -1 where a unit is not planned
    edges = position[neighbours(region)]
    edges = edges[(edges >= 0).all(axis=1)]
    area = np.zeros(len(district_ids), dtype=int) if rule.across_districts else np.arange(len(district_ids))
    counties = np.array([district_forms(region, policy)[d] == "county" for d in district_ids], dtype=bool)
    area[counties] = np.arange(len(district_ids))[counties] + 1 if rule.across_districts else area[counties]
    edges = edges[area[unit_district[edges[:, 0]]] == area[unit_district[edges[:, 1]]]]
    who = policy.rule(GridLeads) or GridLeads()
    homes = region.hospitals.set_index("hospital_id")["district_id"].reindex(hospital_ids)
    home = pd.Index(district_ids).get_indexer(homes)
    lead_area = dict(zip(hospital_ids, np.where(home >= 0, area[home], -1), strict=True))
    unit_area = np.where(position >= 0, area[unit_district[position]], -2)
    sites = seats(region, list(hospital_ids), who.beside, unit_area, lead_area)
    root_unit = position[sites["unit"].to_numpy(dtype=int)]
    root_hospital = pd.Index(hospital_ids).get_indexer(sites["hospital_id"])
    parts = components(len(unit_ids), edges)
    return GridArrays(
        neighbours=edges,
        root_unit=root_unit,
        root_hospital=root_hospital,
        home=home,
        connected=shape is not None and shape.connected,
        loose=~np.isin(parts, parts[root_unit]),
        area=area,
        balance=None if shape is None else shape.balance,
        weight=_weights(region, hospital_ids, "equal" if shape is None else shape.balance_by),
        **_numbers(rule, policy, district_ids, counties),
    )


def _weights(region: Region, hospital_ids: np.ndarray, by: str) -> np.ndarray:
    if by == "equal":
        return np.ones(len(hospital_ids))
    return region.hospitals.set_index("hospital_id")[by].reindex(hospital_ids).to_numpy(dtype=float)


def _numbers(
    rule: Grids, policy: Policy, district_ids: np.ndarray, counties: np.ndarray
) -> Mapping[str, Any]:
    """How many grids, in the city and led from each district; a county community is one."""
    least_in = np.full(len(district_ids), rule.least_per_district)
    most_in = np.full(len(district_ids), rule.most_per_district or FREE)
    for d, key in enumerate(district_ids):
        if key in rule.number:
            least_in[d] = most_in[d] = rule.number[key]
    if policy.rule(CountyCommunities) is not None:
        least_in[counties] = most_in[counties] = 1
    return {"least": rule.least or 1, "most": rule.most or FREE, "least_in": least_in, "most_in": most_in}

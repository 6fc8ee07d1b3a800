"""A part of a problem: some of its units, districts and hospitals, every array cut to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage


def restricted(
    p: Problem, units: np.ndarray, districts: np.ndarray, hospitals: np.ndarray | None = None
) -> Problem:
    """The problem of these units alone; not of a layer of grids.

    Parameters
    ----------
    units, districts, hospitals : (n,), (D,), (H,) bool, who stays; all hospitals where None. Units stay only with
        their district.
    """
    assert p.grids is None
    stay = np.ones(len(p.hospital_ids), dtype=bool) if hospitals is None else hospitals
    pairs, square = units[p.unit] & stay[p.hospital], np.ix_(districts, stay)
    new_unit, new_district, new_hospital = (np.cumsum(kept) - 1 for kept in (units, districts, stay))
    edges = p.neighbours
    return replace(
        p,
        unit_ids=p.unit_ids[units],
        district_ids=p.district_ids[districts],
        hospital_ids=p.hospital_ids[stay],
        people=p.people[units],
        demand=p.demand[units],
        district=new_district[p.district[units]],
        unit=new_unit[p.unit[pairs]],
        hospital=new_hospital[p.hospital[pairs]],
        minutes=p.minutes[pairs],
        counted=p.counted[stay],
        priority=p.priority[square],
        allowed=p.allowed[square],
        pinned=p.pinned[square],
        existing=p.existing[square],
        present=None if p.present is None else p.present[square],
        district_cap=p.district_cap[districts],
        hospital_cap=p.hospital_cap[stay],
        capacity=p.capacity[stay],
        within=p.within[pairs],
        excess_price=p.excess_price[pairs],
        stages=tuple(_stage(stage, pairs, square) for stage in p.stages),
        ties=None if p.ties is None else _stage(p.ties, pairs, square),
        use=None if p.use is None else p.use[pairs],
        most_travel=None if p.most_travel is None else p.most_travel[districts],
        travel_people=None if p.travel_people is None else p.travel_people[units],
        neighbours=None if edges is None else new_unit[edges[units[edges].all(axis=1)]],
    )


def _stage(stage: Stage, pairs: np.ndarray, square: tuple[np.ndarray, ...]) -> Stage:
    price = None if stage.pair_price is None else stage.pair_price[square]
    return replace(stage, cost=stage.cost[pairs], pair_price=price)

"""Where no plan of grids keeps all rules: the districts to look at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.grids.area import areas
from gridplan.optimise.engines.grids.by_area import GRIDS, possible_area, solve_grids
from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import Text


def possible(p: Problem, engine: Engine, seconds: float | None) -> bool | None:
    """Whether any plan of grids keeps all rules; None where the clock ran out."""
    plain = _without_goal(p)
    if GRIDS.why_not(plain) is not None:
        ref = Reference(plain)
        ref.model.minimise([])
        found = ref.model.solve(engine, seconds, 1.0).found
        return None if found == "none" else found != "infeasible"
    run = solve_grids(plain, engine, seconds, 1.0, 1)
    return False if run.impossible else None if run.serves is None else True


def impossible_part(p: Problem, engine: Engine, seconds: float | None) -> Problem:
    """The districts whose areas have no plan of their own; the whole problem where each area has one."""
    assert p.grids is not None
    plain = _without_goal(p)
    if GRIDS.why_not(plain) is not None:
        return p
    stuck = [area for area in areas(plain) if possible_area(area, engine, seconds) is False]
    if not stuck:
        return p
    units = np.concatenate([area.units for area in stuck])
    return _restricted(p, p.grids, np.isin(p.grids.area, p.grids.area[p.district[units]]))


def _without_goal(p: Problem) -> Problem:
    nothing = Stage("travel", Text("any plan", "任一方案"), np.zeros(len(p.unit)))
    return replace(p, stages=(nothing,), ties=None)


def _restricted(p: Problem, grids: GridArrays, districts: np.ndarray) -> Problem:
    """The problem of some districts, whole areas of them, without goals and without numbers of the city."""
    units, hospitals = districts[p.district], np.isin(grids.lead_area, grids.area[districts])
    pairs = units[p.unit] & hospitals[p.hospital]
    new_unit, new_district, new_hospital = (np.cumsum(kept) - 1 for kept in (units, districts, hospitals))
    edges = grids.neighbours[units[grids.neighbours].all(axis=1)]
    roots = units[grids.root_unit] & hospitals[grids.root_hospital]
    square = np.ix_(districts, hospitals)
    inner = replace(
        grids, neighbours=new_unit[edges], root_unit=new_unit[grids.root_unit[roots]],
        root_hospital=new_hospital[grids.root_hospital[roots]], home=new_district[grids.home[hospitals]],
        loose=grids.loose[units], least=1, most=FREE, least_in=grids.least_in[districts],
        most_in=grids.most_in[districts], area=grids.area[districts], weight=grids.weight[hospitals],
        rank=None if grids.rank is None else grids.rank[hospitals],
    )  # fmt: skip
    return replace(
        p, unit_ids=p.unit_ids[units], district_ids=p.district_ids[districts], hospital_ids=p.hospital_ids[hospitals],
        people=p.people[units], demand=p.demand[units], district=new_district[p.district[units]],
        unit=new_unit[p.unit[pairs]], hospital=new_hospital[p.hospital[pairs]], minutes=p.minutes[pairs],
        counted=p.counted[hospitals], priority=p.priority[square], allowed=p.allowed[square], pinned=p.pinned[square],
        existing=p.existing[square], present=None, district_cap=p.district_cap[districts], hospital_cap=p.hospital_cap[hospitals],
        capacity=p.capacity[hospitals], within=p.within[pairs], excess_price=p.excess_price[pairs],
        stages=(), ties=None, grids=inner, use=None if p.use is None else p.use[pairs],
    )  # fmt: skip

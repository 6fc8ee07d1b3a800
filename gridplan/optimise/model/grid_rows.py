"""The rows of the reference model that make a layer of leads a layer of grids: (8), (9), (19), (20) of FORMULATION.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.model.pulp_door import Model, Sense, Terms
from gridplan.optimise.problem import Problem

Sum = list[tuple[Any, float]]


class Rows(Protocol):
    """What the rows need of the model under construction."""

    problem: Problem
    relax: bool
    model: Model
    x: dict[int, Any]
    y: dict[tuple[int, int], Any]
    z: dict[int, Any]

    def row(
        self, terms: Terms, sense: Sense, limit: float, name: str, rule: str, d: int = -1, h: int = -1, u: int = -1,
        step: float = 1.0, weight: float = 1.0, kind: str = "", per: Any = None,
    ) -> None:  # fmt: skip
        """Add a row of a rule."""

    def link(self, u: int) -> Any:
        """A variable that is 1 where a bridge or ferry must reach the unit."""


def leads(ref: Rows) -> None:
    """y_dh ≤ z_h ≤ Σ_d y_dh: h leads a grid where it serves a district               (20) ZJ-2"""
    p = ref.problem
    of_lead: dict[int, list[int]] = {h: [] for h in ref.z}
    for d, h in ref.y if ref.z else ():
        of_lead[h].append(d)
        ref.model.add(
            [(ref.y[d, h], 1.0), (ref.z[h], -1.0)],
            "<=",
            0.0,
            f"leads[{p.district_ids[d]},{p.hospital_ids[h]}]",
        )
    for h, z in ref.z.items():
        terms = [(z, 1.0), *((ref.y[d, h], -1.0) for d in of_lead[h])]
        ref.model.add(terms, "<=", 0.0, f"leads_somewhere[{p.hospital_ids[h]}]")


def inside(ref: Rows) -> None:
    """z_h ≤ Σ_{s campus of h} x_sh: a grid holds a unit with a campus of its lead    (20) ZJ-2"""
    p, x = ref.problem, _by_place(ref)
    for h, z in ref.z.items():
        roots = [(x[s, h], -1.0) for s in _roots(p, h) if (s, h) in x]
        ref.model.add([(z, 1.0), *roots], "<=", 0.0, f"inside[{p.hospital_ids[h]}]")


def connected(ref: Rows) -> None:
    """Σ_v (f_vuh − f_uvh) = x_uh, f_vuh ≤ (n − 1) x_vh, f_vuh ≤ (n − 1) x_uh          (8) ZJ-6

    f carries one token to each unit u of h that is neither a campus of h nor loose; campuses and loose units give as
    many as are asked. Where the row may give way, a link lets a unit give tokens too.
    """
    p, x = ref.problem, _by_place(ref)
    grids = p.grids
    if grids is None or not grids.connected:
        return
    links = {u: ref.link(u) for u in np.flatnonzero(~grids.loose).tolist()} if ref.relax else {}
    most = float(max(1, len(p.unit_ids) - 1))
    for h in ref.z:
        sources = _roots(p, h) | set(np.flatnonzero(grids.loose).tolist())
        into: dict[int, Sum] = {u: [] for u, hh in x if hh == h and u not in sources}
        for a, b in grids.neighbours.tolist():
            for v, u in ((a, b), (b, a)):
                if (v, h) not in x or u not in into:
                    continue
                name = f"{p.unit_ids[v]},{p.unit_ids[u]},{p.hospital_ids[h]}"
                flow = ref.model.continuous(f"flow[{name}]")
                ref.model.add([(flow, 1.0), (x[v, h], -most)], "<=", 0.0, f"flow_from[{name}]")
                ref.model.add([(flow, 1.0), (x[u, h], -most)], "<=", 0.0, f"flow_to[{name}]")
                into[u].append((flow, 1.0))
                if v in into:
                    into[v].append((flow, -1.0))
        for u, terms in into.items():
            name = f"connected[{p.unit_ids[u]},{p.hospital_ids[h]}]"
            given = [(links[u], most + 1)] if u in links else []
            ref.model.add([*terms, (x[u, h], -1.0), *given], ">=" if given else "==", 0.0, name)


def number_of_grids(ref: Rows) -> None:
    """least ≤ Σ_h z_h ≤ most, in the city and of the leads of each district           (9) ZJ-1, CD-2"""
    p, grids = ref.problem, ref.problem.grids
    if grids is None:
        return
    places = [(-1, "city", grids.least, grids.most, list(ref.z))]
    for d, (least, most) in enumerate(zip(grids.least_in.tolist(), grids.most_in.tolist(), strict=True)):
        places.append((d, str(p.district_ids[d]), least, most, np.flatnonzero(grids.home == d).tolist()))
    for d, name, least, most, hospitals in places:
        terms = [(ref.z[h], 1.0) for h in hospitals]
        if least > 0:
            ref.row(terms, ">=", least, f"least_grids[{name}]", "ZJ-1", d=d, kind="least")
        if most != FREE and terms:
            ref.row(terms, "<=", most, f"most_grids[{name}]", "ZJ-1", d=d, kind="most")


def balanced(ref: Rows) -> None:
    """(1 − b) w_h q_h ≤ Σ_u P_u x_uh ≤ (1 + b) w_h q_h; Σ_h w_h q_h = P of the area; q_h = r z_h   (19) ZJ-6

    r, the residents that a grid of weight 1 should have, is free: q_h ≤ R z_h, q_h ≤ r, q_h ≥ r − R (1 − z_h) with R
    its largest value. A hospital whose weight is not stated has no fair part, and does not lead.
    """
    p, grids = ref.problem, ref.problem.grids
    if grids is None or grids.balance is None:
        return
    load: dict[int, Sum] = {h: [] for h in ref.z}
    for k, var in ref.x.items():
        load[int(p.hospital[k])].append((var, float(p.people[p.unit[k]])))
    for h in np.flatnonzero(np.isnan(grids.weight)).tolist():
        ref.model.add([(ref.z[h], 1.0)], "<=", 0.0, f"weight_not_stated[{p.hospital_ids[h]}]")
    for area, people, hospitals in areas_to_balance(p, grids):
        weight = {h: float(grids.weight[h]) for h in hospitals}
        largest = people / min((w for w in weight.values() if w > 0), default=1.0)
        rate = ref.model.continuous(f"fair[{area}]", largest)
        fair = {h: ref.model.continuous(f"fair_of[{p.hospital_ids[h]}]") for h in hospitals}
        ref.model.add([(fair[h], weight[h]) for h in hospitals], "==", people, f"fair_parts[{area}]")
        for h, q in fair.items():
            key = p.hospital_ids[h]
            ref.model.add([(q, 1.0), (ref.z[h], -largest)], "<=", 0.0, f"fair_if[{key}]")
            ref.model.add([(q, 1.0), (rate, -1.0)], "<=", 0.0, f"fair_most[{key}]")
            ref.model.add(
                [(q, 1.0), (rate, -1.0), (ref.z[h], -largest)], ">=", -largest, f"fair_least[{key}]"
            )
            place: dict[str, Any] = {
                "d": int(grids.home[h]),
                "h": h,
                "step": max(1.0, people / len(hospitals)),
                "per": q,
            }
            low, high = (1 - grids.balance) * weight[h], (1 + grids.balance) * weight[h]
            ref.row([*load[h], (q, -low)], ">=", low, f"low[{key}]", "ZJ-6", kind="low", **place)
            ref.row([*load[h], (q, -high)], "<=", high, f"high[{key}]", "ZJ-6", kind="high", **place)


def areas_to_balance(p: Problem, grids: GridArrays) -> Iterator[tuple[int, float, list[int]]]:
    """Each area with its residents and the leads whose fair part is known."""
    for area in np.unique(grids.area).tolist():
        hospitals = np.flatnonzero((grids.lead_area == area) & ~np.isnan(grids.weight)).tolist()
        people = float(p.people[grids.area[p.district] == area].sum())
        if hospitals and people > 0:
            yield area, people, hospitals


def _by_place(ref: Rows) -> dict[tuple[int, int], Any]:
    """x by (unit, hospital)."""
    p = ref.problem
    return {(int(p.unit[k]), int(p.hospital[k])): var for k, var in ref.x.items()} if ref.z else {}


def _roots(p: Problem, h: int) -> set[int]:
    assert p.grids is not None
    return set(p.grids.root_unit[p.grids.root_hospital == h].tolist())

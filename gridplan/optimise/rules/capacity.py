"""CAPACITY in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import (
    Constraint,
    Demand,
    Fields,
    Slack,
    changed_at,
    rounded_up,
)
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.policies.rules import Capacity
from gridplan.words.text import Text

MORE = 0.1  # of its capacity, where a hospital is asked about with more


def numbers(problem: Problem, rule: Capacity, region: Region) -> Fields:
    """What each hospital states, times people per bed; blank is no limit."""
    stated = region.hospitals.set_index("hospital_id")[rule.source].reindex(problem.hospital_ids)
    return {"capacity": stated.fillna(np.inf).to_numpy(dtype=float) * (rule.people_per_bed or 1.0)}


def capacity(ref: Reference) -> None:
    """Σ_u r_uh · x_uh ≤ U_h for every hospital h with a stated capacity               (6) CAPACITY"""
    p, use = ref.problem, ref.problem.pair_use
    of_hospital: dict[int, list[tuple[Any, float]]] = {}
    for k, x in ref.x.items():
        of_hospital.setdefault(int(p.hospital[k]), []).append((x, float(use[k])))
    mean = float(p.district_people.mean())
    for h, terms in sorted(of_hospital.items()):
        if np.isfinite(p.capacity[h]):
            ref.row(
                terms,
                "<=",
                float(p.capacity[h]),
                f"capacity[{p.hospital_ids[h]}]",
                "CAPACITY",
                h=h,
                step=mean,
            )


def demands(p: Problem) -> Iterator[Demand]:
    """Each hospital with a stated capacity."""
    yield from (Demand("CAPACITY", -1, h) for h in np.flatnonzero(np.isfinite(p.capacity)).tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """No limit there."""
    return replace(p, capacity=changed_at(p.capacity, demand.hospital, np.inf))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many residents at most."""
    room = p.capacity[demand.hospital]
    return Text(f"{h}: room for {room:,.0f} residents", f"{h}：可承载 {room:,.0f} 人")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """Room for more residents there."""
    h, more = slack.hospital, np.ceil(value * slack.step - 1e-5)
    return replace(p, capacity=changed_at(p.capacity, h, p.capacity[h] + more))


def full(layer: SolvedLayer) -> Iterator[tuple[int, int]]:
    """Hospitals that could not take the largest unit of the districts that may choose them."""
    p = layer.problem
    for h in np.flatnonzero(np.isfinite(p.capacity)).tolist():
        could = p.people[p.allowed[p.district, h] & (layer.serves != h) & np.isfinite(layer.minutes[:, h])]
        if len(could) and p.capacity[h] - layer.load[h] < could.max():
            yield -1, h


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """10 % more room in each of them."""
    p = layer.problem
    for _, h in full(layer):
        room, name = float(p.capacity[h]), layer.hospital(h)
        more = room * (1 + MORE)
        what = Text(f"10 % more capacity for {name}", f"{name} 承载能力提高 10 %")
        yield Loosened(-1, h, room, more, replace(p, capacity=changed_at(p.capacity, h, more)), what)


def keeps_off(layer: SolvedLayer, u: int, h: int) -> Text | None:
    """How many of the unit's residents there is room for."""
    p = layer.problem
    room, people = p.capacity[h] - layer.load[h], p.people[u]
    if room >= people or not layer.within[u, h]:
        return None
    return Text(
        f"has room for {max(0.0, room):,.0f} of the unit's {people:,} residents",
        f"只余 {max(0.0, room):,.0f} 人的承载能力，该单元有 {people:,} 人",
    )


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(capacity,),
    rounding=rounded_up,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "CAPACITY {h}: {needed:,.0f} residents, room for {limit:,.0f}",
            "CAPACITY {h}：{needed:,.0f} 人，可承载 {limit:,.0f} 人",
        ),
        Text("give {h} room for {excess:,.0f} more residents", "为 {h} 增加 {excess:,.0f} 人的承载能力"),
    ),
    full=full,
    binds=binds,
    keeps_off=keeps_off,
)

"""SH-2 in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import (
    Constraint,
    Demand,
    Fields,
    Slack,
    changed_at,
    steps,
)
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.policies.rules import DistrictCap
from gridplan.words.text import Text


def numbers(problem: Problem, rule: DistrictCap, region: Region) -> Fields:
    """The cap of each district, overrides included."""
    return {"district_cap": np.array([rule.limit(d) for d in problem.district_ids])}


def district_cap(ref: Reference) -> None:
    """Σ_h g_h · y_dh ≤ K_d + o_d for every district d; o_d = 0 unless the caps bend    (3) SH-2, SH-4"""
    p = ref.problem
    for d, cap in enumerate(p.district_cap.tolist()):
        if cap != NO_CAP:
            terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[0] == d]
            if terms:
                name = f"district_cap[{p.district_ids[d]}]"
                ref.row([*terms, *ref.bend(name)], "<=", cap, name, "SH-2", d=d)


def demands(p: Problem) -> Iterator[Demand]:
    """The cap of each district."""
    yield from (Demand("SH-2", d) for d in np.flatnonzero(p.district_cap != NO_CAP).tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """No cap there."""
    return replace(p, district_cap=changed_at(p.district_cap, demand.district, NO_CAP))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many partners at most."""
    most = p.district_cap[demand.district]
    return Text(f"{d}: at most {most} partners", f"{d}：至多 {most} 家")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """A higher cap there."""
    d = slack.district
    return replace(p, district_cap=changed_at(p.district_cap, d, p.district_cap[d] + steps(slack, value)))


def full(layer: SolvedLayer) -> Iterator[tuple[int, int]]:
    """Districts whose cap is full, where there is a hospital left to take."""
    p = layer.problem
    for d in np.flatnonzero(p.district_cap != NO_CAP).tolist():
        if (p.allowed[d] & p.counted).sum() > len(layer.partners(d)) >= p.district_cap[d]:
            yield d, -1


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """One partner more for each of them."""
    p = layer.problem
    for d, _ in full(layer):
        most, what = (
            int(p.district_cap[d]),
            Text(f"one more partner for {layer.district(d)}", f"{layer.district(d)}增加 1 家合作医院"),
        )
        yield Loosened(
            d, -1, most, most + 1, replace(p, district_cap=changed_at(p.district_cap, d, most + 1)), what
        )


def taken(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """Who its partners are, where the cap is full."""
    p, partners = layer.problem, layer.partners(d)
    if not p.counted[h] or p.caps_bend or p.district_cap[d] == NO_CAP or len(partners) < p.district_cap[d]:
        return None
    who, most = list(map(layer.hospital, partners)), p.district_cap[d]
    return Text(
        f"{layer.district(d)} has its {most} partners ({', '.join(who)})",
        f"{layer.district(d)} 的 {most} 个名额已满（{'、'.join(who)}）",
    )


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(district_cap,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "SH-2 {d}: needs {needed:.0f} partners, cap {limit:.0f}",
            "SH-2 {d}：需 {needed:.0f} 家，上限 {limit:.0f}",
        ),
        Text("let {d} take {needed:.0f} partners", "允许 {d} 与 {needed:.0f} 家合作"),
    ),
    full=full,
    binds=binds,
    taken=taken,
)

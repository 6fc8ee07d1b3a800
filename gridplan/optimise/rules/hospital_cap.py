"""SH-3 in the model: what it sets, its rows, how it gives way, how it is left out."""

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
from gridplan.policies.rules import HospitalCap
from gridplan.words.text import Text


def numbers(problem: Problem, rule: HospitalCap, region: Region) -> Fields:
    """The cap of each counted hospital, overrides included."""
    caps = [
        rule.limit(h) if g else NO_CAP for h, g in zip(problem.hospital_ids, problem.counted, strict=True)
    ]
    return {"hospital_cap": np.array(caps)}


def hospital_cap(ref: Reference) -> None:
    """Σ_d g_h · y_dh ≤ M_h + o_h for every hospital h, its home district included     (4) SH-3, SH-4"""
    p = ref.problem
    for h, cap in enumerate(p.hospital_cap.tolist()):
        if cap != NO_CAP:
            terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[1] == h]
            if terms:
                name = f"hospital_cap[{p.hospital_ids[h]}]"
                ref.row([*terms, *ref.bend(name)], "<=", cap, name, "SH-3", h=h)


def demands(p: Problem) -> Iterator[Demand]:
    """The cap of each counted hospital."""
    yield from (
        Demand("SH-3", -1, h) for h in np.flatnonzero((p.hospital_cap != NO_CAP) & p.counted).tolist()
    )


def without(p: Problem, demand: Demand) -> Problem:
    """No cap there."""
    return replace(p, hospital_cap=changed_at(p.hospital_cap, demand.hospital, NO_CAP))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many districts at most."""
    most = p.hospital_cap[demand.hospital]
    return Text(f"{h}: at most {most} districts", f"{h}：至多 {most} 个区")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """A higher cap there."""
    h = slack.hospital
    return replace(p, hospital_cap=changed_at(p.hospital_cap, h, p.hospital_cap[h] + steps(slack, value)))


def full(layer: SolvedLayer) -> Iterator[tuple[int, int]]:
    """Hospitals whose cap is full, where there is a district left to take."""
    p = layer.problem
    for h in np.flatnonzero((p.hospital_cap != NO_CAP) & p.counted).tolist():
        if p.allowed[:, h].sum() > len(layer.districts(h)) >= p.hospital_cap[h]:
            yield -1, h


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """One district more for each of them."""
    p = layer.problem
    for _, h in full(layer):
        most, what = (
            int(p.hospital_cap[h]),
            Text(f"one more district for {layer.hospital(h)}", f"{layer.hospital(h)} 增加 1 个合作区"),
        )
        yield Loosened(
            -1, h, most, most + 1, replace(p, hospital_cap=changed_at(p.hospital_cap, h, most + 1)), what
        )


def taken(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """Which its districts are, where the cap is full."""
    p, districts = layer.problem, layer.districts(h)
    if not p.counted[h] or p.caps_bend or p.hospital_cap[h] == NO_CAP or len(districts) < p.hospital_cap[h]:
        return None
    who, most = list(map(layer.district, districts)), p.hospital_cap[h]
    return Text(
        f"{layer.hospital(h)} has its {most} districts ({', '.join(who)})",
        f"{layer.hospital(h)} 的 {most} 个名额已满（{'、'.join(who)}）",
    )


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(hospital_cap,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "SH-3 {h}: needs {needed:.0f} districts, cap {limit:.0f}",
            "SH-3 {h}：需 {needed:.0f} 个区，上限 {limit:.0f}",
        ),
        Text("let {h} take {needed:.0f} districts", "允许 {h} 与 {needed:.0f} 个区合作"),
    ),
    full=full,
    binds=binds,
    taken=taken,
)

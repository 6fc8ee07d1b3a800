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
)

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
)

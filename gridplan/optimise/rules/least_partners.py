"""PARTNERS in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, steps
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import LeastPartners
from gridplan.words.text import Text


def numbers(problem: Problem, rule: LeastPartners, region: Region) -> Fields:
    """The number, where any candidate is counted."""
    return {"least_partners": rule.least if problem.counted.any() else 0}


def least_partners(ref: Reference) -> None:
    """Σ_h g_h · y_dh ≥ least for every district d with residents                     (10) PARTNERS"""
    p = ref.problem
    for d in np.flatnonzero(p.district_people > 0).tolist() if p.least_partners else ():
        terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[0] == d]
        ref.row(terms, ">=", p.least_partners, f"least_partners[{p.district_ids[d]}]", "PARTNERS", d=d)


def demands(p: Problem) -> Iterator[Demand]:
    """The number, for all districts at once."""
    yield from [Demand("PARTNERS")] if p.least_partners else []


def without(p: Problem, demand: Demand) -> Problem:
    """No least number."""
    return replace(p, least_partners=0)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many partners at least."""
    least = p.least_partners
    return Text(f"at least {least} partners per district", f"每区至少 {least} 家")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """A smaller number."""
    return replace(p, least_partners=min(p.least_partners, round(slack.limit) - steps(slack, value)))


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(least_partners,),
    least=True,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "PARTNERS {d}: can have {needed:.0f} partners, needs {limit:.0f}",
            "PARTNERS {d}：只能有 {needed:.0f} 家，要求 {limit:.0f} 家",
        ),
        Text("ask for {needed:.0f} partners in {d}", "{d} 只要求 {needed:.0f} 家"),
    ),
)

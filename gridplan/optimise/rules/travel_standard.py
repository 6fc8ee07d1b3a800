"""STANDARD in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, as_it_is
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import TravelStandard
from gridplan.words.text import Text


def numbers(problem: Problem, rule: TravelStandard, region: Region) -> Fields:
    """A limit keeps pairs out, a price makes them dearer."""
    excess = np.maximum(0.0, problem.minutes - rule.minutes)
    if rule.price is None:
        empty = problem.people[problem.unit] == 0  # the standard is for residents
        within = problem.within & ((excess <= 0) | empty)
        return {"within": within, "standard": min(problem.standard, rule.minutes)}
    return {"excess_price": rule.price * excess}


def travel_limit(ref: Reference) -> None:
    """t_uh · x_uh ≤ T: pairs beyond the limit do not exist in the exact model         (7) STANDARD"""
    p = ref.problem
    share = p.people / np.maximum(1.0, p.district_people[p.district])
    for k, x in ref.x.items():
        if not p.within[k]:
            u, h = int(p.unit[k]), int(p.hospital[k])
            name = f"travel_limit[{p.unit_ids[u]},{p.hospital_ids[h]}]"
            over = float(p.minutes[k]) - p.standard
            price = float(share[u] * over / max(1.0, p.standard))
            d = int(p.district[u])
            ref.row([(x, over)], "<=", 0.0, name, "STANDARD", d=d, h=h, u=u, step=over, weight=price)


def demands(p: Problem) -> Iterator[Demand]:
    """The limit in each district that it keeps from a hospital."""
    yield from (Demand("STANDARD", d) for d in np.unique(p.pair_district[~p.within]).tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """No limit in the district."""
    return replace(p, within=p.within | (p.pair_district == demand.district))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many minutes at most."""
    return Text(f"{d}: at most {p.standard:g} min", f"{d}：不超过 {p.standard:g} 分钟")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The unit may travel there."""
    return replace(p, within=p.within | ((p.unit == slack.unit) & (p.hospital == slack.hospital)))


def limit(p: Problem, slack: Slack) -> float:
    """The standard in minutes."""
    return p.standard


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(travel_limit,),
    rounding=as_it_is,
    limit=limit,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "STANDARD unit {u}: {needed:.1f} min to {h}, limit {limit:.1f}",
            "STANDARD 单元 {u}：到 {h} {needed:.1f} 分钟，限 {limit:.1f}",
        ),
        Text("let unit {u} travel {needed:.1f} min", "允许单元 {u} 出行 {needed:.1f} 分钟"),
    ),
)

"""STANDARD in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, as_it_is
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.policies.rules import TravelStandard
from gridplan.words.text import Text

MORE = 5.0  # minutes, where the standard is asked about with more


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


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """5 minutes more, where the limit shuts out a pair that they would let in."""
    p = layer.problem
    more = p.standard + MORE
    within = p.within | (p.minutes <= more)
    if (within & ~p.within).any():
        what = Text("5 minutes more for every resident", "所有居民放宽 5 分钟")
        yield Loosened(-1, -1, p.standard, more, replace(p, within=within, standard=more), what)


def forbids(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """How far the nearest unit with residents is, where each is beyond the limit."""
    p = layer.problem
    mine = (p.district == d) & (p.people > 0)
    least = layer.minutes[mine, h].min(initial=np.inf)
    if not p.allowed[d, h] or layer.within[mine, h].any() or not np.isfinite(least):
        return None
    return Text(
        f"is {least:.1f} min or more away, limit {p.standard:g}", f"至少 {least:.1f} 分钟，限 {p.standard:g}"
    )


def keeps_off(layer: SolvedLayer, u: int, h: int) -> Text | None:
    """The limit, where the unit is beyond it."""
    standard = layer.problem.standard
    if layer.within[u, h] or not np.isfinite(layer.minutes[u, h]):
        return None
    return Text(f"is beyond the limit of {standard:g} min", f"超过 {standard:g} 分钟的限制")


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
    binds=binds,
    forbids=forbids,
    keeps_off=keeps_off,
)

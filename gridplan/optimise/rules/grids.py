"""ZJ-1 in the model: who is planned, and in how many grids, stands in `Problem.grids` already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.optimise.constraint import Constraint, Demand, Slack, Words, steps
from gridplan.optimise.grid_arrays import FREE
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.words.text import Text, both


def number_of_grids(ref: Reference) -> None:
    """least ≤ Σ_h z_h ≤ most, in the city and of the leads of each district           (22) ZJ-1, CD-2"""
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


def demands(p: Problem) -> Iterator[Demand]:
    """The number of grids in the city, and of each district."""
    grids = p.grids
    if grids is None:
        return
    if grids.least > 1 or grids.most != FREE:
        yield Demand("ZJ-1", kind="numbers")
    for d in np.flatnonzero((grids.least_in > 0) | (grids.most_in != FREE)).tolist():
        yield Demand("ZJ-1", d, kind="numbers")


def without(p: Problem, demand: Demand) -> Problem:
    """Any number of grids there."""
    grids, d = p.grids, demand.district
    assert grids is not None
    if d < 0:
        return replace(p, grids=replace(grids, least=1, most=FREE))
    here = np.arange(len(p.district_ids)) == d
    least, most = np.where(here, 0, grids.least_in), np.where(here, FREE, grids.most_in)
    return replace(p, grids=replace(grids, least_in=least, most_in=most))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many grids, and where."""
    grids, n = p.grids, demand.district
    assert grids is not None
    least, most = (grids.least, grids.most) if n < 0 else (int(grids.least_in[n]), int(grids.most_in[n]))
    where = Text("the city", "全市") if n < 0 else both(d)
    if most == FREE:
        return Text(f"{where.en}: at least {least} grids", f"{where.zh}：至少 {least} 个网格")
    return Text(f"{where.en}: {least} to {most} grids", f"{where.zh}：{least} 至 {most} 个网格")


def gives_way(p: Problem, slack: Slack, limit: float, needed: float) -> Words:
    """How many grids are asked and possible."""
    city = slack.district < 0
    where = Text("the city", "全市") if city else both(p.label(str(p.district_ids[slack.district])))
    asked = Text("at least", "至少") if slack.kind == "least" else Text("at most", "至多")
    return (
        Text(
            f"ZJ-1 {where.en}: {asked.en} {limit:.0f} grids asked, {needed:.0f} possible",
            f"ZJ-1 {where.zh}：要求{asked.zh} {limit:.0f} 个网格，可行的是 {needed:.0f} 个",
        ),
        Text(
            f"ask for {asked.en} {needed:.0f} grids in {where.en}",
            f"{where.zh}改为{asked.zh} {needed:.0f} 个网格",
        ),
    )


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """More grids at most, or fewer at least."""
    grids, d, more = p.grids, slack.district, steps(slack, value)
    assert grids is not None
    change = -more if slack.kind == "least" else more
    name = slack.kind if d < 0 else f"{slack.kind}_in"
    changed = getattr(grids, name) + change * (1 if d < 0 else np.arange(len(p.district_ids)) == d)
    if d >= 0 and slack.kind == "most":
        changed = np.where(grids.most_in == FREE, FREE, changed)
    return replace(p, grids=replace(grids, **{name: changed}))


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """One grid more, or one fewer, in a district whose number of grids is at its bound."""
    p, grids = layer.problem, layer.problem.grids
    if grids is None:
        return
    used = np.bincount(grids.home[np.unique(layer.serves)], minlength=len(p.district_ids))
    for d, (n, least, most) in enumerate(zip(used.tolist(), grids.least_in, grids.most_in, strict=True)):
        where, here = layer.district(d), np.arange(len(used)) == d
        if n == most and (grids.home == d).sum() > n:
            changed = replace(p, grids=replace(grids, most_in=grids.most_in + here))
            yield Loosened(
                d, -1, n, n + 1, changed, Text(f"one grid more in {where}", f"{where}增加 1 个网格")
            )
        if n == least and n > 1:
            changed = replace(p, grids=replace(grids, least_in=grids.least_in - here))
            yield Loosened(
                d, -1, n, n - 1, changed, Text(f"one grid fewer in {where}", f"{where}减少 1 个网格")
            )


def forbids(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """That the lead stands in another area."""
    grids = layer.problem.grids
    if grids is None or grids.in_reach[d, h]:
        return None
    return Text("leads elsewhere, and a grid stays in its area", "在别处牵头，网格不出其范围")


CONSTRAINT = Constraint(
    rows=(number_of_grids,),
    gives_way=gives_way,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    binds=binds,
    forbids=forbids,
)

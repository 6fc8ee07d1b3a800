"""ZJ-6 in the model: what it sets, its rows, how it gives way, how it is left out."""

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
    Words,
    changed_at,
)
from gridplan.optimise.grid_arrays import GridArrays
from gridplan.optimise.model.reference import Reference, Sum, by_place, campuses_of
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.policies.rules import GridShape
from gridplan.words.text import Text

MORE = 0.05  # of the fair part, where the balance is asked about with more


def numbers(problem: Problem, rule: GridShape, region: Region) -> Fields:
    """ZJ-6's minutes; its other parts, and ZJ-1, stand in `grids` already (rows 8, 19, 20, 22)."""
    if rule.minutes is None:
        return {}
    near = (problem.minutes <= rule.minutes) | (problem.people[problem.unit] == 0)
    return {"within": problem.within & near, "standard": min(problem.standard, rule.minutes)}


def connected(ref: Reference) -> None:
    """Σ_v (f_vuh − f_uvh) = x_uh, f_vuh ≤ (n − 1) x_vh, f_vuh ≤ (n − 1) x_uh          (8) ZJ-6

    f carries one token to each unit u of h that is neither a campus of h nor loose; campuses and loose units give as
    many as are asked. Where the row may give way, a link lets a unit give tokens too.
    """
    p, x = ref.problem, by_place(ref)
    grids = p.grids
    if grids is None or not grids.connected:
        return
    links = {u: link(ref, u) for u in np.flatnonzero(~grids.loose).tolist()} if ref.relax else {}
    most = float(max(1, len(p.unit_ids) - 1))
    for h in ref.z:
        sources = campuses_of(p, h) | set(np.flatnonzero(grids.loose).tolist())
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


def balanced(ref: Reference) -> None:
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


def link(ref: Reference, u: int) -> Any:
    """Where connected parts give way: a 0/1 variable, 1 where a bridge or ferry must reach the unit."""
    made = ref.model.binary(f"link[{ref.problem.unit_ids[u]}]")
    place = int(ref.problem.district[u])
    ref.slacks.append(Slack(made, "ZJ-6", place, -1, u, 0.0, 1.0, 1.0, "link"))
    return made


def areas_to_balance(p: Problem, grids: GridArrays) -> Iterator[tuple[int, float, list[int]]]:
    """Each area with its residents and the leads whose fair part is known."""
    for area in np.unique(grids.area).tolist():
        hospitals = np.flatnonzero((grids.lead_area == area) & ~np.isnan(grids.weight)).tolist()
        people = float(p.people[grids.area[p.district] == area].sum())
        if hospitals and people > 0:
            yield area, people, hospitals


def demands(p: Problem) -> Iterator[Demand]:
    """Connected grids, balanced grids."""
    if p.grids is not None and p.grids.connected:
        yield Demand("ZJ-6", kind="connected")
    if p.grids is not None and p.grids.balance is not None:
        yield Demand("ZJ-6", kind="balance")


def without(p: Problem, demand: Demand) -> Problem:
    """Grids that fall apart, or of any size."""
    grids = p.grids
    assert grids is not None
    if demand.kind == "connected":
        return replace(p, grids=replace(grids, connected=False))
    return replace(p, grids=replace(grids, balance=None))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """What shape is asked."""
    if demand.kind == "connected":
        return Text("every part of a grid hangs together with its lead", "网格每一片都与牵头医院的院区连通")
    assert p.grids is not None
    share = f"±{100 * (p.grids.balance or 0.0):g}%"
    return Text(f"residents within {share} of the fair part", f"居民数在应担份额的 {share} 以内")


def gives_way(p: Problem, slack: Slack, limit: float, needed: float) -> Words:
    """The unit that a link must reach, or the grid that is too large or too small."""
    if slack.kind == "link":
        unit, where = str(p.unit_ids[slack.unit]), p.label(str(p.district_ids[slack.district]))
        return (
            Text(
                f"ZJ-6 unit {unit} ({where}): its part of a grid does not hang together with the lead",
                f"ZJ-6 单元 {unit}（{where}）：所在的一片无法与牵头医院的院区连通",
            ),
            Text(
                f"give a bridge or ferry at unit {unit} in the table links, or let grids fall apart",
                f"请在 links 表中为单元 {unit} 补充桥梁或轮渡，或不要求网格连通",
            ),
        )
    lead, share = p.label(str(p.hospital_ids[slack.hospital])), wider(p, slack, needed)
    bound = Text("at least", "至少") if slack.kind == "low" else Text("at most", "至多")
    return (
        Text(
            f"ZJ-6 grid of {lead}: {needed:,.0f} residents, balance allows {bound.en} {limit:,.0f}",
            f"ZJ-6 {lead} 的网格：{needed:,.0f} 人，均衡要求{bound.zh} {limit:,.0f} 人",
        ),
        Text(f"allow ±{100 * share:.1f}% around the fair part", f"允许偏离应担份额 ±{100 * share:.1f}%"),
    )


def wider(p: Problem, slack: Slack, needed: float) -> float:
    """The share around the fair part that lets a grid have so many residents."""
    grids = p.grids
    assert grids is not None and grids.balance is not None
    fair = slack.limit / (1 - grids.balance if slack.kind == "low" else 1 + grids.balance)
    return max(grids.balance, abs(needed / fair - 1) + 1e-6) if fair > 0 else grids.balance


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """A link at the unit, or more room around the fair part."""
    grids = p.grids
    assert grids is not None
    if slack.kind == "link":
        return replace(p, grids=replace(grids, loose=changed_at(grids.loose, slack.unit, True)))
    residents = value * slack.step
    share = wider(p, slack, slack.limit - residents if slack.kind == "low" else slack.limit + residents)
    return replace(p, grids=replace(grids, balance=max(share, grids.balance or 0.0)))


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """Grids 5 % further from their fair part."""
    p, grids = layer.problem, layer.problem.grids
    if grids is None or grids.balance is None:
        return
    more = round(grids.balance + MORE, 6)
    words = f"±{100 * grids.balance:g}% → ±{100 * more:g}%"
    changed = replace(p, grids=replace(grids, balance=more))
    yield Loosened(
        -1, -1, grids.balance, more, changed, Text(f"balance of grids {words}", f"网格均衡 {words}")
    )


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(connected, balanced),
    gives_way=gives_way,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    binds=binds,
)

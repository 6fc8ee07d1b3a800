"""Where no plan of grids keeps all rules: the districts to look at, what gives way in words, and the limits loosened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridplan.optimise.engines.grids.area import areas
from gridplan.optimise.engines.grids.by_area import GRIDS, possible_area, solve_grids
from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.model.reference import Reference, Slack
from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import Text, both

LEAST = ("least", "low")  # kinds of slack that go below their limit


def possible(p: Problem, engine: Engine, seconds: float | None) -> bool | None:
    """Whether any plan of grids keeps all rules; None where the clock ran out."""
    plain = _without_goal(p)
    if GRIDS.why_not(plain) is not None:
        ref = Reference(plain)
        ref.model.minimise([])
        found = ref.model.solve(engine, seconds, 1.0).found
        return None if found == "none" else found != "infeasible"
    run = solve_grids(plain, engine, seconds, 1.0, 1)
    return False if run.impossible else None if run.serves is None else True


def impossible_part(p: Problem, engine: Engine, seconds: float | None) -> Problem:
    """The districts whose areas have no plan of their own; the whole problem where each area has one."""
    assert p.grids is not None
    plain = _without_goal(p)
    if GRIDS.why_not(plain) is not None:
        return p
    stuck = [area for area in areas(plain) if possible_area(area, engine, seconds) is False]
    if not stuck:
        return p
    units = np.concatenate([area.units for area in stuck])
    return _restricted(p, p.grids, np.isin(p.grids.area, p.grids.area[p.district[units]]))


def grid_words(p: Problem, slack: Slack, limit: float, needed: float) -> tuple[Text, Text]:
    """What gives way, and the change that lets it, in the planner's words."""
    where = (
        both(p.label(str(p.district_ids[slack.district])))
        if slack.district >= 0
        else Text("the city", "全市")
    )
    if slack.kind == "link":
        unit = str(p.unit_ids[slack.unit])
        return (
            Text(
                f"ZJ-6 unit {unit} ({where.en}): its part of a grid does not hang together with the lead",
                f"ZJ-6 单元 {unit}（{where.zh}）：所在的一片无法与牵头医院的院区连通",
            ),
            Text(
                f"give a bridge or ferry at unit {unit} in the table links, or let grids fall apart",
                f"请在 links 表中为单元 {unit} 补充桥梁或轮渡，或不要求网格连通",
            ),
        )
    if slack.rule == "ZJ-1":
        least = slack.kind == "least"
        asked = Text("at least", "至少") if least else Text("at most", "至多")
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
    lead, share = p.label(str(p.hospital_ids[slack.hospital])), wider(p, slack, needed)
    bound = Text("at least", "至少") if slack.kind == "low" else Text("at most", "至多")
    return (
        Text(
            f"ZJ-6 grid of {lead}: {needed:,.0f} residents, balance allows {bound.en} {limit:,.0f}",
            f"ZJ-6 {lead} 的网格：{needed:,.0f} 人，均衡要求{bound.zh} {limit:,.0f} 人",
        ),
        Text(f"allow ±{100 * share:.1f}% around the fair part", f"允许偏离应担份额 ±{100 * share:.1f}%"),
    )  # fmt: skip


def wider(p: Problem, slack: Slack, needed: float) -> float:
    """The share around the fair part that lets a grid have so many residents."""
    grids = p.grids
    assert grids is not None and grids.balance is not None
    fair = slack.limit / (1 - grids.balance if slack.kind == "low" else 1 + grids.balance)
    return max(grids.balance, abs(needed / fair - 1) + 1e-6) if fair > 0 else grids.balance


def looser(p: Problem, slack: Slack, value: float) -> Problem:
    """The problem with one limit of its grids loosened as far as the slack says."""
    grids = p.grids
    assert grids is not None
    d, more = slack.district, round(value * slack.step)
    if slack.kind == "link":
        loose = grids.loose.copy()
        loose[slack.unit] = True
        return replace(p, grids=replace(grids, loose=loose))
    if slack.rule == "ZJ-1":
        change = -more if slack.kind == "least" else more
        name = slack.kind if d < 0 else f"{slack.kind}_in"
        changed = getattr(grids, name) + change * (1 if d < 0 else np.arange(len(p.district_ids)) == d)
        if d >= 0 and slack.kind == "most":
            changed = np.where(grids.most_in == FREE, FREE, changed)
        return replace(p, grids=replace(grids, **{name: changed}))
    residents = value * slack.step
    share = wider(p, slack, slack.limit - residents if slack.kind == "low" else slack.limit + residents)
    return replace(p, grids=replace(grids, balance=max(share, grids.balance or 0.0)))


def without(p: Problem, kind: str, d: int) -> Problem:
    """The problem without a demand on its grids: "numbers" (of a district, of the city), "connected" or "balance"."""
    grids = p.grids
    assert grids is not None
    if kind == "connected":
        return replace(p, grids=replace(grids, connected=False))
    if kind == "balance":
        return replace(p, grids=replace(grids, balance=None))
    if d < 0:
        return replace(p, grids=replace(grids, least=1, most=FREE))
    here = np.arange(len(p.district_ids)) == d
    least, most = np.where(here, 0, grids.least_in), np.where(here, FREE, grids.most_in)
    return replace(p, grids=replace(grids, least_in=least, most_in=most))


def grid_demand_words(p: Problem, kind: str, d: int) -> Text:
    """What a rule of grids demands, in the planner's words."""
    grids = p.grids
    assert grids is not None
    if kind == "connected":
        return Text("every part of a grid hangs together with its lead", "网格每一片都与牵头医院的院区连通")
    if kind == "balance":
        share = f"±{100 * (grids.balance or 0.0):g}%"
        return Text(f"residents within {share} of the fair part", f"居民数在应担份额的 {share} 以内")
    least, most = (grids.least, grids.most) if d < 0 else (int(grids.least_in[d]), int(grids.most_in[d]))
    where = Text("the city", "全市") if d < 0 else both(p.label(str(p.district_ids[d])))
    if most == FREE:
        return Text(f"{where.en}: at least {least} grids", f"{where.zh}：至少 {least} 个网格")
    return Text(f"{where.en}: {least} to {most} grids", f"{where.zh}：{least} 至 {most} 个网格")


def grid_demands(grids: GridArrays) -> list[tuple[str, str, int]]:
    """Every demand on grids that can be left out: rule, kind, district."""
    counted = np.flatnonzero((grids.least_in > 0) | (grids.most_in != FREE)).tolist()
    city = [("ZJ-1", "numbers", -1)] if grids.least > 1 or grids.most != FREE else []
    connected = [("ZJ-6", "connected", -1)] if grids.connected else []
    balance = [("ZJ-6", "balance", -1)] if grids.balance is not None else []
    return [*city, *(("ZJ-1", "numbers", d) for d in counted), *connected, *balance]


def _without_goal(p: Problem) -> Problem:
    nothing = Stage("travel", Text("any plan", "任一方案"), np.zeros(len(p.unit)))
    return replace(p, stages=(nothing,), ties=None)


def _restricted(p: Problem, grids: GridArrays, districts: np.ndarray) -> Problem:
    """The problem of some districts, whole areas of them, without goals and without numbers of the city."""
    units, hospitals = districts[p.district], np.isin(grids.lead_area, grids.area[districts])
    pairs = units[p.unit] & hospitals[p.hospital]
    new_unit, new_district, new_hospital = (np.cumsum(kept) - 1 for kept in (units, districts, hospitals))
    edges = grids.neighbours[units[grids.neighbours].all(axis=1)]
    roots = units[grids.root_unit] & hospitals[grids.root_hospital]
    square = np.ix_(districts, hospitals)
    inner = replace(
        grids, neighbours=new_unit[edges], root_unit=new_unit[grids.root_unit[roots]],
        root_hospital=new_hospital[grids.root_hospital[roots]], home=new_district[grids.home[hospitals]],
        loose=grids.loose[units], least=1, most=FREE, least_in=grids.least_in[districts],
        most_in=grids.most_in[districts], area=grids.area[districts], weight=grids.weight[hospitals],
    )  # fmt: skip
    return replace(
        p, unit_ids=p.unit_ids[units], district_ids=p.district_ids[districts], hospital_ids=p.hospital_ids[hospitals],
        people=p.people[units], demand=p.demand[units], district=new_district[p.district[units]],
        unit=new_unit[p.unit[pairs]], hospital=new_hospital[p.hospital[pairs]], minutes=p.minutes[pairs],
        counted=p.counted[hospitals], priority=p.priority[square], allowed=p.allowed[square], pinned=p.pinned[square],
        existing=p.existing[square], district_cap=p.district_cap[districts], hospital_cap=p.hospital_cap[hospitals],
        capacity=p.capacity[hospitals], within=p.within[pairs], excess_price=p.excess_price[pairs],
        stages=(), ties=None, grids=inner, use=None if p.use is None else p.use[pairs],
    )  # fmt: skip

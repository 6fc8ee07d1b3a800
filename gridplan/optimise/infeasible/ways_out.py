"""Infeasible → an irreducible set of clashing rules, and different ways out, each verified.

The clash is found by deletion: leave rules out, chunk by chunk and then one by one, as long as what is left is still
impossible. A way out is the least relaxation that spares the rules which earlier ways have loosened; it counts only
if the exact model of the loosened policy has a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gridplan.optimise.infeasible.conflicts import Relaxed, conflict_table, least_relaxation
from gridplan.optimise.infeasible.grid_conflicts import (
    grid_demand_words,
    grid_demands,
    looser,
    possible,
    without,
)
from gridplan.optimise.model.pulp_door import Engine, Model
from gridplan.optimise.model.reference import Reference, Slack
from gridplan.optimise.model.separators import solve_connected, without_district
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.text import Text, both

CLASH_COLUMNS = ["rule", "layer", "district_id", "hospital_id", "what", "what_zh"]
CLASH_SECONDS = WAYS_SECONDS = 20.0
MOST_WAYS = 3


@dataclass(frozen=True)
class Demand:
    """One rule at one place, as it can be left out: indices of district and hospital, -1 where it has none.

    `kind` says which part of a rule of grids it is.
    """

    rule: str
    district: int = -1
    hospital: int = -1
    kind: str = ""


@dataclass(frozen=True, eq=False)
class Clash:
    """Rules that cannot stand together.

    Parameters
    ----------
    table : rule, layer, district_id, hospital_id, what, what_zh; a row per rule and place.
    irreducible : whether leaving out any one of them makes a plan possible (else the clock ran out first; the table is
        empty where it ran out before anything was learnt).
    """

    table: pd.DataFrame
    irreducible: bool


def find_clash(problem: Problem, engine: Engine, seconds: float | None = CLASH_SECONDS) -> Clash:
    """A set of rules that leaves no plan, as small as it gets in the time."""
    clock, kept, whole = Clock(seconds), list(_demands(problem)), True
    size = max(1, len(kept) // 2)
    while whole:
        for chunk in [kept[i : i + size] for i in range(0, len(kept), size)]:
            trial = [demand for demand in kept if demand not in chunk]
            possible = _possible(_only(problem, trial), engine, clock.left)
            whole = whole and possible is not None
            if possible is False:
                kept = trial
        if size == 1:
            break
        size = max(1, size // 2)
    known = whole or len(kept) < len(
        list(_demands(problem))
    )  # else the clock ran out before anything was learnt
    rows = [_demand_row(problem, demand) for demand in kept] if known else []
    return Clash(pd.DataFrame(rows, columns=CLASH_COLUMNS), whole)


def find_ways_out(
    problem: Problem, first: Sequence[Relaxed], engine: Engine, seconds: float | None = WAYS_SECONDS
) -> tuple[pd.DataFrame, ...]:
    """Up to three relaxations, each verified, the first being the least; tables as of `explain_conflicts`.

    Parameters
    ----------
    first : the least relaxation. Others spare the kinds of rule it loosens, or at least its places.
    """
    clock, ways = Clock(seconds), []
    if _verified(problem, first, engine, clock.left):
        ways.append(tuple(first))
    tried = [tuple(first)]
    for spare in (_kinds, _places):
        for earlier in list(tried):
            if len(ways) == MOST_WAYS or clock.over:
                break
            used = least_relaxation(problem, engine, clock.left, spare(earlier))
            if used is None or any(_same(used, other) for other in tried):
                continue
            tried.append(used)
            if _verified(problem, used, engine, clock.left):
                ways.append(used)
    return tuple(conflict_table(problem, used) for used in ways)


def loosened(p: Problem, used: Iterable[Relaxed]) -> Problem:
    """The problem with the limits of a relaxation: what the planner would write into the policy."""
    share = p.least_share
    for slack, value in used:
        d, h, more = slack.district, slack.hospital, round(value * slack.step)
        if slack.rule == "SH-2":
            p = replace(p, district_cap=_with(p.district_cap, d, p.district_cap[d] + more))
        elif slack.rule == "SH-3":
            p = replace(p, hospital_cap=_with(p.hospital_cap, h, p.hospital_cap[h] + more))
        elif slack.rule == "CAPACITY":
            p = replace(p, capacity=_with(p.capacity, h, p.capacity[h] + np.ceil(value * slack.step - 1e-5)))
        elif slack.rule == "STANDARD":
            p = replace(p, within=p.within | ((p.unit == slack.unit) & (p.hospital == h)))
        elif slack.rule == "PARTNERS":
            p = replace(p, least_partners=min(p.least_partners, round(slack.limit) - more))
        elif slack.rule == "SHARE":
            least = share - value * slack.step / max(1.0, float(p.district_people[d]))
            p = replace(p, least_share=max(0.0, min(p.least_share, least - 1e-9)))
        elif slack.rule == "PARTS":
            p = without_district(p, d)
        elif slack.rule == "SH-9":
            p = replace(p, most_changes=p.most_changes + more)
        elif slack.rule in ("ZJ-1", "ZJ-6"):
            p = looser(p, slack, value)
        else:
            p = _only_pair(p, Demand(slack.rule, d, h))
    return p


def _demands(p: Problem) -> Iterator[Demand]:
    """Every rule at every place where it can be left out."""
    yield from (Demand("SH-2", d) for d in np.flatnonzero(p.district_cap != NO_CAP).tolist())
    yield from (
        Demand("SH-3", -1, h) for h in np.flatnonzero((p.hospital_cap != NO_CAP) & p.counted).tolist()
    )
    within_reach = np.ones_like(p.allowed) if p.grids is None else p.grids.in_reach
    for d, h in np.argwhere(~p.allowed & within_reach).tolist():
        weak = p.grids is None and p.priority[d, h] > p.worst_priority
        yield Demand("SH-6" if weak else "BAN", d, h)
    yield from (Demand("PIN", d, h) for d, h in np.argwhere(p.pinned).tolist())
    yield from (Demand("CAPACITY", -1, h) for h in np.flatnonzero(np.isfinite(p.capacity)).tolist())
    yield from (Demand("STANDARD", d) for d in np.unique(p.pair_district[~p.within]).tolist())
    yield from [Demand("PARTNERS")] if p.least_partners else []
    yield from [Demand("SHARE")] if p.least_share else []
    touch = np.zeros(0, dtype=int) if p.neighbours is None else np.unique(p.district[p.neighbours])
    yield from (Demand("PARTS", d) for d in touch.tolist())
    yield from [Demand("SH-9")] if p.most_changes != NO_CAP else []
    for rule, kind, d in grid_demands(p.grids) if p.grids is not None else ():
        yield Demand(rule, d, -1, kind)


def _only(p: Problem, kept: Iterable[Demand]) -> Problem:
    """The problem with these demands alone."""
    stay = set(kept)
    for demand in _demands(p):
        if demand in stay:
            continue
        d, h = demand.district, demand.hospital
        if demand.rule == "SH-2":
            p = replace(p, district_cap=_with(p.district_cap, d, NO_CAP))
        elif demand.rule == "SH-3":
            p = replace(p, hospital_cap=_with(p.hospital_cap, h, NO_CAP))
        elif demand.rule == "CAPACITY":
            p = replace(p, capacity=_with(p.capacity, h, np.inf))
        elif demand.rule == "STANDARD":
            p = replace(p, within=p.within | (p.pair_district == d))
        elif demand.rule == "PARTNERS":
            p = replace(p, least_partners=0)
        elif demand.rule == "SHARE":
            p = replace(p, least_share=0.0)
        elif demand.rule == "PARTS":
            p = without_district(p, d)
        elif demand.rule == "SH-9":
            p = replace(p, most_changes=NO_CAP)
        elif demand.kind:
            p = without(p, demand.kind, d)
        else:
            p = _only_pair(p, demand)
    return p


def _only_pair(p: Problem, demand: Demand) -> Problem:
    """The problem without one pin, or with one pair allowed."""
    where = demand.district, demand.hospital
    if demand.rule == "PIN":
        return replace(p, pinned=_with(p.pinned, where, False))
    return replace(p, allowed=_with(p.allowed, where, True))


def _possible(p: Problem, engine: Engine, seconds: float | None) -> bool | None:
    """Whether any plan keeps all rules; None where the clock ran out."""
    if seconds is not None and seconds <= 0.1:
        return None
    if np.bincount(p.unit[p.usable], minlength=len(p.unit_ids)).min() == 0:
        return False
    if p.grids is not None:
        return possible(p, engine, seconds)
    if _counts_units(p):
        ref = Reference(p)
        ref.model.minimise([])
        found = solve_connected(ref, engine, seconds, 1.0).found
    else:
        found = _covering(p).solve(engine, seconds, 1.0).found
    return None if found == "none" else found != "infeasible"


def _counts_units(p: Problem) -> bool:
    """Whether a plan depends on more than which pairs reach which units."""
    return p.coupled or bool((p.people == 0).any())


def _covering(p: Problem) -> Model:
    """Rows (3), (4), (9), and for each unit one partner that it can use: pairs decide all where nothing counts units."""
    model = Model(f"gridplan_covering_{p.layer}")
    y = {(d, h): model.binary(f"y[{d},{h}]") for d, h in np.argwhere(p.allowed).tolist()}
    usable = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    usable[p.unit[p.usable], p.hospital[p.usable]] = True
    for n, row in enumerate(np.unique(np.column_stack([p.district, usable]), axis=0).astype(int)):
        model.add(
            [(y[int(row[0]), h], 1.0) for h in np.flatnonzero(row[1:]).tolist()], ">=", 1.0, f"cover[{n}]"
        )
    for d, h in np.argwhere(p.pinned).tolist():
        model.add([(y[d, h], 1.0)], ">=", 1.0, f"pin[{d},{h}]")
    for axis, caps in enumerate((p.district_cap, p.hospital_cap)):
        for i, cap in enumerate(caps.tolist()):
            terms = [(var, 1.0) for pair, var in y.items() if pair[axis] == i and p.counted[pair[1]]]
            if cap != NO_CAP and len(terms) > cap:
                model.add(terms, "<=", float(cap), f"cap[{axis},{i}]")
    model.minimise([(var, 0.0) for var in y.values()])
    return model


def _verified(p: Problem, used: Iterable[Relaxed], engine: Engine, seconds: float | None) -> bool:
    """Whether the exact reference model of the loosened problem has a plan."""
    if p.grids is not None:
        return possible(loosened(p, used), engine, seconds) is True
    ref = Reference(loosened(p, used))
    ref.model.minimise([])
    return solve_connected(ref, engine, seconds, 1.0).has_values


def _kinds(used: Iterable[Relaxed]) -> Callable[[Slack], bool]:
    rules = {_kind(slack) for slack, _ in used}
    return lambda slack: _kind(slack) in rules


def _kind(slack: Slack) -> tuple[str, str]:
    return slack.rule, "balance" if slack.per is not None else slack.kind


def _places(used: Iterable[Relaxed]) -> Callable[[Slack], bool]:
    places = {_place(slack) for slack, _ in used}
    return lambda slack: _place(slack) in places


def _place(slack: Slack) -> tuple[tuple[str, str], int, int, int]:
    return _kind(slack), slack.district, slack.hospital, slack.unit


def _same(one: Iterable[Relaxed], other: Iterable[Relaxed]) -> bool:
    return {_place(slack) for slack, _ in one} == {_place(slack) for slack, _ in other}


def _demand_row(p: Problem, demand: Demand) -> tuple[str, ...]:
    d = str(p.district_ids[demand.district]) if demand.district >= 0 else ""
    h = str(p.hospital_ids[demand.hospital]) if demand.hospital >= 0 else ""
    what = _demand_words(p, demand, p.label(d), p.label(h))
    return demand.rule, p.layer, d, h, f"{demand.rule} {what.en}", f"{demand.rule} {what.zh}"


def _demand_words(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """What the rule demands there, in the planner's words."""
    pair = f"{d} – {h}"
    if demand.kind:
        return grid_demand_words(p, demand.kind, demand.district)
    if demand.rule == "SH-2":
        most = p.district_cap[demand.district]
        return Text(f"{d}: at most {most} partners", f"{d}：至多 {most} 家")
    if demand.rule == "SH-3":
        most = p.hospital_cap[demand.hospital]
        return Text(f"{h}: at most {most} districts", f"{h}：至多 {most} 个区")
    if demand.rule == "CAPACITY":
        most = p.capacity[demand.hospital]
        return Text(f"{h}: room for {most:,.0f} residents", f"{h}：可承载 {most:,.0f} 人")
    if demand.rule == "SHARE":
        return Text(
            f"each partner serves at least {p.least_share:.0%}", f"每家合作医院至少服务 {p.least_share:.0%}"
        )
    return {
        "SH-6": Text(f"{pair} has no basis", f"{pair} 缺少结对基础"),
        "BAN": Text(f"{pair} is banned", f"{pair} 被禁止"),
        "PIN": Text(f"{pair} is pinned", f"{pair} 为指定结对"),
        "STANDARD": Text(f"{d}: at most {p.standard:g} min", f"{d}：不超过 {p.standard:g} 分钟"),
        "PARTNERS": Text(
            f"at least {p.least_partners} partners per district", f"每区至少 {p.least_partners} 家"
        ),
        "PARTS": Text(f"{d}: what a partner serves hangs together", f"{d}：服务片区须连片"),
        "SH-9": Text(f"at most {p.most_changes} changes from today", f"至多变动 {p.most_changes} 对"),
    }.get(demand.rule, both(pair))


def _with(array: np.ndarray, where: int | tuple[int, int], value: float | bool) -> np.ndarray:
    changed = array.copy()
    changed[where] = value
    return changed

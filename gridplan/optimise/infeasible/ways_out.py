"""Infeasible → an irreducible set of clashing rules, and different ways out, each verified.

The clash is found by deletion: leave rules out, chunk by chunk and then one by one, as long as what is left is still
impossible. A way out is the least relaxation that spares the rules which earlier ways have loosened; it counts only
if the exact model of the loosened policy has a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.optimise.constraint import Demand, Slack
from gridplan.optimise.infeasible.alike import few_of_each
from gridplan.optimise.infeasible.conflicts import Relaxed, conflict_table, least_relaxation
from gridplan.optimise.infeasible.grid_conflicts import possible
from gridplan.optimise.model.pulp_door import Engine, Model
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.rules import constraint_of, constraints
from gridplan.optimise.run.clock import Clock

CLASH_COLUMNS = ["rule", "layer", "district_id", "hospital_id", "what", "what_zh"]
CLASH_SECONDS = WAYS_SECONDS = 20.0
MOST_WAYS = 3


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
    clock, ways = Clock(seconds), list[pd.DataFrame]()
    if _verified(problem, first, engine, clock.left):
        ways.append(conflict_table(problem, first))
    tried = [tuple(first)]
    for spare in (_kinds, _places):
        for earlier in list(tried):
            if len(ways) == MOST_WAYS or clock.over:
                break
            used = least_relaxation(problem, engine, clock.left, spare(earlier))
            if used is None or any(_same(used, other) for other in tried):
                continue
            tried.append(used)
            way = conflict_table(problem, used)
            if not any(_same_words(way, other) for other in ways) and _verified(
                problem, used, engine, clock.left
            ):
                ways.append(way)
    return tuple(ways)


def loosened(p: Problem, used: Iterable[Relaxed]) -> Problem:
    """The problem with the limits of a relaxation: what the planner would write into the policy."""
    before = p
    for slack, value in used:
        p = constraint_of(slack.rule).looser(p, slack, value, before)
    return p


def _demands(p: Problem) -> Iterator[Demand]:
    """Every rule at every place where it can be left out."""
    for rule in constraints().values():
        yield from rule.demands(p)


def _only(p: Problem, kept: Iterable[Demand]) -> Problem:
    """The problem with these demands alone."""
    stay = set(kept)
    for demand in _demands(p):
        if demand not in stay:
            p = constraint_of(demand.rule).without(p, demand)
    return p


def _possible(p: Problem, engine: Engine, seconds: float | None) -> bool | None:
    """Whether any plan keeps all rules; None where the clock ran out."""
    if seconds is not None and seconds <= 0.1:
        return None
    if np.bincount(p.unit[p.usable], minlength=len(p.unit_ids)).min() == 0:
        return False
    if p.grids is not None:
        return possible(p, engine, seconds)
    if _counts_units(p):
        ref = Reference(few_of_each(p))
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
    ref = Reference(few_of_each(loosened(p, used)))
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


def _same_words(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two ways say the same: a rule with one number for all places gives way everywhere at once."""
    return set(one["hint"]) == set(other["hint"])


def _demand_row(p: Problem, demand: Demand) -> tuple[str, ...]:
    d = str(p.district_ids[demand.district]) if demand.district >= 0 else ""
    h = str(p.hospital_ids[demand.hospital]) if demand.hospital >= 0 else ""
    what = constraint_of(demand.rule).says(p, demand, p.label(d), p.label(h))
    return demand.rule, p.layer, d, h, f"{demand.rule} {what.en}", f"{demand.rule} {what.zh}"

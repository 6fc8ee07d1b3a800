"""SH-6 in the model: row (5), which bans share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, changed_at
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import SolvedLayer
from gridplan.policies.rules import Eligibility
from gridplan.words.text import Text


def numbers(problem: Problem, rule: Eligibility, region: Region) -> Fields:
    """The weakest priority that may be chosen; `allowed` has it already."""
    return {"worst_priority": rule.worst_priority}


def eligible(ref: Reference) -> None:
    """y_dh ≤ E_dh: pairs without a basis, or banned, do not exist in the exact model  (5) SH-6, BAN"""
    p = ref.problem
    for (d, h), y in ref.y.items():
        if not p.allowed[d, h]:
            rule = "SH-6" if p.grids is None and p.priority[d, h] > p.worst_priority else "BAN"
            ref.row(
                [(y, 1.0)], "<=", 0.0, f"eligible[{p.district_ids[d]},{p.hospital_ids[h]}]", rule, d=d, h=h
            )


def demands(p: Problem) -> Iterator[Demand]:
    """Each pair that may not be chosen, for want of a basis or by a ban."""
    within_reach = np.ones_like(p.allowed) if p.grids is None else p.grids.in_reach
    for d, h in np.argwhere(~p.allowed & within_reach).tolist():
        weak = p.grids is None and p.priority[d, h] > p.worst_priority
        yield Demand("SH-6" if weak else "BAN", d, h)


def without(p: Problem, demand: Demand) -> Problem:
    """The pair is allowed."""
    return replace(p, allowed=changed_at(p.allowed, (demand.district, demand.hospital), True))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Which pair."""
    return Text(f"{d} – {h} has no basis", f"{d} – {h} 缺少结对基础")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The pair is allowed."""
    return without(p, Demand(slack.rule, slack.district, slack.hospital))


def forbids(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """That the pair has no basis."""
    p = layer.problem
    if p.grids is not None or p.allowed[d, h] or p.priority[d, h] <= p.worst_priority:
        return None
    grade = int(p.priority[d, h])
    return Text(f"has no basis (priority {grade})", f"缺少结对基础（优先级 {grade}）")


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(eligible,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text("SH-6 pair {d} – {h} has no basis but is needed", "SH-6 结对 {d} – {h} 缺少合作基础，但需要"),
        Text("allow the pair {d} – {h}", "允许结对 {d} – {h}"),
    ),
    forbids=forbids,
)

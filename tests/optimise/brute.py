"""The planning problem by trying everything: its own definition, sharing no code with gridplan."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from tests.rules import having, set_pairs
from tests.rules.capacity import uses


def best(p: Problem) -> tuple[float, ...] | None:
    """What each goal reaches in its turn, the ones before it within the tolerance; None where no plan keeps the rules."""
    found = list(all_values(p))
    if not found:
        return None
    reached: list[float] = []
    for n in range(len(p.stages)):
        reached.append(min(values[n] for values in found))
        found = [values for values in found if values[n] <= reached[n] * (1 + p.tolerance) + 1e-6]
    return tuple(reached)


def least_travel(p: Problem) -> float:
    """The least travel of the plans in which every goal is as good as it can be, one after the other."""
    assert p.ties is not None and p.tolerance == 0
    plans = list(legal_assignments(p))
    for stage in p.stages:
        values = [value_of(p, stage, plan) for plan in plans]
        plans = [plan for plan, value in zip(plans, values, strict=True) if value <= min(values) + 1e-6]
    return min(value_of(p, p.ties, plan) for plan in plans)


def all_values(p: Problem) -> Iterator[tuple[float, ...]]:
    """Goal values of every assignment that keeps all rules."""
    for assignment in legal_assignments(p):
        yield tuple(value_of(p, stage, assignment) for stage in p.stages)


def legal_assignments(p: Problem) -> Iterator[tuple[int, ...]]:
    """Every assignment that keeps all rules."""
    may = [proof.may for proof in having("may").values()]
    units, hospitals = range(len(p.unit_ids)), range(len(p.hospital_ids))
    choices = [[h for h in hospitals if all(ask(p, u, h) for ask in may)] for u in units]
    return (one for one in itertools.product(*choices) if keeps_rules(p, one))


def value_of(p: Problem, stage: Stage, assignment: tuple[int, ...]) -> float:
    """A goal's value of one assignment, by the words of docs/policy.md."""
    at = {(int(u), int(h)): k for k, (u, h) in enumerate(zip(p.unit, p.hospital, strict=True))}
    minutes = [float(p.minutes[at[u, h]]) for u, h in enumerate(assignment)]
    lived = [u for u in range(len(assignment)) if p.people[u] > 0]
    changes = changed(p, listed_by(p, assignment))
    if stage.kind == "deviations":
        over_districts = [n - cap for n, cap in zip(counts(p, assignment, 0), p.district_cap, strict=True)]
        over_hospitals = [n - cap for n, cap in zip(counts(p, assignment, 1), p.hospital_cap, strict=True)]
        return float(sum(max(0, int(over)) for over in (*over_districts, *over_hospitals)))
    if stage.kind == "worst":
        return max((minutes[u] for u in lived), default=0.0)
    if stage.kind == "inequality":
        means = []
        for d in {int(p.district[u]) for u in lived}:
            mine = [u for u in lived if p.district[u] == d]
            means.append(
                sum(int(p.people[u]) * minutes[u] for u in mine) / sum(int(p.people[u]) for u in mine)
            )
        return max(means) - min(means) if means else 0.0
    if stage.kind == "balance":
        share = stage.unit == "share of capacity"
        loads = [0.0] * len(p.hospital_ids)
        for u in lived:
            h = assignment[u]
            loads[h] += uses(p, u, h) / float(p.capacity[h]) if share else float(p.people[u])
        return max(loads)
    if stage.kind == "changes":
        return float(sum(1 for _, h in changes if p.counted[h]))
    if stage.kind == "partners":
        return float(sum(1 for _, h in listed_by(p, assignment) if p.counted[h]))
    own = having("counts").values() if stage.goal == "travel" else ()
    weight = [
        math.prod(proof.counts(p, u) for proof in own) if own else float(p.people[u])
        for u in range(len(assignment))
    ]
    total = sum(weight[u] * float(stage.cost[at[u, h]]) for u, h in enumerate(assignment))
    if stage.pair_price is not None:
        total += sum(float(stage.pair_price[pair]) for pair in listed_by(p, assignment))
    dearer = having("costs").values() if stage.goal == "travel" else ()
    return total + sum(proof.costs(p, listed_by(p, assignment)) for proof in dearer)


def counts(p: Problem, assignment: tuple[int, ...], axis: int) -> list[int]:
    """Counted pairs of each district (axis 0) or hospital (axis 1)."""
    size = (len(p.district_ids), len(p.hospital_ids))[axis]
    listed = [pair for pair in listed_by(p, assignment) if p.counted[pair[1]]]
    return [sum(1 for pair in listed if pair[axis] == i) for i in range(size)]


def served_by(p: Problem, assignment: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """(district, hospital) → residents."""
    served: dict[tuple[int, int], int] = {}
    for u, h in enumerate(assignment):
        pair = (int(p.district[u]), h)
        served[pair] = served.get(pair, 0) + int(p.people[u])
    return served


def listed_by(p: Problem, assignment: tuple[int, ...]) -> set[tuple[int, int]]:
    """Pairs that serve a resident or are pinned."""
    pinned = set_pairs(p.pinned)
    return {pair for pair, people in served_by(p, assignment).items() if people > 0} | pinned


def changed(p: Problem, listed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs that are new or ended against today; an open campus without an agreement is neither."""
    there = set() if p.present is None else set_pairs(p.present)
    return (listed ^ set_pairs(p.existing)) - there


def keeps_rules(p: Problem, assignment: tuple[int, ...]) -> bool:
    """What the rules' own files say of one assignment; and that a district's units follow its pairs."""
    served, listed = served_by(p, assignment), listed_by(p, assignment)
    lived = {int(p.district[u]) for u in range(len(assignment)) if p.people[u] > 0}
    if any(pair not in listed for pair in served if pair[0] in lived):
        return (
            False  # a unit where nobody lives lists no pair of its own; an empty district has none to follow
        )
    return all(proof.keeps(p, listed, assignment) for proof in having("keeps").values())

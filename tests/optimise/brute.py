"""The planning problem by trying everything: its own definition, sharing no code with gridplan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from tests.rules import proofs


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
    within = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    within[p.unit, p.hospital] = p.within
    choices = [
        [h for h in range(len(p.hospital_ids)) if within[u, h] and p.allowed[p.district[u], h]]
        for u in range(len(p.unit_ids))
    ]
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
    weight = p.demand if stage.goal == "travel" else p.people
    total = sum(float(weight[u]) * float(stage.cost[at[u, h]]) for u, h in enumerate(assignment))
    if stage.pair_price is not None:
        total += sum(float(stage.pair_price[pair]) for pair in listed_by(p, assignment))
    return total + len(changes) * (p.change_price if stage.goal == "travel" else 0.0)


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
    pinned = {(int(d), int(h)) for d, h in np.argwhere(p.pinned)}
    return {pair for pair, people in served_by(p, assignment).items() if people > 0} | pinned


def changed(p: Problem, listed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs that are new or ended against today."""
    return listed ^ {(int(d), int(h)) for d, h in np.argwhere(p.existing)}


def uses(p: Problem, u: int, h: int) -> float:
    """Capacity that the unit uses at the hospital."""
    if p.use is None:
        return float(p.people[u])
    return float(p.use[(p.unit == u) & (p.hospital == h)][0])


def keeps_rules(p: Problem, assignment: tuple[int, ...]) -> bool:
    """Caps, pins, capacity, least share and changes of one assignment; and what the rules' own files say."""
    served, listed = served_by(p, assignment), listed_by(p, assignment)
    if sum(1 for _, h in changed(p, listed) if p.counted[h]) > p.most_changes:
        return False
    lived = {int(p.district[u]) for u in range(len(assignment)) if p.people[u] > 0}
    if any(pair not in listed for pair in served if pair[0] in lived):
        return (
            False  # a unit where nobody lives lists no pair of its own; an empty district has none to follow
        )
    for d in range(len(p.district_ids)):
        counted = sum(1 for dd, h in listed if dd == d and p.counted[h])
        if counted > p.district_cap[d] and not p.caps_bend:
            return False
        total = sum(int(n) for n, dd in zip(p.people, p.district, strict=True) if dd == d)
        if any(served.get((dd, h), 0) < p.least_share * total - 1e-9 for dd, h in listed if dd == d):
            return False
    if p.neighbours is not None and any(stands_apart(p, assignment, d) for d in range(len(p.district_ids))):
        return False
    for h in range(len(p.hospital_ids)):
        districts = sum(1 for _, hh in listed if hh == h)
        load = sum(uses(p, u, h) for u, hh in enumerate(assignment) if hh == h)
        above = p.counted[h] and districts > p.hospital_cap[h] and not p.caps_bend
        if above or load > p.capacity[h] + 1e-9:
            return False
    return all(proof.keeps(p, listed, assignment) for proof in proofs().values())


def stands_apart(p: Problem, assignment: tuple[int, ...], d: int) -> bool:
    """Whether two units of a district at one hospital have a way to each other, but none through its own units."""
    mine = [u for u in range(len(assignment)) if p.district[u] == d]
    pairs = itertools.combinations(mine, 2)
    return any(
        assignment[a] == assignment[b]
        and way(p, a, b, set(mine))
        and not way(p, a, b, {u for u in mine if assignment[u] == assignment[a]})
        for a, b in pairs
    )


def way(p: Problem, a: int, b: int, through: set[int]) -> bool:
    """Whether b can be reached from a over units that touch."""
    edges = {(int(v), int(w)) for v, w in p.neighbours} if p.neighbours is not None else set()
    seen = {a}
    for _ in through:
        seen |= {w for w in through for v in seen if (v, w) in edges or (w, v) in edges}
    return b in seen

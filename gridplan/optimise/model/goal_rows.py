"""Goals in the model: the value of each kind from a whole-unit plan, its terms and rows, and how it is kept.

Values come from arrays, never from the solver. A row is one of FORMULATION.md, as in `reference.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Kind, Stage
from gridplan.policies.goals import PAIRS, RESIDENTS, SHARE

WeightedVariables = list[tuple[Any, float]]
# Relative slack in the row that keeps a goal: without it, rounding may lose the very plan that reached the value.
KEEP_SLIP = 1e-9


def listed_pairs(p: Problem, serves: np.ndarray) -> np.ndarray:
    """(D, H) pairs that serve a resident (in a layer of grids: any unit) or are pinned."""
    listed, lived = p.pinned.copy(), (p.people > 0) | (p.grids is not None)
    listed[p.district[lived], serves[lived]] = True
    return listed


def stage_value(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """The goal's value of a whole-unit plan, recomputed from the arrays."""
    return VALUES[stage.kind](p, stage, serves)


def _sum(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """Σ weight · cost, and the price of the changes and of listed pairs."""
    on = p.hospital == serves[p.unit]
    value = float((p.weight(stage)[p.unit[on]] * stage.cost[on]).sum())
    if stage.change_price:
        value += stage.change_price * int(p.changed(listed_pairs(p, serves)).sum())
    if stage.pair_price is not None:
        value += float(stage.pair_price[listed_pairs(p, serves)].sum())
    return value


def _deviations(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """Counted pairs above the cap of their district, and of their hospital."""
    counted = listed_pairs(p, serves) & p.counted
    over = 0
    for axis, caps in ((1, p.district_cap), (0, p.hospital_cap)):
        over += int(np.where(caps == NO_CAP, 0, np.maximum(0, counted.sum(axis=axis) - caps)).sum())
    return float(over)


def _worst(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """The longest minutes of any unit with residents."""
    on = (p.hospital == serves[p.unit]) & (p.people[p.unit] > 0)
    return float(p.minutes[on].max(initial=0.0))


def _inequality(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """The largest minus the smallest mean minutes of a district with residents."""
    on = p.hospital == serves[p.unit]
    total = np.bincount(
        p.pair_district[on], p.people[p.unit[on]] * p.minutes[on], minlength=len(p.district_ids)
    )
    lived = p.district_people > 0
    means = total[lived] / p.district_people[lived]
    return float(means.max() - means.min()) if len(means) else 0.0


def _balance(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """The largest load of a hospital, against its capacity where the goal is a share."""
    on, full = p.hospital == serves[p.unit], _full_load(p, stage)
    load = np.bincount(p.hospital[on], weights=_load(p, stage)[on], minlength=len(p.hospital_ids))
    return float((load[full > 0] / full[full > 0]).max(initial=0.0))


def _changes(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """Counted pairs that are new or ended."""
    return float((p.changed(listed_pairs(p, serves)) & p.counted).sum())


def _partners(p: Problem, stage: Stage, serves: np.ndarray) -> float:
    """Counted pairs that are listed."""
    return float((listed_pairs(p, serves) & p.counted).sum())


VALUES: Mapping[Kind, Callable[[Problem, Stage, np.ndarray], float]] = {
    "sum": _sum, "deviations": _deviations, "worst": _worst, "inequality": _inequality, "balance": _balance,
    "changes": _changes, "partners": _partners,
}  # fmt: skip


def goal_terms(ref: Reference, stage: Stage) -> WeightedVariables:
    """The goal as variables with their weights, its rows written the first time it is asked for.

    In units of `stage_scale`, so that the solver's tolerances stay small beside the value.
    """
    if stage.goal not in ref.goals:
        ref.goals[stage.goal] = TERMS[stage.kind](ref, stage)
    return ref.goals[stage.goal]


def sum_terms(ref: Reference, stage: Stage) -> WeightedVariables:
    """Weight · c_uh of every kept pair, the price of each change and of each listed pair."""
    p, scale = ref.problem, goal_scale(ref.problem)
    weight = p.weight(stage)[p.unit] * stage.cost / scale
    terms = [(x, float(weight[k])) for k, x in ref.x.items() if weight[k]]
    price = np.where(
        p.changeable & ~p.existing, stage.change_price, 0.0
    )  # of y; a variable stands in the terms once
    price = price if stage.pair_price is None else price + stage.pair_price
    terms += [(y, float(price[pair]) / scale) for pair, y in ref.y.items() if price[pair]]
    if stage.change_price:
        terms += [(ended, stage.change_price / scale) for ended in ref.ended.values()]
    return terms


def above_caps(ref: Reference, stage: Stage) -> WeightedVariables:
    """Σ_d o_d + Σ_h o_h of rows (3) and (4), which bend by o."""
    return [(over, 1.0) for over in ref.over]


def longest(ref: Reference, stage: Stage) -> WeightedVariables:
    """Σ_h max(t_uh, L) x_uh ≤ W for every u with P_u > 0, where L = max_u min_h t_uh ≤ W     (16) worst"""
    p = ref.problem
    lived = np.flatnonzero(p.usable & (p.people[p.unit] > 0))
    nearest = np.full(len(p.unit_ids), np.inf)
    np.minimum.at(nearest, p.unit[lived], p.minutes[lived])
    least = float(nearest[np.isfinite(nearest)].max(initial=0.0))
    worst = ref.model.continuous("worst")
    ref.model.add([(worst, 1.0)], ">=", least, "worst_least")
    beyond: dict[int, WeightedVariables] = {}
    for k in lived[p.minutes[lived] > least].tolist():
        beyond.setdefault(int(p.unit[k]), []).append((ref.x[k], float(p.minutes[k]) - least))
    for u, terms in beyond.items():
        ref.model.add([*terms, (worst, -1.0)], "<=", -least, f"worst[{p.unit_ids[u]}]")
    return [(worst, 1.0)]


def difference(ref: Reference, stage: Stage) -> WeightedVariables:
    """low ≤ Σ_{u in d, h} P_u / P_d · t_uh x_uh ≤ high for every d with residents            (17) inequality"""
    p = ref.problem
    means: dict[int, WeightedVariables] = {}
    for k, x in ref.x.items():
        u = int(p.unit[k])
        share = float(p.people[u] / max(1.0, p.district_people[p.district[u]]))
        if share:
            means.setdefault(int(p.district[u]), []).append((x, share * float(p.minutes[k])))
    if len(means) < 2:
        return []
    high, low = ref.model.continuous("mean_high"), ref.model.continuous("mean_low")
    for d, terms in sorted(means.items()):
        ref.model.add([*terms, (high, -1.0)], "<=", 0.0, f"mean_high[{p.district_ids[d]}]")
        ref.model.add([*terms, (low, -1.0)], ">=", 0.0, f"mean_low[{p.district_ids[d]}]")
    return [(high, 1.0), (low, -1.0)]


def fullest(ref: Reference, stage: Stage) -> WeightedVariables:
    """Σ_u r_uh x_uh ≤ B · U_h, or Σ_u P_u x_uh ≤ B without a capacity rule, for every h     (18) balance"""
    p, loads = ref.problem, _load(ref.problem, stage)
    full = _full_load(p, stage) * stage_scale(p, stage)
    load: dict[int, WeightedVariables] = {}
    for k, x in ref.x.items():
        h = int(p.hospital[k])
        if loads[k] and np.isfinite(full[h]) and full[h] > 0:
            load.setdefault(h, []).append((x, float(loads[k] / full[h])))
    if not load:
        return []
    most = ref.model.continuous("fullest")
    for h, terms in sorted(load.items()):
        ref.model.add([*terms, (most, -1.0)], "<=", 0.0, f"fullest[{p.hospital_ids[h]}]")
    return [(most, 1.0)]


def changed_pairs(ref: Reference, stage: Stage) -> WeightedVariables:
    """Σ_{y⁰_dh = 0} g_h y_dh + Σ_{y⁰_dh = 1} g_h e_dh, the left side of (15)."""
    return [(changed, 1.0) for (_, h), changed in ref.changes().items() if ref.problem.counted[h]]


def all_pairs(ref: Reference, stage: Stage) -> WeightedVariables:
    """Σ_dh g_h y_dh."""
    return [(ref.y[pair], 1.0) for pair in ref.counted_pairs()]


TERMS: Mapping[Kind, Callable[[Reference, Stage], WeightedVariables]] = {
    "sum": sum_terms, "deviations": above_caps, "worst": longest, "inequality": difference, "balance": fullest,
    "changes": changed_pairs, "partners": all_pairs,
}  # fmt: skip


def keep_goal(ref: Reference, stage: Stage, most: float) -> None:
    """The goal's terms ≤ most: an earlier goal is not given up                              (13)

    The goal "worst" is kept by leaving out every pair that is longer, which says the same and is solved sooner.
    """
    p = ref.problem
    if stage.kind == "worst":
        for k in np.flatnonzero((p.minutes > most + KEEP_SLIP) & (p.people[p.unit] > 0)).tolist():
            if k in ref.x:
                ref.model.fix(ref.x[k], 0.0)
        return
    terms = goal_terms(ref, stage)
    if terms:  # CBC stumbles over a row without variables
        ref.model.add(terms, "<=", keep_limit(p, stage, most), f"keep[{stage.goal}]")


def keep_limit(p: Problem, stage: Stage, most: float) -> float:
    """The right side of a row that keeps a goal."""
    slip = 0.0 if stage.unit in (RESIDENTS, PAIRS) else KEEP_SLIP * most
    return (most + slip) / stage_scale(p, stage)


def stage_scale(p: Problem, stage: Stage) -> float:
    """What one unit of the objective is worth in the solver, in the unit of the goal."""
    sums = stage.kind == "sum" or (stage.kind == "balance" and stage.unit != SHARE)
    return goal_scale(p) if sums else 1.0


def goal_scale(p: Problem) -> float:
    """Residents of a mean unit: objectives are divided by it inside the solver."""
    return max(1.0, float(p.people.mean()))


def proven_bound(p: Problem, stage: Stage, bound: float | None, value: float) -> float:
    """The solver's bound in the unit of the goal; never above what a plan reached, and whole where pairs are counted."""
    if bound is None:
        return 0.0
    least = max(0.0, bound * stage_scale(p, stage))
    return min(value, float(np.ceil(least - 1e-6)) if stage.unit == PAIRS else least)


def _load(p: Problem, stage: Stage) -> np.ndarray:
    """(K,) what a unit adds to a hospital's load: use of its capacity where the goal is a share, else residents."""
    return p.pair_use if stage.unit == SHARE else p.people[p.unit]


def _full_load(p: Problem, stage: Stage) -> np.ndarray:
    """(H,) what a hospital's load is measured against; inf where it states no capacity."""
    return p.capacity if stage.unit == SHARE else np.ones(len(p.hospital_ids))

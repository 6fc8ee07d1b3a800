"""Why a unit is in its grid, and what another grid lead of its area would cost: re-solved in that area."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.ask.question import NOT_ASKED, Change, LayerQuestions
from gridplan.ask.reasons import forbidden, kept_off
from gridplan.optimise.engines.grids.area import areas
from gridplan.optimise.engines.grids.by_area import GRIDS, solve_area
from gridplan.optimise.grid_arrays import FREE
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import OPTIMAL_GAP, Outcome
from gridplan.optimise.what_if.solve_again import with_unit_at
from gridplan.policies.goals import figure
from gridplan.policies.rules import Grids, GridShape
from gridplan.words.text import Text

ASKED = 6  # leads that are re-solved for a unit, the cheapest first
EACH = (
    0.3  # seconds for one of them: a lead across half the district costs long to prove, and nobody wants it
)


def ask_area(q: LayerQuestions, changed: Problem, area: int, most: float | None = None) -> Change:
    """As `q.ask`, of a change inside one area: the others stay as they are, where nothing binds areas together.

    Parameters
    ----------
    most : seconds for this answer; what is not found by then is not re-solved, what is not proven says so.
    """
    p = q.problem
    assert p.grids is not None and changed.grids is not None
    alone = p.grids.least <= 1 and p.grids.most == FREE and GRIDS.why_not(p) is None
    if not alone or any(goal.gap > OPTIMAL_GAP for goal in q.goals):
        return q.ask(changed)
    left = q.clock.left
    if left is not None and left <= 0.1:
        return NOT_ASKED
    if most is not None:
        left = most if left is None else min(most, left)
    part = next(a for a in areas(changed) if p.grids.area[p.district[a.units[0]]] == area)
    answer = solve_area(part, "highs", Clock(left), 0.0, 1)
    if answer.impossible:
        return Change()
    if answer.serves is None:
        return NOT_ASKED
    (stage,), (was,), serves = p.stages, q.goals, q.serves.copy()
    serves[part.units] = part.leads[answer.serves]
    value = stage_value(p, stage, serves)
    goal = replace(was, value=value, bound=value - (answer.value - answer.bound), reached=value)
    change, gap = value - was.reached, max(was.gap, goal.gap)
    low, high = (change, change) if gap <= OPTIMAL_GAP else (goal.bound - was.reached, value - was.bound)
    outcome = Outcome(serves, listed_pairs(p, serves), (goal,), "highs", 0.0, 0.0)
    told = was.goal, gap, was.text, was.unit
    return Change(outcome, True, change, low, high, *told, *q.travel_of(serves))


def unit_in_grid(q: LayerQuestions, unit_id: str) -> tuple[list[Text], list[dict[str, Any]]]:
    """The sentences and the rows of a unit in the layer of grids: only leads of its area are alternatives."""
    p, grids = q.problem, q.problem.grids
    assert grids is not None
    u = int(pd.Index(p.unit_ids).get_loc(unit_id))
    d, mine = int(p.district[u]), int(q.serves[u])
    people, home = int(p.people[u]), q.district(d)
    lines = [
        Text(
            f"grid: led by {q.hospital(mine)}, {q.minutes[u, mine]:.1f} min; {people:,} residents, of {home}",
            f"网格：牵头医院 {q.hospital(mine)}，{q.minutes[u, mine]:.1f} 分钟；{people:,} 人，属{home}",
        )
    ]
    here = grids.in_reach[d]
    order = [h for h in np.lexsort([q.minutes[u], q.cost[u]]).tolist() if here[h]]
    others = [h for h in order if h != mine]
    asked = [h for h in others if q.within[u, h] and p.allowed[d, h]][:ASKED]
    rows = [_row(q, u, h, h in asked) for h in ([mine] if here[mine] else []) + others]
    return lines, rows if here.all() else [*rows, _elsewhere(q, int((~here).sum()))]


def _elsewhere(q: LayerQuestions, count: int) -> dict[str, Any]:
    """One row for all leads of other areas."""
    return {
        "layer": q.problem.layer, "hospital_id": "", "hospital": "", "chosen": 0, "partner": 0, **NOT_ASKED.cells(),
        "rule": Grids.id,
        "what": f"{count} grid leads elsewhere cannot be chosen ({Grids.id}: a grid stays in its area)",
        "what_zh": f"其他地区的 {count} 家牵头医院不可选（{Grids.id}：网格不出本区域）",
    }  # fmt: skip


def _row(q: LayerQuestions, u: int, h: int, asked: bool) -> dict[str, Any]:
    p, mine, d = q.problem, int(q.serves[u]), int(q.problem.district[u])
    assert p.grids is not None
    forced = with_unit_at(p, u, h)
    change = ask_area(q, forced, int(p.grids.area[d]), EACH) if asked else NOT_ASKED
    minutes, people = float(q.minutes[u, h]), float(p.demand[u])
    difference = people * float(q.cost[u, h] - q.cost[u, mine])
    rule, why = _why(q, u, h, forced, change)
    what = Text(f"{q.hospital(h)}: {why.en}", f"{q.hospital(h)}：{why.zh}")
    if np.isfinite(minutes):
        what = Text(
            f"{q.hospital(h)}: {minutes:.1f} min; {why.en}", f"{q.hospital(h)}：{minutes:.1f} 分钟；{why.zh}"
        )
    if h != mine and np.isfinite(difference) and not change.impossible:
        own, cost = figure(difference, q.travel.unit, "+"), change.text()
        what = Text(
            f"{what.en}; for its own residents {own.en}; whole plan: {cost.en}",
            f"{what.zh}；本单元居民 {own.zh}；全方案：{cost.zh}",
        )
    return {
        "layer": p.layer, "hospital_id": p.hospital_ids[h], "hospital": q.hospital(h), "chosen": int(h == mine),
        "partner": 0, "minutes": minutes, "priority": np.nan, "price": np.nan, "difference": round(difference, 4),
        **change.cells(), "rule": rule, "what": what.en, "what_zh": what.zh,
    }  # fmt: skip


def _why(q: LayerQuestions, u: int, h: int, forced: Problem, change: Change) -> tuple[str, Text]:
    p, grids = q.problem, q.problem.grids
    assert grids is not None
    if h == int(q.serves[u]):
        return "", Text("chosen", "已选")
    if not q.within[u, h] and (reason := kept_off(q, u, h)):
        return reason
    if not p.allowed[p.district[u], h] and (reason := forbidden(q, int(p.district[u]), h)):
        return reason
    if change.impossible:
        if grids.connected:
            free = replace(forced, grids=replace(grids, connected=False))
            if ask_area(q, free, int(grids.area[p.district[u]]), EACH).outcome is not None:
                shape = GridShape.id
                return shape, Text(
                    f"cannot be: its grid would fall apart ({shape})", f"不可行：网格将不连通（{shape}）"
                )
        return "", Text("cannot be: no plan keeps all rules then", "不可行：此时没有满足所有规则的方案")
    if (q.serves == h).any():
        return "", Text("leads a grid of the area too", "也是本区域的网格牵头医院")
    return "", Text("may lead a grid, leads none in this plan", "可牵头网格，本方案未牵头")

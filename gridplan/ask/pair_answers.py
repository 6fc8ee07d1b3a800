"""A pair as an answer: what it costs to end it or to force it in, and which pairs move with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gridplan.ask.explain_grids import ask_area
from gridplan.ask.grid_answers import pair_words
from gridplan.ask.question import CHANGE_COLUMNS, NOT_ASKED, Change, LayerQuestions, people_of
from gridplan.ask.reasons import forbidden, why_not
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import Outcome
from gridplan.optimise.what_if.solve_again import with_ban, with_pin
from gridplan.policies.rules import Pin
from gridplan.words.text import Text, both

PAIR_COLUMNS = [
    "layer", "district_id", "hospital_id", "partner", "people", "mean_minutes", "priority",
    *CHANGE_COLUMNS, "rule", "what", "what_zh",
]  # fmt: skip
MOVE_COLUMNS = ["layer", "district_id", "hospital_id", "before", "after", "what", "what_zh"]


def pair_row(q: LayerQuestions, d: int, h: int, people: float, whom: Text) -> dict[str, Any]:
    """A pair with what it costs to end it, or to force it in."""
    p, listed = q.problem, bool(q.chosen[d, h])
    change, rule, why = pair_change(q, d, h)
    cost, grade = change.text(people, whom), int(p.priority[d, h])
    pair = f"{q.district(d)} – {q.hospital(h)}"
    if p.grids is not None:
        said = pair_words(q, d, h, q.served(d, h), why)
    elif listed:
        served = q.served(d, h)
        said = Text(
            f"{pair}: partner of {served:,} residents, priority {grade}; {why.en}",
            f"{pair}：服务 {served:,} 人，优先级 {grade}；{why.zh}",
        )
    else:
        said = Text(
            f"{pair}: no partner, priority {grade}; {why.en}", f"{pair}：未结对，优先级 {grade}；{why.zh}"
        )
    if listed:
        what = Text(f"{said.en}without it: {cost.en}", f"{said.zh}去掉后：{cost.zh}")
    else:
        tail = both("")
        if change.outcome is not None:
            then = people_of(p, change.outcome.serves, d, h)
            tail = Text(
                f"; with it, serving {then:,} residents: {cost.en}", f"；加入后服务 {then:,} 人：{cost.zh}"
            )
        elif change.asked:
            tail = Text(f"; with it: {cost.en}", f"；加入后：{cost.zh}")
        what = Text(f"{said.en}{tail.en}", f"{said.zh}{tail.zh}")
    mine = (p.district == d) & (q.serves == h) & (p.people > 0)
    mean = (
        float(np.average(q.minutes[mine, h], weights=p.people[mine])) if mine.any() else q.mean_minutes(d, h)
    )
    return {
        "layer": p.layer,
        "district_id": p.district_ids[d],
        "hospital_id": p.hospital_ids[h],
        "partner": int(listed),
        "people": q.served(d, h),
        "mean_minutes": round(mean, 4),
        "priority": grade,
        **change.cells(),
        "rule": rule,
        "what": what.en,
        "what_zh": what.zh,
    }


def pair_change(q: LayerQuestions, d: int, h: int) -> tuple[Change, str, Text]:
    """The re-solve of a pair (out if listed, else in), with the rule that stands behind it."""
    p = q.problem
    if not q.chosen[d, h]:
        rule, why = why_not(q, d, h)
        return (NOT_ASKED if forbidden(q, d, h) else _ask(q, with_pin(p, d, h), d)), rule, why
    if not p.pinned[d, h]:
        return _ask(q, with_ban(p, d, h), d), "", both("")
    pinned = p.pinned.copy()
    pinned[d, h] = False
    change = _ask(q, with_ban(replace(p, pinned=pinned), d, h), d)
    return change, Pin.id, Text("pinned by the policy; ", "由政策指定；")


def _ask(q: LayerQuestions, changed: Problem, d: int) -> Change:
    """Solve the changed problem; of grids, the area of the district alone where that says all."""
    grids = q.problem.grids
    return q.ask(changed) if grids is None else ask_area(q, changed, int(grids.area[d]))


def moves_of(q: LayerQuestions, outcome: Outcome) -> list[tuple[object, ...]]:
    """Each pair that serves more or fewer residents in another plan of the layer."""
    p = q.problem
    moves: list[tuple[object, ...]] = []
    for d, h in np.argwhere(q.chosen | outcome.chosen).tolist():
        before = q.served(d, h)
        after = people_of(p, outcome.serves, d, h)
        if before == after and q.chosen[d, h] == outcome.chosen[d, h]:
            continue
        kind = (
            Text("new", "新增") if not q.chosen[d, h] else Text("ends", "取消") if not outcome.chosen[d, h]
            else Text("changes", "调整")
        )  # fmt: skip
        pair = f"{q.district(d)} – {q.hospital(h)}"
        what = Text(
            f"{pair} {kind.en}: {before:,} → {after:,} residents",
            f"{pair} {kind.zh}：{before:,} → {after:,} 人",
        )
        moves.append((p.layer, p.district_ids[d], p.hospital_ids[h], before, after, what.en, what.zh))
    return moves

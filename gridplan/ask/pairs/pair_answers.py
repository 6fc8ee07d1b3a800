"""A pair as an answer: what it costs to end it or to force it in, and which pairs move with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.ask.explain_grids import ask_area
from gridplan.ask.grid_answers import pair_words
from gridplan.ask.pairs.fair_share import FairShare, fair_share
from gridplan.ask.question import CHANGE_COLUMNS, NOT_ASKED, Change, LayerQuestions, people_of
from gridplan.ask.reasons import forbidden, why_not
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import Outcome
from gridplan.optimise.what_if.solve_again import with_ban, with_pin
from gridplan.policies.goals import tells
from gridplan.policies.rules import Pin
from gridplan.words.text import Text, both

PAIR_COLUMNS = [
    "layer", "district_id", "hospital_id", "partner", "people", "mean_minutes", "priority",
    *CHANGE_COLUMNS, "fair_people", "fair_change", "rule", "what", "what_zh",
]  # fmt: skip
MOVE_COLUMNS = ["layer", "district_id", "hospital_id", "before", "after", "what", "what_zh"]


def pair_row(q: LayerQuestions, d: int, h: int, ask: bool = True) -> dict[str, Any]:
    """A pair with what it costs to end it, or to force it in; what is not asked is told without a cost."""
    return pair_answer(q, d, h, ask)[0]


def pair_answer(
    q: LayerQuestions, d: int, h: int, ask: bool = True
) -> tuple[dict[str, Any], Change, FairShare | None]:
    """The row of a pair, the re-solve behind it, and the fair share where that is what the row tells."""
    p, listed = q.problem, bool(q.chosen[d, h])
    change, rule, why = pair_change(q, d, h) if ask else (NOT_ASKED, *_why(q, d, h))
    grade, served = int(p.priority[d, h]), q.served(d, h)
    pair = f"{q.district(d)} – {q.hospital(h)}"
    fair = None
    if p.grids is not None:
        said = pair_words(q, d, h, served, why)
    elif listed:
        said = Text(
            f"{pair}: partner of {served:,} residents, priority {grade}; {why.en}",
            f"{pair}：服务 {served:,} 人，优先级 {grade}；{why.zh}",
        )
    else:
        today = _today(p, d, h)
        said = Text(
            f"{pair}: {today.en}, priority {grade}; {why.en}", f"{pair}：{today.zh}，优先级 {grade}；{why.zh}"
        )
    if listed:
        tail = Text(f"without it: {change.text().en}", f"去掉后：{change.text().zh}") if ask else both("")
    else:
        tail, fair = _with_it(q, d, h, change)
    mine = (p.district == d) & (q.serves == h) & (p.people > 0)
    mean = (
        float(np.average(q.minutes[mine, h], weights=p.people[mine])) if mine.any() else q.mean_minutes(d, h)
    )
    row = {
        "layer": p.layer,
        "district_id": p.district_ids[d],
        "hospital_id": p.hospital_ids[h],
        "partner": int(listed),
        "people": served,
        "mean_minutes": round(mean, 4),
        "priority": grade,
        **change.cells(),
        "fair_people": pd.NA if fair is None else fair.people,
        "fair_change": np.nan if fair is None else round(fair.change.change, 4),
        "rule": rule,
        "what": f"{said.en}{tail.en}",
        "what_zh": f"{said.zh}{tail.zh}",
    }
    return row, change, fair


def _today(p: Problem, d: int, h: int) -> Text:
    """What a pair that the plan does not have is today."""
    if p.present is not None and p.present[d, h]:
        return Text(
            "an open campus without an agreement, counted today, no partner",
            "已有院区（未签约，今日计入），未结对",
        )
    if p.existing[d, h]:
        return Text("a partnership today, ended", "现有合作，方案撤销")
    return Text("no partner", "未结对")


def _with_it(q: LayerQuestions, d: int, h: int, change: Change) -> tuple[Text, FairShare | None]:
    """What a pair that the plan does not have would cost; where it would be nobody's nearest, what a fair share would."""
    cost = change.text()
    if change.outcome is None:
        return (Text(f"; with it: {cost.en}", f"；加入后：{cost.zh}") if change.asked else both("")), None
    word = Text("kept", "若保留") if q.problem.existing[d, h] else Text("with it", "加入后")
    then = people_of(q.problem, change.outcome.serves, d, h)
    if then:
        said = Text(
            f"; {word.en}, serving {then:,} residents: {cost.en}", f"；{word.zh}服务 {then:,} 人：{cost.zh}"
        )
        return said, None
    fair = fair_share(q, d, h, change.outcome)
    nobody = Text(f"; {word.en}, it would be nobody's nearest", f"；{word.zh}也无人就近")
    if tells(change.change, change.unit):
        nobody = Text(f"{nobody.en}: {cost.en}", f"{nobody.zh}：{cost.zh}")
    if fair is None or not fair.change.asked:
        return nobody, None
    cost = fair.change.text()
    said = Text(
        f"{nobody.en}; with a fair share (1 of {fair.partners}, {fair.people:,} residents): {cost.en}",
        f"{nobody.zh}；若承担应有份额（{fair.partners} 家之一，{fair.people:,} 人）：{cost.zh}",
    )
    return said, fair


def matter_most(q: LayerQuestions, pairs: list[tuple[int, int]], most: int | None) -> list[tuple[int, int]]:
    """The pairs worth a line, in the order of what they say: those of the plan, those of today, those that would serve most.

    Parameters
    ----------
    most : so many; None for all.
    """
    p = q.problem

    def nearer(d: int, h: int) -> float:
        mine = np.flatnonzero(p.district == d)
        gain = np.take_along_axis(q.cost[mine], q.serves[mine][:, None], axis=1)[:, 0] - q.cost[mine, h]
        return float(p.demand[mine] @ np.clip(np.nan_to_num(gain, nan=0.0, neginf=0.0), 0.0, None))

    def standing(pair: tuple[int, int]) -> tuple[Any, ...]:
        d, h = pair
        barred = not q.chosen[d, h] and forbidden(q, d, h) is not None
        return (
            not q.chosen[d, h], -q.served(d, h), not p.existing[d, h], barred, -nearer(d, h), q.mean_minutes(d, h), pair,
        )  # fmt: skip

    order = sorted(pairs, key=standing)
    listed = sum(bool(q.chosen[pair]) for pair in pairs)
    return order if most is None else order[: max(most, listed)]


def pair_change(q: LayerQuestions, d: int, h: int) -> tuple[Change, str, Text]:
    """The re-solve of a pair (out if listed, else in), with the rule that stands behind it."""
    p, (rule, why) = q.problem, _why(q, d, h)
    if not q.chosen[d, h]:
        return (NOT_ASKED if forbidden(q, d, h) else _ask(q, with_pin(p, d, h), d)), rule, why
    if not p.pinned[d, h]:
        return _ask(q, with_ban(p, d, h), d), rule, why
    pinned = p.pinned.copy()
    pinned[d, h] = False
    return _ask(q, with_ban(replace(p, pinned=pinned), d, h), d), rule, why


def _why(q: LayerQuestions, d: int, h: int) -> tuple[str, Text]:
    """The rule that stands behind a pair, or against it."""
    if not q.chosen[d, h]:
        return why_not(q, d, h)
    if q.problem.pinned[d, h]:
        return Pin.id, Text("pinned by the policy; ", "由政策指定；")
    return "", both("")


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

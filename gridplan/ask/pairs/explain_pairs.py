"""A district or a hospital as an answer: how full it is, who would come next, and the pairs that matter most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.ask.grid_answers import district_line, no_lead
from gridplan.ask.pairs.pair_answers import PAIR_COLUMNS, matter_most, pair_row
from gridplan.ask.question import Change, LayerQuestions
from gridplan.optimise.what_if.solve_again import with_district_cap, with_hospital_cap
from gridplan.plans.plan import Plan
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import LAYERS, both_words, layer_title


def of_district(
    plan: Plan, district_id: str, most: int | None, lang: Language, seconds: float | None
) -> Explanation:
    """Each layer of a district: its partners against the cap, who would come next, and the pairs that matter most."""
    lines, rows = [], []
    for result in plan.layers:
        q = LayerQuestions(plan, result.layer, seconds)
        p = q.problem
        if district_id not in p.district_ids:
            lines.append(left_out(result.layer))
            continue
        d = int(pd.Index(p.district_ids).get_loc(district_id))
        if p.grids is not None:
            lines.append(district_line(q, d))
            rows += [pair_row(q, d, h) for h in q.listed(d)]
            continue
        cap, layer = q.cap_of(d), both_words(LAYERS, p.layer)
        held = Text(f"{int(q.chosen[d].sum())} partner(s)", f"{int(q.chosen[d].sum())} 家合作医院")
        if cap is None or not p.counted.any():
            lines.append(Text(f"{layer.en}: {held.en}, no cap", f"{layer.zh}类结对：{held.zh}，不设上限"))
        else:
            count = len(q.partners(d))
            lines.append(
                Text(
                    f"{layer.en}: {held.en}; SH-2 cap {cap}, {cap - count} place(s) left",
                    f"{layer.zh}类结对：{held.zh}；SH-2 上限 {cap}，余 {cap - count} 个名额",
                )
            )
            if cap <= count:
                lines.append(_next(q, d, None, q.ask(with_district_cap(p, d, cap + 1))))
        pairs = [(d, h) for h in range(len(p.hospital_ids))]
        told = matter_most(q, pairs, most)
        rows += [pair_row(q, *pair) for pair in told]
        lines += _not_told(len(pairs) - len(told), layer)
    title = titled(
        plan,
        Text(
            f"district {plan.region.label('district', district_id)}",
            plan.region.label("district", district_id),
        ),
    )
    table = pd.DataFrame(rows, columns=PAIR_COLUMNS)
    return Explanation(title, tuple(lines), _listed_first(table, "hospital_id"), lang)


def of_one_hospital(
    plan: Plan, hospital_id: str, most: int | None, lang: Language, seconds: float | None
) -> Explanation:
    """A hospital: its districts against the cap, its load, who would come next, and the pairs that matter most."""
    q, h = of_hospital(plan, hospital_id, seconds)
    p, cap = q.problem, q.hospital_cap_of(h)
    layer, count = both_words(LAYERS, p.layer), int(q.chosen[:, h].sum())
    facts = (
        Text(f"grid: leads {q.load[h]:,.0f} residents", f"网格层：牵头网格服务 {q.load[h]:,.0f} 人")
        if p.grids is not None
        else Text(
            f"{layer.en}: {count} district(s), {q.load[h]:,.0f} residents",
            f"{layer.zh}类结对：{count} 个合作区，{q.load[h]:,.0f} 人",
        )
    )
    lines = [Text(f"{facts.en}; no cap", f"{facts.zh}；不设上限") if p.grids is None else facts]
    if cap is not None:
        left = cap - count
        lines = [
            Text(
                f"{facts.en}; SH-3 cap {cap}, {left} place(s) left",
                f"{facts.zh}；SH-3 上限 {cap}，余 {left} 个名额",
            ),
        ]
        if left <= 0:
            lines.append(_next(q, None, h, q.ask(with_hospital_cap(p, h, cap + 1))))
    if np.isfinite(p.capacity[h]):
        spare = p.capacity[h] - q.load[h]
        lines.append(
            Text(
                f"CAPACITY {p.capacity[h]:,.0f} residents, room for {spare:,.0f} more",
                f"CAPACITY 承载能力 {p.capacity[h]:,.0f} 人，还可容 {spare:,.0f} 人",
            )
        )
    pairs = [(d, h) for d in range(len(p.district_ids)) if h in q.listed(d)]
    told = pairs if p.grids is not None else matter_most(q, pairs, most)
    rows = [pair_row(q, *pair) for pair in told]
    lines += _not_told(len(pairs) - len(told), layer)
    title = titled(plan, Text(f"hospital {q.hospital(h)}", q.hospital(h)))
    return Explanation(
        title, tuple(lines), _listed_first(pd.DataFrame(rows, columns=PAIR_COLUMNS), "district_id"), lang
    )


def left_out(layer: str) -> Text:
    """What is said of a district that the layer of grids leaves out."""
    words = Text(both_words(LAYERS, layer).en, layer_title(layer).zh)
    return Text(
        f"{words.en}: the district is left out, it runs a county consortium (ZJ-1)",
        f"{words.zh}：该区实行县域医共体，不划分网格（ZJ-1）",
    )


def _not_told(count: int, layer: Text) -> list[Text]:
    """How many pairs are left for whoever asks for all."""
    if not count:
        return []
    return [
        Text(
            f"{layer.en}: the pairs that matter most; {count} more with --all (most=None)",
            f"{layer.zh}类结对：以下为最相关的结对；另有 {count} 对，用 --all（most=None）列出",
        )
    ]


def _next(q: LayerQuestions, d: int | None, h: int | None, change: Change) -> Text:
    """Who would come next with one place more, and what that gains."""
    if change.outcome is None:
        return Text("with one place more: not answered in time", "增加一个名额：未在时限内求得")
    new = change.outcome.chosen & ~q.chosen
    mine = [(a, b) for a, b in np.argwhere(new).tolist() if d in (None, a) and h in (None, b)]
    who = ", ".join(q.hospital(b) if d is not None else q.district(a) for a, b in mine)
    cost = change.text()
    if not who:
        return Text("with one place more: nobody would come", "增加一个名额：不会有新结对")
    return Text(f"with one place more: {who} would come; {cost.en}", f"增加一个名额：{who} 将加入；{cost.zh}")


def of_hospital(plan: Plan, hospital_id: str, seconds: float | None) -> tuple[LayerQuestions, int]:
    """The layer of a hospital (as partner, where it may lead a grid too), and its index there."""
    who = plan.candidates.drop_duplicates("hospital_id")
    layers = who.set_index("hospital_id")["layer"]
    if hospital_id not in layers.index:
        label, nor = (
            plan.region.label("hospital", hospital_id),
            no_lead(plan.region, plan.policy, hospital_id),
        )
        raise DataError(
            Text(
                f"{label} is no candidate: it cannot be a partner under SH-4{nor.en}",
                f"{label} 不是候选医院（SH-4）{nor.zh}",
            ),
            Text("see [candidates] in the policy", "见政策中的 [candidates]"),
        )
    q = LayerQuestions(plan, str(layers[hospital_id]), seconds)
    return q, int(pd.Index(q.problem.hospital_ids).get_loc(hospital_id))


def _listed_first(table: pd.DataFrame, key: str) -> pd.DataFrame:
    return table.sort_values(
        ["layer", "partner", "people", "change", key],
        ascending=[True, False, False, True, True],
        ignore_index=True,
    )


def titled(plan: Plan, what: Text) -> Text:
    """What a question is about, under the name of the plan."""
    return Text(f"{plan.name}: {what.en}", f"{plan.name}：{what.zh}")

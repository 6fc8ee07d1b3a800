"""gp.explain: why a unit, a pair, a district or a hospital is planned so, and what the alternatives would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gridplan.ask.explain_grids import unit_in_grid
from gridplan.ask.explanation import Explanation
from gridplan.ask.grid_answers import district_line, no_lead
from gridplan.ask.pair_answers import MOVE_COLUMNS, PAIR_COLUMNS, moves_of, pair_change, pair_row
from gridplan.ask.question import CHANGE_COLUMNS, NOT_ASKED, Change, LayerQuestions, find_id
from gridplan.ask.reasons import unit_reason
from gridplan.optimise.infeasible.conflicts import explain_conflicts
from gridplan.optimise.what_if.solve_again import (
    is_quick,
    with_ban,
    with_district_cap,
    with_hospital_cap,
    with_pin,
    with_unit_at,
)
from gridplan.plans.plan import Plan
from gridplan.policies.goals import figure
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text, both
from gridplan.words.vocabulary import LAYERS, PRIORITIES, both_words

if TYPE_CHECKING:
    from gridplan.programmes.programme import Programme

UNIT_COLUMNS = [
    "layer", "hospital_id", "hospital", "chosen", "partner", "minutes", "priority", "price", "difference",
    *CHANGE_COLUMNS, "rule", "what", "what_zh",
]  # fmt: skip
ASKED = 6  # alternatives of a unit that are re-solved, the cheapest first
FEW = 2  # as many where only the compact model can answer, so that an answer is there at once
CONFLICT_SECONDS = 20.0


def explain(
    plan: Plan | Programme, *, unit: str | None = None, pair: tuple[str, str] | None = None, hospital: str | None = None,
    district: str | None = None, post: tuple[str, str] | None = None, alliance: tuple[str, str] | None = None,
    chain: str | None = None,
    lang: Language = "en", seconds: float | None = 30.0,
) -> Explanation:  # fmt: skip
    """Why it is planned so: what was chosen, the alternatives with their cost, the rule that forbids or binds.

    Parameters
    ----------
    plan : Plan or Programme
        A plan, made or opened again; for `post`, `alliance`, `chain` (a unit) a programme.
    unit, hospital, district, chain : str, optional
        An id, or a name that only one has; give exactly one of the four.
    pair, post, alliance : tuple[str, str], optional
        (district, hospital); (district hospital, discipline); (district, discipline).
    lang : Language, default "en"
        The language in which the answer prints; it holds both.
    seconds : float or None, default 30.0
        For all re-solving together; what is not answered by then says so.

    Returns
    -------
    Explanation
        In its table `difference` is what the unit's own residents would pay (person-minutes of the goal, price
        of the priority included); `change` is re-solved: what the best plan with that alternative costs more
        than this plan in `goal` (person-minutes for "travel", else the goal's unit), `at_least` and `at_most`
        what is proven of it.

    Raises
    ------
    ArgumentError
        `plan` is no Plan, or no Programme where one is asked about.
    DataError
        Not exactly one question, or an id that the region does not have.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> answer = gp.explain(plan, pair=("T3", "H3"))
    >>> print(str(answer).splitlines()[1].strip())
    priority 2: planned campus
    """
    check_limits(seconds)
    asked = [noun for noun in (unit, pair, hospital, district, post, alliance, chain) if noun is not None]
    if len(asked) == 1 and (post or alliance or chain):
        from gridplan.ask.explain_programme import explain_programme  # not for a plan alone

        return explain_programme(plan, post, alliance, chain, lang, seconds)
    a_plan(plan, "explain")
    assert isinstance(plan, Plan)
    if len(asked) != 1:
        raise DataError(
            Text("ask about one thing at a time", "一次只能问一项"),
            Text(
                "give unit=, pair=, hospital= or district=; of a programme, post=, alliance= or chain=",
                "请给出 unit=、pair=、hospital= 或 district= 之一；实施方案为 post=、alliance= 或 chain=",
            ),
        )
    region = plan.region
    if unit is not None:
        return _unit(plan, find_id(region, "unit", unit), lang, seconds)
    if district is not None:
        return _district(plan, find_id(region, "district", district), lang, seconds)
    if hospital is not None:
        return _hospital(plan, find_id(region, "hospital", hospital), lang, seconds)
    assert pair is not None
    ids = find_id(region, "district", pair[0]), find_id(region, "hospital", pair[1])
    return _pair(plan, *ids, lang, seconds)


def _unit(plan: Plan, unit_id: str, lang: Language, seconds: float | None) -> Explanation:
    lines: list[Text] = []
    rows: list[dict[str, Any]] = []
    for result in plan.layers:
        q = LayerQuestions(plan, result.layer, seconds)
        p = q.problem
        if unit_id not in p.unit_ids:
            lines.append(_left_out(result.layer))
            continue
        if p.grids is not None:
            said, grid_rows = unit_in_grid(q, unit_id)
            lines, rows = lines + said, rows + grid_rows
            continue
        u = int(pd.Index(p.unit_ids).get_loc(unit_id))
        d, mine = int(p.district[u]), int(q.serves[u])
        lines.append(_unit_line(q, u))
        order = np.lexsort([q.minutes[u], q.cost[u]])
        most = ASKED if is_quick(p) else FEW
        asked = [h for h in order.tolist() if h != mine and q.within[u, h] and p.allowed[d, h]][:most]
        for h in order.tolist():
            change = q.ask(with_unit_at(p, u, h)) if h in asked else NOT_ASKED
            rows.append(_unit_row(q, u, h, change))
    title = _title(
        plan, Text(f"unit {plan.region.label('unit', unit_id)}", f"单元 {plan.region.label('unit', unit_id)}")
    )
    return Explanation(title, tuple(lines), pd.DataFrame(rows, columns=UNIT_COLUMNS), lang)


def _unit_line(q: LayerQuestions, u: int) -> Text:
    """Who is the partner of a unit."""
    p, d, mine = q.problem, int(q.problem.district[u]), int(q.serves[u])
    layer, ground = both_words(LAYERS, p.layer), PRIORITIES[int(p.priority[d, mine])]
    people, home = int(p.people[u]), q.district(d)
    return Text(
        f"{layer.en}: {q.hospital(mine)}, {q.minutes[u, mine]:.1f} min, priority {p.priority[d, mine]} "
        f"({ground.en}); {people:,} residents, of {home}",
        f"{layer.zh}层：{q.hospital(mine)}，{q.minutes[u, mine]:.1f} 分钟，优先级 {p.priority[d, mine]}"
        f"（{ground.zh}）；{people:,} 人，属{home}",
    )


def _left_out(layer: str) -> Text:
    """What is said of a district that the layer of grids leaves out."""
    words = both_words(LAYERS, layer)
    return Text(
        f"{words.en}: the district is left out, it runs a county consortium (ZJ-1)",
        f"{words.zh}层：该区实行县域医共体，不划分网格（ZJ-1）",
    )


def _unit_row(q: LayerQuestions, u: int, h: int, change: Change) -> dict[str, Any]:
    p, d, mine = q.problem, int(q.problem.district[u]), int(q.serves[u])
    people, minutes = float(p.demand[u]), float(q.minutes[u, h])
    difference = people * float(q.cost[u, h] - q.cost[u, mine])
    rule, why = ("", Text("chosen", "已选")) if h == mine else unit_reason(q, u, h)
    what = Text(f"{q.hospital(h)}: {why.en}", f"{q.hospital(h)}：{why.zh}")
    if np.isfinite(minutes):
        price = float(q.cost[u, h]) - minutes
        added = Text(f" + price {price:g}", f" + 计价 {price:g}") if price else both("")
        grade = int(p.priority[d, h])
        what = Text(
            f"{q.hospital(h)}: {minutes:.1f} min{added.en} (priority {grade}); {why.en}",
            f"{q.hospital(h)}：{minutes:.1f} 分钟{added.zh}（优先级 {grade}）；{why.zh}",
        )
    if h != mine and np.isfinite(difference):
        cost = change.text(people, Text("the unit", "该单元"))
        own = figure(difference, q.travel.unit, "+")
        what = Text(
            f"{what.en}; for its own residents {own.en}; whole plan: {cost.en}",
            f"{what.zh}；本单元居民 {own.zh}；全方案：{cost.zh}",
        )
    return {
        "layer": p.layer,
        "hospital_id": p.hospital_ids[h],
        "hospital": q.hospital(h),
        "chosen": int(h == mine),
        "partner": int(q.chosen[d, h]),
        "minutes": minutes,
        "priority": int(p.priority[d, h]),
        "price": round(float(q.cost[u, h]) - minutes, 4) if np.isfinite(minutes) else np.nan,
        "difference": round(difference, 4),
        **change.cells(),
        "rule": rule,
        "what": what.en,
        "what_zh": what.zh,
    }


def _district(plan: Plan, district_id: str, lang: Language, seconds: float | None) -> Explanation:
    lines, rows = [], []
    for result in plan.layers:
        q = LayerQuestions(plan, result.layer, seconds)
        p = q.problem
        if district_id not in p.district_ids:
            lines.append(_left_out(result.layer))
            continue
        d = int(pd.Index(p.district_ids).get_loc(district_id))
        if p.grids is not None:
            lines.append(district_line(q, d))
            rows += [pair_row(q, d, h, q.demand_of(d), both(q.district(d))) for h in q.listed(d)]
            continue
        most, layer = q.cap_of(d), both_words(LAYERS, p.layer)
        held = Text(f"{int(q.chosen[d].sum())} partner(s)", f"{int(q.chosen[d].sum())} 家合作医院")
        if most is None or not p.counted.any():
            lines.append(Text(f"{layer.en}: {held.en}, no cap", f"{layer.zh}类结对：{held.zh}，不设上限"))
        else:
            count = len(q.partners(d))
            lines.append(
                Text(
                    f"{layer.en}: {held.en}; SH-2 cap {most}, {most - count} place(s) left",
                    f"{layer.zh}类结对：{held.zh}；SH-2 上限 {most}，余 {most - count} 个名额",
                )
            )
            lines.append(_next(q, d, None, q.ask(with_district_cap(p, d, most + 1))))
        people = q.demand_of(d)
        whom = both(q.district(d))
        rows += [pair_row(q, d, h, people, whom) for h in range(len(p.hospital_ids))]
    title = _title(
        plan,
        Text(
            f"district {plan.region.label('district', district_id)}",
            plan.region.label("district", district_id),
        ),
    )
    table = pd.DataFrame(rows, columns=PAIR_COLUMNS)
    return Explanation(title, tuple(lines), _listed_first(table, "hospital_id"), lang)


def _hospital(plan: Plan, hospital_id: str, lang: Language, seconds: float | None) -> Explanation:
    q, h = _of_hospital(plan, hospital_id, seconds)
    p, most = q.problem, q.hospital_cap_of(h)
    layer, count = both_words(LAYERS, p.layer), int(q.chosen[:, h].sum())
    facts = (
        Text(f"grid: leads {q.load[h]:,.0f} residents", f"网格层：牵头网格服务 {q.load[h]:,.0f} 人")
        if p.grids is not None
        else Text(
            f"{layer.en}: {count} district(s), {q.load[h]:,.0f} residents",
            f"{layer.zh}层：{count} 个合作区，{q.load[h]:,.0f} 人",
        )
    )
    lines = [Text(f"{facts.en}; no cap", f"{facts.zh}；不设上限") if p.grids is None else facts]
    if most is not None:
        left = most - count
        lines = [
            Text(
                f"{facts.en}; SH-3 cap {most}, {left} place(s) left",
                f"{facts.zh}；SH-3 上限 {most}，余 {left} 个名额",
            ),
            _next(q, None, h, q.ask(with_hospital_cap(p, h, most + 1))),
        ]
    if np.isfinite(p.capacity[h]):
        spare = p.capacity[h] - q.load[h]
        lines.append(
            Text(
                f"CAPACITY {p.capacity[h]:,.0f} residents, room for {spare:,.0f} more",
                f"CAPACITY 承载能力 {p.capacity[h]:,.0f} 人，还可容 {spare:,.0f} 人",
            )
        )
    districts = [d for d in range(len(p.district_ids)) if h in q.listed(d)]
    rows = [pair_row(q, d, h, q.demand_of(d), both(q.district(d))) for d in districts]
    title = _title(plan, Text(f"hospital {q.hospital(h)}", q.hospital(h)))
    return Explanation(
        title, tuple(lines), _listed_first(pd.DataFrame(rows, columns=PAIR_COLUMNS), "district_id"), lang
    )


def _pair(
    plan: Plan, district_id: str, hospital_id: str, lang: Language, seconds: float | None
) -> Explanation:
    q, h = _of_hospital(plan, hospital_id, seconds)
    p = q.problem
    if district_id not in p.district_ids:
        raise DataError(_left_out(p.layer))
    d = int(pd.Index(p.district_ids).get_loc(district_id))
    row = pair_row(q, d, h, q.demand_of(d), both(q.district(d)))
    change = pair_change(q, d, h)[0]
    ground = PRIORITIES[int(p.priority[d, h])]
    rank = Text(f"priority {p.priority[d, h]}: {ground.en}", f"优先级 {p.priority[d, h]}：{ground.zh}")
    lines = [*([rank] if p.grids is None else []), Text(row["what"], row["what_zh"])]
    if change.impossible:
        forced = with_ban(p, d, h) if q.chosen[d, h] else with_pin(p, d, h)
        reasons = explain_conflicts(forced, "highs", min(CONFLICT_SECONDS, seconds or CONFLICT_SECONDS))
        lines += [
            Text(f"in the way: {en}", f"障碍：{zh}")
            for en, zh in zip(reasons["what"], reasons["what_zh"], strict=True)
        ]
    moves = [] if change.outcome is None else moves_of(q, change.outcome)
    title = _title(plan, both(f"{q.district(d)} – {q.hospital(h)}"))
    return Explanation(title, tuple(lines), pd.DataFrame(moves, columns=MOVE_COLUMNS), lang)


def _next(q: LayerQuestions, d: int | None, h: int | None, change: Change) -> Text:
    """Who would come next with one place more, and what that gains."""
    if change.outcome is None:
        return Text("with one place more: not answered in time", "增加一个名额：未在时限内求得")
    new = change.outcome.chosen & ~q.chosen
    mine = [(a, b) for a, b in np.argwhere(new).tolist() if d in (None, a) and h in (None, b)]
    who = ", ".join(q.hospital(b) if d is not None else q.district(a) for a, b in mine)
    cost = change.text(float(q.problem.demand.sum()), Text("the region", "全市"))
    if not who:
        return Text("with one place more: nobody would come", "增加一个名额：不会有新结对")
    return Text(f"with one place more: {who} would come; {cost.en}", f"增加一个名额：{who} 将加入；{cost.zh}")


def _of_hospital(plan: Plan, hospital_id: str, seconds: float | None) -> tuple[LayerQuestions, int]:
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


def _title(plan: Plan, what: Text) -> Text:
    return Text(f"{plan.name}: {what.en}", f"{plan.name}：{what.zh}")

"""gp.explain: why a unit, a pair, a district or a hospital is planned so, and what the alternatives would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gridplan.ask.explain_grids import unit_in_grid
from gridplan.ask.explanation import Explanation
from gridplan.ask.pairs.explain_pairs import left_out, of_district, of_hospital, of_one_hospital, titled
from gridplan.ask.pairs.pair_answers import MOVE_COLUMNS, moves_of, pair_answer
from gridplan.ask.question import CHANGE_COLUMNS, NOT_ASKED, Change, LayerQuestions
from gridplan.ask.reasons import unit_reason
from gridplan.inputs.matching.find_name import find_id
from gridplan.optimise.infeasible.conflicts import explain_conflicts
from gridplan.optimise.what_if.solve_again import (
    is_quick,
    with_ban,
    with_pin,
    with_unit_at,
)
from gridplan.plans.plan import Plan
from gridplan.policies.goals import figure
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text, both
from gridplan.words.vocabulary import LAYERS, PRIORITIES, both_words, layer_title

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
    chain: str | None = None, most: int | None = None,
    lang: Language = "en", seconds: float | None = 30.0,
) -> Explanation:  # fmt: skip
    """Why it is planned so: what was chosen, the alternatives with their cost, the rule that forbids or binds.

    Parameters
    ----------
    plan : Plan or Programme
        A plan, made or opened again; for `post`, `alliance`, `chain` (a unit) a programme.
    unit, hospital, district, chain : str, optional
        An id, or a name as people say it: a part of it that only one has, English, pinyin or its initials (瑞金, 六院,
        Qingpu, qp), candidates before other hospitals; give exactly one of the four.
    pair, post, alliance : tuple[str, str], optional
        (district, hospital); (district hospital, discipline); (district, discipline).
    most : int, optional
        Of a district or a hospital so many pairs: its partners, then those of today, then those that would serve most;
        of a unit so many hospitals besides its own, those that cost it least; None for all. Only what is listed is
        re-solved.
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
        from gridplan.ask.programme.explain_programme import explain_programme  # not for a plan alone

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
        return _unit(plan, find_id(region, "unit", unit), most, lang, seconds)
    if district is not None:
        return of_district(plan, find_id(region, "district", district), most, lang, seconds)
    if hospital is not None:
        return of_one_hospital(
            plan, find_id(region, "hospital", hospital, _asked_first(plan)), most, lang, seconds
        )
    assert pair is not None
    ids = find_id(region, "district", pair[0]), find_id(region, "hospital", pair[1], _asked_first(plan))
    return _pair(plan, *ids, lang, seconds)


def _asked_first(plan: Plan) -> tuple[set[str], set[str]]:
    """Who is meant by a name that several bear: partners, then candidates, then the rest."""
    return set(plan.pairs["hospital_id"]), set(plan.candidates["hospital_id"])


def _unit(plan: Plan, unit_id: str, most: int | None, lang: Language, seconds: float | None) -> Explanation:
    lines: list[Text] = []
    rows: list[dict[str, Any]] = []
    for result in plan.layers:
        q = LayerQuestions(plan, result.layer, seconds)
        p = q.problem
        if unit_id not in p.unit_ids:
            lines.append(left_out(result.layer))
            continue
        if p.grids is not None:
            said, grid_rows = unit_in_grid(q, unit_id)
            lines, rows = lines + said, rows + grid_rows
            continue
        u = int(pd.Index(p.unit_ids).get_loc(unit_id))
        d, mine = int(p.district[u]), int(q.serves[u])
        lines.append(_unit_line(q, u))
        order = np.lexsort([q.minutes[u], q.cost[u]])
        others = [h for h in order.tolist() if h != mine and q.within[u, h] and p.allowed[d, h]]
        asked = others[: ASKED if is_quick(p) else FEW]
        told = {mine, *others[:most]} if most is not None else set(order.tolist())
        lines += _more(len(order) - len(told), result.layer)
        for h in (one for one in order.tolist() if one in told):
            change = q.ask(with_unit_at(p, u, h)) if h in asked else NOT_ASKED
            rows.append(_unit_row(q, u, h, change))
    title = titled(
        plan, Text(f"unit {plan.region.label('unit', unit_id)}", f"单元 {plan.region.label('unit', unit_id)}")
    )
    return Explanation(title, tuple(lines), pd.DataFrame(rows, columns=UNIT_COLUMNS), lang)


def _more(count: int, layer: str) -> list[Text]:
    """How many hospitals are left for whoever asks for all."""
    name = Text(both_words(LAYERS, layer).en, layer_title(layer).zh)
    more = Text(
        f"{name.en}: those that cost it least; {count} more hospitals with --all (most=None)",
        f"{name.zh}：以下为代价最小的医院；另有 {count} 家，用 --all（most=None）列出",
    )
    return [more] if count else []


def _unit_line(q: LayerQuestions, u: int) -> Text:
    """Who is the partner of a unit."""
    p, d, mine = q.problem, int(q.problem.district[u]), int(q.serves[u])
    layer, ground = (
        Text(both_words(LAYERS, p.layer).en, layer_title(p.layer).zh),
        PRIORITIES[int(p.priority[d, mine])],
    )
    people, home = int(p.people[u]), q.district(d)
    return Text(
        f"{layer.en}: {q.hospital(mine)}, {q.minutes[u, mine]:.1f} min, priority {p.priority[d, mine]} "
        f"({ground.en}); {people:,} residents, of {home}",
        f"{layer.zh}：{q.hospital(mine)}，{q.minutes[u, mine]:.1f} 分钟，优先级 {p.priority[d, mine]}"
        f"（{ground.zh}）；{people:,} 人，属{home}",
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
        cost = change.text()
        own = figure(round(difference), q.travel.unit, "+")
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


def _pair(
    plan: Plan, district_id: str, hospital_id: str, lang: Language, seconds: float | None
) -> Explanation:
    q, h = of_hospital(plan, hospital_id, seconds)
    p = q.problem
    if district_id not in p.district_ids:
        raise DataError(left_out(p.layer))
    d = int(pd.Index(p.district_ids).get_loc(district_id))
    row, change, fair = pair_answer(q, d, h)
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
    told = change if fair is None else fair.change
    moves = [] if told.outcome is None else moves_of(q, told.outcome)
    title = titled(plan, both(f"{q.district(d)} – {q.hospital(h)}"))
    return Explanation(title, tuple(lines), pd.DataFrame(moves, columns=MOVE_COLUMNS), lang)

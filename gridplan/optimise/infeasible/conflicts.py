"""Infeasible → which rules would have to give way, where, by how much (the least relaxation).

The elastic model lets every rule give way at a price (one partner, one district, one pair, a mean district's
residents of capacity, …) and minimises the total price. What it answers is a relaxation that works, and within
the solver's gap the least one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from gridplan.optimise.infeasible.grid_conflicts import LEAST, grid_words
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.model.reference import Reference, Slack
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.problem import Problem
from gridplan.words.text import Text

COLUMNS = [
    "rule", "layer", "district_id", "hospital_id", "unit_id", "limit", "needed", "excess", "what", "hint",
    "what_zh", "hint_zh",
]  # fmt: skip
SECONDS = 25.0
SMALL = 1e-5
Relaxed = tuple[Slack, float]
# Rule → what gives way, and the change that lets it, in the planner's words: d district, h hospital, u unit.
WORDS: Mapping[str, tuple[Text, Text]] = {
    "SH-2": (
        Text("SH-2 {d}: needs {needed:.0f} partners, cap {limit:.0f}", "SH-2 {d}：需 {needed:.0f} 家，上限 {limit:.0f}"),
        Text("let {d} take {needed:.0f} partners", "允许 {d} 与 {needed:.0f} 家合作"),
    ),
    "SH-3": (
        Text("SH-3 {h}: needs {needed:.0f} districts, cap {limit:.0f}", "SH-3 {h}：需 {needed:.0f} 个区，上限 {limit:.0f}"),
        Text("let {h} take {needed:.0f} districts", "允许 {h} 与 {needed:.0f} 个区合作"),
    ),
    "SH-6": (
        Text("SH-6 pair {d} – {h} has no basis but is needed", "SH-6 结对 {d} – {h} 缺少合作基础，但需要"),
        Text("allow the pair {d} – {h}", "允许结对 {d} – {h}"),
    ),
    "BAN": (
        Text("BAN pair {d} – {h} is banned but is needed", "BAN 结对 {d} – {h} 被禁止，但需要"),
        Text("allow the pair {d} – {h}", "允许结对 {d} – {h}"),
    ),
    "PIN": (
        Text("PIN pair {d} – {h} cannot be kept", "PIN 指定结对 {d} – {h} 无法保留"),
        Text("drop the pin {d} – {h}", "去掉指定结对 {d} – {h}"),
    ),
    "CAPACITY": (
        Text("CAPACITY {h}: {needed:,.0f} residents, room for {limit:,.0f}", "CAPACITY {h}：{needed:,.0f} 人，可承载 {limit:,.0f} 人"),
        Text("give {h} room for {excess:,.0f} more residents", "为 {h} 增加 {excess:,.0f} 人的承载能力"),
    ),
    "STANDARD": (
        Text("STANDARD unit {u}: {needed:.1f} min to {h}, limit {limit:.1f}", "STANDARD 单元 {u}：到 {h} {needed:.1f} 分钟，限 {limit:.1f}"),
        Text("let unit {u} travel {needed:.1f} min", "允许单元 {u} 出行 {needed:.1f} 分钟"),
    ),
    "PARTNERS": (
        Text("PARTNERS {d}: can have {needed:.0f} partners, needs {limit:.0f}", "PARTNERS {d}：只能有 {needed:.0f} 家，要求 {limit:.0f} 家"),
        Text("ask for {needed:.0f} partners in {d}", "{d} 只要求 {needed:.0f} 家"),
    ),
    "SHARE": (
        Text("SHARE pair {d} – {h}: {excess:,.0f} residents short of the least share", "SHARE 结对 {d} – {h}：距最低份额少 {excess:,.0f} 人"),
        Text("lower the least share", "降低最低份额"),
    ),
    "PARTS": (
        Text("PARTS {d}: what a partner serves cannot hang together", "PARTS {d}：合作医院的服务片区无法连片"),
        Text("let the parts of {d} stand apart, or give a bridge or ferry in the table links", "允许 {d} 的服务片区不连片，或在 links 表中填写桥隧或轮渡"),
    ),
    "SH-9": (
        Text("SH-9: needs {needed:.0f} changes from today, at most {limit:.0f}", "SH-9：须变动 {needed:.0f} 对，上限 {limit:.0f}"),
        Text("allow {needed:.0f} changes", "允许变动 {needed:.0f} 对"),
    ),
}  # fmt: skip


def explain_conflicts(problem: Problem, engine: Engine, seconds: float | None) -> pd.DataFrame:
    """A row per rule and place that gives way in the least relaxation.

    Returns
    -------
    DataFrame rule, layer, district_id, hospital_id, unit_id, limit, needed, excess, what, hint (English), what_zh,
    hint_zh; limit, needed and excess in the rule's own unit (partners, districts, residents, minutes, pairs).
    Empty where the solver found no answer in time.
    """
    return conflict_table(problem, least_relaxation(problem, engine, seconds) or ())


def least_relaxation(
    problem: Problem,
    engine: Engine,
    seconds: float | None,
    firm: Callable[[Slack], bool] = lambda slack: False,
) -> tuple[Relaxed, ...] | None:
    """The rules that give way, and by how many steps each, at the least price; `firm` ones give no way.

    None where the solver found no answer in time, or where the firm rules leave none.
    """
    ref = Reference(problem, relax=True)
    for slack in filter(firm, ref.slacks):
        ref.model.fix(slack.variable, 0.0)
    ref.model.minimise([(slack.variable, slack.weight) for slack in ref.slacks])
    solved = solve_connected(ref, engine, min(SECONDS, seconds or SECONDS), 1e-4)
    if not solved.has_values:
        return None
    used = ((slack, ref.model.value(slack.variable)) for slack in ref.slacks)
    return tuple((_settled(ref, slack), value) for slack, value in used if value > SMALL)


def _settled(ref: Reference, slack: Slack) -> Slack:
    """The slack with its limit as a number, where it is a multiple of a variable."""
    return slack if slack.per is None else replace(slack, limit=slack.limit * ref.model.value(slack.per))


def conflict_table(problem: Problem, used: Iterable[Relaxed]) -> pd.DataFrame:
    """A relaxation as a table, see `explain_conflicts`."""
    return pd.DataFrame([_row(problem, slack, value) for slack, value in used], columns=COLUMNS)


def _row(p: Problem, slack: Slack, value: float) -> tuple[object, ...]:
    excess = value * slack.step
    if slack.per is not None:
        excess = round(excess, 4)
    elif slack.rule not in ("CAPACITY", "STANDARD", "SHARE"):
        excess = float(round(excess))
    elif slack.rule != "STANDARD":
        excess = float(math.ceil(excess - SMALL))
    less = slack.rule in ("PARTNERS", "PIN", "SHARE") or slack.kind in LEAST
    limit = p.standard if slack.rule == "STANDARD" else slack.limit
    needed = limit - excess if less else limit + excess
    district = str(p.district_ids[slack.district]) if slack.district >= 0 else ""
    hospital = str(p.hospital_ids[slack.hospital]) if slack.hospital >= 0 else ""
    unit = str(p.unit_ids[slack.unit]) if slack.unit >= 0 else ""
    if slack.rule in ("ZJ-1", "ZJ-6"):
        what, hint = grid_words(p, slack, limit, needed)
    else:
        place = {"d": p.label(district), "h": p.label(hospital), "u": unit}
        what, hint = _filled(slack.rule, limit=limit, needed=needed, excess=excess, **place)
    numbers = (limit, needed, excess)
    return (slack.rule, p.layer, district, hospital, unit, *numbers, what.en, hint.en, what.zh, hint.zh)


def _filled(rule: str, **words: str | float) -> tuple[Text, Text]:
    """The sentences of a rule with their names and numbers."""
    what, hint = (Text(text.en.format(**words), text.zh.format(**words)) for text in WORDS[rule])
    return what, hint

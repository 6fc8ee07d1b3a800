"""The plan's tables for people: bilingual headings, names beside ids. Workbook and report share them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from gridplan.judging.verdict import Verdict
from gridplan.plans.changes import changes
from gridplan.plans.measures import mean_minutes, people, people_beyond, worst_minutes
from gridplan.plans.plan import Plan
from gridplan.plans.prices import rule_prices
from gridplan.policies.goals import UNITS
from gridplan.policies.rules import DistrictCap
from gridplan.show.shared.before_after import before_after_table
from gridplan.show.shared.bilingual_table import Column, Kind, Table, cell, two, word
from gridplan.show.shared.grid_sheets import grid_figures, grids_table, members_table
from gridplan.show.shared.judged import judged_rules
from gridplan.show.shared.per_hospital import SPONSOR, caps_count, hospital_rows
from gridplan.show.shared.provenance_sheet import provenance_table
from gridplan.words.findings import HEADINGS, SEVERITY_WORDS
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import (
    CATEGORIES,
    CHANGES,
    GRID,
    KINDS,
    LAYERS,
    OUTCOMES,
    OWNERSHIPS,
    PLACES,
    PRIORITIES,
    TIERS,
    both_words,
)


def tables(plan: Plan, verdict: Verdict) -> tuple[Table, ...]:
    """All tables of the workbook, in its order."""
    partners = (pairs_table, changes_table) if plan.policy.partner_layers else ()
    before = (before_after_table,) if plan.policy.partner_layers else ()
    grids = (grids_table, members_table) if GRID in plan.policy.layers else ()
    units = () if plan.units_in_parquet else (assignment_table,)
    makers: tuple[Callable[[Plan], Table], ...] = (
        summary_table, *before, *partners, *grids, *units, districts_table, hospitals_table,
    )  # fmt: skip
    return (
        *(make(plan) for make in makers), rules_table(verdict), findings_table(plan), provenance_table(plan),
    )  # fmt: skip


def summary_table(plan: Plan) -> Table:
    """What was planned, what was reached, what is proven."""
    region = plan.region
    rows: list[tuple[str, Any]] = [
        (two(Text("region", "地区")), region.title or region.name),
        (two(Text("policy", "政策")), two(plan.policy.title)),
        (two(Text("source of the policy", "政策出处")), plan.policy.source),
        (two(Text("outcome", "结果")), two(plan.outcome)),
        (two(Text("districts", "区")), len(region.districts)),
        (two(Text("units", "单元")), len(region.units)),
        (two(Text("residents", "常住人口")), cell(region.units["people"].sum())),
        (two(Text("how the residents came about", "人口来源")), region.people),
    ]
    if plan.units_in_parquet:
        where = Text(
            "too many for this workbook: see assignment.csv and assignment.parquet",
            "单元过多，不列入本工作簿，见 assignment.csv 与 assignment.parquet",
        )
        rows.append((two(Text("where each unit goes", "各单元分配")), two(where)))
    for result in plan.layers:
        layer = both_words(LAYERS, result.layer)
        assigned = plan.assignment[plan.assignment["layer"] == result.layer]
        pairs = plan.pairs[plan.pairs["layer"] == result.layer]
        total = max(1, int(assigned["people"].sum()))
        figures: list[tuple[Text, Any]] = [
            (Text("outcome", "结果"), word(OUTCOMES, result.status)),
            (Text("gap", "差距"), result.gap),
            *(
                grid_figures(plan)
                if result.layer == GRID
                else [
                    (Text("pairs", "结对数"), len(pairs)),
                    (Text("partner hospitals", "合作医院数"), pairs["hospital_id"].nunique()),
                ]
            ),
            (
                Text("mean minutes", "人均出行时间（分钟）"),
                (assigned["people"] * assigned["minutes"]).sum() / total,
            ),
            (
                Text("residents beyond 60 min", "超过 60 分钟人口"),
                people_beyond(plan, 60, "layer", result.layer).sum(),
            ),
        ]
        for n, goal in enumerate(result.goals, start=1):
            noun = Text(f"goal {n}, {goal.text.en}", f"目标 {n}，{goal.text.zh}")
            figures += [
                (Text(f"{noun.en}: value", f"{noun.zh}：值"), goal.value),
                (Text(f"{noun.en}: reached in its turn", f"{noun.zh}：依次求解时达到"), goal.reached),
                (Text(f"{noun.en}: proven bound", f"{noun.zh}：已证明的下界"), goal.bound),
                (Text(f"{noun.en}: unit", f"{noun.zh}：单位"), word(UNITS, goal.unit)),
            ]
        per_head = plan.preference_each(result.layer)
        if per_head is not None:
            figures.append(
                (Text("min per resident that priorities cost", "优先次序使人均增加分钟"), per_head)
            )
        unit = result.goals[-1].unit
        figures += [
            (Text(f"min per resident that {name.en} costs", f"{name.zh}使人均增加分钟"), each)
            for name, each, _ in rule_prices(plan.policy, result.value, result.without, total, unit)
        ]
        rows += [
            (two(Text(f"{layer.en}: {text.en}", f"{layer.zh}：{text.zh}")), cell(value))
            for text, value in figures
        ]
    columns = (Column(Text("item", "项目"), "long"), Column(Text("value", "内容"), "long"))
    return Table(Text("Summary", "概要"), columns, rows)


def pairs_table(plan: Plan) -> Table:
    """Who partners whom: the decision, district by district."""
    columns = (
        Column(Text("layer", "服务类别")), Column(Text("district id", "区编号")), Column(Text("district", "区")),
        Column(Text("hospital id", "医院编号")), Column(Text("partner hospital", "合作医院"), "long"),
        Column(Text("residents served", "服务人口"), "people"), Column(Text("mean minutes", "人均出行时间（分钟）"), "minutes"),
        Column(Text("priority", "优先级"), "number"), Column(Text("basis", "依据"), "long"),
        Column(Text("counts toward caps (1 yes)", "是否计入上限（1 计入）"), "number"), Column(Text("relation", "关系"), "long"),
        Column(Text("main technical supporter (1 yes)", "主要技术支持单位（1 是）"), "number"),
    )  # fmt: skip
    rows = [
        (
            word(LAYERS, p.layer), p.district_id, cell(p.district), p.hospital_id, cell(p.hospital), cell(p.people),
            cell(p.mean_minutes), cell(p.priority), word(PRIORITIES, p.priority), cell(p.counted), word(CHANGES, p.change),
            cell(p.main),
        )
        for p in plan.pairs_frame().itertuples()
        if p.layer != GRID
    ]  # fmt: skip
    return Table(Text("Pairs", "结对"), columns, rows)


def changes_table(plan: Plan) -> Table:
    """What becomes of every pair of the plan and of today, and why (SH-10)."""
    columns = (
        Column(Text("layer", "服务类别")), Column(Text("district id", "区编号")), Column(Text("district", "区")),
        Column(Text("hospital id", "医院编号")), Column(Text("hospital", "医院"), "long"),
        Column(Text("change", "变动"), "long"), Column(Text("residents served", "服务人口"), "people"),
        Column(Text("reason, in Chinese", "理由"), "long", "zh"), Column(Text("reason, in English", "英文理由"), "long", "en"),
    )  # fmt: skip
    rows = [
        (
            word(LAYERS, c.layer), c.district_id, cell(c.district), c.hospital_id, cell(c.hospital),
            word(CHANGES, c.change), cell(c.people), c.reason_zh, c.reason,
        )
        for c in changes(plan).itertuples()
    ]  # fmt: skip
    return Table(Text("Changes", "变更"), columns, rows)


def assignment_table(plan: Plan) -> Table:
    """Where every unit goes, in every layer."""
    columns = (
        Column(Text("layer", "服务类别")), Column(Text("unit id", "单元编号")), Column(Text("unit", "单元")),
        Column(Text("district id", "区编号")), Column(Text("district", "区")),
        Column(Text("residents", "常住人口"), "people"), Column(Text("hospital id", "医院编号")),
        Column(_partner(plan), "long"), Column(Text("minutes", "分钟"), "minutes"),
        Column(Text("priority", "优先级"), "number"),
    )  # fmt: skip
    table = plan.to_frame()
    layers = {layer: word(LAYERS, layer) for layer in table["layer"].unique()}
    plain = ["unit_id", "unit", "district_id", "district", "people", "hospital_id", "hospital", "minutes"]
    priority = table["priority"].where(table["layer"] != GRID)
    rows = list(
        zip(
            [layers[layer] for layer in table["layer"]],
            *([cell(value) for value in table[name].tolist()] for name in plain),
            [cell(value) for value in priority.tolist()],
            strict=True,
        )
    )
    return Table(Text("Assignment", "分配"), columns, rows)


def _partner(plan: Plan) -> Text:
    """What the hospital of a row is: partner, grid lead, or either."""
    if GRID not in plan.policy.layers:
        return Text("partner hospital", "合作医院")
    if not plan.policy.partner_layers:
        return Text("grid lead", "牵头医院")
    return Text("partner hospital, or grid lead", "合作医院（网格层为牵头医院）")


def districts_table(plan: Plan) -> Table:
    """A row per district and layer: partners against the cap, people and minutes; grids in the layer of grids."""
    grids = GRID in plan.policy.layers
    counts = Text("partners, or grids", "合作医院（网格）数") if grids else Text("partners", "合作医院数")
    cap = plan.policy.on(plan.region).rule(DistrictCap)
    columns = (
        Column(Text("district id", "区编号")), Column(Text("district", "区")), Column(Text("English name", "英文名"), only="both"),
        Column(Text("kind", "类别")), Column(Text("layer", "服务类别")), Column(counts, "number"),
        Column(Text("of them counted", "其中计入上限"), "number"), Column(Text("cap", "上限"), "number"),
        Column(Text("residents", "常住人口"), "people"), Column(Text("mean minutes", "人均出行时间（分钟）"), "minutes"),
        Column(Text("longest minutes", "最长分钟"), "minutes"),
        Column(Text("residents beyond 60 min", "超过 60 分钟人口"), "people"),
    )  # fmt: skip
    rows = []
    for layer, pairs, measured in _by_layer(plan):
        for d in plan.region.districts.itertuples():
            mine = pairs[pairs["district_id"] == d.district_id]
            counted = int(mine["counted"].sum())
            most = cap.limit(d.district_id) if cap and caps_count(plan, layer) else None
            row = (d.district_id, cell(d.name), cell(d.name_en), word(KINDS, d.kind), word(LAYERS, layer))
            rows.append((*row, len(mine), counted, most, *measured(d.district_id)))
    rows.sort(key=lambda row: str(row[0]))
    return Table(Text("Districts", "各区"), columns, rows)


def hospitals_table(plan: Plan) -> Table:
    """A row per candidate hospital: districts against the cap, people and minutes; those without a pair too.

    A column has the sponsors where one of these hospitals has one.
    """
    facts = plan.region.hospitals.set_index("hospital_id")
    sponsored = any(row.sponsor for result in plan.layers for row in hospital_rows(plan, result.layer))
    columns = (
        Column(Text("hospital id", "医院编号")), Column(Text("hospital", "医院"), "long"),
        Column(Text("English name", "英文名"), "long", "both"), Column(Text("category", "类别")), Column(Text("tier", "级别")),
        Column(Text("grade", "等级")), Column(Text("ownership", "性质")), *([Column(SPONSOR)] if sponsored else []),
        Column(Text("home district", "本部所在区")), Column(Text("layer", "服务类别")), Column(Text("districts", "合作区数"), "number"),
        Column(Text("of them counted", "其中计入上限"), "number"), Column(Text("cap", "上限"), "number"),
        Column(Text("residents served", "服务人口"), "people"), Column(Text("mean minutes", "人均出行时间（分钟）"), "minutes"),
        Column(Text("longest minutes", "最长分钟"), "minutes"),
        Column(Text("residents beyond 60 min", "超过 60 分钟人口"), "people"), Column(Text("beds", "床位数"), "people"),
        Column(Text("residents per bed", "每床服务人口"), "people"), Column(Text("capacity, residents", "承载能力（人）"), "people"),
        Column(Text("share of capacity", "承载能力占用"), "share"),
    )  # fmt: skip
    rows = []
    for result in plan.layers:
        for row in hospital_rows(plan, result.layer):
            h = facts.loc[row.hospital_id]
            words = (
                word(CATEGORIES, row.category),
                word(TIERS, h["tier"]),
                cell(h["grade"]),
                word(OWNERSHIPS, h["ownership"]),
                *([row.sponsor] if sponsored else []),
            )
            named = (
                row.hospital_id,
                cell(h["name"]),
                cell(h["name_en"]),
                *words,
                row.home,
                word(LAYERS, result.layer),
            )
            figures = (
                row.people,
                row.mean_minutes,
                row.worst_minutes,
                row.beyond,
                row.beds,
                row.per_bed,
                row.capacity,
                row.load,
            )
            rows.append((*named, len(row.names), row.counted, row.most, *figures))
    return Table(Text("Hospitals", "各医院"), columns, rows)


def _by_layer(plan: Plan) -> Iterator[tuple[str, pd.DataFrame, Callable[[str], tuple[Any, ...]]]]:
    """Each layer with its pairs and a look-up, by district, of people, mean, longest minutes and people beyond 60 minutes."""
    for result in plan.layers:
        layer = result.layer
        series = (
            people(plan, "district_id", layer), mean_minutes(plan, "district_id", layer),
            worst_minutes(plan, "district_id", layer), people_beyond(plan, 60, "district_id", layer),
        )  # fmt: skip
        figures = pd.concat(series, axis="columns")

        def measured(key: str, figures: pd.DataFrame = figures) -> tuple[Any, ...]:
            return tuple(cell(v) for v in figures.loc[key]) if key in figures.index else (0, None, None, 0)

        yield layer, plan.pairs[plan.pairs["layer"] == layer], measured


def rules_table(verdict: Verdict) -> Table:
    """The clauses the plan was made under, what the judge says of each, and how much room is left."""
    columns = (
        Column(Text("clause", "条款")), Column(Text("rule", "规则")), Column(Text("verdict", "核验")),
        Column(Text("room left, in Chinese", "余量"), "long", "zh"), Column(Text("demands, in Chinese", "内容"), "long", "zh"),
        Column(Text("room left, in English", "英文余量"), "long", "en"), Column(Text("demands, in English", "英文内容"), "long", "en"),
    )  # fmt: skip
    rows = [
        (r.id, two(r.title), two(r.verdict), r.slack.zh, r.sentence.zh, r.slack.en, r.sentence.en)
        for r in judged_rules(verdict)
    ]
    return Table(Text("Rules", "规则"), columns, rows)


def findings_table(plan: Plan) -> Table:
    """What is odd in the data, and what to do about it."""
    extra = (Text("what", "英文问题"), Text("hint", "英文建议"))
    headings = [HEADINGS[name] for name in ("severity", "table", "row", "id", "what", "hint")]
    kinds: list[Kind] = ["text", "text", "number", "text", "long", "long", "long", "long"]
    spoken: list[Language | None] = [None, None, None, None, "zh", "zh", "en", "en"]
    columns = tuple(Column(*one) for one in zip([*headings, *extra], kinds, spoken, strict=True))
    rows = [
        (
            two(SEVERITY_WORDS[f.severity]),
            word(PLACES, f.table),
            f.row,
            f.id,
            f.what.zh,
            f.hint.zh,
            f.what.en,
            f.hint.en,
        )
        for f in plan.findings
    ]
    return Table(Text("Findings", "数据提醒"), columns, rows)

"""Tables of the layer of grids for people: the grids, and which hospital joins which."""

from __future__ import annotations

from typing import Any

from gridplan.plans.grids_of_plan import grids, left_out, loose_units, members
from gridplan.plans.plan import Plan
from gridplan.show.shared.bilingual_table import Column, Table, cell, word
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, CONSORTIA, OWNERSHIPS, ROLES, TIERS


def grid_figures(plan: Plan) -> list[tuple[Text, Any]]:
    """How many grids, what is left out, and which units are loose."""
    table, loose = grids(plan), [unit for part in loose_units(plan) for unit in part]
    figures: list[tuple[Text, Any]] = [
        (Text("grids", "网格数"), len(table)),
        (Text("most residents in a grid", "网格人口最多"), cell(table["people"].max())),
        (Text("fewest residents in a grid", "网格人口最少"), cell(table["people"].min())),
        (Text("longest minutes", "最长分钟"), cell(table["worst_minutes"].max())),
    ]
    if out := left_out(plan):
        names = "、".join(plan.region.label("district", d) for d in out)
        figures.append((Text("left out (county consortium)", "不划网格（县域医共体）"), names))
    if loose:
        figures.append((Text("loose units", "孤立单元"), "、".join(loose)))
    return figures


def grids_table(plan: Plan) -> Table:
    """A row per grid."""
    columns = (
        Column(Text("grid lead id", "牵头医院编号")), Column(Text("grid lead", "牵头医院"), "long"),
        Column(Text("form", "形态")), Column(Text("home district id", "所在区编号")), Column(Text("home district", "所在区")),
        Column(Text("districts", "覆盖区")), Column(Text("units", "单元数"), "number"),
        Column(Text("residents", "常住人口"), "people"), Column(Text("fair part", "应担份额"), "people"),
        Column(Text("off the fair part", "偏差"), "share"), Column(Text("mean minutes", "人均出行时间（分钟）"), "minutes"),
        Column(Text("longest minutes", "最长分钟"), "minutes"), Column(Text("members", "成员单位数"), "number"),
        Column(Text("parts", "片数"), "number"), Column(Text("loose units", "孤立单元数"), "number"),
    )  # fmt: skip
    names = dict(zip(plan.region.districts["district_id"], plan.region.districts["name"], strict=True))
    rows = [
        (
            g.hospital_id, cell(g.hospital), word(CONSORTIA, g.form), g.district_id, cell(g.district),
            "、".join(str(names.get(d, d)) for d in g.districts.split()), cell(g.units), cell(g.people), cell(g.fair_people),
            cell(g.deviation), cell(g.mean_minutes), cell(g.worst_minutes), cell(g.members), cell(g.parts), cell(g.loose_units),
        )
        for g in grids(plan).itertuples()
    ]  # fmt: skip
    return Table(Text("Grids", "网格"), columns, rows)


def members_table(plan: Plan) -> Table:
    """A row per hospital of the districts that are divided into grids."""
    columns = (
        Column(Text("district id", "区编号")), Column(Text("district", "区")), Column(Text("hospital id", "医院编号")),
        Column(Text("hospital", "医院"), "long"), Column(Text("tier", "级别")), Column(Text("category", "类别")),
        Column(Text("ownership", "性质")), Column(Text("role", "角色")), Column(Text("rule", "依据")),
        Column(Text("unit id", "所在单元编号")), Column(Text("grid lead id", "网格牵头医院编号")),
        Column(Text("grid lead", "网格牵头医院"), "long"),
    )  # fmt: skip
    facts = plan.region.hospitals.set_index("hospital_id")
    rows = []
    for m in members(plan).itertuples():
        h = facts.loc[m.hospital_id]
        words = (word(TIERS, h["tier"]), word(CATEGORIES, h["category"]), word(OWNERSHIPS, h["ownership"]))
        where = (m.unit_id, m.lead_id, cell(m.lead))
        rows.append(
            (
                m.district_id,
                cell(m.district),
                m.hospital_id,
                cell(m.hospital),
                *words,
                word(ROLES, m.role),
                m.rule,
                *where,
            )
        )
    return Table(Text("Members", "成员单位"), columns, rows)

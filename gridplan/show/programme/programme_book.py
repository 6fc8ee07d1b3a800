"""programme.xlsx: a programme as a workbook, a sheet per table with names beside the ids, and one of goals first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.programmes.programme import Programme
from gridplan.show.shared.bilingual_table import two
from gridplan.words.text import Text

SHEETS: dict[str, Text] = {
    "custody": Text("Custody", "托管"), "deployment": Text("Experts sent", "派驻专家"), "alliances": Text("Alliances", "专科联盟"),
    "signatures": Text("Signatures", "特色专科"), "upstream": Text("Stays upstream", "基层进修"), "teams": Text("Teams", "团队共建"),
    "case_mix": Text("Tiers of care", "分级诊疗"),
    "members": Text("Members", "成员单位"), "care": Text("Kinds and beds", "机构类型与床位"),
    "guarantee": Text("Guarantee", "重点人群保障"), "unserved": Text("Not served", "未覆盖人群"), "tier_loads": Text("Tiers", "各级负荷"),
    "chains": Text("Chains 1+1+1", "转诊链"), "loads": Text("Loads", "基层负荷"), "first_contact": Text("First contact", "首诊率"),
    "links": Text("Telemedicine", "远程医疗"), "far": Text("Far need", "远距离需求"), "released": Text("Released", "释放号源"),
    "slots": Text("Slots", "号源分配"), "hosts": Text("Shared centres", "共享中心"),
    "scorecard": Text("Scorecard", "监测评价"), "heads": Text("Heads", "评价类别"),
    "support": Text("Weak specialties", "薄弱专业"), "running": Text("Supported already", "在扶持专业"), "missed": Text("Just missed", "差一点入选"), "gaps": Text("Gaps", "学科缺口"),
}  # fmt: skip
NAMED = {
    "host_id": ("hospital", Text("host", "承办医院")),
    "hospital_id": ("hospital", Text("hospital", "医院")), "managed_id": ("hospital", Text("district hospital", "区级医院")),
    "displaced_id": ("hospital", Text("would replace", "可替换")), "lead_id": ("hospital", Text("grid lead", "网格牵头医院")), "lifted_by": ("hospital", Text("lifted by", "由其联盟提升")),
    "district_id": ("district", Text("district", "区")), "institution_id": ("institution", Text("institution", "基层机构")),
}  # fmt: skip
CREATED = datetime(2000, 1, 1)  # the same programme gives the same bytes
GOAL_SHEET, DISCIPLINE = Text("Goals", "目标"), Text("discipline name", "学科")
GOAL_HEADINGS = (
    Text("part", "部分"), Text("goal", "目标"), Text("value", "目标值"), Text("bound", "界"), Text("gap", "相对差距"),
)  # fmt: skip


def write_programme_book(programme: Programme, path: Path) -> Path:
    """Write programme.xlsx; ids stay text, so that the sheets can be edited and read again."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED, "keywords": keyword(mark_of(programme.plan))})
        bold = book.add_format({"bold": True})
        first = book.add_worksheet(two(GOAL_SHEET))
        for n, note in enumerate(programme.notes):
            first.write_string(n, 0, two(note))
        top = len(programme.notes) + 1
        first.write_row(top, 0, [two(heading) for heading in GOAL_HEADINGS], bold)
        goals = [(part, goal) for part in programme.parts for goal in part.goals]
        for n, (part, goal) in enumerate(goals, start=top + 1):
            first.write_string(n, 0, two(part.title))
            first.write_string(n, 1, two(goal.text))
            first.write_row(n, 2, [float(goal.value), float(goal.bound), float(goal.gap)])
        first.set_column(0, 1, 46)
        first.set_column(2, 4, 16)
        for name, table in programme.marked.items():
            title = SHEETS[name]
            _sheet(book.add_worksheet(two(title)[:31]), _named(programme, table), bold)
    return path


def _named(programme: Programme, table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column of names beside each column of ids, and of disciplines."""
    region, out = programme.plan.region, table.copy()
    tables = {"hospital": region.hospitals, "district": region.districts, "institution": region.institutions}
    for column, (noun, heading) in NAMED.items():
        of = tables[noun]
        if column in out and of is not None:
            names = dict(zip(of[f"{noun}_id"], of["name"], strict=True))
            out.insert(
                list(out.columns).index(column) + 1,
                two(heading),
                out[column].map(names).fillna(""),
            )
    if "discipline" in out:
        told = [discipline_name(code) for code in out["discipline"]]
        out.insert(
            list(out.columns).index("discipline") + 1,
            two(DISCIPLINE),
            [two(n) for n in told],
        )
    return out


def _sheet(sheet: Any, table: pd.DataFrame, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(table.columns):
        sheet.write_string(0, n, str(column), bold)
        values = table[column].tolist()
        if pd.api.types.is_numeric_dtype(table[column]):
            sheet.write_column(1, n, values)
        else:
            for row, value in enumerate(values, start=1):
                sheet.write_string(row, n, str(value))
        width = max(
            [len(str(column)), *(len(str(v)) + sum(ord(c) > 255 for c in str(v)) for v in values[:200])]
        )
        sheet.set_column(n, n, min(46, width + 2))
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)

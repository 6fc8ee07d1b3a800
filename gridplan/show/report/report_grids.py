"""The grids in the report: a row per grid, who is in it, what is left out, and what its members share."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.plans.grids_of_plan import grids, left_out, loose_units, members
from gridplan.plans.plan import Plan
from gridplan.words.html import chip, count, html_table, minutes, said, shown
from gridplan.words.text import Text
from gridplan.words.vocabulary import CONSORTIA, ROLES, SHARED_CENTRES, both_words

HEADINGS = [
    Text("district", "区"), Text("form", "形态"), Text("grid lead", "牵头医院"), Text("units", "单元"),
    Text("residents", "常住人口"), Text("off the fair part", "偏离应担份额"), Text("mean minutes", "人均出行时间（分钟）"),
    Text("longest", "最长"), Text("members", "成员单位"),
]  # fmt: skip


def grid_decision(plan: Plan, colours: dict[str, str]) -> str:
    """A row per grid, what is left out, and the members grid by grid."""
    numbers = {lead: n for n, lead in enumerate(colours, start=1)}
    table, joined = grids(plan), members(plan)
    rows = []
    for _, mine in table.groupby("district_id", sort=False):
        span = f' rowspan="{len(mine)}"' if len(mine) > 1 else ""
        for n, grid in enumerate(mine.itertuples()):
            mark = chip(colours[grid.hospital_id], numbers[grid.hospital_id])
            first = f'<th scope="row"{span}>{shown(grid.district)}</th>' if n == 0 else ""
            rows.append(first.join(["<tr>", _row(grid, mark)]))
    return "".join(
        [
            f'<div class="decision">{html_table(HEADINGS, rows)}</div>',
            *(said(line, "p") for line in _outside(plan)),
            said(Text("Members, grid by grid", "各网格成员单位"), "h3"),
            _members(table, joined),
            said(
                Text(
                    f"In each grid the lead and its members share centres for {SHARED_CENTRES.en} (ZJ-7); the consortium decides "
                    "which member hosts each. The plan does not choose.",
                    f"每个网格的牵头医院与成员单位共享{SHARED_CENTRES.zh}等管理中心（ZJ-7），设在哪家由医联体确定，方案不作选择。",
                ),
                "p",
            ),
        ]
    )


def _row(grid: Any, mark: str) -> str:
    off = "–" if pd.isna(grid.deviation) else f"{grid.deviation:+.1%}" if grid.deviation else "0"
    cells = [
        f"<td>{said(both_words(CONSORTIA, grid.form))}</td><td>{mark} {shown(grid.hospital)}</td>",
        *(
            f'<td class="n">{value}</td>'
            for value in (
                count(grid.units), count(grid.people), off, minutes(grid.mean_minutes), minutes(grid.worst_minutes),
                count(grid.members),
            )
        ),
    ]  # fmt: skip
    return "".join([*cells, "</tr>"])


def _outside(plan: Plan) -> list[Text]:
    """Districts that are left out, and units on islands without a lead."""
    lines, label = [], plan.region.label
    if out := left_out(plan):
        names = [label("district", d) for d in out]
        lines.append(
            Text(
                f"Left out, since they run a county consortium (ZJ-1): {', '.join(names)}.",
                f"实行县域医共体、不划网格的区县（ZJ-1）：{'、'.join(names)}。",
            )
        )
    for island in loose_units(plan):
        names = [label("unit", u) for u in island]
        lines.append(
            Text(
                f"On an island where no hospital could lead, so they need not hang together with their grid (ZJ-6): "
                f"{', '.join(names)}. A bridge or ferry goes into the table links.",
                f"所在岛上没有可牵头的医院，不要求与网格连片（ZJ-6）：{'、'.join(names)}。如有桥隧、轮渡，请写入 links 表。",
            )
        )
    return lines


def _members(table: pd.DataFrame, joined: pd.DataFrame) -> str:
    """Who is in each grid, by role; at the end the grids with nobody beside their lead, and those in no grid."""
    rows, alone = [], []
    for grid in table.itertuples():
        mine = joined[(joined["lead_id"] == grid.hospital_id) & (joined["role"] != "lead")]
        if mine.empty:
            alone.append(shown(grid.hospital))
        else:
            name = shown(grid.hospital)
            rows.append(f'<tr><th scope="row">{name}</th><td>{_by_role(mine)}</td></tr>')
    if alone:
        nobody = said(Text("with no other hospital in the tables", "数据中无其他医院"))
        rows.append(f'<tr><th scope="row">{nobody}</th><td>{"、".join(alone)}</td></tr>')
    without = joined[joined["lead_id"] == ""]
    if len(without):
        nowhere = said(Text("in no grid", "不在网格内"))
        rows.append(f'<tr><th scope="row">{nowhere}</th><td>{_by_role(without)}</td></tr>')
    return html_table([Text("grid lead", "牵头医院"), Text("members and supporters", "成员与支持单位")], rows)


def _by_role(rows: pd.DataFrame) -> str:
    lines = []
    for role, word in ROLES.items():
        mine = rows[rows["role"] == role]
        if len(mine):
            names = "、".join(shown(name) for name in mine["hospital"])
            clauses = ", ".join(sorted(set(mine["rule"])))
            lines.append(f"<div>{said(word)} ({clauses}): {names}</div>")
    return "".join(lines)

"""The judge of ZJ-6: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.judging.breaches import MINUTE, SLIP, Judged, listed, of_lead, only_district
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import GridShape
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def grid_shape(rule: GridShape, tables: PlanTables) -> Judged:
    """Each connected part of a grid holds a campus of its lead; residents near the fair part; nobody too far."""
    g = tables.grids
    for lead, rows in g.leads.items():
        if rule.connected:
            yield from _cut_off(rule, tables, lead, rows)
        if rule.balance is not None:
            yield from _uneven(rule, rule.balance, tables, lead, rows)
    if rule.minutes is None:
        return
    far = g.rows[(g.rows["minutes"] > rule.minutes + MINUTE) & (g.rows["people"] > 0)]
    for row in far.itertuples():
        what = Text(
            f"unit {row.unit_id} travels {row.minutes:.1f} min to its lead {row.hospital_id}, limit {rule.minutes:g}",
            f"单元 {row.unit_id} 到牵头医院 {row.hospital_id} 需 {row.minutes:.1f} 分钟，限 {rule.minutes:g}",
        )
        yield Breach(rule.id, what, GRID, row.district_id, row.hospital_id, row.unit_id, (row.row,))


def _cut_off(rule: GridShape, tables: PlanTables, lead: str, rows: pd.DataFrame) -> Judged:
    g = tables.grids
    loose = {unit for part in g.loose for unit in part}
    for part in g.parts(unit for unit in rows["unit_id"] if unit in g.units):
        if g.campuses.get(lead, set()).intersection(part) or loose.intersection(part):
            continue
        mine = rows[rows["unit_id"].isin(part)]
        people = int(mine["people"].sum())
        what = Text(
            f"{len(part)} unit(s) ({people:,} residents) of the grid of {tables.hospital(lead)} hang together with none of "
            f"its campuses: {listed(part)}",
            f"{tables.hospital(lead)} 的网格中 {len(part)} 个单元（{people:,} 人）与其任何院区都不相连：{listed(part)}",
        )
        yield Breach(rule.id, what, GRID, only_district(mine), lead, rows=tuple(mine["row"]))


def _uneven(rule: GridShape, balance: float, tables: PlanTables, lead: str, rows: pd.DataFrame) -> Judged:
    g = tables.grids
    if lead not in g.fair:
        return  # its home is left out, ZJ-1 says so
    load, fair = int(rows["people"].sum()), g.fair[lead]
    if np.isnan(fair):
        what = Text(
            f"the fair part of {tables.hospital(lead)} is not known: {rule.balance_by} is not stated",
            f"无法计算 {tables.hospital(lead)} 的应担份额：未填 {rule.balance_by}",
        )
        yield of_lead(rule, tables, lead, rows, what)
    elif abs(load - fair) > balance * fair + SLIP * max(1.0, fair):
        off = g.deviation(lead)
        what = Text(
            f"the grid of {tables.hospital(lead)} has {load:,} residents, fair part {fair:,.0f} ({off:+.1%}), "
            f"allowed ±{100 * balance:g}%",
            f"{tables.hospital(lead)} 的网格有 {load:,} 人，应担份额 {fair:,.0f} 人（{off:+.1%}），允许 ±{100 * balance:g}%",
        )
        yield of_lead(rule, tables, lead, rows, what)


def slack(rule: GridShape, tables: PlanTables) -> Text:
    """The most uneven grid and the longest way."""
    g = tables.grids
    if not len(g.rows):
        return Text("", "")
    off = {lead: g.deviation(lead) for lead in g.leads}
    known = {lead: d for lead, d in off.items() if not np.isnan(d)}
    lived = g.rows.loc[g.rows["people"] > 0, "minutes"]
    longest = lived.max() if len(lived) else 0.0
    parts = [Text(f"longest {longest:.1f} min", f"最长 {longest:.1f} 分钟")]
    if rule.balance is not None and known:
        worst = max(sorted(known), key=lambda lead: round(abs(known[lead]), 9))
        who = tables.hospital(worst)
        parts.insert(0, Text(f"most uneven {who} {known[worst]:+.1%}", f"偏差最大 {who} {known[worst]:+.1%}"))
    return Text(", ".join(p.en for p in parts), "，".join(p.zh for p in parts))

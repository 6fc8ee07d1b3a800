"""The judge of ZJ-1: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import numpy as np

from gridplan.judging.breaches import Judged, listed, who_leads
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Grids
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def grids(rule: Grids, tables: PlanTables) -> Judged:
    """Each unit of a planned district once, in a grid of its area; no row elsewhere; as many grids as asked."""
    yield from _coverage(rule, tables)
    yield from _borders(rule, tables)
    yield from _numbers(rule, tables)


def _coverage(rule: Grids, tables: PlanTables) -> Judged:
    g, units = tables.grids, tables.region.units
    form = units["district_id"].map(g.forms)
    rows = g.rows[g.rows["district_id"].map(g.forms) != "left_out"]
    if rows.empty and (form != "left_out").any():
        what = Text("no unit is in a grid", "没有任何单元归入网格")
        yield Breach(rule.id, what, GRID)
    else:
        for unit in units[(form != "left_out") & ~units["unit_id"].isin(rows["unit_id"])].itertuples():
            what = Text(f"unit {unit.unit_id} is in no grid", f"单元 {unit.unit_id} 不在任何网格内")
            yield Breach(rule.id, what, GRID, unit.district_id, unit_id=unit.unit_id)
    for unit_id, twice in g.rows[g.rows["unit_id"].duplicated(keep=False)].groupby("unit_id"):
        what = Text(f"unit {unit_id} is in {len(twice)} grids", f"单元 {unit_id} 归入 {len(twice)} 个网格")
        yield Breach(
            rule.id, what, GRID, twice["district_id"].iloc[0], unit_id=str(unit_id), rows=tuple(twice["row"])
        )
    for district, rows in g.rows[g.rows["district_id"].map(g.forms) == "left_out"].groupby("district_id"):
        what = Text(
            f"{tables.district(district)} runs a county consortium and is left out, but has {len(rows)} row(s)",
            f"{tables.district(district)} 实行县域医共体，不在网格之列，却有 {len(rows)} 行",
        )
        yield Breach(rule.id, what, GRID, str(district), rows=tuple(rows["row"]))
    for row in g.rows[np.isinf(g.rows["minutes"])].itertuples():
        what = Text(
            f"unit {row.unit_id} cannot reach its lead {row.hospital_id}",
            f"单元 {row.unit_id} 无法到达牵头医院 {row.hospital_id}",
        )
        yield Breach(rule.id, what, GRID, row.district_id, row.hospital_id, row.unit_id, (row.row,))


def _borders(rule: Grids, tables: PlanTables) -> Judged:
    """A grid reaches no further than the area of its lead."""
    g = tables.grids
    for (lead, district), rows in g.rows.groupby(["hospital_id", "district_id"]):
        home = g.home[lead]
        if g.reaches(lead, district) or g.forms.get(district) == "left_out":
            continue
        what = Text(
            f"{len(rows)} unit(s) of {tables.district(district)} are led by {tables.hospital(lead)} of "
            f"{tables.district(home)}: {listed(rows['unit_id'])}",
            f"{tables.district(district)} 的 {len(rows)} 个单元由 {tables.district(home)} 的 "
            f"{tables.hospital(lead)} 牵头：{listed(rows['unit_id'])}",
        )
        yield Breach(rule.id, what, GRID, str(district), str(lead), rows=tuple(rows["row"]))


def _numbers(rule: Grids, tables: PlanTables) -> Judged:
    """Grids in the city and in each district, counted by the home district of their leads."""
    g = tables.grids
    total = len(g.leads)
    if g.areas and not _between(total, rule.least, rule.most):
        what = Text(
            f"{total} grids in the city; {_asked(rule.least, rule.most).en}",
            f"全市 {total} 个网格；{_asked(rule.least, rule.most).zh}",
        )
        yield Breach(rule.id, what, GRID)
    for district, form in g.forms.items():
        if form != "urban":
            continue
        leads = [lead for lead in g.leads if g.home[lead] == district]
        least, most = rule.least_per_district, rule.most_per_district
        if district in rule.number:
            least = most = rule.number[district]
        if not _between(len(leads), least, most):
            what = Text(
                f"{tables.district(district)} has {len(leads)} grid(s){who_leads(tables, leads).en}; {_asked(least, most).en}",
                f"{tables.district(district)} 有 {len(leads)} 个网格{who_leads(tables, leads).zh}；{_asked(least, most).zh}",
            )
            rows = tuple(sorted(row for lead in leads for row in g.leads[lead]["row"]))
            yield Breach(rule.id, what, GRID, district, rows=rows)


def _between(n: int, least: int | None, most: int | None) -> bool:
    return n >= (least or 0) and (most is None or n <= most)


def _asked(least: int | None, most: int | None) -> Text:
    if least is not None and least == most:
        return Text(f"{most} are asked", f"要求 {most} 个")
    low = Text(f"at least {least}", f"至少 {least} 个") if least is not None else None
    high = Text(f"at most {most}", f"至多 {most} 个") if most is not None else None
    parts = [part for part in (low, high) if part is not None]
    return Text(" and ".join(p.en for p in parts) + " are asked", "、".join(p.zh for p in parts))


def slack(rule: Grids, tables: PlanTables) -> Text:
    """How many grids there are, and how many districts are left out."""
    g = tables.grids
    if not g.forms:
        return Text("", "")
    out = sum(form == "left_out" for form in g.forms.values())
    left = Text(f", {out} district(s) left out", f"，{out} 个区县不在其列") if out else Text("", "")
    return Text(f"{len(g.leads)} grids{left.en}", f"{len(g.leads)} 个网格{left.zh}")

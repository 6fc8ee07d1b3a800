"""One judge per rule of grids: what the tables show of the layer "grid". Each yields breaches; none stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import (
    CountyCommunities,
    GridLeads,
    Grids,
    GridShape,
    NoProvincialLeads,
    Rule,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, GRID, OWNERSHIPS, TIERS, both_words

Judged = Iterator[Breach]
MINUTE = 1e-4  # as in judges.py
SLIP = 1e-6  # relative: a balance that is met exactly is met
NAMED = 6  # units named in one sentence


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
            f"{tables.district(home)}: {_listed(rows['unit_id'])}",
            f"{tables.district(district)} 的 {len(rows)} 个单元由 {tables.district(home)} 的 "
            f"{tables.hospital(lead)} 牵头：{_listed(rows['unit_id'])}",
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
                f"{tables.district(district)} has {len(leads)} grid(s){_who(tables, leads).en}; {_asked(least, most).en}",
                f"{tables.district(district)} 有 {len(leads)} 个网格{_who(tables, leads).zh}；{_asked(least, most).zh}",
            )
            rows = tuple(sorted(row for lead in leads for row in g.leads[lead]["row"]))
            yield Breach(rule.id, what, GRID, district, rows=rows)


def grid_leads(rule: GridLeads, tables: PlanTables) -> Judged:
    """Whoever leads may lead by tier, ownership, category and grade, and stands in its own grid."""
    g = tables.grids
    on = {kept.id for kept in tables.policy.rules}
    for lead, rows in g.leads.items():
        against = g.against[lead]
        if against == rule.id or against in {SpecialLeads.id, WillingPrivate.id} - on:
            who = _facts(tables, lead)
            what = Text(
                f"{tables.hospital(lead)} ({who.en}) may not lead a grid",
                f"{tables.hospital(lead)}（{who.zh}）不能牵头网格",
            )
            yield _of(rule, tables, lead, rows, what)
        inside = g.campuses.get(lead, set()).intersection(rows["unit_id"])
        if not inside and against != Grids.id:  # where its home is left out, ZJ-1 says so
            what = Text(
                f"{tables.hospital(lead)} leads a grid in which it has no campus",
                f"{tables.hospital(lead)} 牵头的网格内没有它的院区",
            )
            yield _of(rule, tables, lead, rows, what)


def special_leads(rule: SpecialLeads, tables: PlanTables) -> Judged:
    """A TCM or maternal-and-child hospital leads only where its category may."""
    yield from _barred(rule, tables, Text("of a category that may not lead", "其类别不能牵头网格"))


def willing_private(rule: WillingPrivate, tables: PlanTables) -> Judged:
    """A private hospital leads only where it is marked willing."""
    yield from _barred(rule, tables, Text("private and not marked willing", "为社会办医，未注明自愿"))


def no_provincial_leads(rule: NoProvincialLeads, tables: PlanTables) -> Judged:
    """No provincial hospital leads."""
    yield from _barred(rule, tables, Text("provincial", "为省级医院"))


def _barred(rule: Rule, tables: PlanTables, why: Text) -> Judged:
    for lead, rows in tables.grids.leads.items():
        if tables.grids.against[lead] == rule.id:
            what = Text(
                f"{tables.hospital(lead)} leads a grid but is {why.en}",
                f"{tables.hospital(lead)} 牵头网格，但{why.zh}",
            )
            yield _of(rule, tables, lead, rows, what)


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
            f"its campuses: {_listed(part)}",
            f"{tables.hospital(lead)} 的网格中 {len(part)} 个单元（{people:,} 人）与其任何院区都不相连：{_listed(part)}",
        )
        yield Breach(rule.id, what, GRID, _district(mine), lead, rows=tuple(mine["row"]))


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
        yield _of(rule, tables, lead, rows, what)
    elif abs(load - fair) > balance * fair + SLIP * max(1.0, fair):
        off = g.deviation(lead)
        what = Text(
            f"the grid of {tables.hospital(lead)} has {load:,} residents, fair part {fair:,.0f} ({off:+.1%}), "
            f"allowed ±{100 * balance:g}%",
            f"{tables.hospital(lead)} 的网格有 {load:,} 人，应担份额 {fair:,.0f} 人（{off:+.1%}），允许 ±{100 * balance:g}%",
        )
        yield _of(rule, tables, lead, rows, what)


def urban_groups(rule: UrbanGroups, tables: PlanTables) -> Judged:
    """In districts of these kinds a grid is an urban hospital group, not part of a county community."""
    g, kinds = tables.grids, tables.region.districts.set_index("district_id")["kind"]
    for (lead, district), rows in g.rows.groupby(["hospital_id", "district_id"]):
        urban = kinds.get(district) in rule.kinds and g.forms.get(district) == "urban"
        if urban and g.forms.get(g.home[lead]) == "county":
            what = Text(
                f"{len(rows)} unit(s) of {tables.district(district)} are in the county community of {tables.hospital(lead)}",
                f"{tables.district(district)} 的 {len(rows)} 个单元归入 {tables.hospital(lead)} 的县域医疗共同体",
            )
            yield Breach(rule.id, what, GRID, str(district), str(lead), rows=tuple(rows["row"]))


def county_communities(rule: CountyCommunities, tables: PlanTables) -> Judged:
    """Each county community is one grid, led by a hospital of the district."""
    g = tables.grids
    for district in (d for d, form in g.forms.items() if form == "county"):
        rows = g.rows[g.rows["district_id"] == district]
        leads = sorted(set(rows["hospital_id"]))
        if len(leads) > 1:
            what = Text(
                f"{tables.district(district)} is one county community, but has {len(leads)} grids{_who(tables, leads).en}",
                f"{tables.district(district)} 应为一个县域医疗共同体，却有 {len(leads)} 个网格{_who(tables, leads).zh}",
            )
            yield Breach(rule.id, what, GRID, district, rows=tuple(rows["row"]))
        for lead in (lead for lead in leads if g.home[lead] == district and g.against[lead] == rule.id):
            who = _facts(tables, lead)
            what = Text(
                f"{tables.hospital(lead)} ({who.en}) may not lead the county community of {tables.district(district)}",
                f"{tables.hospital(lead)}（{who.zh}）不能牵头 {tables.district(district)} 的县域医疗共同体",
            )
            yield _of(rule, tables, lead, rows[rows["hospital_id"] == lead], what)
        for lead in (lead for lead in leads if g.home[lead] != district):
            mine = rows[rows["hospital_id"] == lead]
            what = Text(
                f"the county community of {tables.district(district)} is led by {tables.hospital(lead)}, which is not of the district",
                f"{tables.district(district)} 的县域医疗共同体由非本区（县）的 {tables.hospital(lead)} 牵头",
            )
            yield Breach(rule.id, what, GRID, district, lead, rows=tuple(mine["row"]))


GRID_JUDGES: Mapping[type[Rule], Callable[[Any, PlanTables], Judged]] = {
    Grids: grids,
    GridLeads: grid_leads,
    SpecialLeads: special_leads,
    WillingPrivate: willing_private,
    NoProvincialLeads: no_provincial_leads,
    GridShape: grid_shape,
    UrbanGroups: urban_groups,
    CountyCommunities: county_communities,
}


def grid_slack(rule: Rule, tables: PlanTables) -> Text:
    """How many grids there are; the most uneven one and the longest way."""
    g = tables.grids
    if isinstance(rule, Grids) and g.forms:
        out = sum(form == "left_out" for form in g.forms.values())
        left = Text(f", {out} district(s) left out", f"，{out} 个区县不在其列") if out else Text("", "")
        return Text(f"{len(g.leads)} grids{left.en}", f"{len(g.leads)} 个网格{left.zh}")
    if isinstance(rule, GridShape) and len(g.rows):
        off = {lead: g.deviation(lead) for lead in g.leads}
        known = {lead: d for lead, d in off.items() if not np.isnan(d)}
        lived = g.rows.loc[g.rows["people"] > 0, "minutes"]
        longest = lived.max() if len(lived) else 0.0
        parts = [Text(f"longest {longest:.1f} min", f"最长 {longest:.1f} 分钟")]
        if rule.balance is not None and known:
            worst = max(sorted(known), key=lambda lead: round(abs(known[lead]), 9))
            parts.insert(
                0,
                Text(
                    f"most uneven {tables.hospital(worst)} {known[worst]:+.1%}",
                    f"偏差最大 {tables.hospital(worst)} {known[worst]:+.1%}",
                ),
            )
        return Text(", ".join(p.en for p in parts), "，".join(p.zh for p in parts))
    return Text("", "")


def _of(rule: Rule, tables: PlanTables, lead: str, rows: pd.DataFrame, what: Text) -> Breach:
    return Breach(rule.id, what, GRID, tables.grids.home[lead], lead, rows=tuple(rows["row"]))


def _facts(tables: PlanTables, hospital_id: str) -> Text:
    hospitals = tables.region.hospitals
    h = hospitals[hospitals["hospital_id"] == hospital_id].iloc[0]
    words = [
        both_words(TIERS, h["tier"]),
        both_words(OWNERSHIPS, h["ownership"]),
        both_words(CATEGORIES, h["category"]),
    ]
    grade = [str(h["grade"])] if h["grade"] else []
    return Text(", ".join([*(w.en for w in words), *grade]), "、".join([*(w.zh for w in words), *grade]))


def _district(rows: pd.DataFrame) -> str:
    """The district of rows, "" where they lie in several."""
    districts = set(rows["district_id"])
    return str(districts.pop()) if len(districts) == 1 else ""


def _listed(units: Iterable[object]) -> str:
    ids = sorted(map(str, units))
    more = f" … (+{len(ids) - NAMED})" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def _who(tables: PlanTables, leads: list[str]) -> Text:
    who = ", ".join(map(tables.hospital, leads))
    return Text(f" ({who})", f"（{who}）") if leads else Text("", "")


def _between(n: int, least: int | None, most: int | None) -> bool:
    return n >= (least or 0) and (most is None or n <= most)


def _asked(least: int | None, most: int | None) -> Text:
    if least is not None and least == most:
        return Text(f"{most} are asked", f"要求 {most} 个")
    low = Text(f"at least {least}", f"至少 {least} 个") if least is not None else None
    high = Text(f"at most {most}", f"至多 {most} 个") if most is not None else None
    parts = [part for part in (low, high) if part is not None]
    return Text(" and ".join(p.en for p in parts) + " are asked", "、".join(p.zh for p in parts))

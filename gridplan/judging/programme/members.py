"""JG-5, ZJ-2 and ZJ-4 judged from members.csv and care.csv alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from gridplan.judging.programme.claims import Claimed, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Members
from gridplan.words.text import Text

LEAST_RATE = 0.01  # by which printed beds per 1,000 may differ
PRIMARY_CARE = {"community_centre": "community_centre", "township": "community_centre"}


def judge_members(rule: Members, claimed: Claimed) -> Iterator[Breach]:
    """Every institution once, in its consortium, in its role; beds and kinds as they are."""
    strangers = [*unknown_ids(rule.id, claimed, "members", ("institution_id",))]
    yield from strangers
    if strangers:
        return
    table, stated = claimed.tables["members"], claimed.region.institutions
    assert stated is not None
    gone = sorted(set(stated["institution_id"]) - set(table["institution_id"]))
    for key in gone:
        who = claimed.region.label("institution", key)
        yield Breach(rule.id, Text(f"members.csv: {who} is not listed", f"members.csv：未列出 {who}"))
    for key, rows in table[table.duplicated("institution_id", keep=False)].groupby("institution_id"):
        who = claimed.region.label("institution", str(key))
        yield Breach(
            rule.id, Text(f"members.csv: {who} stands twice", f"members.csv：{who} 重复"), rows=rows_of(rows)
        )
    record = {r["institution_id"]: r for r in stated.to_dict("records")}
    for row in table.itertuples():
        one, faults = record[row.institution_id], []
        leads = claimed.leads_above.get(row.institution_id, set())
        if row.lead_id not in (leads or {""}):
            faults.append(("it does not stand in that grid", "不在该网格内"))
        private = one.get("ownership", "") not in ("public", "")
        role = ("willing" if one.get("willing") == "yes" else "outside") if private else "member"
        if row.role != role:
            faults.append(
                (
                    f"its role is {role} (private ones where they are willing)",
                    f"角色应为 {role}（社会办机构自愿加入）",
                )
            )
        if row.kind != one["kind"] or row.district_id != one["district_id"]:
            faults.append(("kind and district are not those of the table", "类型或所在区与机构表不符"))
        if int(row.beds) != _beds(one):
            faults.append(("beds are not those of the table", "床位与机构表不符"))
        for en, zh in faults:
            who = claimed.region.label("institution", row.institution_id)
            yield Breach(
                rule.id, Text(f"members.csv: {who}: {en}", f"members.csv 中{who}：{zh}"), rows=(int(row.row),)
            )
    yield from _care(rule, claimed, table)


def _care(rule: Members, claimed: Claimed, members: pd.DataFrame) -> Iterator[Breach]:
    """People, beds and kinds of each consortium, added up anew from the members as they are listed."""
    people: dict[tuple[str, str], np.ndarray] = {}
    units = claimed.region.units
    aged_of = units.get("people_65plus", pd.Series(np.nan, index=units.index)).astype(float)
    old = aged_of.fillna(0) if aged_of.notna().any() else aged_of
    if rule.share_65plus is not None and old.isna().all():
        old = units["people"].astype(float) * rule.share_65plus
    for unit, district, count, aged in zip(
        units["unit_id"], units["district_id"], units["people"], old, strict=True
    ):
        key = _key(claimed, str(claimed.lead_of.get(unit, "")), str(district))
        people[key] = people.get(key, np.zeros(2)) + np.array([float(count), aged])
    listed: dict[tuple[str, str], list[Any]] = {}
    for member in members.itertuples():
        if member.role != "outside":
            listed.setdefault(_key(claimed, member.lead_id, member.district_id), []).append(member)
    seen = set()
    for row in claimed.tables["care"].itertuples():
        key = (row.lead_id, row.district_id)
        seen.add(key)
        if key not in people:
            yield _wrong(rule, row, "there is no such consortium", "没有这个医联体")
            continue
        mine = listed.get(key, [])
        beds = sum(int(m.beds) for m in mine if m.kind in rule.elderly)
        there = {PRIMARY_CARE.get(m.kind, m.kind) for m in mine}
        lacks = [k for k in rule.kinds if PRIMARY_CARE.get(k, k) not in there]
        count, aged = people[key]
        if int(row.people) != int(count) or int(row.beds) != beds:
            yield _wrong(
                rule,
                row,
                f"{count:,.0f} people and {beds} beds it is",
                f"应为 {count:,.0f} 人、{beds} 张床位",
            )
        if str(row.missing).split() != lacks:
            yield _wrong(
                rule,
                row,
                f"it lacks: {' '.join(lacks) or 'nothing'}",
                f"所缺类型应为：{' '.join(lacks) or '无'}",
            )
        if aged == aged:
            aged = float(round(aged))
            rate = 1000 * beds / aged if aged else 0.0
            short = max(0, int(np.ceil(rule.beds_per_1000_65plus * aged / 1000 - 1e-9)) - beds)
            told = (
                float(row.per_1000 or 0),
                int(float(row.missing_beds or 0)),
                int(float(row.people_65plus or 0)),
            )
            if abs(told[0] - rate) > LEAST_RATE or told[1] != short or abs(told[2] - aged) > 0.51:
                yield _wrong(
                    rule,
                    row,
                    f"{rate:.2f} beds per 1,000, {short} missing",
                    f"应为每千人 {rate:.2f} 张、缺 {short} 张",
                )
    for key in sorted(set(people) - seen):
        who = " ".join(key).strip()
        yield Breach(
            rule.id, Text(f"care.csv: the consortium {who} is not listed", f"care.csv：未列出医联体 {who}")
        )


def _beds(one: dict[str, object]) -> int:
    count = float(str(one.get("beds", "nan")))
    return 0 if count != count else int(count)


def _key(claimed: Claimed, lead: str, district: str) -> tuple[str, str]:
    return lead, str(claimed.of_hospital[lead]["district_id"]) if lead in claimed.of_hospital else district


def _wrong(rule: Members, row: object, en: str, zh: str) -> Breach:
    who = getattr(row, "lead_id", "") or getattr(row, "district_id", "")
    return Breach(
        rule.id,
        Text(f"care.csv: {who}: {en}", f"care.csv 中{who}：{zh}"),
        rows=(int(getattr(row, "row", 0)),),
    )

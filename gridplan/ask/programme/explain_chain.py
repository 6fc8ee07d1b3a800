"""A unit's 1+1+1: its community centres, their district hospital, the partner above, minutes, loads."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.policies.programme_rules import Referral
from gridplan.programmes.programme import Programme
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import SERVICES

COLUMNS = [
    "institution_id",
    "share",
    "managed_id",
    "minutes_1",
    "minutes_2",
    "broken",
    "load",
    "capacity",
    "what",
    "what_zh",
]


def explain_chain(programme: Programme, unit: str, lang: Language) -> Explanation:
    """Where the residents of a unit go first, and from there."""
    region, tables = programme.plan.region, programme.tables
    mine = tables["chains"][tables["chains"]["unit_id"] == unit].sort_values("share", ascending=False)
    name = region.label("unit", unit)
    title = Text(f"1+1+1 of {name}", f"{name} 的 1+1+1")
    if mine.empty:
        line = Text(
            "It has no chain: nobody lives there, or its district lacks a centre or a hospital.",
            "没有转诊链：无人居住，或所在区缺少基层机构或区级医院。",
        )
        return Explanation(title, (line,), pd.DataFrame(columns=COLUMNS), lang)
    rule = programme.rules["chains"][0]
    assert isinstance(rule, Referral)
    main = mine.iloc[0]
    partner, hospital = (
        region.label("hospital", main["hospital_id"]),
        region.label("hospital", main["managed_id"]),
    )
    centre = region.label("institution", main["institution_id"])
    third = float(main["minutes_3"])
    people = float(region.units.set_index("unit_id").at[unit, "people"])
    first = people * rule.visits * rule.first_contact
    up = first * rule.up_to_district
    lines = [
        Text(
            f"{centre} ({main['minutes_1']:.0f} min) → {hospital} ({main['minutes_2']:.0f} min) → {partner} ({third:.0f} min); "
            "down the same way.",
            f"{centre}（{main['minutes_1']:.0f} 分钟）→ {hospital}（{main['minutes_2']:.0f} 分钟）→ {partner}（{third:.0f} 分钟）；下转循原路返回。",
        ),
        Text(
            f"{first:,.0f} first contacts a year, {up:,.0f} referred to the district hospital, {up * rule.up_to_city:,.0f} further up; {up * rule.down:,.0f} come down again.",
            f"每年首诊 {first:,.0f} 人次，上转区级医院 {up:,.0f} 人次，再上转市级医院 {up * rule.up_to_city:,.0f} 人次；下转 {up * rule.down:,.0f} 人次。",
        ),
    ]
    if main["broken"]:
        lines.append(Text(
            "The chain is broken: another partner manages that district hospital.", "该区级医院由另一家合作医院托管，转诊链不一致。",
        ))  # fmt: skip
    lines += _what_hangs_on_it(programme, unit, str(main["institution_id"]))
    loads = tables["loads"].set_index("institution_id")
    rows: list[dict[str, Any]] = []
    for row in mine.itertuples():
        who, load, capacity = (
            region.label("institution", row.institution_id),
            loads.at[row.institution_id, "load"],
            loads.at[row.institution_id, "capacity"],
        )
        full, full_zh = (
            ("", "") if str(capacity) == "" else (f" of {float(capacity):,.0f}", f"/{float(capacity):,.0f}")
        )
        rows.append({
            "institution_id": row.institution_id, "share": row.share, "managed_id": row.managed_id, "minutes_1": row.minutes_1,
            "minutes_2": row.minutes_2, "broken": row.broken, "load": load, "capacity": capacity,
            "what": f"{100 * row.share:.0f}% at {who}, {row.minutes_1:.0f} min, {load:,.0f}{full} visits a year",
            "what_zh": f"{100 * row.share:.0f}% 到{who}，{row.minutes_1:.0f} 分钟，年诊疗 {load:,.0f}{full_zh} 人次",
        })  # fmt: skip
    return Explanation(title, tuple(lines), pd.DataFrame(rows, columns=COLUMNS), lang)


def _what_hangs_on_it(programme: Programme, unit: str, centre: str) -> list[Text]:
    """Slots of the main centre, its shared centres, room kept for named groups: those parts that were made."""
    region, tables, lines = programme.plan.region, programme.tables, []
    if "slots" in tables:
        mine = tables["slots"][tables["slots"]["institution_id"] == centre]
        lines.append(Text(
            f"Its centre has {int(mine['slots'].sum()):,} expert slots a week at {mine['hospital_id'].nunique()} hospitals.",
            f"该机构每周可用 {mine['hospital_id'].nunique()} 家医院的专家号 {int(mine['slots'].sum()):,} 个。",
        ))  # fmt: skip
    if "hosts" in tables:
        mine = tables["hosts"][tables["hosts"]["institution_id"] == centre]
        told = [
            (SERVICES[row.service], region.label("hospital", row.host_id), row.minutes)
            for row in mine.itertuples()
        ]
        en = ", ".join(f"{name.en} at {who} ({minutes:.0f} min)" for name, who, minutes in told)
        zh = "、".join(f"{name.zh}在{who}（{minutes:.0f} 分钟）" for name, who, minutes in told)
        lines.append(Text(f"Shared centres: {en or 'none'}.", f"共享中心：{zh or '无'}。"))
    if "guarantee" in tables:
        kept, left = (
            tables[name][tables[name]["unit_id"] == unit]["people"].sum()
            for name in ("guarantee", "unserved")
        )
        lines.append(Text(
            f"Room is kept for {int(kept):,} people of named groups, {int(left):,} have none within the standard.",
            f"已为重点人群 {int(kept):,} 人预留能力，{int(left):,} 人在标准内无机构。",
        ))  # fmt: skip
    return lines

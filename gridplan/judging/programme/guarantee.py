"""CD-5 judged from guarantee.csv and unserved.csv alone; whether the chains keep the room is judged with the chains."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.judging.programme.claims import SPHERE, Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import GroupGuarantee, Referral
from gridplan.words.text import Text
from gridplan.words.vocabulary import PRIMARY

LEAST_MINUTES = 0.01  # by which printed minutes may differ


def judge_guarantee(rule: GroupGuarantee, claimed: Claimed) -> Iterator[Breach]:
    """Everybody of a group is counted once, within the standard, where there is room."""
    strangers = [*unknown_ids(rule.id, claimed, "guarantee", ("institution_id",))]
    yield from strangers
    if strangers:
        return
    table, left = claimed.tables["guarantee"], claimed.tables["unserved"]
    units = claimed.region.units.set_index("unit_id")
    assert claimed.region.institutions is not None
    place = claimed.region.institutions.set_index("institution_id")
    for row in table.itertuples():
        faults: list[tuple[str, str]] = []
        if row.unit_id not in units.index:
            yield _said(rule, row, "the unit is not known", "单元不存在")
            continue
        home, centre = units.loc[row.unit_id], place.loc[row.institution_id]
        if centre["kind"] not in PRIMARY or centre["district_id"] != home["district_id"]:
            faults.append(("it is no primary institution of the district", "并非本区基层首诊机构"))
        km = float(SPHERE.inv(home["lon"], home["lat"], centre["lon"], centre["lat"])[2]) / 1000
        minutes = claimed.on_the_way(km, str(home["district_id"]))
        if abs(minutes - row.minutes) > LEAST_MINUTES:
            faults.append(
                (
                    f"minutes is {row.minutes:g}, {minutes:.4f} it is",
                    f"minutes 为 {row.minutes:g}，应为 {minutes:.4f}",
                )
            )
        if minutes > rule.minutes + LEAST_MINUTES:
            faults.append(("it is beyond the standard", "超过时间标准"))
        if row.people != int(row.people) or row.people <= 0:
            faults.append(("people are not whole persons", "人数须为正整数"))
        for en, zh in faults:
            yield _said(rule, row, en, zh)
    yield from _counted(rule, claimed, table, left, units)
    yield from _room(rule, claimed, table, place)
    found = {"left": float(left["people"].sum()), "travel": float((table["people"] * table["minutes"]).sum())}
    told = claimed.figures.get("guarantee", {})
    yield from figures_that_differ(rule.id, told, {k: v for k, v in found.items() if k in told})


def _counted(
    rule: GroupGuarantee, claimed: Claimed, table: pd.DataFrame, left: pd.DataFrame, units: pd.DataFrame
) -> Iterator[Breach]:
    """Served and left together are the people of the group, unit by unit."""
    keys = ["unit_id", "group"]
    both = pd.concat([table[[*keys, "people"]], left[[*keys, "people"]]]).groupby(keys)["people"].sum()
    asked = {
        (unit, group): int(count)
        for group in rule.groups if group in units
        for unit, count in units[group].fillna(0).items() if count > 0 and units.at[unit, "people"] > 0
    }  # fmt: skip
    for key in sorted({*asked, *both.index}):
        is_, said = asked.get(key, 0), int(both.get(key, 0))
        if is_ != said:
            who = claimed.region.label("unit", str(key[0]))
            rows = table[(table["unit_id"] == key[0]) & (table["group"] == key[1])]
            what = Text(
                f"guarantee.csv: {who}: {said} people of {key[1]} are listed, {is_} there are",
                f"guarantee.csv：{who}：{key[1]} 列出 {said} 人，应为 {is_} 人",
            )
            yield Breach(rule.id, what, unit_id=str(key[0]), rows=rows_of(rows))


def _room(
    rule: GroupGuarantee, claimed: Claimed, table: pd.DataFrame, place: pd.DataFrame
) -> Iterator[Breach]:
    """Their first contacts are within the stated capacity of each institution."""
    referral = claimed.policy.rule(Referral) or Referral()
    for key, rows in table.groupby("institution_id"):
        visits = float(rows["people"].sum()) * referral.visits * referral.first_contact
        capacity = float(place.at[key, "visits_capacity"])
        if capacity == capacity and visits > capacity + 1e-6:
            who = claimed.region.label("institution", str(key))
            what = Text(
                f"guarantee.csv: {who} would have {visits:,.0f} visits of the groups, it can carry {capacity:,.0f}",
                f"guarantee.csv：{who} 的重点人群就诊 {visits:,.0f} 人次，超过能力 {capacity:,.0f}",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))


def _said(rule: GroupGuarantee, row: object, en: str, zh: str) -> Breach:
    unit = str(getattr(row, "unit_id", ""))
    what = Text(f"guarantee.csv: {unit}: {en}", f"guarantee.csv 中{unit}：{zh}")
    return Breach(rule.id, what, unit_id=unit, rows=(int(getattr(row, "row", 0)),))

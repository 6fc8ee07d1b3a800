"""LZ-2 and SH-18 judged from upstream.csv and teams.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import discipline_name, disciplines
from gridplan.judging.programme.claims import SPHERE, Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Exchange
from gridplan.words.text import Text
from gridplan.words.vocabulary import PRIMARY

LEAST_MINUTES = 0.01  # by which printed minutes may differ


def judge_upstream(rule: Exchange, claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand of LZ-2 and SH-18, with rows of the table that is named."""
    strangers = [
        *unknown_ids(rule.id, claimed, "upstream", ("institution_id", "hospital_id", "discipline")),
        *unknown_ids(rule.id, claimed, "teams", ("institution_id", "hospital_id", "discipline")),
    ]
    yield from strangers
    if strangers:
        return
    table = claimed.region.institutions
    assert table is not None
    known = table[table["kind"].isin(PRIMARY) & (table["gps"].notna() | table["teams"].notna())]
    above = {
        key: _above(claimed, one)
        for key, one in zip(known["institution_id"], known.to_dict("records"), strict=True)
    }
    yield from _stays(rule, claimed, known, above)
    yield from _places(rule, claimed)
    yield from _teams(rule, claimed, known, above)
    yield from figures_that_differ(
        rule.id, claimed.figures.get("upstream", {}), _figures(rule, claimed, known)
    )


def _above(claimed: Claimed, one: dict[str, object]) -> tuple[set[str], set[str]]:
    """The hospitals that an institution belongs to, and those above these."""
    district = str(one["district_id"])
    own = claimed.leads_above.get(str(one["institution_id"]), set())
    if not own:
        own = {h for h in claimed.general_receivers if claimed.of_hospital[h]["district_id"] == district}
    if "custody" in claimed.tables:
        return own, set().union(*(claimed.managers.get(h, set()) for h in own)) - own
    partners = {
        h for h in claimed.partners.get(district, set()) if claimed.of_hospital[h]["category"] == "general"
    }
    return own, partners - own


def _asked(rule: Exchange, gps: object) -> int:
    count = float(str(gps))
    return 0 if count != count else int(np.ceil(count * rule.days / (rule.every * rule.stay) - 1e-9))


def _stays(
    rule: Exchange, claimed: Claimed, known: pd.DataFrame, above: dict[str, tuple[set[str], set[str]]]
) -> Iterator[Breach]:
    """Row by row: a hospital above, a department strong enough, whole stays; not more stays than are asked."""
    one = {r["institution_id"]: r for r in known.to_dict("records")}
    for row in claimed.tables["upstream"].itertuples():
        faults: list[tuple[str, str]] = []
        own, higher = above.get(row.institution_id, (set(), set()))
        if row.hospital_id not in own | higher:
            faults.append(("that hospital is not above it", "该医院并非其上级医院"))
        level = claimed.levels.get((row.hospital_id, row.discipline), np.nan)
        if not level >= max(1, rule.least_level):
            faults.append(
                (
                    f"its level is below {rule.least_level} or not known",
                    f"接收科室能力低于 {rule.least_level} 级或未知",
                )
            )
        if row.persons < 1 or row.persons != int(row.persons) or row.days != row.persons * rule.stay:
            faults.append((f"{row.persons:g} persons and {row.days:g} days are no stays of {rule.stay} days", f"{row.persons:g} 人次、{row.days:g} 天与每次 {rule.stay} 天不符"))  # fmt: skip
        if row.institution_id in one:
            at, to = one[row.institution_id], claimed.of_hospital[row.hospital_id]
            km = SPHERE.inv(at["lon"], at["lat"], to["lon"], to["lat"])[2] / 1000
            way = claimed.on_the_way(km, at["district_id"])
            if abs(way - row.minutes) > LEAST_MINUTES:
                faults.append(
                    (
                        f"{row.minutes:g} minutes are printed, {way:.4f} it is",
                        f"所列 {row.minutes:g} 分钟，应为 {way:.4f}",
                    )
                )
        for en, zh in faults:
            name, who = (
                discipline_name(row.discipline),
                claimed.region.label("institution", row.institution_id),
            )
            what = Text(f"upstream.csv: {name.en} of {who}: {en}", f"upstream.csv 中 {who} {name.zh}：{zh}")
            yield Breach(rule.id, what, hospital_id=row.hospital_id, rows=(int(row.row),))
    for key, rows in claimed.tables["upstream"].groupby("institution_id"):
        asked = _asked(rule, one[key]["gps"]) if key in one else 0
        if rows["persons"].sum() > asked:
            who = claimed.region.label("institution", str(key))
            what = Text(
                f"upstream.csv: {who} sends {rows['persons'].sum():g}, {asked} are asked",
                f"upstream.csv：{who} 安排 {rows['persons'].sum():g} 人次，应为 {asked}",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))


def _places(rule: Exchange, claimed: Claimed) -> Iterator[Breach]:
    """No department takes in more days than its places have, or joins more teams than it may."""
    table = claimed.region.departments
    given: dict[tuple[str, str], float] = {}
    if table is not None and "places" in table:
        told = table[table["places"].notna()]
        given = dict(
            zip(
                zip(told["hospital_id"], told["discipline"], strict=True),
                told["places"].astype(float),
                strict=True,
            )
        )
    for (h, code), rows in claimed.tables["upstream"].groupby(["hospital_id", "discipline"]):
        days = rule.work_days * given.get((str(h), str(code)), float(rule.places))
        if rows["days"].sum() > days + 1e-9:
            name, who = discipline_name(str(code)), claimed.hospital(h)
            what = Text(
                f"upstream.csv: {name.en} of {who} takes in {rows['days'].sum():g} days, its places have {days:g}",
                f"upstream.csv：{who}{name.zh}接收 {rows['days'].sum():g} 天，名额合 {days:g} 天",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))
    for (h, code), rows in claimed.tables["teams"].groupby(["hospital_id", "discipline"]):
        if rows["teams"].sum() > rule.team_seats:
            name, who = discipline_name(str(code)), claimed.hospital(h)
            what = Text(
                f"teams.csv: {name.en} of {who} joins {rows['teams'].sum():g} teams, at most {rule.team_seats}",
                f"teams.csv：{who}{name.zh}参加 {rows['teams'].sum():g} 个团队，至多 {rule.team_seats} 个",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))


def _teams(
    rule: Exchange, claimed: Claimed, known: pd.DataFrame, above: dict[str, tuple[set[str], set[str]]]
) -> Iterator[Breach]:
    """Row by row: the hospital it belongs to, a department that it has; not more teams than there are."""
    has = dict(zip(known["institution_id"], known["teams"].fillna(0), strict=True)) if rule.teams else {}
    for row in claimed.tables["teams"].itertuples():
        faults: list[tuple[str, str]] = []
        if row.hospital_id not in above.get(row.institution_id, (set(), set()))[0]:
            faults.append(("that hospital is not its own", "该医院并非其所属医联体医院"))
        if not claimed.levels.get((row.hospital_id, row.discipline), np.nan) >= 1:
            faults.append(("the hospital has no such department", "该院没有此科室"))
        if row.teams < 1 or row.teams != int(row.teams):
            faults.append((f"{row.teams:g} is no number of teams", f"{row.teams:g} 不是团队数"))
        for en, zh in faults:
            name, who = (
                discipline_name(row.discipline),
                claimed.region.label("institution", row.institution_id),
            )
            what = Text(f"teams.csv: {name.en} at {who}: {en}", f"teams.csv 中 {who} {name.zh}：{zh}")
            yield Breach(rule.id, what, hospital_id=row.hospital_id, rows=(int(row.row),))
    for key, rows in claimed.tables["teams"].groupby("institution_id"):
        if rows["teams"].sum() > has.get(key, 0):
            who = claimed.region.label("institution", str(key))
            what = Text(
                f"teams.csv: {who} has {has.get(key, 0):g} teams, {rows['teams'].sum():g} are listed",
                f"teams.csv：{who} 有 {has.get(key, 0):g} 个团队，表列 {rows['teams'].sum():g} 个",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))


def _figures(rule: Exchange, claimed: Claimed, known: pd.DataFrame) -> dict[str, float]:
    """What the tables come to, goal by goal."""
    stays, teams = claimed.tables["upstream"], claimed.tables["teams"]
    asked = sum(_asked(rule, gps) for gps in known["gps"])
    units = claimed.region.units.groupby("district_id")["people"].sum().to_dict()
    sharers = known["district_id"].value_counts().to_dict()
    home = dict(zip(known["institution_id"], known["district_id"], strict=True))
    learnt = {*zip(stays["institution_id"], stays["discipline"], strict=True), *zip(teams["institution_id"], teams["discipline"], strict=True)}  # fmt: skip
    gain = sum(
        float(np.round(float(units.get(home[i], 0)) // int(sharers[home[i]]) * disciplines()[s].weight))
        for i, s in learnt if i in home
    )  # fmt: skip
    found = {
        "missing": float(asked - stays["persons"].sum()), "gain": gain,
        "travel": float((stays["persons"] * stays["minutes"]).sum()),
    }  # fmt: skip
    if rule.teams and known["teams"].fillna(0).sum() > 0:
        found["alone"] = float(known["teams"].fillna(0).sum() - teams["teams"].sum())
    return found

"""SH-11, SH-15: custody.csv judged: who manages whom, from when, with how many managers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gridplan.judging.programme.claims import Claimed, rows_of
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Posts
from gridplan.words.text import Text
from gridplan.words.vocabulary import SPECIAL, SPECIALIST

TCM = {"tcm", "integrated_tcm"}


def judge_custody(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand on custody, with rows of custody.csv."""
    yield from _custody(rule, claimed)
    yield from _managers(rule, claimed)


def may_manage(claimed: Claimed, receiver: str) -> set[str]:
    """Partners of a receiver's district that may manage it: TCM for TCM; whoever manages it today stays possible."""
    here = claimed.partners.get(str(claimed.of_hospital[receiver]["district_id"]), set())
    tcm = claimed.of_hospital[receiver]["category"] in TCM and receiver not in _leads(claimed)
    fitting = {h for h in here if (claimed.of_hospital[h]["category"] in TCM) == tcm}
    return fitting | ({_today(claimed).get(receiver, "")} & here)


def _leads(claimed: Claimed) -> set[str]:
    return set(claimed.assignment.loc[claimed.assignment["layer"] == "grid", "hospital_id"])


def _today(claimed: Claimed) -> dict[str, str]:
    table = claimed.region.custody
    return {} if table is None else dict(zip(table["managed_id"], table["hospital_id"], strict=True))


def _custody(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    custody, today = claimed.tables["custody"], _today(claimed)
    yield from _specialists(rule, claimed, today)
    custody = custody[custody["basis"] != SPECIALIST]
    receivers = {r: may for r in claimed.residents if (may := may_manage(claimed, r))}
    for r, rows in custody.groupby("managed_id"):
        who = claimed.hospital(r)
        if len(rows) > 1:
            what = Text(
                f"custody.csv: {who} is managed {len(rows)} times",
                f"custody.csv：{who} 被托管 {len(rows)} 次",
            )
            yield Breach(rule.id, what, hospital_id=str(r), rows=rows_of(rows))
        for row in rows.itertuples():
            if row.hospital_id not in receivers.get(str(r), set()):
                manager = claimed.hospital(row.hospital_id)
                what = Text(
                    f"custody.csv: {manager} may not manage {who}: it is no partner of that district",
                    f"custody.csv：{manager} 不是该区合作医院，不得托管 {who}",
                )
                yield Breach(rule.id, what, hospital_id=str(r), rows=(int(row.row),))
            elif (
                rule.keep_custody
                and today.get(str(r)) in receivers[str(r)]
                and today[str(r)] != row.hospital_id
            ):
                what = Text(
                    f"custody.csv: {who} leaves the custody of {claimed.hospital(today[str(r)])}, which is to be kept",
                    f"custody.csv：{who} 现由 {claimed.hospital(today[str(r)])} 托管，应予保留",
                )
                yield Breach(rule.id, what, hospital_id=str(r), rows=(int(row.row),))
    absent = sorted(set(receivers) - set(custody["managed_id"]))
    for r in absent if rule.receive == "leads" else ():
        what = Text(
            f"custody.csv: nobody manages {claimed.hospital(r)}",
            f"custody.csv：{claimed.hospital(r)} 无人托管",
        )
        yield Breach(rule.id, what, hospital_id=r)


def _specialists(rule: Posts, claimed: Claimed, today: dict[str, str]) -> Iterator[Breach]:
    """Custody of district specialist hospitals is that of today, no more and no less."""
    table = claimed.tables["custody"]
    kept = {
        r: h
        for r, h in today.items()
        if r not in claimed.residents and claimed.of_hospital[r]["category"] in SPECIAL and claimed.of_hospital[r]["tier"] == "district"
    }  # fmt: skip
    listed = table[table["basis"] == SPECIALIST]
    for row in listed.itertuples():
        if kept.get(row.managed_id) != row.hospital_id:
            who = claimed.hospital(row.managed_id)
            what = Text(
                f"custody.csv: {who} is not a specialist hospital in that custody today",
                f"custody.csv：{who} 现无此项专科医院托管",
            )
            yield Breach(rule.id, what, hospital_id=row.managed_id, rows=(int(row.row),))
    for r in sorted(set(kept) - set(listed["managed_id"]) - set(table["managed_id"])):
        what = Text(
            f"custody.csv: custody of {claimed.hospital(r)}, which runs today, is missing",
            f"custody.csv：缺少现有托管 {claimed.hospital(r)}",
        )
        yield Breach(rule.id, what, hospital_id=r)


def _managers(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """Row by row: managers enough, for all phases, in its district, kept or new as today's table says."""
    custody = claimed.tables["custody"]
    until = rule.first_year + rule.phases * rule.tenure
    for row in custody.itertuples():
        faults: list[tuple[str, str]] = []
        years, special = row.until_year - row.from_year, row.basis == SPECIALIST
        if not special and not (row.managers >= rule.managers and years >= rule.manager_years):
            faults.append(
                (
                    f"{row.managers:g} managers for {years:g} years; {rule.managers} for at least {rule.manager_years:g} are asked",
                    f"管理人员 {row.managers:g} 名，{years:g} 年；要求 {rule.managers} 名、至少 {rule.manager_years:g} 年",
                )
            )
        faults += wrong_years(row, rule.first_year, until, Text("all phases are", "各期合计为"))
        district = str(claimed.of_hospital[row.managed_id]["district_id"])
        if row.district_id != district:
            home = claimed.district(district)
            faults.append(
                (f"it stands in {home}, not in {row.district_id}", f"该院位于 {home}，并非 {row.district_id}")
            )
        basis = _basis(rule, claimed, row.managed_id, row.hospital_id)
        if not special and row.basis != basis:
            faults.append(
                (f"basis is {row.basis}, it should be {basis}", f"basis 为 {row.basis}，应为 {basis}")
            )
        who = claimed.hospital(row.managed_id)
        for en, zh in faults:
            what = Text(f"custody.csv: custody of {who}: {en}", f"custody.csv：{who} 的托管：{zh}")
            yield Breach(rule.id, what, hospital_id=str(row.managed_id), rows=(int(row.row),))
    for h, rows in custody.groupby("hospital_id"):
        there = _named_managers(claimed, str(h))
        most = (
            np.inf if there is None else max(there, rule.managers * int((rows["basis"] != SPECIALIST).sum()))
        )
        if rows["managers"].sum() > most:
            what = Text(
                f"custody.csv: {claimed.hospital(h)} sends {rows['managers'].sum():g} managers, the table staff names {there}",
                f"custody.csv：{claimed.hospital(h)} 派出管理人员 {rows['managers'].sum():g} 名，人员表中只有 {there} 名",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))


def _basis(rule: Posts, claimed: Claimed, managed: str, manager: str) -> str:
    here = claimed.partners.get(str(claimed.of_hospital[managed]["district_id"]), set())
    return (
        "kept" if rule.keep_custody and manager in here and _today(claimed).get(managed) == manager else "new"
    )


def wrong_years(row: Any, first: float, last: float, span: Text) -> list[tuple[str, str]]:
    """The fault of a row whose years are not those of what it is in."""
    if (row.from_year, row.until_year) == (first, last):
        return []
    years = row.until_year - row.from_year
    return [(
        f"it runs from {row.from_year:g} to {row.until_year:g} ({years:g} years); {span.en} {first} to {last}",
        f"自 {row.from_year:g} 年至 {row.until_year:g} 年（{years:g} 年），{span.zh} {first} 至 {last} 年",
    )]  # fmt: skip


def missing_managers(rule: Posts, claimed: Claimed) -> int:
    """How many managers fewer than custody asks for the table staff names."""
    custody, total = claimed.tables["custody"], 0
    for h, rows in custody[custody["basis"] != SPECIALIST].groupby("hospital_id"):
        there = _named_managers(claimed, str(h))
        total += 0 if there is None else max(0, rule.managers * len(rows) - there)
    return total


def _named_managers(claimed: Claimed, hospital: str) -> int | None:
    """Managers that the table staff names of a hospital; None where it says nothing."""
    staff = claimed.region.staff
    known = [] if staff is None else staff.loc[staff["hospital_id"] == hospital, "managers"].dropna()
    return int(sum(known)) if len(known) else None

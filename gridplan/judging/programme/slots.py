"""LZ-1 and SH-17 judged from released.csv, slots.csv and chains.csv alone."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gridplan.judging.programme.claims import Claimed, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Release
from gridplan.words.text import Text

QUOTA = 1e-3  # of a slot: shares of the chains are printed, so quotas are known so well


def judge_slots(rule: Release, claimed: Claimed) -> Iterator[Breach]:
    """Enough is released, all of it is shared, each share is the quota rounded up or down, the largest remainders up."""
    strangers = [
        *unknown_ids(rule.id, claimed, "released", ("hospital_id", "discipline")),
        *unknown_ids(rule.id, claimed, "slots", ("hospital_id", "discipline", "institution_id")),
    ]
    yield from strangers
    if strangers or claimed.region.slots is None:
        return
    signed = _signed(claimed)
    asked = {
        (str(one["hospital_id"]), str(one["discipline"])): one
        for one in claimed.region.slots.to_dict("records")
        if one["week_slots"] == one["week_slots"] and str(one["hospital_id"]) in signed
    }
    given: dict[tuple[str, str], dict[str, int]] = {}
    for row in claimed.tables["slots"].itertuples():
        mine = given.setdefault((row.hospital_id, row.discipline), {})
        if row.institution_id in mine or row.slots != int(row.slots) or row.slots < 1:
            yield _said(
                rule,
                claimed,
                "slots",
                row,
                "it stands twice, or its slots are not whole",
                "重复或号数不是正整数",
            )
        mine[row.institution_id] = mine.get(row.institution_id, 0) + int(row.slots)
    listed = set()
    for row in claimed.tables["released"].itertuples():
        key = (row.hospital_id, row.discipline)
        listed.add(key)
        one = asked.get(key)
        if one is None:
            yield _said(
                rule, claimed, "released", row, "the table slots has no such department", "号源表没有该科室"
            )
            continue
        seats = math.ceil(rule.experts * float(one["week_slots"]) - 1e-9)
        if int(row.released) != seats or int(row.week_slots) != int(one["week_slots"]):
            yield _said(
                rule, claimed, "released", row, f"{seats} slots are to be released", f"应释放 {seats} 个号"
            )
        window = one.get("window_days", float("nan"))
        days = "" if window != window else str(math.ceil(rule.early_window * float(window) - 1e-9))
        if _days(row.early_days) != days:
            yield _said(
                rule,
                claimed,
                "released",
                row,
                f"the first {days} days are open to primary care",
                f"前 {days} 天应向基层开放",
            )
        yield from _shared(rule, claimed, row, seats, given.pop(key, {}), signed[row.hospital_id])
    for key in sorted(set(asked) - listed):
        who = claimed.hospital(key[0])
        what = Text(
            f"released.csv: {key[1]} of {who} is not listed", f"released.csv：未列出 {who} 的 {key[1]}"
        )
        yield Breach(rule.id, what, hospital_id=key[0])
    for hospital, code in sorted(given):
        what = Text(
            f"slots.csv: {code} of {claimed.hospital(hospital)} releases nothing",
            f"slots.csv：{claimed.hospital(hospital)} 的 {code} 并未释放号源",
        )
        yield Breach(rule.id, what, hospital_id=hospital)


def _shared(
    rule: Release, claimed: Claimed, row: object, seats: int, given: dict[str, int], signed: dict[str, float]
) -> Iterator[Breach]:
    """All slots are given out; quotas are rounded; nobody with a larger remainder is rounded down for another."""
    total, strangers = sum(signed.values()), sorted(set(given) - set(signed))
    if strangers:
        yield _said(
            rule,
            claimed,
            "slots",
            row,
            f"no chain leads there from {strangers[0]}",
            f"{strangers[0]} 的转诊链不通向该院",
        )
    if sum(given.values()) != seats:
        yield _said(
            rule,
            claimed,
            "slots",
            row,
            f"{sum(given.values())} slots are given out, {seats} are released",
            f"分出 {sum(given.values())} 个号，释放 {seats} 个",
        )
        return
    up: list[tuple[float, str]] = []
    down: list[tuple[float, str]] = []
    for key, people in signed.items():
        quota = seats * people / total if total else 0.0
        count = given.get(key, 0)
        if abs(count - quota) >= 1 + QUOTA:
            yield _said(
                rule,
                claimed,
                "slots",
                row,
                f"{key} has {count} slots, its quota is {quota:.2f}",
                f"{key} 得 {count} 个号，配额为 {quota:.2f}",
            )
        (up if count > quota else down).append((quota - count, key))
    if up and down and max(down)[0] - (min(up)[0] + 1) > QUOTA:
        yield _said(
            rule, claimed, "slots", row, f"{max(down)[1]} has the larger remainder, {min(up)[1]} got the slot",
            f"{max(down)[1]} 余数更大，号却给了 {min(up)[1]}",
        )  # fmt: skip


def _signed(claimed: Claimed) -> dict[str, dict[str, float]]:
    """Hospital → institution → people who signed there, from the rows of the chains."""
    people = dict(
        zip(claimed.region.units["unit_id"], claimed.region.units["people"].astype(float), strict=True)
    )
    found: dict[str, dict[str, float]] = {}
    for row in claimed.tables["chains"].itertuples():
        for hospital in (row.managed_id, row.hospital_id):
            mine = found.setdefault(hospital, {})
            mine[row.institution_id] = (
                mine.get(row.institution_id, 0.0) + people.get(row.unit_id, 0.0) * row.share
            )
    return found


def _days(cell: object) -> str:
    text = str(cell)
    return text[:-2] if text.endswith(".0") else text


def _said(rule: Release, claimed: Claimed, table: str, row: object, en: str, zh: str) -> Breach:
    hospital, code = str(getattr(row, "hospital_id", "")), str(getattr(row, "discipline", ""))
    who = claimed.hospital(hospital)
    what = Text(f"{table}.csv: {code} of {who}: {en}", f"{table}.csv：{who} 的 {code}：{zh}")
    return Breach(rule.id, what, hospital_id=hospital, rows=(int(getattr(row, "row", 0)),))

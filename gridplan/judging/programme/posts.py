"""SH-11 judged from custody.csv and deployment.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplan.inputs.disciplines import discipline_name
from gridplan.judging.programme.claims import Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.programme.custody import judge_custody, missing_managers, wrong_years
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Posts
from gridplan.words.text import Text
from gridplan.words.vocabulary import SPECIALIST

LEAST_MINUTES = 0.01  # by which printed minutes may differ
ONE = 1.0  # person, by which rounded figures may differ
DAYS_OF_WEEK = 7


def judge_posts(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand of SH-11, with rows of the table that is named."""
    strangers = [
        *unknown_ids(rule.id, claimed, "custody", ("managed_id", "hospital_id", "district_id")),
        *unknown_ids(rule.id, claimed, "deployment", ("managed_id", "hospital_id", "discipline")),
    ]
    yield from strangers
    if strangers:
        return
    yield from judge_custody(rule, claimed)
    yield from _posts(rule, claimed)
    yield from _disciplines(rule, claimed)
    yield from _senders(rule, claimed)
    yield from figures_that_differ(rule.id, claimed.figures.get("posts", {}), _figures(rule, claimed))


def _posts(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """Row by row: the manager sends, long enough, often enough, where it is needed."""
    custody = dict(
        zip(claimed.tables["custody"]["managed_id"], claimed.tables["custody"]["hospital_id"], strict=True)
    )
    for row in claimed.tables["deployment"].itertuples():
        name = discipline_name(row.discipline)
        who = claimed.hospital(row.managed_id)
        faults: list[tuple[str, str]] = []
        if custody.get(row.managed_id) != row.hospital_id:
            sender = claimed.hospital(row.hospital_id)
            faults.append((f"{sender} does not manage it", f"{sender} 并非其托管医院"))
        if not rule.days_per_week - 1e-9 <= row.days_per_week <= DAYS_OF_WEEK:
            faults.append(
                (
                    f"{row.days_per_week:g} days a week, {rule.days_per_week:g} are asked",
                    f"每周 {row.days_per_week:g} 天，要求 {rule.days_per_week:g} 天",
                )
            )
        if row.phase in range(1, rule.phases + 1):
            phase = int(row.phase)
            first = rule.first_year + (phase - 1) * rule.tenure
            faults += wrong_years(
                row, first, first + rule.tenure, Text(f"phase {phase} is", f"第 {phase} 期为")
            )
        else:
            faults.append((f"there is no phase {row.phase:g}", f"没有第 {row.phase:g} 期"))
        level = claimed.levels.get((row.managed_id, row.discipline), np.nan)
        if not level < 3:
            faults.append(("its level there is 3 already, or not known", "该科已为 3 级或能力未知"))
        if level == level and row.level_today != level:
            faults.append(
                (
                    f"level_today is {row.level_today:g}, the table departments says {level:g}",
                    f"level_today 为 {row.level_today:g}，科室表为 {level:g}",
                )
            )
        need = claimed.people(row.managed_id, row.discipline)
        if not abs(row.people - need) <= ONE:
            faults.append(
                (
                    f"people is {row.people:,.0f}, the tables give {need:,.0f}",
                    f"people 为 {row.people:,.0f}，按表应为 {need:,.0f}",
                )
            )
        way = claimed.minutes(row.hospital_id, row.managed_id)
        if abs(way - row.minutes) > LEAST_MINUTES:
            faults.append(
                (
                    f"{row.minutes:g} minutes are printed, {way:.4f} it is",
                    f"所列 {row.minutes:g} 分钟，应为 {way:.4f}",
                )
            )
        if rule.minutes is not None and way > rule.minutes + 1e-6:
            faults.append(
                (
                    f"{way:.1f} minutes are beyond {rule.minutes:g}",
                    f"{way:.1f} 分钟超过 {rule.minutes:g} 分钟",
                )
            )
        for en, zh in faults:
            what = Text(
                f"deployment.csv: {name.en} at {who}: {en}", f"deployment.csv：{who} 的{name.zh}：{zh}"
            )
            yield Breach(rule.id, what, hospital_id=str(row.managed_id), rows=(int(row.row),))


def _disciplines(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """At least so many different disciplines at each hospital in each phase, each once."""
    deployment = claimed.tables["deployment"]
    claimed_missing = claimed.figures.get("posts", {}).get("missing", 0.0)
    short = _missing(rule, claimed)
    if sum(n for n, _ in short.values()) + missing_managers(rule, claimed) > claimed_missing + 1e-9:
        for (r, phase), (n, rows) in short.items():
            what = Text(
                f"deployment.csv: {claimed.hospital(r)} has {rule.experts - n} of {rule.experts} disciplines in phase {phase}",
                f"deployment.csv：{claimed.hospital(r)} 第 {phase} 期只有 {rule.experts - n} 个学科，应有 {rule.experts} 个",
            )
            yield Breach(rule.id, what, hospital_id=r, rows=rows)
    for (r, phase), rows in deployment.groupby(["managed_id", "phase"]):
        twice = rows[rows["discipline"].duplicated(keep=False)]
        if len(twice):
            what = Text(
                f"deployment.csv: {claimed.hospital(r)} has a discipline twice in phase {phase:g}",
                f"deployment.csv：{claimed.hospital(r)} 第 {phase:g} 期学科重复",
            )
            yield Breach(rule.id, what, hospital_id=str(r), rows=rows_of(twice))
        if rows["discipline"].nunique() > rule.most_experts:
            what = Text(
                f"deployment.csv: {claimed.hospital(r)} has more than {rule.most_experts} disciplines in phase {phase:g}",
                f"deployment.csv：{claimed.hospital(r)} 第 {phase:g} 期超过 {rule.most_experts} 个学科",
            )
            yield Breach(rule.id, what, hospital_id=str(r), rows=rows_of(rows))


def _missing(rule: Posts, claimed: Claimed) -> dict[tuple[str, int], tuple[int, tuple[int, ...]]]:
    deployment, out = claimed.tables["deployment"], {}
    custody = claimed.tables["custody"]
    posts = {(str(r), float(phase)): rows for (r, phase), rows in deployment.groupby(["managed_id", "phase"])}
    for r in custody.loc[custody["basis"] != SPECIALIST, "managed_id"].unique():
        for phase in range(1, rule.phases + 1):
            rows = posts.get((str(r), float(phase)), deployment.iloc[:0])
            lacking = rule.experts - len(set(rows["discipline"]))
            if lacking > 0:
                out[str(r), phase] = (lacking, rows_of(rows))
    return out


def _senders(rule: Posts, claimed: Claimed) -> Iterator[Breach]:
    """No department has more away, or sends more in all, than its share; no hospital more days than it has."""
    deployment, staff = claimed.tables["deployment"], claimed.region.staff
    assert staff is not None
    eligible = {
        (h, code): float(n)
        for h, code, n in zip(staff["hospital_id"], staff["discipline"], staff["eligible"], strict=True)
        if n == n
    }
    for (h, code, phase), rows in deployment.groupby(["hospital_id", "discipline", "phase"]):
        there = eligible.get((h, code), 0.0)
        if len(rows) > np.floor(rule.away * there + 1e-9):
            name = discipline_name(str(code))
            what = Text(
                f"deployment.csv: {len(rows)} of {there:g} experts in {name.en} of {claimed.hospital(h)} are away in phase "
                f"{phase:g}, at most {100 * rule.away:g}% may be",
                f"deployment.csv：{claimed.hospital(h)} {name.zh} {there:g} 名专家中第 {phase:g} 期派出 {len(rows)} 名，"
                f"不得超过 {100 * rule.away:g}%",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))
    for (h, code), rows in deployment.groupby(["hospital_id", "discipline"]):
        there = eligible.get((h, code), 0.0)
        if len(rows) > rule.phases * np.floor(rule.rotation * there / rule.phases + 1e-9):
            name = discipline_name(str(code))
            what = Text(
                f"deployment.csv: {name.en} of {claimed.hospital(h)} sends {len(rows)} of {there:g} experts in all phases",
                f"deployment.csv：{claimed.hospital(h)} {name.zh} 各期共派出 {len(rows)} 人，现有 {there:g} 人",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))
    for (h, phase), rows in deployment.groupby(["hospital_id", "phase"]):
        own = staff[staff["hospital_id"] == h]
        whole = own.loc[own["discipline"] == "", "days_per_week"].dropna()
        days = whole if len(whole) else own["days_per_week"].dropna()
        if len(days) and rows["days_per_week"].sum() > days.sum() + 1e-9:
            what = Text(
                f"deployment.csv: {claimed.hospital(h)} gives {rows['days_per_week'].sum():g} expert-days a week in phase "
                f"{phase:g}, it has {days.sum():g}",
                f"deployment.csv：{claimed.hospital(h)} 第 {phase:g} 期每周派出 {rows['days_per_week'].sum():g} 个专家日，"
                f"可用 {days.sum():g} 个",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))


def _figures(rule: Posts, claimed: Claimed) -> dict[str, float]:
    """What the tables come to, goal by goal."""
    deployment = claimed.tables["deployment"]
    missing = sum(n for n, _ in _missing(rule, claimed).values()) + missing_managers(rule, claimed)
    met = handovers = 0.0
    for (r, code), rows in deployment.groupby(["managed_id", "discipline"]):
        gap = 3 - claimed.levels.get((str(r), str(code)), 3.0)
        weight = rule.weights.get(claimed.kind(str(r)), 1.0)
        phases = len(set(rows["phase"]))
        steps = [max(0.0, gap - k) for k in range(phases)]
        met += claimed.people(str(r), str(code)) * weight / 3 * sum(steps)
        handovers += phases < rule.phases
    travel = float(deployment["minutes"].sum())
    return {
        "missing": float(missing),
        "need": met - rule.price * travel,
        "travel": travel,
        "handovers": handovers,
    }

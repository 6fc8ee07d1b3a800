"""Weak specialties that are supported already: carried on, and told where their level stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Support
from gridplan.programmes.ground import note
from gridplan.words.amount import many
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import RUNNING_COLUMNS

STANDARD = 2
NAMED = 8  # departments that are named one by one


def running_since(plan: Plan, rule: Support) -> dict[tuple[str, str], int]:
    """(hospital, discipline) still supported in the first year planned → year in which that began, the last one."""
    table = plan.region.support
    found: dict[tuple[str, str], int] = {}
    if table is not None:
        rows = table[table["year_started"] + rule.years > rule.first_year].sort_values("year_started")
        keys = zip(rows["hospital_id"], rows["discipline"], strict=True)
        found = dict(zip(keys, rows["year_started"].astype(int), strict=True))
    return found


def running_table(plan: Plan, rule: Support, since: Mapping[tuple[str, str], int]) -> pd.DataFrame:
    """A row each, with whether its department has reached the standard meanwhile."""
    known = plan.region.departments
    assert known is not None
    levels = dict(
        zip(zip(known["hospital_id"], known["discipline"], strict=True), known["level"], strict=True)
    )
    rows = []
    for key, year in sorted(since.items()):
        level = levels.get(key, float("nan"))
        state = "reached" if level >= STANDARD else "continues" if level < STANDARD else "not_known"
        rows.append((*key, year, year + rule.years, state))
    return pd.DataFrame(rows, columns=RUNNING_COLUMNS)


def reached_already(plan: Plan, running: pd.DataFrame) -> Iterator[Finding]:
    """Those supported that stand at level 2 or more."""
    rows = running[running["state"] == "reached"]
    if rows.empty:
        return
    label = plan.region.label
    told = [
        (label("hospital", h), discipline_name(code))
        for h, code in rows[["hospital_id", "discipline"]].head(NAMED).itertuples(index=False)
    ]
    more = len(rows) - len(told)
    en = ", ".join(f"{name.en} of {who}" for who, name in told) + (f" and {more} more" if more else "")
    zh = "、".join(f"{who}的{name.zh}" for who, name in told) + (f"等 {len(rows)} 个" if more else "")
    yield note(
        "support-reached", "support",
        f"{many(len(rows), 'department')} supported already stand{'s' if len(rows) == 1 else ''} at level 2 or more: {en}.",
        f"在扶持的 {len(rows)} 个专业能力等级已达 2 级及以上：{zh}。",
        "They go on to the end of their years; to let one go earlier, strike its row from the table support.",
        "仍按原期限扶持；如需提前退出，请从薄弱专业扶持表中删除相应行。",
    )  # fmt: skip


def running_line(running: pd.DataFrame, support: pd.DataFrame) -> Text:
    """How many go on, and how many of one hospital are supported at once."""
    lists = pd.concat([running, support])[["hospital_id", "year_started", "until_year"]]
    at_once = Counter(
        (h, year) for h, start, end in lists.itertuples(index=False) for year in range(int(start), int(end))
    )
    most = max(at_once.values(), default=0)
    reached = int((running["state"] == "reached").sum())
    return Text(
        f"{many(len(running), 'department')} supported already go{'es' if len(running) == 1 else ''} on (running.csv), "
        f"{reached} of them at level 2 or more; with those newly chosen at most {most} of one hospital at once.",
        f"在扶持专业 {len(running)} 个继续扶持（见 running.csv），其中 {reached} 个已达 2 级及以上；连同新入选者，同一医院同时在扶持至多 {most} 个。",
    )

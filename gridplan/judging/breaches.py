"""What several judges share: pairs that count, the rows they stand on, and words for whoever leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Cap, Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, GRID, OWNERSHIPS, TIERS, both_words

Judged = Iterator[Breach]
MINUTE = 1e-4  # minutes within which two ways of computing them agree; they are printed to 4 decimals
SLIP = 1e-6  # relative: a balance that is met exactly is met
NAMED = 6  # units named in one sentence


def counted_pairs(tables: PlanTables) -> pd.DataFrame:
    """Listed pairs that count toward the caps."""
    return tables.pairs[tables.pairs["counted"] & tables.pairs["listed"]]


def layers_of(pairs: pd.DataFrame) -> str:
    """The layers of some pairs."""
    return ", ".join(dict.fromkeys(pairs["layer"]))


def rows_of(pairs: pd.DataFrame) -> tuple[int, ...]:
    """The rows of the assignment on which some pairs stand."""
    return tuple(sorted(row for rows in pairs["rows"] for row in rows))


def cap_slack(cap: Cap, column: str, tables: PlanTables) -> Text:
    """How many places are at their cap, and by how much some are above it where the caps bend."""
    room = {key: cap.limit(str(key)) - len(rows) for key, rows in counted_pairs(tables).groupby(column)}
    full = sum(r <= 0 for r in room.values())
    if tables.policy.caps_bend:
        over, places = sum(max(0, -r) for r in room.values()), sum(r < 0 for r in room.values())
        return Text(
            f"{full} of {len(room)} at the cap, {places} above it by {over} in all: counted in the goal deviations",
            f"{len(room)} 个中 {full} 个已达上限，其中 {places} 个超出，合计 {over} 对，计入目标 deviations",
        )
    return Text(f"{full} of {len(room)} at the cap", f"{len(room)} 个中 {full} 个已达上限")


def of_lead(rule: Rule, tables: PlanTables, lead: str, rows: pd.DataFrame, what: Text) -> Breach:
    """A breach of a grid, at its lead."""
    return Breach(rule.id, what, GRID, tables.grids.home[lead], lead, rows=tuple(rows["row"]))


def facts_of(tables: PlanTables, hospital_id: str) -> Text:
    """Tier, ownership, category and grade of a hospital, in words."""
    hospitals = tables.region.hospitals
    h = hospitals[hospitals["hospital_id"] == hospital_id].iloc[0]
    words = [
        both_words(TIERS, h["tier"]),
        both_words(OWNERSHIPS, h["ownership"]),
        both_words(CATEGORIES, h["category"]),
    ]
    grade = [str(h["grade"])] if h["grade"] else []
    return Text(", ".join([*(w.en for w in words), *grade]), "、".join([*(w.zh for w in words), *grade]))


def only_district(rows: pd.DataFrame) -> str:
    """The district of rows, "" where they lie in several."""
    districts = set(rows["district_id"])
    return str(districts.pop()) if len(districts) == 1 else ""


def listed(units: Iterable[object]) -> str:
    """Units as a sentence names them: the first few."""
    ids = sorted(map(str, units))
    more = f" … (+{len(ids) - NAMED})" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def who_leads(tables: PlanTables, leads: list[str]) -> Text:
    """The leads in brackets, nothing where there are none."""
    who = ", ".join(map(tables.hospital, leads))
    return Text(f" ({who})", f"（{who}）") if leads else Text("", "")


def barred(rule: Rule, tables: PlanTables, why: Text) -> Judged:
    """Leads whom this rule keeps from leading."""
    for lead, rows in tables.grids.leads.items():
        if tables.grids.against[lead] == rule.id:
            what = Text(
                f"{tables.hospital(lead)} leads a grid but is {why.en}",
                f"{tables.hospital(lead)} 牵头网格，但{why.zh}",
            )
            yield of_lead(rule, tables, lead, rows, what)

"""gp.open_programme: a programme again from the folder of its plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.judging.programme.judge_programme import JUDGES
from gridplan.optimise.run.outcome import GoalResult
from gridplan.plans.folder.store import open_plan
from gridplan.policies.rule import Rule
from gridplan.programmes.part import Part
from gridplan.programmes.programme import Programme
from gridplan.programmes.store import belongs, damaged, read_programme_record, read_programme_table
from gridplan.words.damaged import trusted
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

WHOLE = {
    "managers", "from_year", "until_year", "phase", "level_today", "people", "coordinated", "level", "year_started", "rank",
    "margin", "level_before", "level_after", "people_before", "people_with_posts", "people_with_alliances", "people_after",
    "persons", "days", "teams", "broken", "load", "overflow", "beds",
    "week_slots", "released", "members", "slots", "volume", "visits", "measured", "indicators",
}  # fmt: skip


def open_programme(out: str | Path) -> Programme:
    """The programme that `gridplan programme` wrote into a plan folder, with edits by hand as they are.

    Parameters
    ----------
    out : str or Path
        A plan folder with a folder `programme`.

    Returns
    -------
    Programme
        Its goals are those that were proven when it was made; `verify` says whether its tables still keep everything.

    Raises
    ------
    DataError
        There is no programme, a table of it cannot be read, or it belongs to another plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.open_programme(gp.save(plan, "town"))
    Traceback (most recent call last):
    gridplan.words.errors.DataError: town has no programme...
    """
    out = Path(out)
    record, plan = read_programme_record(out), open_plan(out)
    belongs(record, out)
    parts: list[Part] = []
    rules: dict[str, tuple[Rule, ...]] = {}
    for kept in record["parts"]:
        with trusted(damaged()):
            name = kept["part"]
            tables = {table: _plain(read_programme_table(out, table)) for table in kept["tables"]}
            parts.append(_part(kept, tables))
            rules[name] = tuple(
                k(**kept["rules"][k.key]) for k in JUDGES[name].rules if k.key in kept["rules"]
            )
    return Programme(plan, tuple(parts), rules, Findings([]))


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """As it was made: whole numbers whole, and no column `row`."""
    whole = [c for c in table if c in WHOLE and (table[c] == table[c].round()).all()]
    return table.drop(columns="row").astype(dict.fromkeys(whole, "int64"))


def _part(kept: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Part:
    goals = tuple(
        GoalResult(g["goal"], Text(**g["text"]), g["value"], g["bound"], g["unit"], g["reached"])
        for g in kept["goals"]
    )
    findings = [
        Finding("warning", f["code"], kept["part"], Text(**f["what"]), Text(**f["hint"]), None, f["id"])
        for f in kept["findings"]
    ]
    return Part(
        kept["part"], Text(**kept["title"]), tables, goals, kept["seconds"], tuple(Text(**t) for t in kept["sentences"]),
        Findings(findings), tuple(kept["modelled"]), kept["facts"],
    )  # fmt: skip

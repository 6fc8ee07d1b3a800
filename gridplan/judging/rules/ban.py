"""The judge of BAN: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Ban
from gridplan.words.text import Text


def ban(rule: Ban, tables: PlanTables) -> Judged:
    """A banned pair serves nobody, a banned lead leads nobody there."""
    pairs = tables.of(rule, tables.pairs)
    for pair in pairs[
        (pairs["district_id"] == rule.district_id) & (pairs["hospital_id"] == rule.hospital_id)
    ].itertuples():
        what = Text(f"pair {tables.pair(pair)} is banned", f"结对 {tables.pair(pair)} 被禁止")
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)

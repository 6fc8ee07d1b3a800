"""The judge of SH-6: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Eligibility
from gridplan.words.text import Text


def eligibility(rule: Eligibility, tables: PlanTables) -> Judged:
    """No pair weaker than the weakest priority allowed."""
    pairs = tables.of(rule, tables.pairs)
    weak = pairs[pairs["priority"] > rule.worst_priority]
    for pair in weak.itertuples():
        what = Text(
            f"pair {tables.pair(pair)} has priority {pair.priority}: no basis",
            f"结对 {tables.pair(pair)} 优先级为 {pair.priority}，缺少基础",
        )
        yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)

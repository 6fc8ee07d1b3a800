"""The judge of SH-5: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import Priority


def priority(rule: Priority, tables: PlanTables) -> Judged:
    """A preference breaks nothing; the priorities printed are judged with the figures."""
    yield from ()

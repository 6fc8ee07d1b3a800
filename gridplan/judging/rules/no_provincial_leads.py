"""The judge of ZJ-5: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, barred
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import NoProvincialLeads
from gridplan.words.text import Text


def no_provincial_leads(rule: NoProvincialLeads, tables: PlanTables) -> Judged:
    """No provincial hospital leads."""
    yield from barred(rule, tables, Text("provincial", "为省级医院"))

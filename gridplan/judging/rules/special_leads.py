"""The judge of ZJ-3: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, barred
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import SpecialLeads
from gridplan.words.text import Text


def special_leads(rule: SpecialLeads, tables: PlanTables) -> Judged:
    """A TCM or maternal-and-child hospital leads only where its category may."""
    yield from barred(rule, tables, Text("of a category that may not lead", "其类别不能牵头网格"))

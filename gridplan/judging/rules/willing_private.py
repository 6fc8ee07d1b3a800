"""The judge of ZJ-4: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, barred
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import WillingPrivate
from gridplan.words.text import Text


def willing_private(rule: WillingPrivate, tables: PlanTables) -> Judged:
    """A private hospital leads only where it is marked willing."""
    yield from barred(rule, tables, Text("private and not marked willing", "为社会办医，未注明自愿"))

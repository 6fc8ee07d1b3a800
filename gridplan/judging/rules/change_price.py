"""The judge of CHANGE: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import ChangePrice


def change_price(rule: ChangePrice, tables: PlanTables) -> Judged:
    """A price breaks nothing; it is judged with the value of the goal."""
    yield from ()

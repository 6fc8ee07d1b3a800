"""The judge of CD-5: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import GroupWeights


def group_weights(rule: GroupWeights, tables: PlanTables) -> Judged:
    """A weight breaks nothing; it is judged with the value of the goal."""
    yield from ()

"""The judge of SCORES: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import pandas as pd

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.policy import Policy
from gridplan.policies.rules import PairScores
from gridplan.words.vocabulary import GRID


def pair_scores(rule: PairScores, tables: PlanTables) -> Judged:
    """A price breaks nothing; it is judged with the value of the goal."""
    yield from ()


def score_minutes(policy: Policy, rows: pd.DataFrame) -> pd.Series:
    """Minutes that the scores add to each row (district_id, hospital_id, layer), 0 where the policy has none."""
    rule = policy.rule(PairScores)
    if rule is None:
        return pd.Series(0.0, index=rows.index)
    pairs = rows["district_id"].astype(str) + " " + rows["hospital_id"].astype(str)
    points = pairs.map(rule.scores).astype(float).fillna(100.0)
    return (rule.most_minutes * (1 - points / 100)).where(rows["layer"] != GRID, 0.0)

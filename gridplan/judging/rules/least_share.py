"""The judge of SHARE: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import LeastShare
from gridplan.words.text import Text


def least_share(rule: LeastShare, tables: PlanTables) -> Judged:
    """Residents of each listed pair against its district's."""
    people = tables.region.units.groupby("district_id")["people"].sum()
    pairs = tables.of(rule, tables.pairs)
    for pair in pairs[pairs["listed"]].itertuples():
        if pair.people < rule.share * people[pair.district_id] - 1e-6:
            share = pair.people / people[pair.district_id]
            what = Text(
                f"pair {tables.pair(pair)} serves {share:.2%}, least {100 * rule.share:g}%",
                f"结对 {tables.pair(pair)} 服务 {share:.2%}，最低 {100 * rule.share:g}%",
            )
            yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)

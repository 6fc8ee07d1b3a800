"""The judge of STANDARD: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import MINUTE, Judged
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import TravelStandard
from gridplan.words.text import Text


def travel_standard(rule: TravelStandard, tables: PlanTables) -> Judged:
    """As a limit: nobody beyond it. As a price it breaks nothing."""
    if rule.price is not None:
        return
    rows = tables.assignment
    far = rows[(rows["minutes"] > rule.minutes + MINUTE) & (rows["people"] > 0)]
    for row in far.itertuples():
        what = Text(
            f"unit {row.unit_id} travels {row.minutes:.1f} min to {row.hospital_id}, limit {rule.minutes:g}",
            f"单元 {row.unit_id} 到 {row.hospital_id} 需 {row.minutes:.1f} 分钟，限 {rule.minutes:g}",
        )
        yield Breach(rule.id, what, row.layer, row.district_id, row.hospital_id, row.unit_id, (row.row,))


def slack(rule: TravelStandard, tables: PlanTables) -> Text:
    """The longest way of any resident."""
    if not len(tables.assignment):
        return Text("", "")
    longest = tables.assignment.loc[tables.assignment["people"] > 0, "minutes"].max()
    return Text(f"longest {longest:.1f} min", f"最长 {longest:.1f} 分钟")

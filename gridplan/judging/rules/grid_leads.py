"""The judge of ZJ-2: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, facts_of, of_lead
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import GridLeads, Grids, SpecialLeads, WillingPrivate
from gridplan.words.text import Text


def grid_leads(rule: GridLeads, tables: PlanTables) -> Judged:
    """Whoever leads may lead by tier, ownership, category and grade, and stands in its own grid."""
    g = tables.grids
    on = {kept.id for kept in tables.policy.rules}
    for lead, rows in g.leads.items():
        against = g.against[lead]
        if against == rule.id or against in {SpecialLeads.id, WillingPrivate.id} - on:
            who = facts_of(tables, lead)
            what = Text(
                f"{tables.hospital(lead)} ({who.en}) may not lead a grid",
                f"{tables.hospital(lead)}（{who.zh}）不能牵头网格",
            )
            yield of_lead(rule, tables, lead, rows, what)
        inside = g.campuses.get(lead, set()).intersection(rows["unit_id"])
        if not inside and against != Grids.id:  # where its home is left out, ZJ-1 says so
            what = Text(
                f"{tables.hospital(lead)} leads a grid in which it has no campus",
                f"{tables.hospital(lead)} 牵头的网格内没有它的院区",
            )
            yield of_lead(rule, tables, lead, rows, what)

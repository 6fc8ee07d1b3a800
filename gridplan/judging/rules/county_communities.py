"""The judge of CD-2: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, facts_of, of_lead, who_leads
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import CountyCommunities
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def county_communities(rule: CountyCommunities, tables: PlanTables) -> Judged:
    """Each county community is one grid, led by a hospital of the district."""
    g = tables.grids
    for district in (d for d, form in g.forms.items() if form == "county"):
        rows = g.rows[g.rows["district_id"] == district]
        leads = sorted(set(rows["hospital_id"]))
        if len(leads) > 1:
            what = Text(
                f"{tables.district(district)} is one county community, but has {len(leads)} grids{who_leads(tables, leads).en}",
                f"{tables.district(district)} 应为一个县域医疗共同体，却有 {len(leads)} 个网格{who_leads(tables, leads).zh}",
            )
            yield Breach(rule.id, what, GRID, district, rows=tuple(rows["row"]))
        for lead in (lead for lead in leads if g.home[lead] == district and g.against[lead] == rule.id):
            who = facts_of(tables, lead)
            what = Text(
                f"{tables.hospital(lead)} ({who.en}) may not lead the county community of {tables.district(district)}",
                f"{tables.hospital(lead)}（{who.zh}）不能牵头 {tables.district(district)} 的县域医疗共同体",
            )
            yield of_lead(rule, tables, lead, rows[rows["hospital_id"] == lead], what)
        for lead in (lead for lead in leads if g.home[lead] != district):
            mine = rows[rows["hospital_id"] == lead]
            what = Text(
                f"the county community of {tables.district(district)} is led by {tables.hospital(lead)}, which is not of the district",
                f"{tables.district(district)} 的县域医疗共同体由非本区（县）的 {tables.hospital(lead)} 牵头",
            )
            yield Breach(rule.id, what, GRID, district, lead, rows=tuple(mine["row"]))

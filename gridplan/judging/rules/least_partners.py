"""The judge of PARTNERS: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, counted_pairs
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import LeastPartners
from gridplan.words.text import Text


def least_partners(rule: LeastPartners, tables: PlanTables) -> Judged:
    """Count each district's counted pairs, pinned ones included; where nobody lives none is asked."""
    people = tables.region.units.groupby("district_id")["people"].sum()
    counted = counted_pairs(tables).groupby("district_id").size()
    for district in tables.region.districts["district_id"]:
        if counted.get(district, 0) < rule.least and people.get(district, 0) > 0:
            n = int(counted.get(district, 0))
            what = Text(
                f"{tables.district(district)} has {n} counted partners, at least {rule.least} are asked",
                f"{tables.district(district)} 有 {n} 家计入上限的合作医院，要求至少 {rule.least} 家",
            )
            yield Breach(rule.id, what, "", district)

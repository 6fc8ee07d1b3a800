"""The judge of RANK: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

import math

from gridplan.inputs.region import Region
from gridplan.judging.breaches import Judged, of_lead
from gridplan.judging.judge_tables import PlanTables
from gridplan.policies.rules import Ban, LeadRank
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def lead_rank(rule: LeadRank, tables: PlanTables) -> Judged:
    """A price breaks nothing, it is judged with the value of the goal; in a strict order nobody better is passed over."""
    g, ranks = tables.grids, ranks_of_leads(rule, tables.region)
    may = {
        h for h, against in g.against.items() if not against and g.campuses.get(h) and h not in banned(tables)
    }
    for lead, rows in g.leads.items() if rule.strict else ():
        better = sorted(h for h in may if g.home[h] == g.home.get(lead) and ranks[h] < ranks[lead])
        passed = [h for h in better if not any(g.campuses[h] & g.campuses[o] for o in better if o in g.leads)]
        if passed:
            names = ", ".join(tables.hospital(h) for h in passed)
            what = Text(
                f"{tables.hospital(lead)} (rank {ranks[lead]}) leads a grid, while of a better rank {names} lead none",
                f"{tables.hospital(lead)}（第 {ranks[lead]} 等）牵头网格，而等次更高的 {names} 未牵头",
            )
            yield of_lead(rule, tables, lead, rows, what)


def banned(tables: PlanTables) -> set[str]:
    """Hospitals that a ban keeps from leading in their own district."""
    bans = [ban for ban in tables.policy.rules_of(Ban) if ban.concerns(GRID)]
    return {b.hospital_id for b in bans if tables.grids.home.get(b.hospital_id) == b.district_id}


def ranks_of_leads(rule: LeadRank, region: Region) -> dict[str, int]:
    """hospital_id → rank, 1 the best, read off the table."""
    found = {}
    for h in region.hospitals.itertuples():
        grade, beds = str(h.grade), float(h.beds)
        if getattr(h, "regional_centre", "") == "yes":
            rank = 1
        elif grade.startswith("3"):
            rank = 2
        else:
            rank = 3 if grade.startswith("2") and (math.isnan(beds) or beds >= rule.beds) else 4
        found[str(h.hospital_id)] = rank
    return found


def price_of_lead(rule: LeadRank, region: Region) -> dict[str, float]:
    """hospital_id → minutes per resident that its rank costs; nothing where ranks are an order."""
    return {
        h: 0.0 if rule.strict else float(rule.prices[r - 1]) for h, r in ranks_of_leads(rule, region).items()
    }

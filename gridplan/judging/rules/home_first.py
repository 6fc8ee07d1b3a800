"""The judge of HOME: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, counted_pairs
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import DistrictCap, HomeFirst
from gridplan.words.text import Text


def home_first(rule: HomeFirst, tables: PlanTables) -> Judged:
    """Every counted hospital with a pair elsewhere has one at home, or its home is full of partners of priority 1."""
    pairs, cap = counted_pairs(tables), tables.policy.on(tables.region).rule(DistrictCap)
    homes = tables.region.hospitals.set_index("hospital_id")["district_id"]
    people = tables.region.units.groupby("district_id")["people"].sum()
    for (layer, hospital), mine in pairs.groupby(["layer", "hospital_id"]):
        home = homes[hospital]
        if home in set(mine["district_id"]) or not people.get(home, 0) > 0:
            continue
        there = pairs[(pairs["layer"] == layer) & (pairs["district_id"] == home)]
        if cap is not None and (there["priority"] == 1).sum() >= cap.limit(home):
            continue
        where = ", ".join(tables.district(d) for d in mine["district_id"])
        what = Text(
            f"{tables.hospital(hospital)} partners {where}, but not its home district {tables.district(home)}",
            f"{tables.hospital(hospital)} 与 {where} 合作，而未与本部所在区 {tables.district(home)} 合作",
        )
        yield Breach(rule.id, what, str(layer), "", str(hospital))

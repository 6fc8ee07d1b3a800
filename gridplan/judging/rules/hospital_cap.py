"""The judge of SH-3: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, cap_slack, counted_pairs, layers_of, rows_of
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import HospitalCap
from gridplan.words.text import Text


def hospital_cap(rule: HospitalCap, tables: PlanTables) -> Judged:
    """Count each counted hospital's districts, its own included when paired; unless the caps bend."""
    if tables.policy.caps_bend:
        return
    for hospital, pairs in counted_pairs(tables).groupby("hospital_id"):
        most = rule.limit(str(hospital))
        districts = sorted(set(pairs["district_id"]))
        if len(districts) > most:
            who = ", ".join(map(tables.district, districts))
            what = Text(
                f"{tables.hospital(hospital)} has {len(districts)} districts ({who}), cap {most}",
                f"{tables.hospital(hospital)} 有 {len(districts)} 个合作区（{who}），上限 {most}",
            )
            yield Breach(rule.id, what, layers_of(pairs), hospital_id=str(hospital), rows=rows_of(pairs))


def slack(rule: HospitalCap, tables: PlanTables) -> Text:
    """Hospitals at their cap."""
    return cap_slack(rule, "hospital_id", tables)

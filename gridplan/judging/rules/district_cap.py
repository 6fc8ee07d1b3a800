"""The judge of SH-2: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, cap_slack, counted_pairs, layers_of, rows_of
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import DistrictCap
from gridplan.words.text import Text


def district_cap(rule: DistrictCap, tables: PlanTables) -> Judged:
    """Count each district's counted pairs; a pinned pair counts even if it serves nobody.

    Where the caps bend, the excess is judged with the goal that counts it.
    """
    if tables.policy.caps_bend:
        return
    for district, pairs in counted_pairs(tables).groupby("district_id"):
        most = rule.limit(str(district))
        partners = sorted(set(pairs["hospital_id"]))
        if len(partners) > most:
            who = ", ".join(map(tables.hospital, partners))
            what = Text(
                f"{tables.district(district)} has {len(partners)} counted partners ({who}), cap {most}",
                f"{tables.district(district)} 有 {len(partners)} 家计入上限的合作医院（{who}），上限 {most}",
            )
            yield Breach(rule.id, what, layers_of(pairs), str(district), rows=rows_of(pairs))


def slack(rule: DistrictCap, tables: PlanTables) -> Text:
    """Districts at their cap."""
    return cap_slack(rule, "district_id", tables)

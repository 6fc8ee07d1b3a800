"""What each tier should carry of the visits, by district and class of case, against what it can (JG-1). Arithmetic."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Tiers
from gridplan.programmes.ground import note
from gridplan.programmes.part import Part
from gridplan.programmes.way.ways import stated
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import CARE_TIERS, CASE_MIX_COLUMNS, PRIMARY


def weigh(
    plan: Plan, rule: Tiers | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Visits a year by district, class of case and tier.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Tiers()`.

    Returns
    -------
    Part with the table "case_mix". Nothing is chosen: it has no goals.

    Raises
    ------
    DataError : nobody lives in the region.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Tiers) or Tiers()
    people = plan.region.units.groupby("district_id")["people"].sum()
    if not people.sum():
        raise DataError(
            Text("nobody lives in the region", "地区没有常住人口"), Text("fill in people", "请填写人口")
        )
    progress(Step(Tiers.title))
    rows = [
        (str(district), case, tier, round(float(count) * rule.visits * share * rule.part(tier, case)))
        for district, count in people.items()
        for case, share in rule.share.items()
        for tier in CARE_TIERS
        if rule.part(tier, case)
    ]
    table = pd.DataFrame(rows, columns=CASE_MIX_COLUMNS)
    findings, over = _primary(plan, table)
    by = table.groupby("tier")["visits"].sum()
    told = {tier: f"{by.get(tier, 0) / 1e6:.1f}" for tier in CARE_TIERS}
    lines = (
        Text(
            f"Million visits a year: primary care {told['primary']}, district hospitals {told['district']}, municipal hospitals "
            f"{told['municipal']}, nursing and rehabilitation {told['nursing']}; primary care falls short in {over} districts.",
            f"年诊疗量（百万人次）：基层 {told['primary']}，区级医院 {told['district']}，市级医院 {told['municipal']}，"
            f"护理康复 {told['nursing']}；{over} 个区基层能力不足。",
        ),
        Text(
            "Visits: BMC HSR 2021, 21:51 (Shanghai 2018, person-months); classes and shares are ours, the document says them in words. "
            "None is a count of this city.",
            "就诊次数：BMC HSR 2021, 21:51（上海 2018 年，人月口径）；病种类别与比例为本软件拟定，文件只有文字表述。均非本市统计。",
        ),
    )
    modelled = ("institutions",) if "institutions" in plan.region.modelled_tables else ()
    facts = {tier: int(by.get(tier, 0)) for tier in CARE_TIERS} | {"districts_short": over}
    return Part(
        "tiers", Tiers.title, {"case_mix": table}, (), round(time.perf_counter() - start, 3), lines, Findings(findings), modelled, facts,
    )  # fmt: skip


def _primary(plan: Plan, table: pd.DataFrame) -> tuple[list[Finding], int]:
    """Districts whose primary institutions state less capacity than they should carry."""
    region, found = plan.region, []
    if region.institutions is None:
        return [], 0
    primary = region.institutions[region.institutions["kind"].isin(PRIMARY)]
    room = pd.Series(stated(primary, "visits_capacity"), index=primary["district_id"]).groupby(level=0).sum()
    asked = table[table["tier"] == "primary"].groupby("district_id")["visits"].sum()
    for district, visits in asked.items():
        can = float(room.get(district, np.inf))
        if visits > can:
            who = region.label("district", str(district))
            found.append(note(
                "tier-short", "institutions", f"{who}: primary care should carry {visits:,} visits a year and can carry {can:,.0f}.",
                f"{who}：基层应承担 {visits:,} 人次/年，能力为 {can:,.0f}。", "More capacity, or other shares.", "请增加能力或调整比例。",
                str(district),
            ))  # fmt: skip
    return found, len(found)

"""People weighted by group (CD-5): how much each unit then counts, and where the region cannot say it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean, listed
from gridplan.policies.policy import Policy
from gridplan.policies.preflight.reach import refusal
from gridplan.policies.rules import GroupWeights
from gridplan.words.findings import Finding
from gridplan.words.text import Text

SMALL = 1e-9  # of a person


def demand(region: Region, rule: GroupWeights | None) -> pd.Series:
    """People of each unit, weighted by group: D_u = P_u + Σ (weight − 1) · group; a blank group adds nothing.

    Returns
    -------
    Series of float indexed by unit_id.
    """
    units = region.units.set_index("unit_id")
    weighted = units["people"].astype(float)
    for group, weight in rule.weights.items() if rule is not None else ():
        weighted = weighted + (weight - 1) * units[group].astype(float).fillna(0.0)
    return weighted.where(weighted.abs() > SMALL, 0.0).rename("demand")


def group_faults(region: Region, policy: Policy) -> Iterator[Finding]:
    """Groups that the units do not have, and weights that leave a unit with less than nobody."""
    rule = policy.rule(GroupWeights)
    groups = [str(name) for name in region.units.columns if str(name).startswith("people_")]
    stated = [group for group in groups if region.units[group].notna().any()]
    lacking = [group for group in (rule.weights if rule is not None else ()) if group not in stated]
    for group in lacking:
        what = Text(f"no unit states the group {group}", f"没有单元填写人群 {group}")
        near = did_you_mean(group, stated) if stated else Text("", "")
        hint = Text(
            f"add the column to the units, or drop the weight{'; ' + near.en if stated else ''}",
            f"请在单元表中加入该列，或去掉该权重{'；' + near.zh if stated else ''}",
        )
        yield refusal(GroupWeights.id, group, what, hint, policy.where(f"{GroupWeights.key}.{group}"))
    if rule is None or lacking:
        return
    weighted = demand(region, rule)
    below = weighted[weighted < 0]
    if len(below):
        first = str(below.index[0])
        what = Text(
            f"{len(below)} unit(s) would count less than nobody: {listed(map(str, below.index))}; {first}: {below.iloc[0]:,.1f}",
            f"{len(below)} 个单元加权后人数为负：{listed(map(str, below.index))}；{first} 为 {below.iloc[0]:,.1f}",
        )
        hint = Text(
            "raise the weights below 1, or mend groups that are larger than the unit's people",
            "请提高小于 1 的权重，或改正大于单元人口的人群数",
        )
        yield refusal(GroupWeights.id, first, what, hint, policy.where(GroupWeights.key))


def group_blanks(region: Region, policy: Policy) -> Iterator[Finding]:
    """Units that leave a weighted group blank: they count as they are."""
    rule = policy.rule(GroupWeights)
    for group in rule.weights if rule is not None else ():
        if group not in region.units:
            continue  # refused by `group_faults`
        blank = region.units.loc[region.units[group].isna() & (region.units["people"] > 0), "unit_id"]
        if len(blank):
            what = Text(
                f"CD-5: {group} is blank in {len(blank)} unit(s), whose people count unweighted: {listed(blank)}",
                f"CD-5：{len(blank)} 个单元未填 {group}，其居民不加权：{listed(blank)}",
            )
            hint = Text(
                f"fill in {group}; 0 where nobody is of the group", f"请填写 {group}；没有该人群的填 0"
            )
            yield Finding("warning", "group-not-stated", "units", what, hint, id=str(blank.iloc[0]))

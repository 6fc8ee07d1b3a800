"""Members of each consortium by kind of institution, who is missing, beds for the old (JG-5, ZJ-2, CD-1). Arithmetic."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.plans.grids_of_plan import standing
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Members
from gridplan.programmes.ground import note
from gridplan.programmes.part import Part
from gridplan.words.amount import many
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import (
    CARE_COLUMNS,
    GRID,
    INSTITUTION_MEMBER_COLUMNS,
    INSTITUTIONS,
    PRIMARY,
)

SHOWN = 4  # consortia that are named
OLD = "people_65plus"


def gather(
    plan: Plan, rule: Members | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """Who belongs to which consortium: the grid of the unit that an institution stands in; without grids, the district.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Members()`.

    Returns
    -------
    Part with the tables "members" and "care". Nothing is chosen: it has no goals.

    Raises
    ------
    DataError : the table institutions is needed.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Members) or Members()
    if plan.region.institutions is None:
        raise DataError(
            Text("members by kind need the table institutions", "各类机构成员单位需要基层机构表（institutions）"),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )  # fmt: skip
    progress(Step(Members.title))
    members = _members(plan)
    care = _care(plan, rule, members)
    findings = list(_findings(plan, rule, members, care))
    beds = int(care["beds"].sum())
    joined = members[members["role"] != "outside"]
    short = care[care["missing"] != ""]
    lines = [Text(
        f"{len(joined)} institutions in {len(care)} consortia, {len(members) - len(joined)} outside; {len(short)} consortia lack a kind "
        f"that they should have. {beds:,} beds for the old.",
        f"{len(care)} 个医联体共有 {len(joined)} 家机构成员，另有 {len(members) - len(joined)} 家未加入；{len(short)} 个医联体缺少应有的机构类型。"
        f"医养床位 {beds:,} 张。",
    )]  # fmt: skip
    if known(plan.region.units, OLD) or rule.share_65plus is not None:
        people = int(care["people_65plus"].astype(float).sum())
        lines.append(Text(
            f"{1000 * beds / max(1, people):.1f} beds per 1,000 residents of 65 and more.",
            f"每千名 65 岁及以上居民 {1000 * beds / max(1, people):.1f} 张。",
        ))  # fmt: skip
    facts = {
        "institutions": len(members), "joined": len(joined), "consortia": len(care), "lacking": len(short), "beds": beds,
    }  # fmt: skip
    modelled = ("institutions",) if "institutions" in plan.region.modelled_tables else ()
    return Part(
        "members", Members.title, {"members": members, "care": care}, (), round(time.perf_counter() - start, 3),
        tuple(lines), Findings(findings), modelled, facts,
    )  # fmt: skip


def _members(plan: Plan) -> pd.DataFrame:
    table = plan.region.institutions
    assert table is not None
    grid = plan.assignment[plan.assignment["layer"] == GRID]
    lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
    unit = standing(plan.region, table, "institution_id") if lead else {}
    rows = []
    for one in table.to_dict("records"):
        at = str(unit.get(one["institution_id"], ""))
        role = (
            "member"
            if one.get("ownership", "") in ("public", "")
            else "willing"
            if one.get("willing") == "yes"
            else "outside"
        )
        beds = one.get("beds", 0)
        beds = 0 if beds != beds else int(beds)
        rows.append((
            str(one["institution_id"]), str(one["kind"]), str(one["district_id"]), at, str(lead.get(at, "")), role, beds,
        ))  # fmt: skip
    made = pd.DataFrame(rows, columns=INSTITUTION_MEMBER_COLUMNS)
    return made.sort_values(["district_id", "lead_id", "kind", "institution_id"], ignore_index=True)


def _care(plan: Plan, rule: Members, members: pd.DataFrame) -> pd.DataFrame:
    """A row per consortium: people, beds for the old, kinds that it lacks."""
    units = plan.region.units
    grid = plan.assignment[plan.assignment["layer"] == GRID]
    lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
    home = dict(zip(plan.region.hospitals["hospital_id"], plan.region.hospitals["district_id"], strict=True))
    of = units.assign(lead_id=[str(lead.get(u, "")) for u in units["unit_id"]])
    of["district_id"] = [home.get(h, d) for h, d in zip(of["lead_id"], of["district_id"], strict=True)]
    inside = members[members["role"] != "outside"]
    inside = inside.assign(
        district_id=[home.get(h, d) for h, d in zip(inside["lead_id"], inside["district_id"], strict=True)]
    )
    rows = []
    for (district, key), mine in of.groupby(["district_id", "lead_id"]):
        here = inside[(inside["lead_id"] == key) & (inside["district_id"] == district)]
        there = {"community_centre" if k in PRIMARY else k for k in here["kind"]}
        lacks = [k for k in rule.kinds if ("community_centre" if k in PRIMARY else k) not in there]
        beds, old, per, short = int(here.loc[here["kind"].isin(rule.elderly), "beds"].sum()), "", "", ""
        people = _old(units, rule, mine)
        if people is not None:
            old, per = str(people), f"{1000 * beds / people:.2f}" if people else ""
            short = str(max(0, _ceil(rule.beds_per_1000_65plus * people / 1000) - beds))
        rows.append(
            (str(key), str(district), int(mine["people"].sum()), old, beds, per, short, " ".join(lacks))
        )
    return pd.DataFrame(rows, columns=CARE_COLUMNS)


def _old(units: pd.DataFrame, rule: Members, mine: pd.DataFrame) -> int | None:
    """Residents of 65 and more: as the units state them, else by the city's share; None where neither is known."""
    if known(units, OLD):
        return int(mine[OLD].fillna(0).sum())
    return None if rule.share_65plus is None else round(rule.share_65plus * float(mine["people"].sum()))


def _ceil(value: float) -> int:
    return int(-((-value + 1e-9) // 1))


def _findings(plan: Plan, rule: Members, members: pd.DataFrame, care: pd.DataFrame) -> list[Finding]:
    region, found = plan.region, []
    table = region.institutions
    assert table is not None
    if not known(region.units, OLD) and rule.share_65plus is not None:
        found.append(note(
            "old-by-share", "units",
            f"Units do not state residents of 65 and more: {100 * rule.share_65plus:g}% of all residents, the city's share, is taken everywhere.",
            f"单元未填写 65 岁及以上人口：各处均按全市占比 {100 * rule.share_65plus:g}% 计。", "Add people_65plus to the units.", "请在单元表中补充 people_65plus。",
        ))  # fmt: skip
    elif not known(region.units, OLD):
        found.append(note(
            "old-not-known", "units", "How many residents are 65 and more is not known: beds are not set against them.",
            "65 岁及以上人口未知：不计算每千人床位。", "Add people_65plus to the units.", "请在单元表中补充 people_65plus。",
        ))  # fmt: skip
    blank = int(
        (
            table["kind"].isin(rule.elderly)
            & table.get("beds", pd.Series(float("nan"), index=table.index)).isna()
        ).sum()
    )
    if blank:
        found.append(note(
            "beds-not-known", "institutions", f"{blank} institutions for the old state no beds: they count as 0.",
            f"{blank} 家医养机构未填写床位，按 0 计。", "Fill in beds.", "请填写 beds。",
        ))  # fmt: skip
    for kind in rule.kinds:
        short = care[[kind in lacks.split() for lacks in care["missing"]]]
        if len(short):
            names = [_consortium(region, row) for row in short.head(SHOWN).itertuples()]
            more = len(short) - len(names)
            rest = Text(f" and {more} more", f" 等 {len(short)} 个") if more else Text("", "")
            found.append(note(
                "kind-missing", "institutions",
                f"{len(short)} of {len(care)} consortia have no {INSTITUTIONS[kind].en}: {', '.join(names)}{rest.en}.",
                f"{len(care)} 个医联体中有 {len(short)} 个没有{INSTITUTIONS[kind].zh}：{'、'.join(names)}{rest.zh}。",
                "Ask a private one to join, share a neighbour's, or build one.", "可动员社会办机构加入、与邻近网格共用，或新建。", kind,
            ))  # fmt: skip
    for row in care[~care["missing_beds"].isin(["", "0"])].itertuples():
        who = (
            region.label("hospital", row.lead_id)
            if row.lead_id
            else region.label("district", row.district_id)
        )
        found.append(note(
            "beds-missing", "institutions", f"The consortium of {who} lacks {many(int(row.missing_beds), 'bed')} for the old.",
            f"{who} 的医联体缺医养床位 {row.missing_beds} 张。", "More beds, or a lower target.", "请增加床位或调整目标。",
            row.lead_id or row.district_id,
        ))  # fmt: skip
    return found


def _consortium(region: Region, row: Any) -> str:
    return region.label("hospital", row.lead_id) if row.lead_id else region.label("district", row.district_id)


def known(units: pd.DataFrame, group: str) -> bool:
    """Whether the units say how many people of a group they have."""
    return group in units and bool(units[group].notna().any())

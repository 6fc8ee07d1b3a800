"""Arithmetic before any solving: the simple ways in which a policy cannot work on a region."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import listed
from gridplan.policies.groups import group_blanks, group_faults
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.policies.preflight.grid_arithmetic import grid_faults, grid_reach
from gridplan.policies.preflight.grid_ground import grid_notes
from gridplan.policies.preflight.reach import out_of_reach, refusal, unmeasured
from gridplan.policies.rules import (
    Capacity,
    DistrictCap,
    FullCoverage,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
)
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def preflight(region: Region, policy: Policy, travel: Travel, pairs: pd.DataFrame) -> Findings:
    """Every fault that counting alone can show, each with the rule, the place and the numbers.

    Parameters
    ----------
    pairs : of `policy.pairs.pair_table`.
    """
    policy = policy.on(region)
    partners = pairs[pairs["layer"] != GRID]
    if policy.caps_bend:  # then no count of pairs is too many
        policy = policy.without(DistrictCap, HospitalCap)
    faults = [
        *group_faults(region, policy),
        *_coverage(policy),
        *_layers(policy, partners),
        *unmeasured(region, travel, pairs),
        *_districts(region, policy, partners),
        *_hospitals(region, policy, partners),
        *grid_faults(region, policy),
    ]
    if not faults:
        faults += [
            *out_of_reach(region, policy, travel, partners),
            *_room(policy, partners),
            *_changes(policy, partners),
            *_capacity(region, policy, partners),
            *grid_reach(region, policy, travel, pairs),
        ]
    return Findings(faults)


def refuse(findings: Findings) -> None:
    """Raise what preflight found.

    Raises
    ------
    PolicyError : with all findings.
    """
    if findings:
        what = Text("the policy cannot work on this region", "该政策在本地区无法实现")
        raise PolicyError(what, findings=findings)


def unstated(region: Region, policy: Policy) -> Iterator[Finding]:
    """What a rule that is on asks of the region, and the region does not state: warnings that travel with the plan.

    With grids, also what they leave out (ZJ-1) and where they cannot hang together (ZJ-6).
    """
    yield from grid_notes(region, policy)
    cap = policy.rule(DistrictCap)
    if cap is not None and cap.more_above_km2 is not None:
        for district in region.districts[region.districts["area_km2"].isna()].itertuples():
            label = region.label("district", district.district_id)
            what = Text(
                f"SH-2: {label} states no area, so its cap is not adjusted for area",
                f"SH-2：{label}未填面积，上限不按面积调整",
            )
            hint = Text("fill in area_km2", "请填写 area_km2")
            yield Finding("warning", "area-not-stated", "districts", what, hint, id=district.district_id)
    yield from group_blanks(region, policy)
    yield from _unmeasured_loads(region, policy)


def _unmeasured_loads(region: Region, policy: Policy) -> Iterator[Finding]:
    """Candidates without a capacity, where a goal balances loads against it."""
    rule = policy.rule(Capacity)
    if rule is None or "balance" not in policy.goals:
        return
    able = candidates(region, policy)["hospital_id"]
    hospitals = region.hospitals[region.hospitals["hospital_id"].isin(able)]
    blank = hospitals.loc[hospitals[rule.source].isna(), "hospital_id"]
    if len(blank):
        what = Text(
            f"balance: {len(blank)} candidate(s) state no {rule.source}, so their load is not measured: {listed(blank)}",
            f"balance：{len(blank)} 家候选医院未填 {rule.source}，其负荷不计：{listed(blank)}",
        )
        hint = Text(f"fill in {rule.source}", f"请填写 {rule.source}")
        yield Finding("warning", "capacity-not-stated", "hospitals", what, hint, id=str(blank.iloc[0]))


def _coverage(policy: Policy) -> Iterator[Finding]:
    if policy.rule(FullCoverage) is None:
        yield refusal(
            "SH-1", "full_coverage",
            Text("full coverage is off, but a plan assigns every resident", "未启用全覆盖，但方案须覆盖每个居民"),
            Text("add [full_coverage] to the policy", "请在政策中加入 [full_coverage]"),
        )  # fmt: skip


def _layers(policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    for layer in policy.partner_layers:
        if not (pairs["layer"] == layer).any():
            yield refusal(
                "SH-4", layer,
                Text(f"layer {layer} has no candidate hospital", f"{layer} 层没有候选医院"),
                Text("widen [candidates], or drop the layer's categories", "请放宽 [candidates]，或去掉该层类别"),
                policy.where("candidates"),
            )  # fmt: skip
    if policy.rule(LeastPartners) is not None and policy.partner_layers and not pairs["counted"].any():
        yield refusal(
            "PARTNERS", "least_partners",
            Text("counted partners are asked, but no candidate is counted", "要求计数医院，但没有计数的候选医院"),
            Text("add a category to `counted`, or drop the rule", "请在 counted 中加入类别，或去掉该规则"),
            policy.where("least_partners"),
        )  # fmt: skip


def _districts(region: Region, policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    cap, least, share = policy.rule(DistrictCap), policy.rule(LeastPartners), policy.rule(LeastShare)
    for (layer, district), rows in pairs.groupby(["layer", "district_id"]):
        label = region.label("district", district)
        allowed = rows[rows["allowed"]]
        if allowed.empty:
            yield _nothing_to_choose(policy, str(layer), district, label, rows)
        pins, counted = int((rows["pinned"] & rows["counted"]).sum()), int(allowed["counted"].sum())
        most = cap.limit(district) if cap is not None else counted
        if pins > most:
            yield refusal(
                "SH-2", district,
                Text(f"{label} has {pins} pinned partners, cap {most}", f"{label}指定了 {pins} 家，上限 {most}"),
                Text(f"let it take {pins}, or drop a pin", f"允许 {pins} 家，或去掉一项指定"),
                policy.where("pin"),
            )  # fmt: skip
        asked = least.least if least is not None and rows["counted"].any() else 0
        if asked > min(most, counted):
            yield refusal(
                "PARTNERS", district,
                Text(
                    f"{label} must have {asked} counted partners but can have {min(most, counted)}",
                    f"{label}须有 {asked} 家计数医院，但至多 {min(most, counted)} 家",
                ),
                Text("ask for fewer, or raise the cap", "请降低要求，或提高上限"),
                policy.where("least_partners"),
            )  # fmt: skip
        needed = max(int(rows["pinned"].sum()), asked)
        if share is not None and share.share * needed > 1 + 1e-9:
            yield refusal(
                "SHARE", district,
                Text(
                    f"{label}: {needed} partners with {100 * share.share:g}% each are more than all residents",
                    f"{label}：{needed} 家各占 {100 * share.share:g}%，合计超过全部居民",
                ),
                Text("lower the share", "请降低份额"),
                policy.where("least_share"),
            )  # fmt: skip


def _nothing_to_choose(policy: Policy, layer: str, district: str, label: str, rows: pd.DataFrame) -> Finding:
    what = Text(
        f"{label} has no pair that may be chosen in layer {layer}", f"{label}在 {layer} 层没有可选的结对"
    )
    if (rows["priority"] <= policy.worst_priority).any():
        return refusal("BAN", district, what, Text("drop a ban", "请去掉一项禁止"), policy.where("ban"))
    hint = Text("use eligibility “prefer”, or record the basis of a pair", "请改用 prefer，或补录结对基础")
    return refusal("SH-6", district, what, hint, policy.where("eligibility"))


def _hospitals(region: Region, policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    cap = policy.rule(HospitalCap)
    for hospital, rows in pairs[pairs["counted"] & pairs["pinned"]].groupby("hospital_id"):
        if cap is not None and len(rows) > cap.limit(hospital):
            most, label = cap.limit(hospital), region.label("hospital", hospital)
            yield refusal(
                "SH-3", hospital,
                Text(
                    f"{label} is pinned to {len(rows)} districts, cap {most}",
                    f"{label} 被指定给 {len(rows)} 个区，上限 {most}",
                ),
                Text(f"let it take {len(rows)}, or drop a pin", f"允许 {len(rows)} 个区，或去掉一项指定"),
                policy.where("pin"),
            )  # fmt: skip


def _room(policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Counted layers: all hospitals together have a place for every district."""
    cap = policy.rule(HospitalCap)
    for layer, rows in pairs.groupby("layer"):
        if cap is None or not rows["counted"].all():
            continue
        hospitals = rows.loc[rows["allowed"], "hospital_id"].unique()
        places, districts = sum(cap.limit(h) for h in hospitals), rows["district_id"].nunique()
        least = policy.rule(LeastPartners)
        needed = districts * (least.least if least is not None else 1)
        if places < needed:
            yield refusal(
                "SH-3", str(layer),
                Text(
                    f"{len(hospitals)} hospitals have {places} places for {districts} districts that need {needed}",
                    f"{len(hospitals)} 家医院共 {places} 个名额，{districts} 个区需要 {needed} 个",
                ),
                Text("raise the cap per hospital, or let more hospitals in", "请提高每院上限，或增加候选医院"),
                policy.where("hospital_cap"),
            )  # fmt: skip


def _changes(policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Pairs that must be new (a partner for each district) and that must end (over a cap, or not allowed)."""
    rule, caps = policy.rule(MostChanges), (policy.rule(DistrictCap), policy.rule(HospitalCap))
    counted = pairs[pairs["counted"]]
    if rule is None or counted.empty:
        return
    today = counted[counted["existing"]]
    stays = today[today["allowed"]]
    over = [
        sum(max(0, len(rows) - cap.limit(key)) for key, rows in stays.groupby(column))
        for column, cap in zip(("district_id", "hospital_id"), caps, strict=True)
        if cap is not None
    ]
    ended = len(today) - len(stays) + max(over, default=0)
    alone = pairs.loc[pairs["layer"].isin(counted["layer"]), "counted"].all()
    least = policy.rule(LeastPartners)
    asked = least.least if least is not None else int(alone)
    new = 0
    for _, rows in counted.groupby("district_id"):
        pinned = int((rows["pinned"] & ~rows["existing"]).sum())
        new += max(pinned, asked - int((rows["existing"] & rows["allowed"]).sum()))
    if new + ended > rule.most:
        yield refusal(
            rule.id, rule.key,
            Text(
                f"at least {new} new and {ended} ended pairs are needed, {rule.most} changes are allowed",
                f"至少须新建 {new} 对、撤销 {ended} 对，但只许变动 {rule.most} 对",
            ),
            Text(f"allow {new + ended} changes or more", f"至少允许变动 {new + ended} 对"),
            policy.where("most_changes"),
        )  # fmt: skip


def _capacity(region: Region, policy: Policy, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Residents of a district against the largest capacities it may choose under its cap; of the city against all."""
    rule, cap = policy.rule(Capacity), policy.rule(DistrictCap)
    if rule is None:
        return
    stated = region.hospitals.set_index("hospital_id")[rule.source] * (rule.people_per_bed or 1.0)
    people = region.units.groupby("district_id")["people"].sum()
    for layer, rows in pairs[pairs["allowed"]].groupby("layer"):
        room = stated.reindex(rows["hospital_id"]).fillna(np.inf).to_numpy(dtype=float)
        total = float(stated.reindex(rows["hospital_id"].unique()).fillna(np.inf).sum())
        if total < people.sum():
            yield _short(
                policy, str(layer), Text(f"layer {layer}", f"{layer} 层"), float(people.sum()), total
            )
        for district, mine in rows.assign(room=room).groupby("district_id"):
            most = cap.limit(district) if cap is not None else len(mine)
            counted = mine.loc[mine["counted"], "room"].nlargest(most).sum()
            best = counted + mine.loc[~mine["counted"], "room"].sum()
            if best < people[district]:
                label = region.label("district", district)
                where = Text(f"{label} in layer {layer}", f"{label}（{layer} 层）")
                yield _short(policy, district, where, float(people[district]), float(best))


def _short(policy: Policy, key: str, where: Text, people: float, room: float) -> Finding:
    return refusal(
        "CAPACITY", key,
        Text(f"{where.en}: {people:,.0f} residents, room for {room:,.0f}", f"{where.zh}：{people:,.0f} 人，可承载 {room:,.0f} 人"),
        Text(f"{people - room:,.0f} more places, or a higher cap", f"需增加 {people - room:,.0f} 人的承载能力，或提高上限"),
        policy.where("capacity"),
    )  # fmt: skip

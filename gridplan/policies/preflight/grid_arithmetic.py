"""Arithmetic before solving, for grids: who may lead where, how many grids are possible, what hangs together."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import listed
from gridplan.policies import rules
from gridplan.policies.goals import PARTNERS_ONLY
from gridplan.policies.leads import district_forms, lead_table
from gridplan.policies.policy import Policy
from gridplan.policies.preflight.grid_ground import Ground
from gridplan.policies.preflight.reach import refusal
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, KINDS, listed_words

SHOWN = 8  # hospitals that a refusal names one by one
HELP = {
    "ZJ-2": Text("widen [grid_leads]", "放宽 [grid_leads]"),
    "ZJ-3": Text("add [special_leads]", "加入 [special_leads]"),
    "ZJ-4": Text("mark a private hospital willing = yes", "将民营医院注明自愿"),
    "ZJ-5": Text("drop [no_provincial_leads]", "去掉 [no_provincial_leads]"),
    "CD-2": Text("widen tiers of [county_communities]", "放宽 [county_communities] 的 tiers"),
    "BAN": Text("drop a ban", "去掉一项禁止"),
}
ADD = Text("add a hospital that may lead to the table hospitals", "在 hospitals 表中补充可牵头的医院")
ACROSS = Text("let grids cross borders (across_districts = true)", "允许网格跨区（across_districts = true）")


def grid_faults(region: Region, policy: Policy) -> Iterator[Finding]:
    """Every fault of the rules for grids that counting alone can show."""
    faults = list(_idle(policy))
    if policy.rule(rules.Grids) is not None and not faults:
        faults = [*_forms(region, policy)]
        if not faults:
            ground = Ground(region, policy)
            faults = [*_leaderless(policy, ground), *_unstated_weights(policy, ground)]
            faults = faults or [*_numbers(policy, ground), *_parts(policy, ground), *_room(policy, ground)]
    yield from faults


def _idle(policy: Policy) -> Iterator[Finding]:
    """Rules that speak of grids, or of partners, where the policy plans none."""
    grids = policy.rule(rules.Grids) is not None
    for rule in policy.rules:
        if rule.of == "grids" and not grids:
            what = Text(
                f"[{rule.key}] speaks of grids, but there are none",
                f"[{rule.key}] 针对网格，但政策不划分网格",
            )
            yield refusal(
                rule.id, rule.key, what, Text("add [grids], or drop the rule", "请加入 [grids]，或去掉该规则"), policy.where(rule.key),
            )  # fmt: skip
        elif rule.of == "partners" and not policy.partner_layers:
            what = Text(
                f"[{rule.key}] speaks of partners, but the policy plans grids alone",
                f"[{rule.key}] 针对合作医院，但政策只划分网格",
            )
            hint = Text("add [candidates], or drop the rule", "请加入 [candidates]，或去掉该规则")
            yield refusal(rule.id, rule.key, what, hint, policy.where(rule.key))
    for goal in PARTNERS_ONLY if not policy.partner_layers else ():
        if goal in policy.goals:
            what = Text(
                f"the goal {goal} speaks of partners, but the policy plans grids alone",
                f"目标 {goal} 针对合作医院，但政策只划分网格",
            )
            yield refusal(
                "ZJ-1", goal, what, Text("take it out of goals", "请从 goals 中去掉"), policy.where("goals")
            )


def _forms(region: Region, policy: Policy) -> Iterator[Finding]:
    """Each kind of district has one form, and some district is planned."""
    groups, counties = policy.rule(rules.UrbanGroups), policy.rule(rules.CountyCommunities)
    both = [k for k in (groups.kinds if groups else ()) if counties and k in counties.kinds]
    if both:
        words = listed_words(KINDS, both)
        yield refusal(
            rules.UrbanGroups.id, rules.UrbanGroups.key,
            Text(f"{words.en} stands in [urban_groups] and in [county_communities]", f"{words.zh}同时写在 [urban_groups] 与 [county_communities] 中"),
            Text("name each kind once", "每种类别只写一处"),
            policy.where("urban_groups.kinds"),
        )  # fmt: skip
    said = region.districts.get("consortium", pd.Series("", index=region.districts.index))
    silent = region.districts[said == ""]
    known = {*(groups.kinds if groups else KINDS), *(counties.kinds if counties else ("county",))}
    for kind, rows in silent[~silent["kind"].isin(known)].groupby("kind"):
        word = listed_words(KINDS, [str(kind)])
        names = listed(region.label("district", d) for d in rows["district_id"])
        yield refusal(
            rules.UrbanGroups.id, str(kind),
            Text(f"{word.en} districts have no form: {names}", f"{word.zh}没有对应的形式：{names}"),
            Text("add the kind to [urban_groups] or to [county_communities]", "请将该类别写入 [urban_groups] 或 [county_communities]"),
            policy.where("urban_groups.kinds"),
        )  # fmt: skip
    forms = district_forms(region, policy)
    if (forms == "left_out").all():
        yield refusal(
            rules.Grids.id, rules.Grids.key,
            Text("every district is left out as a county consortium: nothing to plan", "所有区县均为县域医共体而不在其列，无可规划"),
            Text("add [county_communities], or set consortium to urban", "请加入 [county_communities]，或将 consortium 改为 urban"),
        )  # fmt: skip
    for district in (policy.rule(rules.Grids) or rules.Grids()).number:
        if forms.get(district, "urban") != "urban":
            label = region.label("district", district)
            yield refusal(
                rules.Grids.id, district,
                Text(f"{label} is not divided into grids", f"{label}不划分网格"),
                Text("drop it: a county community is one grid", "请去掉：县域医疗共同体为一个网格"),
                policy.where(f"grids.number.{district}"),
            )  # fmt: skip


def _leaderless(policy: Policy, ground: Ground) -> Iterator[Finding]:
    """A district, or the whole city with grids across borders, where no hospital may lead."""
    areas: dict[str, list[str]] = {}
    for district in ground.planned:
        areas.setdefault(ground.area[district], []).append(district)
    table = lead_table(ground.region, policy)
    for area, districts in areas.items():
        if any(ground.leads(d) for d in districts):
            continue
        where = Text("the city", "全市") if area == "" else Text(*[ground.region.label("district", area)] * 2)
        here = table[table["district_id"].isin(districts)]
        reasons, against = _reasons(ground, here)
        county = ground.forms[districts[0]] == "county"
        helps = [*(HELP[rule] for rule in dict.fromkeys(against) if rule in HELP), ADD]
        helps += [ACROSS] if area != "" and not county else []
        yield refusal(
            rules.CountyCommunities.id if county else rules.GridLeads.id, area or rules.Grids.key,
            Text(f"no hospital of {where.en} may lead a grid{reasons.en}", f"{where.zh}没有可牵头网格的医院{reasons.zh}"),
            Text("; or ".join(h.en for h in helps), "；或".join(h.zh for h in helps)),
        )  # fmt: skip


def _reasons(ground: Ground, here: pd.DataFrame) -> tuple[Text, list[str]]:
    """Each hospital with the rule against it, the first few by name; and those rules."""
    if here.empty:
        return Text(": none stands there", "：当地没有医院"), []
    said, said_zh, blamed = [], [], []
    for h in here.itertuples():
        label = ground.region.label("hospital", h.hospital_id)
        rule, why = h.rule, h.why
        if h.leads:
            rule, why = (
                (rules.GridLeads.id, Text("stands in no unit of it", "不在其任何单元内"))
                if h.hospital_id in ground.home
                else (rules.Ban.id, Text("banned", "被禁止"))
            )
        blamed.append(rule)
        said.append(f"{label} – {rule}: {why.en}")
        said_zh.append(f"{label}（{rule}：{why.zh}）")
    more = len(said) - SHOWN
    tail, tail_zh = (f" and {more} more", f" 等，另有 {more} 家") if more > 0 else ("", "")
    return Text(f": {'; '.join(said[:SHOWN])}{tail}", f"：{'；'.join(said_zh[:SHOWN])}{tail_zh}"), blamed


def _unstated_weights(policy: Policy, ground: Ground) -> Iterator[Finding]:
    """Balance by beds or capacity: every hospital that may lead states it."""
    shape = policy.rule(rules.GridShape)
    if shape is None or shape.balance is None or shape.balance_by == "equal":
        return
    stated = ground.region.hospitals.set_index("hospital_id")[shape.balance_by]
    lacking = [h for h in sorted(ground.home) if not stated[h] > 0]
    if lacking:
        names = listed(ground.region.label("hospital", h) for h in lacking)
        yield refusal(
            rules.GridShape.id, shape.balance_by,
            Text(
                f"balance by {shape.balance_by}, but {len(lacking)} of {len(ground.home)} hospitals that may lead state none: {names}",
                f"按 {shape.balance_by} 均衡，但 {len(ground.home)} 家可牵头医院中有 {len(lacking)} 家未填：{names}",
            ),
            Text(f'fill in {shape.balance_by}, or write balance_by = "equal"', f'请填写 {shape.balance_by}，或改为 balance_by = "equal"'),
            policy.where("grid_shape.balance_by"),
        )  # fmt: skip


def _numbers(policy: Policy, ground: Ground) -> Iterator[Finding]:
    """As many grids as asked need as many leads, each with a unit of its own."""
    lows, highs = 0.0, 0.0
    for district in ground.planned:
        low, high = ground.bounds(district)
        leads = ground.leads(district)
        room = ground.possible(leads)
        lows, highs = lows + low, highs + min(high, room)
        label = ground.region.label("district", district)
        pins = [h for h in leads if h in ground.pinned]
        if len(pins) > high or ground.possible(pins) < len(pins):
            names = listed(ground.region.label("hospital", h) for h in pins)
            most = int(min(high, ground.possible(pins)))
            yield refusal(
                rules.Grids.id, district,
                Text(f"{label}: {len(pins)} leads are pinned, {most} can lead: {names}", f"{label}：指定 {len(pins)} 家牵头，至多 {most} 家：{names}"),
                Text("drop a pin, or allow more grids; two in one unit cannot both lead", "请去掉一项指定，或增加网格数；同一单元内只能有一家牵头"),
            )  # fmt: skip
        elif low > room:
            yield _too_many(policy, ground, district, label, low, room)
    for asked, bound, short in ((ground.rule.most, lows, False), (ground.rule.least, highs, True)):
        if asked is not None and (bound < asked if short else bound > asked):
            yield _city(policy, asked, int(bound), short)


def _too_many(policy: Policy, ground: Ground, district: str, label: str, low: int, room: int) -> Finding:
    n, units = len(ground.leads(district)), int((ground.region.units["district_id"] == district).sum())
    what = Text(
        f"{label} must have {_n(low, 'grid')}, but has {_n(n, 'hospital')} that may lead, in {_n(units, 'unit')}",
        f"{label}须有 {low} 个网格，但可牵头医院只有 {n} 家，单元 {units} 个",
    )
    if room < n:
        what = Text(
            f"{label} must have {low} grids, but of its {n} hospitals that may lead {room} can side by side: the "
            "others stand in one unit with another",
            f"{label}须有 {low} 个网格，但 {n} 家可牵头医院中至多 {room} 家可同时牵头：其余与他院同在一个单元",
        )
    hint = Text("ask for fewer grids, or add hospitals that may lead", "请减少网格数，或增加可牵头的医院")
    if ground.rule.across_districts and district not in ground.rule.number:
        hint = Text(
            "write least_per_district = 0, or add hospitals that may lead",
            "请写 least_per_district = 0，或增加可牵头的医院",
        )
    key = f"number.{district}" if district in ground.rule.number else "least_per_district"
    return refusal(rules.Grids.id, district, what, hint, policy.where(f"grids.{key}"))


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _city(policy: Policy, asked: int, bound: int, short: bool) -> Finding:
    what = (
        Text(f"at least {asked} grids are asked in the city, {bound} are possible", f"全市至少要 {asked} 个网格，至多可有 {bound} 个")
        if short
        else Text(f"at most {asked} grids are allowed in the city, the districts need {bound}", f"全市至多 {asked} 个网格，各区合计至少需 {bound} 个")
    )  # fmt: skip
    hint = (
        Text(f"ask for {bound} or fewer", f"请减至 {bound} 个以内")
        if short
        else Text(f"allow {bound} or more", f"请放宽到 {bound} 个以上")
    )
    key = "least" if short else "most"
    return refusal(rules.Grids.id, key, what, hint, policy.where(f"grids.{key}"))


def _parts(policy: Policy, ground: Ground) -> Iterator[Finding]:
    """An area in parts that do not touch needs a lead in each part where one may lead (ZJ-6)."""
    shape = policy.rule(rules.GridShape)
    if shape is None or not shape.connected:
        return
    for district in ground.planned:
        if ground.area[district] == "":
            continue
        held = {h: {int(ground.part[u]) for u in ground.seats[h]} for h in ground.leads(district)}
        parts = set().union(*held.values())
        needed = math.ceil(len(parts) / max(map(len, held.values())))
        high = ground.bounds(district)[1]
        if needed > high:
            label = ground.region.label("district", district)
            yield refusal(
                rules.GridShape.id, district,
                Text(
                    f"{label} lies in {len(parts)} parts that do not touch, each with a hospital that may lead: it needs {needed} grids, {high:g} allowed",
                    f"{label}分为互不相连的 {len(parts)} 片，各有可牵头医院，至少需 {needed} 个网格，只许 {high:g} 个",
                ),
                Text("give a bridge or ferry in the table links, allow more grids, or write connected = false", "请在 links 表中填写桥隧或轮渡，或增加网格数，或写 connected = false"),
            )  # fmt: skip


def _room(policy: Policy, ground: Ground) -> Iterator[Finding]:
    """Residents of an area against what its leads can carry."""
    rule = policy.rule(rules.Capacity)
    if rule is None:
        return
    stated = ground.region.hospitals.set_index("hospital_id")[rule.source] * (rule.people_per_bed or 1.0)
    areas = pd.Series(ground.unit_area)
    people = ground.region.units["people"].groupby(areas.to_numpy()).sum()
    for area, residents in people.items():
        leads = [h for d in ground.planned if ground.area[d] == area for h in ground.leads(d)]
        rooms = stated.reindex(leads).fillna(np.inf).sort_values(ascending=False)
        most = sum(ground.bounds(d)[1] for d in ground.planned if ground.area[d] == area)
        room = float(rooms.head(int(min(most, len(rooms)))).sum())
        if room < residents:
            where = (
                Text("the city", "全市")
                if area == ""
                else Text(*[ground.region.label("district", str(area))] * 2)
            )
            yield refusal(
                rules.Capacity.id, str(area) or GRID,
                Text(
                    f"{where.en} in layer grid: {residents:,.0f} residents, room for {room:,.0f}",
                    f"{where.zh}（网格层）：{residents:,.0f} 人，可承载 {room:,.0f} 人",
                ),
                Text(f"{residents - room:,.0f} more places, more grids, or no capacity rule", f"需增加 {residents - room:,.0f} 人的承载能力，或增加网格，或去掉承载能力规则"),
            )  # fmt: skip


def grid_reach(region: Region, policy: Policy, travel: Travel, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Each planned unit reaches a hospital that may lead its grid, within the minutes of ZJ-6 and of the standard."""
    if policy.rule(rules.Grids) is None:
        return
    shape, standard = policy.rule(rules.GridShape), policy.rule(rules.TravelStandard)
    limits: list[tuple[type[Rule], float | None]] = [
        (rules.GridShape, shape.minutes if shape is not None else None)
    ]
    if standard is not None and standard.price is None:
        limits.append((rules.TravelStandard, standard.minutes))
    times = pd.DataFrame(travel.minutes, travel.unit_ids, travel.hospital_ids).fillna(np.inf)
    rows = pairs[(pairs["layer"] == GRID) & pairs["allowed"]]
    for district, leads in rows.groupby("district_id")["hospital_id"]:
        units = region.units[region.units["district_id"] == district].set_index("unit_id")
        best = times.loc[units.index, list(leads)].min(axis=1)
        lost = [region.label("unit", unit) for unit in best.index[np.isinf(best)]]
        if lost:
            what = Text(
                f"no hospital that may lead their grid can be reached from {_n(len(lost), 'unit')}: {listed(lost)}",
                f"{len(lost)} 个单元无法到达任何可牵头其网格的医院：{listed(lost)}",
            )
            yield refusal("SH-1", str(district), what, Text("add the missing travel times", "请补充出行时间"))
        best = best[np.isfinite(best) & (units["people"] > 0)]
        for rule, minutes in limits:
            if minutes is not None and (best > minutes).any():
                yield _too_far(region, policy, rule, str(district), best[best > minutes], minutes)


def _too_far(
    region: Region, policy: Policy, rule: type[Rule], district: str, best: pd.Series, limit: float
) -> Finding:
    unit, minutes, label = str(best.idxmax()), float(best.max()), region.label("district", district)
    far, enough = region.label("unit", unit), np.ceil(minutes * 10) / 10
    n, lie = len(best), "unit lies" if len(best) == 1 else "units lie"
    what = Text(
        f"{label}: {n} {lie} more than {limit:g} min from every hospital that may lead their grid, the farthest "
        f"{far} {minutes:.1f} min",
        f"{label}：{n} 个单元到任何可牵头其网格的医院均超过 {limit:g} 分钟，最远为{far}，{minutes:.1f} 分钟",
    )
    hint = Text(f"allow {enough:.1f} min", f"放宽到 {enough:.1f} 分钟")
    return refusal(rule.id, district, what, hint, policy.where(f"{rule.key}.minutes"))

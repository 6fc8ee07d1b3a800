"""Why a pair is not in a plan: the rule that forbids or binds, and by whom its places are taken."""

from __future__ import annotations

import numpy as np

from gridplan.ask.question import LayerQuestions
from gridplan.words.text import Text

Reason = tuple[str, Text]


def why_not(q: LayerQuestions, d: int, h: int) -> Reason:
    """The rule(s) that keep district and hospital apart, "" where it is only the cost."""
    return forbidden(q, d, h) or _full(q, d, h) or _only_cost()


def forbidden(q: LayerQuestions, d: int, h: int) -> Reason | None:
    """The rule under which the pair may not be chosen at all."""
    p = q.problem
    if not p.allowed[d, h]:
        if p.grids is not None and not p.grids.in_reach[d, h]:
            return "ZJ-1", Text("leads elsewhere, and a grid stays in its area", "在别处牵头，网格不出其范围")
        if p.grids is None and p.priority[d, h] > q.plan.policy.worst_priority:
            grade = int(p.priority[d, h])
            return "SH-6", Text(f"has no basis (priority {grade})", f"缺少结对基础（优先级 {grade}）")
        return "BAN", Text("is banned", "被政策禁止")
    mine = (p.district == d) & (p.people > 0)
    if mine.any() and not np.isfinite(q.minutes[mine, h]).any():
        return "SH-1", Text("cannot be reached from any unit", "任何单元都无法到达")
    if mine.any() and not q.within[mine, h].any():
        least = float(q.minutes[mine, h].min())
        return "STANDARD", Text(
            f"is {least:.1f} min or more away, limit {p.standard:g}",
            f"至少 {least:.1f} 分钟，限 {p.standard:g}",
        )
    return None


def unit_reason(q: LayerQuestions, u: int, h: int) -> Reason:
    """What keeps one unit from one hospital, "" where it is only the cost."""
    p, d = q.problem, int(q.problem.district[u])
    if not np.isfinite(q.minutes[u, h]):
        return "SH-1", _unreachable(q, u, h)
    if not q.within[u, h]:
        return "STANDARD", Text(
            f"is beyond the limit of {p.standard:g} min", f"超过 {p.standard:g} 分钟的限制"
        )
    if not q.chosen[d, h]:
        return why_not(q, d, h)
    room = p.capacity[h] - q.load[h]
    if room < p.people[u]:
        return "CAPACITY", Text(
            f"has room for {max(0.0, room):,.0f} of the unit's {p.people[u]:,} residents",
            f"只余 {max(0.0, room):,.0f} 人的承载能力，该单元有 {p.people[u]:,} 人",
        )
    if p.grids is not None:
        return "", Text("leads a grid of the district too", "也在该区牵头网格")
    return "", Text("is a partner of the district too", "也是该区的合作医院")


def _unreachable(q: LayerQuestions, u: int, h: int) -> Text:
    out = q.plan.travel.left_out
    unit, hospital = q.problem.unit_ids[u], q.problem.hospital_ids[h]
    why = out.loc[(out["unit_id"] == unit) & (out["hospital_id"] == hospital), "reason"]
    reason = f" ({why.iloc[0]})" if len(why) else ""
    return Text(f"cannot be reached{reason}", f"无法到达{reason}")


def _full(q: LayerQuestions, d: int, h: int) -> Reason | None:
    """The caps whose places are taken, and by whom."""
    if not q.problem.counted[h] or q.problem.caps_bend:
        return None
    rules, en, zh = [], [], []
    most, partners = q.cap_of(d), q.partners(d)
    if most is not None and len(partners) >= most:
        who = list(map(q.hospital, partners))
        rules.append("SH-2")
        en.append(f"{q.district(d)} has its {most} partners ({', '.join(who)})")
        zh.append(f"{q.district(d)}的 {most} 个名额已满（{'、'.join(who)}）")
    most, districts = q.hospital_cap_of(h), q.districts(h)
    if most is not None and len(districts) >= most:
        who = list(map(q.district, districts))
        rules.append("SH-3")
        en.append(f"{q.hospital(h)} has its {most} districts ({', '.join(who)})")
        zh.append(f"{q.hospital(h)} 的 {most} 个名额已满（{'、'.join(who)}）")
    return (", ".join(rules), Text("; ".join(en), "；".join(zh))) if rules else None


def _only_cost() -> Reason:
    return "", Text("may be chosen, no rule stands against it", "可选，没有规则阻碍")

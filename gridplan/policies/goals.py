"""Goals: what a plan may aim for, in which unit each is told, and which lists of them can stand."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Sequence
from typing import Any

from gridplan.words.text import Text, both

GOALS = {
    "coverage": Text(
        "fewest residents beyond the travel standard (60 minutes where the policy sets none)",
        "使超过出行时间标准（未设标准时为 60 分钟）的居民最少",
    ),
    "deviations": Text(
        "fewest counted pairs above the caps (SH-2, SH-3), which bend under this goal",
        "使超出上限（SH-2、SH-3）的结对最少；列出此目标时上限可以突破",
    ),
    "priority": Text(
        "fewest residents through priority 5, then through 4 or 5, and so on",
        "先使经优先级 5 结对的居民最少，再使经 4、5 的最少，依次类推",
    ),
    "travel": Text(
        "least total of people × (minutes + price of the pair's priority)",
        "使 居民 ×（分钟 + 优先级折算分钟）合计最小",
    ),
    "worst": Text("least minutes of whoever travels longest", "使出行最久的居民所需分钟最少"),
    "inequality": Text(
        "least difference between districts: largest minus smallest mean minutes",
        "使各区人均出行时间的最大值与最小值之差最小",
    ),
    "balance": Text(
        "least load of the fullest hospital: residents, or share of its capacity under a capacity rule",
        "使负荷最重的医院负荷最小：服务人口，设有承载能力规则时为占其承载能力的比例",
    ),
    "changes": Text(
        "fewest counted pairs that are new or ended against today",
        "使与现状相比新建和撤销的计入上限的结对最少",
    ),
    "partners": Text(
        "fewest counted pairs of district and hospital in all (SH-9)",
        "使全市计入上限的结对总数最少（总量控制，SH-9）",
    ),
}
# Grid leads have no cap, no priority, no today, and a number of their own.
PARTNERS_ONLY = ("deviations", "priority", "changes", "partners")
# What one unit of a goal's value is called; the keys stand in plan.json.
PERSON_MINUTES, WEIGHTED, RESIDENTS = "person-minutes", "weighted person-minutes", "residents"
MINUTES, PAIRS, SHARE = "minutes", "pairs", "share of capacity"
UNITS = {
    PERSON_MINUTES: Text("person-minutes", "人·分钟"),
    WEIGHTED: Text("weighted person-minutes", "加权人·分钟"),
    RESIDENTS: Text("residents", "人"),
    MINUTES: Text("minutes", "分钟"),
    PAIRS: Text("pairs", "对"),
    SHARE: Text("share of capacity", "占承载能力的比例"),
}
SMALLEST = {
    MINUTES: 0.005,
    SHARE: 0.00005,
}  # what is worth telling; half a person, pair or person-minute else


def number(value: float, unit: str, sign: str = "") -> str:
    """A value as it is written in its unit; `sign` = "+" writes the sign of a difference."""
    if unit == SHARE:
        return f"{value:{sign}.2%}"
    if unit == MINUTES:
        return f"{value:{sign},.2f}"
    return f"{value:{sign},.0f}" if abs(value - round(value)) < 0.05 else f"{value:{sign},.1f}"


def figure(value: float, unit: str, sign: str = "") -> Text:
    """A value with its unit in words."""
    said, words = number(value, unit, sign), UNITS[unit]
    if unit == SHARE:
        return Text(f"{said} of capacity", f"承载能力的 {said}")
    return Text(f"{said} {words.en}", f"{said} {words.zh}")


def tells(value: float, unit: str) -> bool:
    """Whether a difference is large enough to be told in its unit."""
    return abs(value) >= SMALLEST.get(unit, 0.5)


def goal_faults(goals: Any) -> Iterator[tuple[str, str, Text]]:
    """Each fault of a list of goals: in English, in Chinese, what to do."""
    if (
        not isinstance(goals, Sequence)
        or isinstance(goals, str)
        or not all(isinstance(g, str) for g in goals)
    ):
        yield f"must be a list of goals; got {goals!r}", f"须为目标列表；现为 {goals!r}", _such_as()
        return
    if not goals:
        yield "must name at least one goal", "至少须写一个目标", _such_as()
    for goal in dict.fromkeys(goals):
        if goal not in GOALS:
            near = difflib.get_close_matches(goal, GOALS, 1)
            hint = Text(f"did you mean {near[0]}?", f"是否指 {near[0]}？") if near else both(", ".join(GOALS))
            yield f"has {goal!r}, which is no goal", f"中的 {goal!r} 不是目标", hint
        elif goals.count(goal) > 1:
            hint = Text("write each goal once", "每个目标只写一次")
            yield (
                f"has {goal!r} {goals.count(goal)} times",
                f"中 {goal!r} 写了 {goals.count(goal)} 次",
                hint,
            )


def tolerance_faults(tolerance: Any) -> Iterator[tuple[str, str, Text]]:
    """The fault of a tolerance, if it has one."""
    number = isinstance(tolerance, int | float) and not isinstance(tolerance, bool)
    if not number or not math.isfinite(tolerance) or tolerance < 0:
        hint = Text("tolerance = 0.05 lets an earlier goal worsen by 5 %", "tolerance = 0.05 表示可放宽 5 %")
        yield f"must be a share from 0; got {tolerance!r}", f"须为不小于 0 的比例；现为 {tolerance!r}", hint


def _such_as() -> Text:
    return Text(
        f'goals = ["travel"]; there are {", ".join(GOALS)}', f'goals = ["travel"]；可用 {"、".join(GOALS)}'
    )

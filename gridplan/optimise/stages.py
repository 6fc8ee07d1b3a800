"""Stage: one goal as the solver minimises it, and the stages of a policy's list of goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gridplan.policies.goals import (
    GOALS,
    MINUTES,
    PAIRS,
    PARTNERS_ONLY,
    PERSON_MINUTES,
    RESIDENTS,
    SHARE,
    WEIGHTED,
)
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Capacity, TravelStandard
from gridplan.words.text import Text

Kind = Literal["sum", "deviations", "worst", "inequality", "balance", "changes", "partners"]
STANDARD_MINUTES = 60.0  # beyond which the goal "coverage" counts a resident, where no travel standard is set


@dataclass(frozen=True, eq=False)
class Stage:
    """One goal.

    Parameters
    ----------
    goal : its name in the plan ("travel", "residents_through_5", "worst").
    text : what its value is, for people.
    cost : (K,) of the kind "sum": cost per resident of every kept pair; zeros in any other kind.
    change_price : price of a pair that is new or ended against today, added to a sum.
    pair_price : (D, H) price ≥ 0 of each listed pair, added to a sum; None where pairs have no price.
    kind : "sum" is Σ weight of the unit · cost over the pairs that serve; the others are told in `goal_rows.py`.
    unit : of the value, a key of `policy.goals.UNITS`.
    """

    goal: str
    text: Text
    cost: np.ndarray
    change_price: float = 0.0
    pair_price: np.ndarray | None = None
    kind: Kind = "sum"
    unit: str = PERSON_MINUTES


@dataclass(frozen=True, eq=False)
class PairCosts:
    """What the goals are made of, for every kept pair.

    Parameters
    ----------
    minutes, excess_price : (K,) t_uh, and the minutes that a priced travel standard or the rank of a lead adds.
    priority : (K,) 1–5.
    change_price : person-minutes of a new or ended pair.
    weighted : whether people are weighted by group (CD-5).
    leads : whether the pairs are of grid leads, which have no priority, no cap and no today.
    """

    minutes: np.ndarray
    excess_price: np.ndarray
    priority: np.ndarray
    change_price: float
    weighted: bool
    leads: bool = False


def stages_of(policy: Policy, costs: PairCosts) -> tuple[Stage, ...]:
    """The goals of the policy in order, the strict order of priorities as a stage for each of 5, 4, 3, 2."""
    goals = [goal for goal in policy.goals if not (costs.leads and goal in PARTNERS_ONLY)]
    return tuple(stage for goal in goals or ["travel"] for stage in _stages(policy, goal, costs))


def travel_stage(policy: Policy, costs: PairCosts) -> Stage:
    """The goal "travel", by which ties end too."""
    prices = np.zeros(5) if costs.leads else np.array(policy.prices)
    cost = costs.minutes + costs.excess_price + prices[costs.priority - 1]
    if not costs.weighted and not costs.leads:
        return Stage("travel", GOALS["travel"], cost, costs.change_price)
    who = Text("people", "居民")
    if costs.weighted:
        who = Text("people weighted by group", "按人群加权的居民")
    what = Text("(minutes + price of the pair's priority)", "（分钟 + 优先级折算分钟）")
    if costs.leads:
        what = Text("minutes", " 分钟")
        if costs.excess_price.any():
            what = Text("(minutes + minutes that the rules add)", "（分钟 + 规则折算分钟）")
    text = Text(f"least total of {who.en} × {what.en}", f"使 {who.zh} ×{what.zh}合计最小")
    return Stage(
        "travel", text, cost, costs.change_price, unit=WEIGHTED if costs.weighted else PERSON_MINUTES
    )


def _stages(policy: Policy, goal: str, costs: PairCosts) -> Iterator[Stage]:
    nothing = np.zeros(len(costs.minutes))
    if goal == "travel":
        yield travel_stage(policy, costs)
    elif goal == "priority":
        for k in (5, 4, 3, 2):
            weakest = "5" if k == 5 else f"{k}–5"
            text = Text(f"residents through priority {weakest}", f"经优先级 {weakest} 结对的居民")
            cost = (costs.priority >= k).astype(float)
            yield Stage(f"residents_through_{k}", text, cost, unit=RESIDENTS)
    elif goal == "coverage":
        standard = policy.rule(TravelStandard)
        limit = STANDARD_MINUTES if standard is None else standard.minutes
        text = Text(f"residents beyond {limit:g} minutes", f"出行超过 {limit:g} 分钟的居民")
        yield Stage("coverage", text, (costs.minutes > limit).astype(float), unit=RESIDENTS)
    elif goal == "deviations":
        text = Text("counted pairs above the caps (SH-2, SH-3)", "超出上限（SH-2、SH-3）的结对")
        yield Stage(goal, text, nothing, kind="deviations", unit=PAIRS)
    elif goal == "worst":
        text = Text("minutes of whoever travels longest", "出行最久的居民所需分钟")
        yield Stage(goal, text, nothing, kind="worst", unit=MINUTES)
    elif goal == "inequality":
        text = Text("largest minus smallest mean minutes of a district", "各区人均出行时间最大与最小之差")
        yield Stage(goal, text, nothing, kind="inequality", unit=MINUTES)
    elif goal == "balance":
        yield _balance(policy, nothing)
    elif goal == "changes":
        text = Text(
            "counted pairs that are new or ended against today", "与现状相比新建和撤销的计入上限的结对"
        )
        yield Stage(goal, text, nothing, kind="changes", unit=PAIRS)
    elif goal == "partners":
        text = Text("counted pairs", "计入上限的结对")
        yield Stage(goal, text, nothing, kind="partners", unit=PAIRS)


def _balance(policy: Policy, nothing: np.ndarray) -> Stage:
    if policy.rule(Capacity) is None:
        text = Text("residents of the fullest hospital", "负荷最重医院的服务人口")
        return Stage("balance", text, nothing, kind="balance", unit=RESIDENTS)
    text = Text("load of the fullest hospital against its capacity", "负荷最重医院占其承载能力的比例")
    return Stage("balance", text, nothing, kind="balance", unit=SHARE)

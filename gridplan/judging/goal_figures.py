"""The judge of goals: every printed value worked out anew from the tables, and what is claimed of it.

Nothing here comes from `optimise/`; a goal is one function of the rows and pairs of a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.judging.breaches import MINUTE
from gridplan.judging.claims import ClaimedGoal, ClaimedPlan
from gridplan.judging.judge_tables import PAIR, PlanTables
from gridplan.judging.rules.lead_rank import price_of_lead
from gridplan.judging.rules.pair_scores import score_minutes
from gridplan.judging.rules.visit_demand import visits_each
from gridplan.judging.verdict import Breach
from gridplan.policies.goals import PARTNERS_ONLY
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    Capacity,
    ChangePrice,
    DistrictCap,
    GroupWeights,
    HospitalCap,
    LeadRank,
    TravelStandard,
    VisitDemand,
)
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

OPTIMAL = 1e-6  # relative gap that may be called optimal (policy-rules, "Goal of shanghai-2025")
SLIP = 1e-7  # relative; one unit whose minutes round the other way
STRICT = tuple(f"residents_through_{weakest}" for weakest in (5, 4, 3, 2))
Span = tuple[float, float]  # least and most that a value may be, as minutes are known to 4 decimals


@dataclass(frozen=True, eq=False)
class Facts:
    """One layer, as the judge's tables have it.

    Parameters
    ----------
    rows : unit_id, district_id, people, hospital_id, minutes, priority; a row per unit.
    pairs : district_id, hospital_id, counted of the pairs that are listed.
    changes : district_id, hospital_id, counted of the pairs that are new or ended.
    """

    tables: PlanTables
    rows: pd.DataFrame
    pairs: pd.DataFrame
    changes: pd.DataFrame


def goal_figures(plan: ClaimedPlan, tables: PlanTables) -> Iterator[Breach]:
    """Every goal of every layer, its value and unit, and that nothing is called optimal that is not."""
    printed = tuple(result.layer for result in plan.layers)
    if printed != plan.policy.layers:
        listed, expected = ", ".join(printed), ", ".join(plan.policy.layers)
        yield Breach(
            "FIGURES",
            Text(
                f"results of layers {listed}, not {expected}", f"各服务类别结果为 {listed}，应为 {expected}"
            ),
        )
    rows = tables.assignment.merge(tables.pairs[[*PAIR, "priority"]], on=PAIR, how="left")
    listed_pairs, changes = tables.pairs[tables.pairs["listed"]], tables.changes()
    for result in plan.layers:
        goals = _goals_of(plan.policy, result.layer)
        if tuple(goal.goal for goal in result.goals) != goals:
            listed, expected = ", ".join(goal.goal for goal in result.goals), ", ".join(goals)
            what = Text(f"goals {listed}, not {expected}", f"目标为 {listed}，应为 {expected}")
            yield Breach("FIGURES", what, result.layer)
        facts = Facts(tables, *(t[t["layer"] == result.layer] for t in (rows, listed_pairs, changes)))
        for n, goal in enumerate(result.goals, start=1):
            wrong = _wrong(goal, facts) if goal.goal in goals else None
            tolerance = plan.policy.tolerance if n < len(result.goals) else 0.0
            for fault in (wrong or _worsened(goal, tolerance), _boasted(goal)):
                if fault is not None:
                    yield Breach("FIGURES", fault, result.layer)
        if result.preference_minutes is not None and not result.preference_minutes >= 0:
            what = Text("priorities cannot save minutes", "优先次序不可能节省时间")
            yield Breach("FIGURES", what, result.layer)
        on = {rule.id for rule in plan.policy.rules}
        for rule, value in result.without.items():
            last = result.goals[-1].value if result.goals else value
            if rule not in on or not value <= last + SLIP * max(1.0, abs(last)):
                what = Text(f"{rule} cannot make a plan better", f"{rule} 不可能使方案更优")
                yield Breach("FIGURES", what, result.layer)


def _goals_of(policy: Policy, layer: str) -> tuple[str, ...]:
    """The goals of a layer in order; grid leads have no priority, no cap and no today, and keep to travel at least."""
    own = [goal for goal in policy.goals if layer != GRID or goal not in PARTNERS_ONLY] or ["travel"]
    return tuple(g for goal in own for g in (STRICT if goal == "priority" else (goal,)))


def _wrong(goal: ClaimedGoal, facts: Facts) -> Text | None:
    """A value or a unit that is not what the tables give."""
    measure, unit = MEASURES[goal.goal.rstrip("2345")]
    least, most = measure(goal.goal, facts)
    slip = SLIP * max(1.0, most)
    if not least - slip <= goal.value <= most + slip:
        return Text(
            f"goal {goal.goal}: {goal.value:,.2f} printed, is {most:,.2f}",
            f"目标 {goal.goal}：写作 {goal.value:,.2f}，应为 {most:,.2f}",
        )
    if goal.unit != unit(facts):
        return Text(
            f"goal {goal.goal} is told in {goal.unit}, not in {unit(facts)}",
            f"目标 {goal.goal} 的单位写作 {goal.unit}，应为 {unit(facts)}",
        )
    return None


def _worsened(goal: ClaimedGoal, tolerance: float) -> Text | None:
    """A goal that later ones made worse than the tolerance lets them; or one that was told better than it was."""
    slip = OPTIMAL * max(1.0, abs(goal.reached))
    if goal.reached - slip <= goal.value <= goal.reached * (1 + tolerance) + slip:
        return None
    return Text(
        f"goal {goal.goal}: {goal.value:,.2f} in the plan, {goal.reached:,.2f} reached, tolerance {tolerance:.2%}",
        f"目标 {goal.goal}：方案为 {goal.value:,.2f}，曾达到 {goal.reached:,.2f}，容许放宽 {tolerance:.2%}",
    )


def _boasted(goal: ClaimedGoal) -> Text | None:
    """A bound above what was reached, or "optimal" where the gap is open."""
    gap = abs(goal.reached - goal.bound) / max(1.0, abs(goal.reached))
    possible = all(goal.bound <= value * (1 + OPTIMAL) for value in (goal.reached, goal.value))
    if possible and (goal.status == "optimal") == (gap <= OPTIMAL):
        return None
    return Text(
        f"goal {goal.goal}: called {goal.status} with value {goal.reached:,.2f} and bound {goal.bound:,.2f}",
        f"目标 {goal.goal}：值 {goal.reached:,.2f}、下界 {goal.bound:,.2f}，却称为 {goal.status}",
    )


def _through(goal: str, facts: Facts) -> Span:
    """Residents through a pair of this priority or a weaker one."""
    weak = facts.rows["priority"] >= int(goal[-1])
    return _exactly(facts.rows.loc[weak, "people"].sum())


def _travel(goal: str, facts: Facts) -> Span:
    """Σ people × (minutes + prices), weighted by group, and the changes; minutes as they are printed, to 4 decimals."""
    policy, rows = facts.tables.policy, facts.rows
    minutes = rows["minutes"].round(4)
    price = rows["priority"].map(dict(enumerate(policy.prices, start=1))).where(rows["layer"] != GRID, 0.0)
    standard, change = policy.rule(TravelStandard), policy.rule(ChangePrice)
    if standard is not None and standard.price is not None:
        price = price + standard.price * (minutes - standard.minutes).clip(lower=0)
    price = price + score_minutes(policy, rows)
    rank = policy.rule(LeadRank)
    if rank is not None:
        own = price_of_lead(rank, facts.tables.region)
        price = price + rows["hospital_id"].map(own).where(rows["layer"] == GRID, 0.0)
    total = float((_counting(facts) * (minutes + price)).sum())
    grid = (rows["layer"] == GRID).any()
    return _exactly(total + (0.0 if change is None or grid else change.person_minutes * len(facts.changes)))


def _counting(facts: Facts) -> pd.Series:
    """How many people each row's residents count as: each group's share of them by its weight (CD-5)."""
    rule, people = facts.tables.policy.rule(GroupWeights), facts.rows["people"].astype(float)
    units = facts.tables.region.units.set_index("unit_id")
    extra = people * 0.0
    for group, weight in rule.weights.items() if rule is not None else ():
        members = facts.rows["unit_id"].map(units[group].fillna(0.0))
        extra += members * weight - members
    each = visits_each(facts.tables.policy, facts.tables.region)
    return (people + extra) * facts.rows["unit_id"].map(each) if each else people + extra


def _coverage(goal: str, facts: Facts) -> Span:
    """Residents beyond the standard; who is within rounding of it may be counted or not."""
    standard = facts.tables.policy.rule(TravelStandard)
    limit = 60.0 if standard is None else standard.minutes
    minutes, people = facts.rows["minutes"], facts.rows["people"]
    surely, perhaps = (float(people[minutes > limit + slip].sum()) for slip in (MINUTE, -MINUTE))
    return surely, perhaps


def _deviations(goal: str, facts: Facts) -> Span:
    """Counted pairs above each district's cap, and above each hospital's."""
    counted, over = facts.pairs[facts.pairs["counted"]], 0
    for column, kind in (("district_id", DistrictCap), ("hospital_id", HospitalCap)):
        cap = facts.tables.policy.rule(kind)
        for key, pairs in counted.groupby(column):
            over += 0 if cap is None else max(0, len(pairs) - cap.limit(str(key)))
    return _exactly(over)


def _worst(goal: str, facts: Facts) -> Span:
    """The longest minutes of a unit with residents; 0 where nobody lives."""
    minutes = facts.rows.loc[facts.rows["people"] > 0, "minutes"]
    longest = float(minutes.max()) if len(minutes) else 0.0
    return longest - MINUTE, longest + MINUTE


def _inequality(goal: str, facts: Facts) -> Span:
    """Mean minutes of each district with residents: the largest minus the smallest; 0 where nobody lives."""
    rows = facts.rows[facts.rows["people"] > 0]
    total = (rows["people"] * rows["minutes"]).groupby(rows["district_id"]).sum()
    means = total / rows.groupby("district_id")["people"].sum()
    between = float(means.max() - means.min()) if len(means) else 0.0
    return max(0.0, between - 2 * MINUTE), between + 2 * MINUTE


def _balance(goal: str, facts: Facts) -> Span:
    """The largest load of a hospital; of its stated capacity, under a capacity rule."""
    load = facts.rows.groupby("hospital_id")["people"].sum().astype(float)
    rule = facts.tables.policy.rule(Capacity)
    if rule is not None:
        stated = facts.tables.region.hospitals.set_index("hospital_id")[rule.source]
        room = stated * (rule.people_per_bed or 1.0)
        load = load / room.where(room > 0).reindex(load.index)
    return _exactly(np.nan_to_num(load.max(), nan=0.0))


def _changes(goal: str, facts: Facts) -> Span:
    """Counted pairs that are new or ended."""
    return _exactly(facts.changes["counted"].sum())


def _partners(goal: str, facts: Facts) -> Span:
    """Counted pairs that are listed."""
    return _exactly(facts.pairs["counted"].sum())


def _exactly(value: float) -> Span:
    return float(value), float(value)


def _said(word: str) -> Callable[[Facts], str]:
    return lambda facts: word


def _travel_unit(facts: Facts) -> str:
    plain = facts.tables.policy.rule(GroupWeights) is None and facts.tables.policy.rule(VisitDemand) is None
    return "person-minutes" if plain else "weighted person-minutes"


def _balance_unit(facts: Facts) -> str:
    return "residents" if facts.tables.policy.rule(Capacity) is None else "share of capacity"


MEASURES: Mapping[str, tuple[Callable[[str, Facts], Span], Callable[[Facts], str]]] = {
    "residents_through_": (_through, _said("residents")),
    "travel": (_travel, _travel_unit),
    "coverage": (_coverage, _said("residents")),
    "deviations": (_deviations, _said("pairs")),
    "worst": (_worst, _said("minutes")),
    "inequality": (_inequality, _said("minutes")),
    "balance": (_balance, _balance_unit),
    "changes": (_changes, _said("pairs")),
    "partners": (_partners, _said("pairs")),
}

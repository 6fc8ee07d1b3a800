"""NOWORSE in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.geography.travel import TIE
from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, as_it_is, changed_at
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import NoWorse
from gridplan.words.text import Text


def limits(problem: Problem, rule: NoWorse, region: Region) -> Fields:
    """For each district the most person-minutes of those who have a partner today, and who they are."""
    today = minutes_today(problem)
    people = np.where(np.isfinite(today), problem.people, 0).astype(float)
    count = len(problem.district_ids)
    total = np.bincount(problem.district, weights=people * np.where(people > 0, today, 0.0), minlength=count)
    here = np.bincount(problem.district, weights=people, minlength=count)
    kinds = region.districts.set_index("district_id")["kind"]
    above = np.array([rule.above(kinds[d]) for d in problem.district_ids], dtype=float)
    if not (here > 0).any():
        return {}
    return {"most_travel": np.where(here > 0, total + above * here, np.inf), "travel_people": people}


def minutes_today(p: Problem) -> np.ndarray:
    """(n,) minutes of each unit to the partner of today that it would choose by the goals; NaN where it has none."""
    there = p.existing | ~p.changeable
    stage = next(s for s in (*p.stages, p.ties) if s is not None and s.goal == "travel")
    strict = any(s.goal.startswith("residents_through_") for s in p.stages)
    level = p.priority[p.pair_district, p.hospital] if strict else np.zeros(len(p.unit))
    order = np.lexsort((p.hospital, np.round(p.minutes, TIE), np.round(stage.cost, TIE), level, p.unit))
    order = order[there[p.pair_district, p.hospital][order]]
    unit, first = np.unique(p.unit[order], return_index=True)
    minutes = np.full(len(p.unit_ids), np.nan)
    minutes[unit] = p.minutes[order[first]]
    return minutes


def no_worse(ref: Reference) -> None:
    """Σ_{u in d} P'_u / P'_d · t_uh x_uh ≤ today_d + above_d for every d with a partner today     (23) NOWORSE"""
    p = ref.problem
    if p.most_travel is None or p.travel_people is None:
        return
    here = np.bincount(p.district, weights=p.travel_people, minlength=len(p.district_ids))
    share = p.travel_people / np.maximum(1.0, here[p.district])
    for d in np.flatnonzero(np.isfinite(p.most_travel)).tolist():
        mine = [k for k in ref.x if p.district[p.unit[k]] == d and share[p.unit[k]]]
        terms = [(ref.x[k], float(share[p.unit[k]] * p.minutes[k])) for k in mine]
        ref.row(
            terms, "<=", float(p.most_travel[d] / here[d]), f"no_worse[{p.district_ids[d]}]", "NOWORSE", d=d
        )


def demands(p: Problem) -> Iterator[Demand]:
    """The limit of each district."""
    if p.most_travel is not None:
        yield from (Demand("NOWORSE", d) for d in np.flatnonzero(np.isfinite(p.most_travel)).tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """No limit in the district; no rule where it was the last one."""
    most = changed_at(np.asarray(p.most_travel), demand.district, np.inf)
    bare = not np.isfinite(most).any()
    return replace(p, most_travel=None if bare else most, travel_people=None if bare else p.travel_people)


def _limit(p: Problem, d: int) -> float:
    people = np.asarray(p.travel_people)[p.district == d].sum()
    return float(np.asarray(p.most_travel)[d] / max(1.0, people))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many minutes at most."""
    most = _limit(p, demand.district)
    return Text(f"{d}: at most {most:.1f} min on average", f"{d}：人均不超过 {most:.1f} 分钟")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """More minutes for the district."""
    people = float(np.asarray(p.travel_people)[p.district == slack.district].sum())
    most = (slack.limit + value * slack.step) * people
    return replace(p, most_travel=changed_at(np.asarray(p.most_travel), slack.district, most))


CONSTRAINT = Constraint(
    limits=limits,
    rows=(no_worse,),
    rounding=as_it_is,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    priced=True,
    gives_way=(
        Text(
            "NOWORSE {d}: {needed:.1f} min on average, at most {limit:.1f}",
            "NOWORSE {d}：人均 {needed:.1f} 分钟，上限 {limit:.1f}",
        ),
        Text("let {d} travel {needed:.1f} min on average", "允许 {d} 人均 {needed:.1f} 分钟"),
    ),
)

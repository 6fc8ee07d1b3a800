"""gp.repair: the legal plan nearest to one that was made or edited by hand, with what it changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.judging.by_hand import understood
from gridplan.optimise.engines.choose import solve
from gridplan.optimise.model.goal_rows import goal_scale, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.optimise.stages import Stage
from gridplan.optimise.what_if.solve_again import solve_again
from gridplan.plans.make import assemble, prepare, provenance_of
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.goals import RESIDENTS as PEOPLE
from gridplan.policies.policy import Policy
from gridplan.words.arguments import a_policy, a_region, check_limits
from gridplan.words.errors import DataError
from gridplan.words.html import card, said
from gridplan.words.progress import silent
from gridplan.words.text import Language, Text

COLUMNS = ["layer", "unit_id", "unit", "people", "before", "after", "what", "what_zh"]
UNITS = Text("units with residents that change hospital", "更换医院的有人居住单元")
RESIDENTS = Text("residents that change hospital", "更换医院的居民")


@dataclass(frozen=True, eq=False)
class Repair:
    """The nearest legal plan, and what it changes.

    Parameters
    ----------
    plan : Plan
        Verified; its gap says how far it is from the best plan of its policy.
    changes : DataFrame
        Columns layer, unit_id, unit, people, before, after (hospital ids), what, what_zh; a row per unit that changes.
    units, residents : int
        How many change, summed over layers; fewest units first, then fewest residents.
    proven : bool
        Whether no legal plan changes fewer.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.repair(plan).units
    0
    """

    plan: Plan
    changes: pd.DataFrame
    units: int
    residents: int
    proven: bool

    @property
    def outcome(self) -> Text:
        """How much changes, and how sure it is that less would not do."""
        proof = Text("proven fewest", "已证明最少") if self.proven else Text("best found", "已找到的最好结果")
        return Text(
            f"nearest legal plan: {self.units} unit(s), {self.residents:,} residents change hospital ({proof.en})",
            f"最近的合规方案：{self.units} 个单元、{self.residents:,} 人更换医院（{proof.zh}）",
        )

    def say(self, lang: Language = "en") -> str:
        """How much changes, and every change, in words."""
        rows = self.changes["what_zh" if lang == "zh" else "what"]
        return "\n".join([self.outcome.say(lang), *(f"  - {row}" for row in rows)])

    def __str__(self) -> str:
        return self.say()

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        told = zip(self.changes["what"], self.changes["what_zh"], strict=True)
        return card(self.outcome, f"<ul>{''.join(said(Text(*both), 'li') for both in told)}</ul>")


def repair(
    plan: Plan | Region,
    policy: Policy | None = None,
    assignment: pd.DataFrame | None = None,
    *,
    seconds: float | None = None,
) -> Repair:
    """The legal plan that changes the fewest units of an assignment, then the fewest residents, then the policy's goals.

    Data are repaired by `repair_folder`.

    Parameters
    ----------
    plan : Plan or Region
        A plan, whose own assignment is repaired unless `assignment` is given; or a region.
    policy : Policy, optional
        Needed with a region; by default the plan's.
    assignment : DataFrame, optional
        Columns layer, unit_id, hospital_id, made or edited by hand (`read_assignment`). A unit given twice counts as
        its first row; a unit without a row, or with an unknown hospital, has to change.
    seconds : float, optional
        For all solving together; None = until proven.

    Returns
    -------
    Repair
        The legal plan, how many units and residents change, and whether that is proven fewest.

    Raises
    ------
    ArgumentError
        `plan` is neither Plan nor Region, `policy` no Policy; or seconds is no number above 0.
    DataError
        A column is missing, or the region has errors.
    PolicyError, InfeasibleError
        No legal plan exists, and why.
    NoPlanInTimeError
        The clock ran out before any plan was found.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = plan.assignment.copy()
    >>> table.loc[table["unit_id"] == "T1-01", "hospital_id"] = "H7"
    >>> gp.repair(plan, assignment=table).plan.status
    'optimal'
    """
    check_limits(seconds)
    if not isinstance(plan, Plan):
        a_region(plan, "repair")
    if policy is not None:
        a_policy(policy, "repair")
    start, clock = time.perf_counter(), Clock(seconds)
    region = plan.region if isinstance(plan, Plan) else plan
    rules = policy or (plan.policy if isinstance(plan, Plan) else None)
    rows = assignment if assignment is not None else plan.assignment if isinstance(plan, Plan) else None
    if rules is None or rows is None:
        raise DataError(
            Text("nothing to repair", "没有可修复的方案"),
            Text(
                "give a plan, or region, policy and an assignment with layer, unit_id, hospital_id",
                "请给出方案，或地区、政策及含 layer、unit_id、hospital_id 的分配表",
            ),
        )
    rows = understood(region, rules, rows).rows
    ready = prepare(region, rules, plan.travel if isinstance(plan, Plan) and policy is None else None, silent)
    solved, results, changes, distance = [], [], [], []
    for problem in ready.problems:
        given = _given(problem, rows)
        near = _nearest(problem, given, clock)
        changes += list(_changes(region, problem, given, near, rows))
        distance.append(near.goals[:2])
        outcome = _as_planned(problem, near, clock)
        solved.append((problem, outcome))
        spent = round(outcome.build_seconds + outcome.solve_seconds, 3)
        results.append(LayerResult(problem.layer, outcome.goals, outcome.engine, spent, None))
    provenance = provenance_of(region, rules, "highs", start)
    made = assemble(region, rules, ready, solved, tuple(results), provenance)
    units, residents = (round(sum(goals[n].value for goals in distance)) for n in (0, 1))
    proven = all(goal.status == "optimal" for goals in distance for goal in goals)
    return Repair(made, pd.DataFrame(changes, columns=COLUMNS), units, residents, proven)


def _given(p: Problem, rows: pd.DataFrame) -> np.ndarray:
    """(n,) index of the hospital that each unit is given, -1 where none or one that is no candidate of the layer."""
    mine = rows[rows["layer"] == p.layer].drop_duplicates("unit_id").set_index("unit_id")["hospital_id"]
    return np.asarray(pd.Index(p.hospital_ids).get_indexer(mine.reindex(p.unit_ids)))


def _nearest(p: Problem, given: np.ndarray, clock: Clock) -> Outcome:
    """Fewest units changed, then fewest residents, then the goals of the policy."""
    moved = (p.hospital != given[p.unit]).astype(float)
    people = p.people[p.unit]
    each = np.where(people > 0, goal_scale(p) / np.maximum(1, people), 1.0)
    stages = (
        Stage("units_changed", UNITS, moved * each, unit=PEOPLE),
        Stage("residents_changed", RESIDENTS, moved, unit=PEOPLE),
        *p.stages,
    )
    found = solve_again(replace(p, stages=stages, tolerance=0.0), clock.left)  # fewest changes are not traded
    if found is None:
        solve(p, engine="highs", seconds=clock.left)  # raises, and says why
        raise AssertionError("a problem cannot be both possible and impossible")
    units = found.goals[0]
    value, bound = units.value / goal_scale(p), units.bound / goal_scale(p)
    whole = GoalResult(units.goal, units.text, value, min(value, float(np.ceil(bound - 1e-6))), PEOPLE)
    return replace(found, goals=(whole, *found.goals[1:]))


def _as_planned(p: Problem, near: Outcome, clock: Clock) -> Outcome:
    """The same plan under the goals of its policy: what it reaches, and what the best plan could reach."""
    best = solve_again(p, clock.left)
    goals, same = [], True
    for n, stage in enumerate(p.stages):
        value = stage_value(p, stage, near.serves)
        bound = best.goals[n].bound if best is not None and same else 0.0
        goals.append(GoalResult(stage.goal, stage.text, value, min(value, bound), stage.unit))
        same = goals[-1].status == "optimal"
    return replace(near, goals=tuple(goals))


def _changes(
    region: Region, p: Problem, given: np.ndarray, near: Outcome, rows: pd.DataFrame
) -> Iterator[tuple[object, ...]]:
    """A row per unit that goes elsewhere than it was given."""
    mine = rows[rows["layer"] == p.layer].drop_duplicates("unit_id").set_index("unit_id")["hospital_id"]
    for u in np.flatnonzero(near.serves != given).tolist():
        unit, after = str(p.unit_ids[u]), str(p.hospital_ids[near.serves[u]])
        raw = mine.get(unit)
        before = "" if raw is None or pd.isna(raw) else str(raw)
        was = (
            Text(region.label("hospital", before), region.label("hospital", before))
            if before
            else Text("nobody", "无")
        )
        now, name = region.label("hospital", after), region.label("unit", unit)
        people = int(p.people[u])
        what = Text(
            f"{name}, {people:,} residents [{p.layer}]: {was.en} → {now}",
            f"{name}，{people:,} 人［{p.layer}］：{was.zh} → {now}",
        )
        yield p.layer, unit, name, people, before, after, what.en, what.zh

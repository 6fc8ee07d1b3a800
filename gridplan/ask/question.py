"""Asking a plan what-if questions: one layer as a problem, and what a changed problem costs against the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from gridplan.ask.pairs.borne import Share, borne_by, borne_text
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import OPTIMAL_GAP, GoalResult, Outcome
from gridplan.optimise.stages import Stage
from gridplan.optimise.what_if.solve_again import solve_again
from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.policies.goals import RESIDENTS, UNITS, figure, tells
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.text import Text, both

CHANGE_COLUMNS = ["change", "at_least", "at_most", "goal", "proven"]


@dataclass(frozen=True, eq=False)
class Change:
    """What a re-solve says against the plan, in the first goal that differs.

    Goals are compared by what each reached when it was solved: what a tolerance then leaves to later goals is no change.

    Parameters
    ----------
    outcome : the best plan under the change; None where there is none, or where nothing was asked or found in time.
    asked : False where it was not re-solved, or no plan was found in time.
    change : goal value with the change minus the plan's, in `unit`.
    at_least, at_most : what is proven of the true change.
    gap : the largest relative gap in either plan.
    noun : what the goal's value is.
    unit : of the change, a key of `policy.goals.UNITS`.
    travel : person-minutes of travel more, without the prices of priorities.
    borne : the districts that travel more or less.
    """

    outcome: Outcome | None = None
    asked: bool = True
    change: float = np.nan
    at_least: float = np.nan
    at_most: float = np.nan
    goal: str = ""
    gap: float = np.nan
    noun: Text = field(default_factory=lambda: both(""))
    unit: str = RESIDENTS
    travel: float = 0.0
    borne: tuple[Share, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether both the plan and the re-solve are proven optimal, or the change is proven impossible."""
        return self.asked and (self.outcome is None or self.gap <= OPTIMAL_GAP)

    @property
    def impossible(self) -> bool:
        """Whether no plan keeps all rules under the change."""
        return self.asked and self.outcome is None

    @property
    def proof(self) -> Text:
        """How sure the change is."""
        if self.proven:
            return Text("proven", "已证明")
        return Text(f"within {self.gap:.2%}", f"误差不超过 {self.gap:.2%}")

    def cells(self) -> dict[str, object]:
        """The change as cells of a table."""
        return dict(
            zip(
                CHANGE_COLUMNS,
                [
                    _round(self.change),
                    _round(self.at_least),
                    _round(self.at_most),
                    self.goal,
                    int(self.proven),
                ],
                strict=True,
            )
        )

    @property
    def price(self) -> float:
        """Of a change of travel, what the priorities and prices count; the rest is minutes that residents travel."""
        return self.change - self.travel

    def text(self) -> Text:
        """The change in words: how much, what of it is travel, and which districts bear it."""
        if not self.asked:
            return Text("not re-solved", "未重新求解")
        if self.impossible:
            return Text("no plan keeps all rules then", "此时没有满足所有规则的方案")
        proof = self.proof
        if not tells(self.change, self.unit):
            return Text(f"costs nothing ({proof.en})", f"没有代价（{proof.zh}）")
        if self.goal != "travel":
            more = figure(self.change, self.unit, "+")
            return Text(f"{self.noun.en}: {more.en} ({proof.en})", f"{self.noun.zh} {more.zh}（{proof.zh}）")
        if not self.proven:
            low, high = f"{self.at_least:+,.0f}", f"{self.at_most:+,.0f}"
            proof = Text(f"between {low} and {high} for sure", f"确在 {low} 与 {high} 之间")
        total, who = UNITS[self.unit], borne_text(self.borne, self.travel, self.price)
        said = Text(f"; {who.en}", f"；{who.zh}") if who.en else who
        return Text(
            f"{self.change:+,.0f} {total.en}{said.en} ({proof.en})",
            f"{self.change:+,.0f} {total.zh}{said.zh}（{proof.zh}）",
        )


NOT_ASKED = Change(asked=False)


@dataclass(eq=False)
class LayerQuestions:
    """One layer of a plan, ready to be asked.

    Parameters
    ----------
    seconds : for all re-solves together; what is not answered by then says so.
    """

    plan: Plan
    layer: str
    seconds: float | None = 30.0
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(self.seconds)

    @cached_property
    def problem(self) -> Problem:
        """The layer as it was solved."""
        plan = self.plan
        return build_problem(plan.region, plan.policy, plan.travel, plan.pair_table, self.layer)

    @cached_property
    def serves(self) -> np.ndarray:
        """(n,) index of the hospital that serves each unit."""
        rows = self.plan.assignment[self.plan.assignment["layer"] == self.layer].set_index("unit_id")
        ids = rows["hospital_id"].reindex(self.problem.unit_ids)
        return np.asarray(pd.Index(self.problem.hospital_ids).get_indexer(ids))

    @cached_property
    def chosen(self) -> np.ndarray:
        """(D, H) listed pairs."""
        return listed_pairs(self.problem, self.serves)

    @cached_property
    def goals(self) -> tuple[GoalResult, ...]:
        """What the plan reached, recomputed, with its bounds."""
        p, printed = self.problem, {g.goal: g for g in self.plan.layer(self.layer).goals}
        goals = []
        for stage in p.stages:
            value, said = stage_value(p, stage, self.serves), printed.get(stage.goal)
            reached, bound = (value, 0.0) if said is None else (min(value, said.reached), said.bound)
            goals.append(GoalResult(stage.goal, stage.text, value, min(reached, bound), stage.unit, reached))
        return tuple(goals)

    @cached_property
    def minutes(self) -> np.ndarray:
        """(n, H) minutes, inf where unreachable."""
        return self._square(self.problem.minutes)

    @cached_property
    def cost(self) -> np.ndarray:
        """(n, H) minutes with the price of the priority, per resident, inf where unreachable."""
        return self._square(self.travel.cost)

    @cached_property
    def travel(self) -> Stage:
        """The goal "travel", whether or not the policy lists it."""
        assert self.problem.ties is not None  # of `build_problem`
        return self.problem.ties

    @cached_property
    def within(self) -> np.ndarray:
        """(n, H) whether the travel limit is kept."""
        return self._square(self.problem.within) == 1

    @cached_property
    def load(self) -> np.ndarray:
        """(H,) residents of each hospital."""
        return np.bincount(self.serves, weights=self.problem.people, minlength=len(self.problem.hospital_ids))

    def _square(self, values: np.ndarray) -> np.ndarray:
        p = self.problem
        square = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
        square[p.unit, p.hospital] = values
        return square

    def demand_of(self, d: int) -> float:
        """People of a district as the goal travel counts them (CD-5)."""
        return float(self.problem.demand[self.problem.district == d].sum())

    def served(self, d: int, h: int) -> int:
        """Residents of a district that go to a hospital."""
        return people_of(self.problem, self.serves, d, h)

    def mean_minutes(self, d: int, h: int) -> float:
        """Mean minutes of the residents of a district to a hospital, were all to go there; inf if some cannot."""
        p = self.problem
        mine = (p.district == d) & (p.people > 0)
        return float(np.average(self.minutes[mine, h], weights=p.people[mine])) if mine.any() else np.nan

    def ask(self, changed: Problem) -> Change:
        """Solve a changed problem, and compare."""
        left = self.clock.left
        if left is not None and left <= 0.1:
            return NOT_ASKED
        try:
            outcome = solve_again(changed, left)
        except NoPlanInTimeError:
            return NOT_ASKED
        if outcome is None:
            return Change()
        pairs = list(zip(self.goals, outcome.goals, strict=True))
        was, now = next((pair for pair in pairs if _differ(*pair)), pairs[-1])
        gap = max(goal.gap for pair in pairs for goal in pair)
        low, high = now.bound - was.reached, now.reached - was.bound
        change = now.reached - was.reached
        if gap <= OPTIMAL_GAP:
            low = high = change
        told = was.goal, gap, was.text, was.unit
        return Change(outcome, True, change, low, high, *told, *self.travel_of(outcome.serves))

    def travel_of(self, serves: np.ndarray) -> tuple[float, tuple[Share, ...]]:
        """Person-minutes that residents travel more than in the plan, in all and by district."""
        p, moved = self.problem, np.flatnonzero((self.serves != serves) & (self.problem.demand > 0))
        more = self.minutes[moved, serves[moved]] - self.minutes[moved, self.serves[moved]]
        return float(p.demand[moved] @ more), borne_by(p, self.minutes, self.serves, serves)

    def listed(self, d: int) -> list[int]:
        """Hospitals worth a line about a district: all of them, or with grids those whose grids may reach it."""
        p = self.problem
        near = np.ones(len(p.hospital_ids), dtype=bool) if p.grids is None else p.grids.in_reach[d]
        return [int(h) for h in np.flatnonzero(near | self.chosen[d])]

    def cap_of(self, d: int) -> int | None:
        """The district's cap, None where it has none."""
        cap = int(self.problem.district_cap[d])
        return None if cap == NO_CAP else cap

    def hospital_cap_of(self, h: int) -> int | None:
        """The hospital's cap, None where it has none."""
        cap = int(self.problem.hospital_cap[h])
        return None if cap == NO_CAP or not self.problem.counted[h] else cap

    def partners(self, d: int) -> list[int]:
        """Counted partners of a district."""
        return [int(h) for h in np.flatnonzero(self.chosen[d] & self.problem.counted)]

    def districts(self, h: int) -> list[int]:
        """Districts of a hospital."""
        return [int(d) for d in np.flatnonzero(self.chosen[:, h])]

    def district(self, d: int) -> str:
        """Name and id of a district."""
        return self.problem.label(str(self.problem.district_ids[d]))

    def hospital(self, h: int) -> str:
        """Name and id of a hospital."""
        return self.problem.label(str(self.problem.hospital_ids[h]))

    def why_left_out(self, u: int, h: int) -> str:
        """What the travel times say of a pair that they leave out, "" where nothing."""
        out, unit, hospital = (
            self.plan.travel.left_out,
            self.problem.unit_ids[u],
            self.problem.hospital_ids[h],
        )
        said = out.loc[(out["unit_id"] == unit) & (out["hospital_id"] == hospital), "reason"]
        return str(said.iloc[0]) if len(said) else ""


def people_of(p: Problem, serves: np.ndarray, d: int, h: int) -> int:
    """Residents of a district that go to a hospital when `serves` says who serves each unit."""
    return int(p.people[(p.district == d) & (serves == h)].sum())


def _differ(was: GoalResult, now: GoalResult) -> bool:
    return abs(now.reached - was.reached) > OPTIMAL_GAP * max(1.0, abs(was.reached))


def _round(value: float) -> float:
    return round(float(value), 4)


@once
def questions_of(plan: Plan, layer: str) -> LayerQuestions:
    """The questions of a layer for map, report and workbook, built once; no clock decides what these tell."""
    return LayerQuestions(plan, layer, None)

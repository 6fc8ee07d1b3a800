"""What trade-offs, robustness and years stand on: the layer of counted partners as a problem, and plans made from it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.optimise.engines.choose import solve
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.optimise.what_if.partner_menus import why_not
from gridplan.plans.make import Ready, assemble, prepare, provenance_of
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.policy import Policy
from gridplan.words.errors import PolicyError
from gridplan.words.text import Text

Pair = tuple[int, int]


@dataclass(eq=False)
class Ground:
    """A region and a policy, their problems, and the layer whose pairs are counted.

    Parameters
    ----------
    n : which problem is that of the layer with counted pairs.
    rest : the other layers once they are solved; they do not change with the counted pairs.
    start, spent : when the question was put, and the seconds that its answer took, which its plans tell.
    """

    region: Region
    policy: Policy
    ready: Ready
    n: int
    seconds: float | None = None
    rest: dict[int, tuple[Problem, Outcome]] | None = None
    start: float = field(default_factory=time.perf_counter)
    spent: float = 0.0

    @property
    def problem(self) -> Problem:
        """The layer of counted pairs."""
        return self.ready.problems[self.n]

    @property
    def priced(self) -> bool:
        """Whether travel as the goal counts it is more than minutes of residents: priorities, changes or groups weigh."""
        p = self.problem
        travel = next((stage for stage in p.all_stages if stage.goal == "travel"), None)
        dearer = travel is not None and (bool((travel.cost != p.minutes).any()) or travel.change_price > 0)
        return dearer or bool((p.demand != p.people).any())

    def mean_minutes(self, serves: np.ndarray) -> float:
        """Minutes that a resident travels on average, no price counted: as every plan tells its mean.

        Parameters
        ----------
        serves : (n,) who serves each unit.
        """
        p = self.problem
        on = p.hospital == serves[p.unit]
        people = p.people[p.unit[on]]
        return float((people * p.minutes[on]).sum() / max(1.0, float(people.sum())))

    def answered(self) -> None:
        """Note the seconds that the whole question took."""
        self.spent = time.perf_counter() - self.start

    def refuse(self) -> None:
        """Solve the layer as it is, for the error that says what clashes.

        Raises
        ------
        InfeasibleError : no plan keeps all rules.
        """
        solve(self.problem, seconds=self.seconds)

    def plan(self, serves: np.ndarray, bounds: Mapping[str, float], engine: str = "patterns") -> Plan:
        """A plan with these hospitals in the layer of counted pairs, passed by the judge.

        Parameters
        ----------
        serves : (n,) who serves each unit.
        bounds : of each goal by name; 0 where nothing is given.

        Raises
        ------
        BrokenPlanError : the judge rejects it.
        """
        start, p = time.perf_counter() - self.spent, self.problem
        if self.rest is None:
            others = [(n, q) for n, q in enumerate(self.ready.problems) if n != self.n]
            self.rest = {n: (q, solve(q, seconds=self.seconds)) for n, q in others}
        goals = []
        for stage in p.stages:
            value = stage_value(p, stage, serves)
            bound = min(value, bounds.get(stage.goal, 0.0))
            goals.append(GoalResult(stage.goal, stage.text, value, bound, stage.unit))
        outcome = Outcome(serves, listed_pairs(p, serves), tuple(goals), engine, 0.0, self.spent)
        solved = [(p, outcome) if n == self.n else self.rest[n] for n in range(len(self.ready.problems))]
        results = tuple(
            LayerResult(q.layer, o.goals, o.engine, round(o.build_seconds + o.solve_seconds, 3), None)
            for q, o in solved
        )
        provenance = provenance_of(self.region, self.policy, "auto", start)
        return assemble(self.region, self.policy, self.ready, solved, results, provenance)


def ground(
    region: Region, policy: Policy, *, travel: Travel | None = None, seconds: float | None = None
) -> Ground:
    """The layer of counted pairs, ready to be asked.

    Raises
    ------
    DataError, PolicyError : as `gp.plan`; or the policy has no layer of counted partners.
    """
    if not isinstance(policy, Policy):
        raise TypeError(f"policy must be a Policy, got {policy!r}; use gp.policy({str(policy)!r})")
    ready, counted = None, []
    if policy.partner_layers:
        ready = prepare(region, policy, travel, lambda text: None)
        counted = [n for n, p in enumerate(ready.problems) if p.grids is None and p.counted.any()]
    if ready is None or not counted:
        raise PolicyError(
            Text("the policy has no layer of counted partners", "政策没有计入上限的结对"),
            Text(
                "trade-offs and futures speak of pairs that count toward SH-2 and SH-3",
                "权衡与未来情景针对计入 SH-2、SH-3 的结对",
            ),
        )
    return Ground(region, policy, ready, counted[0], seconds)


def needs_sets(p: Problem, verb: str) -> None:
    """Refuse a layer whose districts are tied by more than caps, saying why.

    Raises
    ------
    PolicyError : sets of partners do not say all of it.
    """
    reason = why_not(p)
    if reason is not None:
        raise PolicyError(
            Text(f"gp.{verb} cannot be proven here: {reason.en}", f"gp.{verb} 在此无法给出证明：{reason.zh}"),
            Text(
                "drop capacity, least share, change price, tolerance and goals other than travel and priority",
                "请去掉承载能力、最低份额、变动代价、容许放宽以及出行和优先级以外的目标",
            ),
        )


def needs_travel_alone(policy: Policy, verb: str) -> None:
    """Refuse a policy with other goals than travel.

    Raises
    ------
    PolicyError : it has other goals.
    """
    if tuple(policy.goals) != ("travel",):
        goals = ", ".join(policy.goals)
        raise PolicyError(
            Text(f"gp.{verb} weighs travel alone; the policy's goals are {goals}", f"gp.{verb} 只比较出行；政策目标为 {goals}"),
            Text('set goals = ["travel"]', '请设 goals = ["travel"]'),
        )  # fmt: skip


def only_travel(policy: Policy, *first: str) -> Policy:
    """The policy with travel as its last goal and no other but those given before it."""
    return replace(policy, goals=(*first, "travel"), tolerance=0.0)


def check_number(name: str, value: object, low: float, high: float, whole: bool = False) -> None:
    """Refuse an option outside its range.

    Raises
    ------
    PolicyError : it is no number, or outside.
    """
    kind = int if whole else (int, float)
    if not isinstance(value, kind) or isinstance(value, bool) or not low <= value <= high:
        a = Text("whole number", "整数") if whole else Text("number", "数")
        raise PolicyError(
            Text(
                f"{name} must be a {a.en} from {low:g} to {high:g}; got {value!r}",
                f"{name} 须为 {low:g} 至 {high:g} 的{a.zh}；现为 {value!r}",
            )
        )


def named_pairs(ground: Ground, pairs: list[Pair]) -> pd.DataFrame:
    """Pairs with names: layer, district_id, district, hospital_id, hospital, existing (0/1, a partnership today)."""
    p, region = ground.problem, ground.region
    rows = [(p.layer, p.district_ids[d], p.hospital_ids[h], int(p.existing[d, h])) for d, h in pairs]
    table = pd.DataFrame(rows, columns=["layer", "district_id", "hospital_id", "existing"])
    for noun in ("district", "hospital"):
        names = getattr(region, f"{noun}s").set_index(f"{noun}_id")["name"]
        table.insert(table.columns.get_loc(f"{noun}_id") + 1, noun, table[f"{noun}_id"].map(names))
    return table

"""gp.robustness: which pairs hold in many futures, and the plan that is least bad over all of them, proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.what_if.partner_menus import Choice, choice_of, menus_of
from gridplan.optimise.what_if.regret import LeastRegret, least_regret
from gridplan.plans.plan import Plan
from gridplan.policies.policy import Policy
from gridplan.scenario.futures.ground import (
    Ground,
    check_number,
    ground,
    named_pairs,
    needs_sets,
    needs_travel_alone,
)
from gridplan.scenario.futures.one_future import Future, best_of, solve_future
from gridplan.scenario.futures.usual_futures import futures as all_futures
from gridplan.scenario.scenario import Scenario
from gridplan.words.arguments import a_policy, a_region, check_limits
from gridplan.words.errors import NoPlanInTimeError, PolicyError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Language, Text

FUTURE_COLUMNS = [
    "future", "what", "what_zh", "status", "best", "bound", "residents", "today_regret", "robust_regret",
    "today_regret_minutes", "robust_regret_minutes", "near_plans", "near_all",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Robustness:
    """Pairs and plans over futures.

    Parameters
    ----------
    plan : of least regret: one set of partnerships for all futures, as a plan of today.
    today : (per district) the set of the best plan of today, to compare.
    least : regrets of `plan`, with what is proven of them.
    futures_ : every future, the impossible ones too.
    within, goal : as asked.
    """

    plan: Plan
    today: list[int]
    least: LeastRegret
    futures_: tuple[Future, ...]
    within: float
    goal: str
    ground: Ground = field(repr=False)
    choice: Choice = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether no plan has less regret, and every future's best is proven."""
        return self.least.proven and all(f.best - f.bound <= 1e-6 * f.best for f in self._possible)

    def to_frame(self) -> pd.DataFrame:
        """A row per counted pair that is in any near-optimal plan of any future, the most frequent first.

        Returns
        -------
        DataFrame layer, district_id, district, hospital_id, hospital, existing (0/1, a partnership today), today (0/1,
        in the best plan of today), robust (0/1, in the plan of least regret), best_share (share of the futures whose
        best plan has it), frequency (share of near-optimal plans that have it, the mean over futures), lowest and
        highest (that share in the future where it is smallest and largest). Futures in which the hospital is out do not
        count for its pairs.
        """
        shares = np.array([f.shares for f in self._possible])
        best = np.array([f.pairs for f in self._possible])
        now, robust = self.choice.members(self.today), self.choice.members(self.least.picks)
        some = np.argwhere((shares > 0).any(axis=0) | now | robust)
        table = named_pairs(self.ground, [(int(d), int(h)) for d, h in some])
        d, h = some.T
        table["today"], table["robust"] = now[d, h].astype(int), robust[d, h].astype(int)
        held, seen = best[:, d, h], shares[:, d, h]
        table["best_share"], table["frequency"] = np.nanmean(held, axis=0), np.nanmean(seen, axis=0)
        table["lowest"], table["highest"] = np.nanmin(seen, axis=0), np.nanmax(seen, axis=0)
        order = ["frequency", "district_id", "hospital_id"]
        return table.sort_values(order, ascending=[False, True, True], ignore_index=True)

    def futures(self) -> pd.DataFrame:
        """A row per future.

        Returns
        -------
        DataFrame future, what, what_zh (its changes), status ("solved", or "impossible": no plan keeps the rules there),
        best (least travel there, person-minutes as the policy counts them) and its proven bound, residents, today_regret
        and robust_regret (what the pairs of today's best plan, and of the plan of least regret, cost above it; inf where
        somebody has no partner left), the same in minutes per resident, near_plans (how many near-optimal plans were
        counted) and near_all (0/1, whether these are all).
        """
        rows, lost = [], dict(zip((f.scenario.name for f in self._possible), self.least.regrets, strict=True))
        for f in self.futures_:
            cost = (
                sum(float(one[i]) for one, i in zip(f.costs, self.today, strict=True)) if f.costs else np.nan
            )
            regret = max(0.0, cost - f.best) if np.isfinite(f.best) else np.nan
            mine = max(0.0, float(lost.get(f.scenario.name, np.nan)))
            each = max(1.0, f.people)
            status = "solved" if f.possible else "impossible"
            rows.append((
                f.scenario.name, f.what.en, f.what.zh, status, f.best, f.bound, f.people, regret, mine, regret / each,
                mine / each, f.near, int(f.all),
            ))  # fmt: skip
        return pd.DataFrame(rows, columns=FUTURE_COLUMNS)

    @property
    def _possible(self) -> list[Future]:
        return [f for f in self.futures_ if f.possible]

    def summary(self, lang: Language = "en") -> str:
        """What holds, what the least regret is, and how today's best plan fares, in a few lines."""
        table, pairs = self.futures(), self.to_frame()
        solved = table[table["status"] == "solved"]
        always = int((pairs["lowest"] == 1).sum())
        worst = solved.loc[solved["robust_regret"].idxmax()]
        bad = solved.loc[solved["today_regret"].idxmax()]
        proof = Text("proven least", "已证明最小") if self.proven else Text("not proven least", "未证明最小")
        goal = {"worst": Text("worst", "最大后悔值"), "mean": Text("mean", "平均后悔值")}[self.goal]
        gone = Text("somebody has no partner", "有居民失去合作医院")
        named = {f.scenario.name: f.called for f in self._possible}
        priced = self.ground.priced
        said = gone if np.isinf(bad.today_regret) else _minutes(bad.today_regret_minutes, priced)
        most = _minutes(worst.robust_regret_minutes, priced)
        near, out = f"{self.within:.2%}", len(table) - len(solved)
        lines = [
            Text(
                f"{self.plan.name}: {len(table)} future(s), {out} impossible; {always} pair(s) are in every plan counted "
                f"within {near} of the best of each future in which their hospital stands.",
                f"{self.plan.name}：{len(table)} 个未来情景，其中 {out} 个无可行方案；{always} 对结对见于各情景下与最优相差 {near} 以内的"
                "全部已计方案（其医院停用的情景除外）。",
            ),
            Text(
                f"  Least regret ({goal.en} first, {proof.en}): worst {most.en} in "
                f"{named[worst.future].en}; mean {self.least.mean:,.0f} person-minutes.",
                f"  最小后悔（先{goal.zh}，{proof.zh}）：最大为“{named[worst.future].zh}”的{most.zh}；"
                f"平均 {self.least.mean:,.0f} 人·分钟。",
            ),
            Text(
                f"  Today's best plan: worst in {named[bad.future].en}: {said.en}.",
                f"  现状最优方案：最差情景为“{named[bad.future].zh}”：{said.zh}。",
            ),
        ]
        return "\n".join(line.say(lang) for line in lines)

    def __repr__(self) -> str:
        return f"Robustness {self.summary()}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary('zh'))}\n\n{escape(self.summary())}</pre>"


def robustness(
    region: Region,
    policy: Policy,
    futures: Sequence[Scenario] | None = None,
    *,
    goal: Literal["worst", "mean"] = "worst",
    within: float = 0.01,
    most: int = 200,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Robustness:
    """How often each pair is in near-optimal plans of many futures, and one plan that is least bad in all of them.

    The regret of a plan in a future is what its pairs cost there above the best plan of that future: the pairs stay,
    residents go to the best partner of their district that is left. Caps, pins and eligibility are those of today.

    Parameters
    ----------
    region : Region
        The city as it is.
    policy : Policy
        Its rules.
    futures : Sequence[Scenario], optional
        Scenarios, each a future of equal weight; by default those of `gp.futures(region, policy)`.
    goal : Literal[worst, mean], default "worst"
        "worst" makes the largest regret least and then the mean; "mean" the other way round.
    within : float, default 0.01
        Share above the best of a future that counts as near-optimal, 0.01 = 1 %.
    most : int, default 200
        near-optimal plans that are counted per future, the best first.
    seconds : float, optional
        For all solving together; None = until proven.
    progress : Progress, optional
        Called at each future.

    Returns
    -------
    Robustness
        Per pair how often it is near-optimal, and the plan of least regret with its bound.

    Raises
    ------
    ArgumentError
        An argument is of another kind, or cannot be meant (seconds=-1).
    PolicyError
        An option is outside its range; goals besides travel, capacities or least shares; or no one set of
        partnerships leaves everybody a partner in every future.
    ScenarioError
        A future names what the region lacks.
    InfeasibleError
        No plan keeps the rules today.
    NoPlanInTimeError
        The clock ran out.

    References
    ----------
    Savage (1951), The theory of statistical decision, Journal of the American Statistical Association 46(253);
    Kouvelis and Yu (1997), Robust discrete optimization and its applications.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> held = gp.robustness(region, policy, gp.futures(region, policy, samples=0, hospitals=False))
    >>> len(held.to_frame()) > 0
    True
    """
    a_region(region, "robustness")
    a_policy(policy, "robustness")
    check_limits(seconds)
    check_number("within", within, 0, 1)
    check_number("most", most, 1, 1_000_000, whole=True)
    if goal not in ("worst", "mean"):
        raise PolicyError(
            Text(
                f'goal must be "worst" or "mean"; got {goal!r}', f'goal 须为 "worst" 或 "mean"；现为 {goal!r}'
            )
        )
    needs_travel_alone(policy, "robustness")
    clock, here = Clock(seconds), ground(region, policy, seconds=seconds)
    needs_sets(here.problem, "robustness")
    choice = choice_of(here.problem, menus_of(here.problem))
    asked = all_futures(region, policy) if futures is None else tuple(futures)
    _refuse_names(asked)
    today = None if choice is None else best_of(choice, clock)
    if choice is None or today is None:
        here.refuse()
        raise AssertionError("a layer without a plan has one")
    solved = []
    for n, scenario in enumerate(asked, start=1):
        if clock.over:
            raise _too_late()
        said = Text(
            f"future {n} of {len(asked)}: {scenario.name}",
            f"第 {n} 个未来情景，共 {len(asked)} 个：{scenario.name}",
        )
        progress(Step(said))
        solved.append(solve_future(here, choice, scenario, within, most, clock))
    possible = [f for f in solved if f.possible]
    if not possible:
        raise PolicyError(
            Text("no future has a plan", "没有任何未来情景存在可行方案"), which=[f.what for f in solved]
        )
    costs = np.array([np.concatenate(f.costs) for f in possible])
    best, weights = np.array([f.best for f in possible]), np.full(len(possible), 1 / len(possible))
    least = least_regret(choice, costs, best, weights, goal == "mean", clock.left)
    if least is None:
        raise _nowhere(possible, choice, clock)
    here.answered()
    plan = here.plan(choice.serves(least.picks), {"travel": today[1]})
    return Robustness(plan, today[0], least, tuple(solved), within, goal, here, choice)


def _minutes(value: float, priced: bool) -> Text:
    """A regret per resident; what the goal counts besides travel is told, since no plan's mean shows it."""
    said = Text(f"{value:.2f} min per resident", f"人均 {value:.2f} 分钟")
    return Text(f"{said.en}, priorities counted", f"{said.zh}（计入优先级折算）") if priced else said


def _refuse_names(asked: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in asked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not asked:
        what = Text("each future needs a name of its own", "每个未来情景须有不同名称")
        raise PolicyError(what if twice else Text("there is no future", "没有未来情景"), which=twice)


def _nowhere(possible: list[Future], choice: Choice, clock: Clock) -> PolicyError | NoPlanInTimeError:
    """Why no one set of partnerships fits all futures: those that it alone cannot fit, else all together."""
    alone = []
    for f in possible:
        cost = np.concatenate(f.costs)[None, :]
        if least_regret(choice, cost, np.array([f.best]), np.ones(1), False, clock.left) is None:
            alone.append(f.what)
    if clock.over:
        return _too_late()
    return PolicyError(
        Text(
            "no one set of partnerships leaves everybody a partner in every future",
            "没有一组结对能在每个未来情景下让所有居民都有合作医院",
        ),
        Text("leave out the futures named, or raise the caps", "请去掉所列情景，或提高上限"),
        alone or [f.what for f in possible],
    )


def _too_late() -> NoPlanInTimeError:
    return NoPlanInTimeError(
        Text("the time ran out before the plan of least regret was found", "时限内未找到最小后悔方案"),
        Text("give more seconds, or fewer futures", "请增加时限，或减少未来情景"),
        None,
    )

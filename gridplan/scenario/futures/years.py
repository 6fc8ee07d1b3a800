"""gp.years: plans for many years with few changes from year to year, all years solved together and proven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.optimise.model.goal_rows import goal_scale
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.what_if.partner_menus import Menu, choice_of, menus_of, scaled
from gridplan.optimise.what_if.year_models import Way, together, way_of, year_by_year
from gridplan.plans.plan import Plan
from gridplan.plans.prices import mean_text
from gridplan.policies.policy import Policy
from gridplan.scenario.futures.ground import Ground, check_number, ground, needs_sets, needs_travel_alone
from gridplan.scenario.futures.projection import project
from gridplan.words.arguments import a_policy, a_region, check_limits
from gridplan.words.errors import NoPlanInTimeError, PolicyError, SolveError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Language, Text

COLUMNS = [
    "year", "residents", "free", "together", "year_by_year", "together_changes", "year_by_year_changes", "plan_minutes",
    "mean_minutes",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class YearPlans:
    """A plan per year.

    Parameters
    ----------
    years : in order.
    per_year, first : most changes of counted pairs from one year to the next, and of the first year against today
        (None = no bound).
    best : all years solved together.
    bound : no way through the years costs less in all; person-minutes.
    myopic : each year the best that may follow the year before; None where that ends at a year without a plan.
    free : (T,) the least travel of each year by itself, whatever it changes.
    """

    years: tuple[int, ...]
    per_year: int
    first: int | None
    best: Way
    bound: float
    myopic: Way | None
    free: np.ndarray
    grounds: tuple[Ground, ...] = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether no way through the years costs less."""
        return self.best.total - self.bound <= 1e-6 * max(1.0, self.best.total)

    @cached_property
    def plans(self) -> dict[int, Plan]:
        """The plan of each year, of the region as it then is, passed by the judge."""
        return {
            year: here.plan(serves, {"travel": min(free, float(value))})
            for year, here, serves, free, value in zip(
                self.years, self.grounds, self.best.serves, self.free.tolist(), self.best.values, strict=True
            )
        }

    def to_frame(self) -> pd.DataFrame:
        """A row per year.

        Returns
        -------
        DataFrame year, residents, free (least travel of the year by itself, person-minutes as the policy counts them),
        together and year_by_year (travel when all years are planned together, and when each year follows the one
        before), together_changes and year_by_year_changes (counted pairs that are new or ended against the year before, an open campus without an agreement not counted;
        in the first year against today), plan_minutes (together ÷ residents, prices
        counted), mean_minutes (minutes travelled on average when all years are planned together, no price counted).
        """
        people = np.array([float(g.problem.demand.sum()) for g in self.grounds])
        nothing = np.full(len(self.years), np.nan)
        other = (nothing, nothing) if self.myopic is None else (self.myopic.values, self.myopic.changes)
        columns = [
            self.years, people, self.free, self.best.values, other[0], self.best.changes, other[1],
            self.best.values / np.maximum(1.0, people),
            [here.mean_minutes(serves) for here, serves in zip(self.grounds, self.best.serves, strict=True)],
        ]  # fmt: skip
        return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))

    def pairs(self) -> pd.DataFrame:
        """A row per counted pair and year in which it is new or ended.

        Returns
        -------
        DataFrame year, district_id, district, hospital_id, hospital, change ("new" or "ended").
        """
        rows, p, region = [], self.grounds[0].problem, self.grounds[0].region
        held = p.existing & p.counted
        for year, own, members in zip(self.years, self.grounds, self.best.members, strict=True):
            for d, h in np.argwhere(own.problem.changed(members, held)).tolist():
                ids = str(p.district_ids[d]), str(p.hospital_ids[h])
                rows.append((year, *ids, "new" if members[d, h] else "ended"))
            held = members
        table = pd.DataFrame(rows, columns=["year", "district_id", "hospital_id", "change"])
        for noun in ("district", "hospital"):
            names = getattr(region, f"{noun}s").set_index(f"{noun}_id")["name"]
            table.insert(table.columns.get_loc(f"{noun}_id") + 1, noun, table[f"{noun}_id"].map(names))
        return table

    def summary(self, lang: Language = "en") -> str:
        """The years, what planning them together gains, and the proof, in a few lines."""
        table, total = self.to_frame(), self.best.total
        gap = (total - self.bound) / max(1.0, total)
        proof = (
            Text("proven optimal", "已证明最优") if self.proven else Text(f"gap {gap:.2%}", f"差距 {gap:.2%}")
        )
        name, span = self.grounds[0].policy.name, f"{self.years[0]}–{self.years[-1]}"
        lines = [
            Text(
                f"{self.grounds[0].region.name}, {name}, {span}: at most {self.per_year} change(s) a year; "
                f"{total:,.0f} person-minutes in all, {proof.en}.",
                f"{self.grounds[0].region.name}，{name}，{span}：每年至多变动 {self.per_year} 对；合计 {total:,.0f} 人·分钟，{proof.zh}。",
            )
        ]
        if self.myopic is None:
            lines.append(Text("  Year by year no plan is found to the end.", "  逐年求解无法走到最后一年。"))
        else:
            gain = self.myopic.total - total
            lines.append(
                Text(
                    f"  Year by year it would be {self.myopic.total:,.0f}: {gain:,.0f} more.",
                    f"  逐年求解合计 {self.myopic.total:,.0f}：多 {gain:,.0f}。",
                )
            )
        for row in table.itertuples():
            mean = mean_text(row.mean_minutes, row.plan_minutes)
            lines.append(
                Text(
                    f"  {row.year}: {row.residents:,.0f} residents, {mean.en}, {row.together_changes} change(s)",
                    f"  {row.year}：{row.residents:,.0f} 人，{mean.zh}，变动 {row.together_changes} 对",
                )
            )
        return "\n".join(line.say(lang) for line in lines)

    def __repr__(self) -> str:
        return f"YearPlans {self.summary()}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary('zh'))}\n\n{escape(self.summary())}</pre>"


def years(
    region: Region,
    policy: Policy,
    rates: str | Path | pd.DataFrame,
    *,
    years: Iterable[int],
    per_year: int = 4,
    first: int | None = None,
    base: int | None = None,
    seconds: float | None = None,
    gap: float = 0.0,
    progress: Progress = silent,
) -> YearPlans:
    """Plans for many years, with few changes of counted pairs from each to the next, solved together and proven.

    The total of all years is least, each year counted alike. Beside it stands what planning year by year gives.

    Parameters
    ----------
    region : Region
        The city in the base year.
    policy : Policy
        Its rules, the same in each year.
    rates : str or Path or DataFrame
        How the people change, see `gp.project`.
    years : Iterable[int]
        In a row, such as range(2026, 2036).
    per_year : int, default 4
        Most counted pairs that are new or ended between one year and the next; a swap of partners is two.
    first : int, optional
        The same for the first year against today's partnerships; None = the first year is free to choose.
    base : int, optional
        The year of the region's people; the first of `years` where it is not given.
    seconds : float, optional
        For all solving together; None = until proven. What is found by then comes back with its gap.
    gap : float, default 0.0
        Stop at this relative gap; 0 = until proven.
    progress : Progress, optional
        Called at each step.

    Returns
    -------
    YearPlans
        A plan per year, the total and its bound, and what planning year by year would give.

    Raises
    ------
    ArgumentError
        An argument is of another kind, or cannot be meant (seconds=-1).
    DataError
        The rates or the region have faults.
    PolicyError
        An option is outside its range; goals besides travel, capacities or least shares; or no way through the
        years has so few changes.
    InfeasibleError
        No plan keeps the rules in some year.
    NoPlanInTimeError
        The clock ran out before any way was found.

    Examples
    --------
    >>> import gridplan as gp
    >>> import pandas as pd
    >>> rates = pd.DataFrame({"district_id": ["all"], "group": ["rest"], "growth": [0.01]})
    >>> many = gp.years(gp.tiny_town(), gp.policy("shanghai-2025"), rates, years=range(2025, 2027), per_year=2)
    >>> len(many.to_frame()) > 0
    True
    """
    a_region(region, "years")
    a_policy(policy, "years")
    check_limits(seconds, gap)
    check_number("per_year", per_year, 0, 10_000, whole=True)
    if first is not None:
        check_number("first", first, 0, 10_000, whole=True)
    needs_travel_alone(policy, "years")
    wanted, clock = sorted({int(year) for year in years}), Clock(seconds)
    grounds, menus, free = [], [], []
    for year, there in project(region, rates, wanted, base=base).items():
        progress(Step(Text(f"year {year}", f"{year} 年")))
        here = ground(there, policy, seconds=seconds)
        needs_sets(here.problem, "years")
        menus.append(menus_of(here.problem))
        grounds.append(here)
        free.append(_free(here, menus[-1], clock))
    problems = [here.problem for here in grounds]
    myopic = year_by_year(problems, menus, per_year, first, clock.left)
    progress(Step(Text("all years together", "各年统一求解")))
    found = together(problems, menus, per_year, first, myopic, clock.left, gap)
    ways = [] if found is None else [way_of(problems, found.menus, found.picks)]
    step = None if myopic is None else way_of(problems, menus, myopic)
    ways += [] if step is None else [step]  # the better one where the clock stopped the search
    if not ways:
        raise _no_way(clock, per_year, first)
    best = min(ways, key=lambda way: way.total)
    bound = min(best.total, max(sum(free), -np.inf if found is None else found.bound))
    _check(problems, best, per_year, first)
    for here in grounds:
        here.answered()
    return YearPlans(tuple(wanted), per_year, first, best, bound, step, np.array(free), tuple(grounds))


def _free(here: Ground, menus: list[Menu], clock: Clock) -> float:
    """A proven bound on the least travel of the year by itself."""
    choice = choice_of(here.problem, menus)
    answer = None
    if choice is not None:
        answer = choice.programme.solve(scaled(here.problem, choice.stacked("costs")[:, -1]), clock.left)
    if choice is None or answer is None or answer.impossible:
        here.refuse()
        raise AssertionError("a year without a plan has one")
    return max(0.0, answer.bound * goal_scale(here.problem))


def _check(problems: list[Problem], way: Way, per_year: int, first: int | None) -> None:
    """Count the changes anew, from who serves whom."""
    over = [n for n in way.changes[1:] if n > per_year]
    if over or (first is not None and way.changes[0] > first):
        raise SolveError(Text("the years change more than they may", "逐年变动超过上限"))


def _no_way(clock: Clock, per_year: int, first: int | None) -> PolicyError | NoPlanInTimeError:
    if clock.over:
        return NoPlanInTimeError(
            Text("the time ran out before any way through the years was found", "时限内未找到任何逐年方案"),
            Text("give more seconds, or fewer years", "请增加时限，或减少年数"),
            None,
        )
    bounds = f"per_year = {per_year}" + ("" if first is None else f", first = {first}")
    return PolicyError(
        Text(f"no way through the years keeps to {bounds}", f"没有满足 {bounds} 的逐年方案"),
        Text(
            "allow more changes; first = None leaves the first year free",
            "请增加变动数；first = None 表示首年不限",
        ),
    )

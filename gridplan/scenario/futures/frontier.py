"""gp.frontier: how much travel it costs to change fewer pairs, to have fewer, or to spare the worst served."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.optimise.model.goal_rows import listed_pairs
from gridplan.optimise.what_if.partner_menus import travel_alone, why_not
from gridplan.optimise.what_if.trade_off import Reached, find_frontier
from gridplan.plans.plan import Plan
from gridplan.plans.prices import mean_text
from gridplan.policies.goals import GOALS, figure
from gridplan.policies.policy import Policy
from gridplan.scenario.futures.ground import Ground, check_number, ground, only_travel
from gridplan.words.arguments import a_policy, a_region, check_limits
from gridplan.words.errors import PolicyError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Language, Text, both

AGAINST = ("changes", "partners", "worst")
COLUMNS = [
    "point", "goal", "value", "bound", "travel", "travel_bound", "travel_per_resident", "minutes_per_resident", "pairs", "gap", "proven",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Frontier:
    """The plans of which none is better in one goal without being worse in the other.

    Parameters
    ----------
    goal : the goal that travel is traded against: "changes", "partners" or "worst".
    points : from the least of that goal to the least travel.
    """

    goal: str
    points: tuple[Reached, ...]
    ground: Ground = field(repr=False)
    unit: str

    @property
    def proven(self) -> bool:
        """Whether every point is proven to be on the frontier."""
        return all(point.proven for point in self.points)

    def to_frame(self) -> pd.DataFrame:
        """A row per point.

        Returns
        -------
        DataFrame point (from 1), goal, value (pairs or minutes) and its proven bound: no plan with as little travel has
        less; travel (person-minutes as the policy counts them) and its bound under that value; travel_per_resident
        (travel ÷ residents as the policy counts them); minutes_per_resident (minutes travelled on average, no price
        counted: the mean of the plan); pairs (counted); gap (the larger relative one); proven (0/1: no plan is better in one goal and
        as good in the other).
        """
        p = self.ground.problem
        people = max(1.0, float(p.demand.sum()))
        rows = [
            (
                n, self.goal, point.second, point.second_bound, point.first, point.bound, point.first / people,
                self.ground.mean_minutes(point.serves), int((listed_pairs(p, point.serves) & p.counted).sum()), point.gap, int(point.proven),
            )
            for n, point in enumerate(self.points, start=1)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=COLUMNS)

    def plan(self, point: int) -> Plan:
        """The plan of a point (from 1), passed by the judge.

        Its policy has the goal of the frontier before travel, so it is "best found" in that goal but for the first
        point, and optimal in travel given what it has there.

        Raises
        ------
        IndexError : there is no such point.
        """
        if not 1 <= point <= len(self.points):
            raise IndexError(f"there is no point {point}; they go from 1 to {len(self.points)}")
        one = self.points[point - 1]
        engine = "patterns" if why_not(travel_alone(self.ground.problem)) is None else "highs"
        bounds = {self.goal: self.points[0].second_bound, "travel": one.bound}
        return self.ground.plan(one.serves, bounds, engine)

    def summary(self, lang: Language = "en") -> str:
        """The ends and what lies between, in a few lines."""
        head = Text(
            f"Travel against {GOALS[self.goal].en}: {len(self.points)} point(s), "
            f"{'all proven' if self.proven else 'not all proven'}.",
            f"出行与“{GOALS[self.goal].zh}”的权衡曲线：{len(self.points)} 个点，{'均已证明' if self.proven else '部分未证明'}。",
        )
        lines = [head.say(lang)]
        for row in self.to_frame().itertuples():
            said, mean = (
                figure(row.value, self.unit),
                mean_text(row.minutes_per_resident, row.travel_per_resident),
            )
            lines.append(
                Text(f"  {row.point}. {said.en}: {mean.en}", f"  {row.point}. {said.zh}：{mean.zh}").say(lang)
            )
        if self.goal == "changes":
            lines.append(self._kept().say(lang))
        first = self.points[0]
        if first.proven and first.second > 0:
            least = figure(first.second, self.unit)
            lines.append(
                Text(f"  Below {least.en} no plan keeps the rules.", f"  低于 {least.zh} 没有满足规则的方案。").say(lang)
            )  # fmt: skip
        return "\n".join(lines)

    def _kept(self) -> Text:
        """What counts as kept, and how many custodies are counted as changes though no rule ends them."""
        idle = [self._idle(point.serves) for point in self.points]
        few, many = min(idle), max(idle)
        number = f"{few}" if few == many else f"{few}–{many}"
        still = Text(
            f" Of these, {number} custodies are nobody's nearest and go on all the same: they are counted, not ended.",
            f"其中 {number} 对托管无人就近，仅计为变动，托管本身继续，并非撤销。",
        )
        kept = Text(
            "  Kept: a pair of today that serves at least one resident in the plan, or is pinned; any other is counted as a change.",
            "  “保留”指现有结对在方案中至少服务一名居民或由政策指定；其余计为变动。",
        )
        return Text(kept.en + still.en, kept.zh + still.zh) if many else kept

    def _idle(self, serves: np.ndarray) -> int:
        """Custodies of today that a point does not list though both caps have room."""
        p, here = self.ground.problem, self.ground.region.partnerships
        listed = listed_pairs(p, serves) & p.counted
        room = (listed.sum(axis=1) < p.district_cap)[:, None] & (listed.sum(axis=0) < p.hospital_cap)[None, :]
        custody = here[here["basis"] == "custody"]
        pairs = zip(custody["district_id"].astype(str), custody["hospital_id"].astype(str), strict=True)
        named = set(pairs)
        ids = np.array(
            [[(str(d), str(h)) in named for h in p.hospital_ids] for d in p.district_ids], dtype=bool
        )
        return int((ids & p.existing & p.counted & p.allowed & ~listed & room).sum())

    def __repr__(self) -> str:
        return f"Frontier {self.summary()}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary('zh'))}\n\n{escape(self.summary())}</pre>"


def frontier(
    region: Region,
    policy: Policy,
    first: str = "travel",
    second: str = "changes",
    *,
    points: int = 8,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Frontier:
    """The frontier between travel and another goal, each point proven (epsilon-constraint).

    Parameters
    ----------
    region : Region
        The city.
    policy : Policy
        Its rules; its goals give way to the two of the frontier.
    first : str, default "travel"
        "travel".
    second : str, default "changes"
        "changes" (counted pairs new or ended against today), "partners" (counted pairs) or "worst" (minutes of
        whoever travels longest). The policy's own goals give way to these two; its rules stand.
    points : int, default 8
        At most so many, spread evenly from the least of `second` to the least travel.
    seconds : float, optional
        For all solving together; None = until proven.
    progress : Progress, optional
        Called at each point.

    Returns
    -------
    Frontier
        The points, each a plan with its bound; `.to_frame()` has a row per point.

    Raises
    ------
    ArgumentError
        An argument is of another kind, or cannot be meant (seconds=-1).
    PolicyError
        There is no such goal, or the policy has no layer of counted partners.
    InfeasibleError
        No plan keeps all rules.
    NoPlanInTimeError
        The clock ran out before every point had a plan.
    DataError
        The region has errors.

    References
    ----------
    Haimes, Lasdon and Wismer (1971), On a bicriterion formulation of the problems of integrated system
    identification and system optimization, IEEE Transactions on Systems, Man, and Cybernetics 1(3).

    Examples
    --------
    >>> import gridplan as gp
    >>> curve = gp.frontier(gp.tiny_town(), gp.policy("shanghai-2025"), "travel", "partners", points=2)
    >>> len(curve.to_frame())
    2
    """
    a_region(region, "frontier")
    a_policy(policy, "frontier")
    check_limits(seconds)
    if first != "travel":
        raise PolicyError(
            Text(f"a frontier starts from travel, not from {first!r}", f"权衡曲线以出行为一端，不能用 {first!r}"),
            both('gp.frontier(region, policy, "travel", "changes")'),
        )  # fmt: skip
    if second not in AGAINST:
        raise PolicyError(
            Text(f"there is no frontier of travel against {second!r}", f"没有出行与 {second!r} 的权衡曲线"),
            did_you_mean(str(second), AGAINST),
        )
    check_number("points", points, 2, 1000, whole=True)
    here = ground(region, only_travel(policy, second), seconds=seconds)
    stage = here.problem.stages[0]

    def say(done: int, of: int) -> None:
        progress(Step(Text(f"point {done} of {of}", f"第 {done} 个点，共 {of} 个")))

    found = find_frontier(here.problem, stage, points, seconds, say)
    if found is None:
        here.refuse()
        raise AssertionError("a layer without a plan has one")
    here.answered()
    return Frontier(second, tuple(found), here, stage.unit)

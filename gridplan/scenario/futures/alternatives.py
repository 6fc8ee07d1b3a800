"""gp.alternatives: plans nearly as good as the best that differ most from it and from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd

from gridplan.ask.question import LayerQuestions
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.what_if.near_optimal import Different, most_different, never_without
from gridplan.optimise.what_if.partner_menus import Choice, choice_of, menus_of
from gridplan.plans.plan import Plan
from gridplan.scenario.futures.ground import Ground, check_number, ground, named_pairs, needs_sets
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.text import Language, Text

COLUMNS = ["alternative", "travel", "above", "differs", "bound", "proven"]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans within a share of the best.

    Parameters
    ----------
    base : the plan they are alternatives to.
    within : by how much more the last goal may be, 0.01 = 1 %; goals before it are as good as the plan's.
    found : in order; each differs as much as it can from the nearest of those before it.
    certain : (D, H) pairs proven to be in every plan within that share.
    """

    base: Plan
    within: float
    found: tuple[Different, ...]
    certain: np.ndarray
    ground: Ground = field(repr=False)
    choice: Choice = field(repr=False)
    chosen: np.ndarray = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """A row per alternative.

        Returns
        -------
        DataFrame alternative (from 1), travel (value of the policy's last goal), above (its share above the plan's),
        differs (counted pairs in one but not the other, against the nearest of the plan and the alternatives before),
        bound (none within the share differs by more), proven (0/1).
        """
        p = self.ground.problem
        least = stage_value(p, p.stages[-1], self._serves())
        rows = []
        for n, one in enumerate(self.found, start=1):
            value = stage_value(p, p.stages[-1], self.choice.serves(one.picks))
            above = value / max(1.0, least) - 1
            rows.append((n, value, above, int(one.least), int(one.bound), int(one.least == one.bound)))
        return pd.DataFrame(rows, columns=COLUMNS)

    def pairs(self) -> pd.DataFrame:
        """A row per counted pair of any of the plans.

        Returns
        -------
        DataFrame layer, district_id, district, hospital_id, hospital, existing (0/1, a partnership today), plan (0/1, in
        the plan), alternatives (how many have it), in_all (0/1, the plan and every alternative), certain (0/1, proven to
        be in every plan within the share).
        """
        members = np.array([self.choice.members(one.picks) for one in self.found])
        members = members.reshape(len(self.found), *self.chosen.shape)
        some = np.argwhere(self.chosen | members.any(axis=0))
        table = named_pairs(self.ground, [(int(d), int(h)) for d, h in some])
        d, h = some.T
        table["plan"] = self.chosen[d, h].astype(int)
        table["alternatives"] = members.sum(axis=0)[d, h]
        table["in_all"] = (self.chosen & members.all(axis=0))[d, h].astype(int)
        table["certain"] = self.certain[d, h].astype(int)
        return table

    def plan(self, n: int) -> Plan:
        """The plan of an alternative (from 1), passed by the judge; "best found", as the base is better.

        Raises
        ------
        IndexError : there is no such alternative.
        """
        if not 1 <= n <= len(self.found):
            raise IndexError(f"there is no alternative {n}; they go from 1 to {len(self.found)}")
        layer = self.base.layer(self.ground.problem.layer)
        bounds = {goal.goal: goal.bound for goal in layer.goals}
        return self.ground.plan(self.choice.serves(self.found[n - 1].picks), bounds)

    def summary(self, lang: Language = "en") -> str:
        """The alternatives and the pairs in all of them, in a few lines."""
        table, pairs = self.to_frame(), self.pairs()
        all_, certain, some = pairs["in_all"].sum(), pairs["certain"].sum(), len(pairs)
        head = Text(
            f"{self.base.name}: {len(table)} alternative(s) within {self.within:.2%}; {all_} of {some} pairs are in all "
            f"of them, {certain} are proven to be in every plan within it.",
            f"{self.base.name}：{self.within:.2%} 以内的备选方案 {len(table)} 个；{some} 对结对中 {all_} 对见于全部方案，"
            f"其中 {certain} 对已证明见于该范围内的每个方案。",
        )
        lines = [head.say(lang)]
        for row in table.itertuples():
            proof = (
                Text("proven most", "已证明最大")
                if row.proven
                else Text(f"at most {row.bound}", f"至多 {row.bound}")
            )
            lines.append(
                Text(
                    f"  {row.alternative}. {row.above:+.3%}, differs by {row.differs} pair(s) ({proof.en})",
                    f"  {row.alternative}. {row.above:+.3%}，相差 {row.differs} 对（{proof.zh}）",
                ).say(lang)
            )
        return "\n".join(lines)

    def _serves(self) -> np.ndarray:
        return LayerQuestions(self.base, self.ground.problem.layer).serves

    def __repr__(self) -> str:
        return f"Alternatives {self.summary()}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary('zh'))}\n\n{escape(self.summary())}</pre>"


def alternatives(
    plan: Plan, *, within: float = 0.01, count: int = 5, seconds: float | None = None
) -> Alternatives:
    """Plans within a share of the plan's last goal that differ most from it and from each other.

    Each is the plan whose distance in counted pairs to the nearest of the plan and the alternatives before it is
    largest, with a proven bound on that distance. Fewer come back where no other plan is within the share. Each unit
    goes to the best partner of its district.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    within : float, default 0.01
        Share, 0.01 = 1 %. Earlier goals of the policy stay as good as the plan has them.
    count : int, default 5
        At most so many.
    seconds : float, optional
        For all solving together; what is found by then comes back, proven or not.

    Returns
    -------
    Alternatives
        The alternatives, most different first; `.to_frame()` has a row per pair and plan.

    Raises
    ------
    ArgumentError
        `plan` is no Plan; or seconds is no number above 0.
    PolicyError
        An option is outside its range, or districts are tied by more than caps (capacities, least shares).

    References
    ----------
    Brill, Chang and Hopkins (1982), Modeling to generate alternatives, Management Science 28(3).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> found = gp.alternatives(plan, within=0.2, count=1)
    >>> len(found.found)
    1
    """
    check_limits(seconds)
    a_plan(plan, "alternatives")
    check_number("within", within, 0, 1)
    check_number("count", count, 1, 1000, whole=True)
    here = ground(plan.region, plan.policy, travel=plan.travel, seconds=seconds)
    p, clock = here.problem, Clock(seconds)
    needs_sets(p, "alternatives")
    choice = choice_of(p, menus_of(p, idle=p.least_partners > 0 and len(p.all_stages) == 1))
    if choice is None:
        here.refuse()
        raise AssertionError("a plan has sets")
    serves = LayerQuestions(plan, p.layer).serves
    values = [stage_value(p, stage, serves) for stage in p.stages]
    limits = [*values[:-1], values[-1] * (1 + within)]
    chosen = listed_pairs(p, serves) & p.counted
    found: list[Different] = []
    before = [chosen]
    while len(found) < count and not clock.over:
        one = most_different(choice, limits, before, clock.left)
        if one is None or one.least == 0:
            break
        found.append(one)
        before.append(choice.members(one.picks))
    certain = np.zeros_like(chosen)
    for d, h in np.argwhere(np.logical_and.reduce(before)).tolist():
        if not clock.over:
            certain[d, h] = p.pinned[d, h] or never_without(choice, limits, d, h, clock.left)
    here.answered()
    return Alternatives(plan, within, tuple(found), certain, here, choice, chosen)

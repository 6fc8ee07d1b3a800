"""FastEngine: what an engine says of itself; the fields of a problem that it knows are checked here, for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.model import solve_reference as reference
from gridplan.optimise.model.empty_units import lived_in
from gridplan.optimise.model.goal_rows import listed_pairs
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import Outcome
from gridplan.policies.rules import RULES
from gridplan.words.progress import Progress
from gridplan.words.text import Text

Solve = Callable[[Problem, float | None, float, int, Progress], Outcome | None]
# What `Problem.in_use` names, in words; a rule that came later is told by its name.
WORDS: Mapping[str, Text] = {
    "counted": Text("hospitals outside the caps", "不计入上限的医院"),
    "allowed": Text("pairs that may not be", "不得结成的对子"),
    "pinned": Text("pinned pairs", "指定结对"),
    "within": Text("a travel limit", "出行时间限制"),
    "district_cap": Text("caps per district", "各区上限"),
    "hospital_cap": Text("caps per hospital", "医院上限"),
    "capacity": Text("capacities", "承载能力"),
    "use": Text("uses of capacity of its own", "单独的承载占用"),
    "excess_price": Text("a priced travel limit", "计价的出行时间限制"),
    "pair_scores": Text("scores of pairs", "结对评价得分"),
    "demand": Text("people weighted by group", "按人群加权的居民"),
    "least_partners": Text("a least number of partners", "最少合作医院数"),
    "least_share": Text("a least share of each partner", "最低服务份额"),
    "most_changes": Text("a most of changes", "变动上限"),
    "change_price": Text("a price of changes", "变动代价"),
    "existing": Text("changes against today", "与现状相比的变动"),
    "caps_bend": Text("caps that bend", "可突破的上限"),
    "grids": Text("grids", "网格"),
    "neighbours": Text("parts that hang together", "服务片区连片"),
    "pair_price": Text("prices of pairs", "结对价格"),
    "stages": Text("several goals in order", "依次的多个目标"),
    "most_travel": Text("a district no worse than today", "各区不劣于现状"),
    "home_first": Text("the home district first", "本部所在区优先"),
    "tolerance": Text("a tolerance between goals", "目标间的容许放宽"),
}


@dataclass(frozen=True)
class FastEngine:
    """An engine for some problems only; every other problem is left to the reference model.

    Parameters
    ----------
    name : its folder, its name in `solve(engine=…)`, and the word that a plan prints.
    knows : what it may meet, of the names of `Problem.in_use`. A problem that uses anything else never comes to it, so
        that a rule which is added later keeps every engine off until somebody has thought of it.
    misfit : why its method does not fit a problem of these fields, None where it does.
    find : problem, seconds, gap, threads, progress → the best plan with its bound, None where no plan keeps the rules.
    why : why it is chosen where it fits.
    """

    name: str
    knows: frozenset[str]
    misfit: Callable[[Problem], Text | None]
    find: Solve
    why: Text

    def why_not(self, p: Problem) -> Text | None:
        """Why the engine cannot solve a problem, None where it can."""
        return unknown(self.knows, p) or self.misfit(lived_in(p).part or p)

    def solve(
        self, p: Problem, seconds: float | None, gap: float, threads: int, progress: Progress
    ) -> Outcome | None:
        """The best plan with its bound, None where no plan keeps the rules: by the units with residents, then the others.

        Where an empty unit reaches no partner of its district then, or nobody lives anywhere, the reference model answers.

        Raises
        ------
        NoPlanInTimeError : the clock ran out before any plan.
        """
        clock, lived = Clock(seconds), lived_in(p)
        if not p.decided.any():
            return reference.find(p, seconds=seconds, gap=gap, threads=threads, progress=progress)
        if np.bincount(p.unit[p.usable], minlength=len(p.unit_ids)).min(initial=1) == 0:
            return None  # somebody, or an empty unit, reaches nobody
        found = None if lived.part is None else self.find(lived.part, seconds, gap, threads, progress)
        if found is None or lived.part is p:
            return found
        serves = lived.settle(found.serves)
        if serves is None:
            return reference.find(p, seconds=clock.left, gap=gap, threads=threads, progress=progress)
        goals = tuple(lived.told(goal, n, serves) for n, goal in enumerate(found.goals))
        return replace(found, serves=serves, chosen=listed_pairs(p, serves), goals=goals)


def unknown(knows: frozenset[str], p: Problem) -> Text | None:
    """What a problem uses beyond the names of `Problem.in_use` that somebody knows, in words; None where nothing."""
    titles = {kind.key: kind.title for kind in RULES}
    told = [WORDS.get(name) or titles.get(name, Text(name, name)) for name in sorted(p.in_use() - knows)]
    if not told:
        return None
    what_en, what_zh = ", ".join(one.en for one in told), "、".join(one.zh for one in told)
    return Text(f"it does not know {what_en}", f"不支持：{what_zh}")

"""The place that would gain most if one more were allowed: solved again, and proven to be the best of those that are full.

Bounds without a model say how much each place can gain at most, so one or two of them are solved and not all; `gp.tight`
solves all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.ask.question import LayerQuestions
from gridplan.optimise.rules import constraints
from gridplan.optimise.run.outcome import OPTIMAL_GAP
from gridplan.optimise.solved_layer import Loosened
from gridplan.optimise.what_if.place_bounds import most_gained
from gridplan.optimise.what_if.solve_again import by_sets
from gridplan.policies.rules import DistrictCap, HospitalCap
from gridplan.words.text import Text

WORTH = 0.005  # minutes per resident of the layer: less is not told
MOST_ASKED = 3  # places solved again for page 1
NAMED = 3  # pairs that would come, so many are named


@dataclass(frozen=True)
class OneMore:
    """One place more, and what it gains.

    Parameters
    ----------
    places : how many places are full in the layer.
    case : the cap that is loosened; None where the best is not known without solving many times, or under other goals.
    gain : person-minutes of the goal saved, priorities counted.
    each : the same per resident of the layer, in minutes.
    come : (district, hospital) of the pairs that are in that plan and not in this one, positions in the problem.
    """

    places: int
    case: Loosened | None = None
    gain: float = np.nan
    each: float = np.nan
    come: tuple[tuple[int, int], ...] = ()

    @property
    def rule(self) -> str:
        """The rule that is loosened: "SH-2" (the district's cap) or "SH-3" (the hospital's)."""
        return "" if self.case is None else (DistrictCap if self.case.district >= 0 else HospitalCap).id


def one_more_place(q: LayerQuestions) -> OneMore | None:
    """The best single lever of a layer; None where no place is full, or none gains."""
    cases = [case for kind in (DistrictCap, HospitalCap) for case in constraints()[kind].binds(q)]
    if not cases:
        return None
    unknown = OneMore(len(cases))
    p = q.problem
    alone = p.grids is None and len(p.stages) == 1 and p.stages[0].goal == "travel"
    if not alone or p.caps_bend or q.goals[0].gap > OPTIMAL_GAP or not by_sets(p):
        return unknown
    cost = np.where(q.within, q.cost, np.inf)
    most = most_gained(p, cost, q.goals[0].reached, [(case.district, case.hospital) for case in cases])
    if most is None:
        return unknown
    people = max(1.0, float(p.demand.sum()))
    order, best = np.argsort(-most, kind="stable"), OneMore(len(cases), gain=WORTH * people)
    for n, i in enumerate(order):
        if most[i] <= best.gain:
            return best if best.case is not None else None
        if n == MOST_ASKED:
            return unknown
        change = q.ask(cases[i].problem)
        if change.outcome is None or not change.proven:
            return unknown
        if -change.change > best.gain:
            come = tuple((d, h) for d, h in np.argwhere(change.outcome.chosen & ~q.chosen).tolist())
            best = OneMore(len(cases), cases[i], -change.change, -change.change / people, come)
    return best if best.case is not None else None


def one_more_text(q: LayerQuestions, one: OneMore) -> Text:
    """The lever in a sentence, or how it is asked."""
    if one.case is None:
        return Text(
            f"{one.places} place(s) are full (SH-2, SH-3). What one more of each would gain is solved again by "
            "`gridplan explain PLAN --tight`.",
            f"有 {one.places} 处名额已满（SH-2、SH-3）；每处增加 1 个名额的收益，可用 gridplan explain 方案文件夹 --tight 逐一重新求解。",
        )
    come = [f"{q.district(d)} – {q.hospital(h)}" for d, h in one.come]
    left = len(come) - NAMED
    more = Text(f" and {left} more", f" 等 {len(come)} 对") if left > 0 else Text("", "")
    what = one.case.what
    return Text(
        f"If one place more were allowed, {what.en} would gain most of the {one.places} that are full ({one.rule}): solved "
        f"again, it saves {one.each:.2f} min per resident of the region, priorities counted; then new: "
        f"{', '.join(come[:NAMED])}{more.en}.",
        f"若只增加 1 个名额，在 {one.places} 处已满的名额中，{what.zh}收益最大（{one.rule}）：重新求解，全地区人均再省 "
        f"{one.each:.2f} 分钟（计入优先级）；届时新增结对：{'、'.join(come[:NAMED])}{more.zh}。",
    )

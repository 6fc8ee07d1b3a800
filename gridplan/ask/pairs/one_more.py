"""What one more place would gain at least, told without solving: the best pair that one looser cap lets in, all else as it is.

A plan with that pair exists, so the gain is proven from below; `gp.tight` solves again and says how much more there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.ask.question import LayerQuestions
from gridplan.optimise.what_if.solve_again import is_quick
from gridplan.policies.rules import DistrictCap, HospitalCap
from gridplan.words.amount import people_text
from gridplan.words.text import Text

WORTH = 0.005  # minutes per resident of the layer: less is not told


@dataclass(frozen=True)
class OneMore:
    """One place more and what it gains at least.

    Parameters
    ----------
    district, hospital : positions in the problem of the pair that would come.
    rule : the cap that is loosened, "SH-2" (the district's) or "SH-3" (the hospital's).
    gain : person-minutes of the goal saved at least, priorities counted.
    each : the same per resident of the layer, in minutes.
    people : residents who would go there.
    """

    district: int
    hospital: int
    rule: str
    gain: float
    each: float
    people: int


def one_more_place(q: LayerQuestions) -> OneMore | None:
    """The best single lever of a layer; None where none gains, or where other rules or goals would have to be asked."""
    p = q.problem
    alone = p.grids is None and len(p.stages) == 1 and p.stages[0].goal == "travel"
    if not alone or p.caps_bend or p.minds_changes or not is_quick(p):
        return None
    mine = q.cost[np.arange(len(p.unit_ids)), q.serves]
    saved = (
        np.where(q.within & np.isfinite(q.cost), np.clip(mine[:, None] - q.cost, 0.0, None), 0.0)
        * p.demand[:, None]
    )
    gains = np.zeros(p.allowed.shape)
    np.add.at(gains, p.district, saved)
    counted = q.chosen & p.counted
    full_district = counted.sum(axis=1) >= p.district_cap
    full_hospital = (counted.sum(axis=0) >= p.hospital_cap) & p.counted
    one_cap = full_district[:, None] != full_hospital[None, :]
    able = p.allowed & ~q.chosen & p.counted[None, :] & one_cap
    gains = np.where(able, gains, 0.0)
    d, h = map(int, np.unravel_index(int(gains.argmax()), gains.shape))
    gain, people = float(gains[d, h]), max(1.0, float(p.demand.sum()))
    if gain / people < WORTH:
        return None
    there = (p.district == d) & (saved[:, h] > 0)
    rule = DistrictCap.id if full_district[d] else HospitalCap.id
    return OneMore(d, h, rule, gain, gain / people, int(p.people[there].sum()))


def one_more_text(q: LayerQuestions, one: OneMore) -> Text:
    """The lever in a sentence."""
    district, hospital = q.district(one.district), q.hospital(one.hospital)
    who = Text(f"one more partner for {district}", f"{district}增加 1 家合作医院")
    if one.rule == HospitalCap.id:
        who = Text(f"one more district for {hospital}", f"{hospital} 增加 1 个合作区")
    pair = Text(f"{district} – {hospital}", f"{district} – {hospital}")
    return Text(
        f"With one place more and all other pairs as they are, {who.en} gains most ({one.rule}; {pair.en}): {one.people:,} "
        f"residents would go there, which saves {one.each:.2f} min per resident of the region, priorities counted; solved "
        "again it could only be more.",
        f"若只增加 1 个名额、其余结对不变，收益最大的是{who.zh}（{one.rule}；{pair.zh}）：{people_text(one.people).zh}改由其就近服务，"
        f"全地区人均再省 {one.each:.2f} 分钟（计入优先级）；重新求解只会更多。",
    )

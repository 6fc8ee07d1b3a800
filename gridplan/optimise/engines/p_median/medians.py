"""One district of a problem, seen as a p-median: few sites out of many, each unit at the cheapest open one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.words.text import Text

# What is thought of here; a field that is added to Problem or Stage, and used, turns the engine off until somebody has
# thought of it.
PROBLEM_FIELDS = frozenset({
    "layer", "unit_ids", "district_ids", "hospital_ids", "people", "district", "unit", "hospital", "minutes", "counted",
    "priority", "allowed", "pinned", "district_cap", "hospital_cap", "capacity", "within", "standard", "excess_price",
    "least_partners", "least_share", "stages", "labels", "existing", "most_changes", "change_price",
    "worst_priority", "use", "demand", "tolerance", "caps_bend", "ties", "grids", "neighbours",
})  # fmt: skip
STAGE_FIELDS = frozenset({"goal", "text", "cost", "change_price", "pair_price", "kind", "unit"})


@dataclass(frozen=True, eq=False)
class Medians:
    """Units with residents, sites, and the pairs between them.

    Parameters
    ----------
    n, m : units and sites.
    unit, site, cost : (K,) pairs sorted by unit, cost, minutes, site; cost is residents × cost per resident.
    price : (m,) of opening a site.
    always : (m,) sites that are open in every plan: pinned, or exempt from the cap and free of price.
    room : how many more may be open.
    grain : every plan's value is a multiple of it, 0 where there is no such number.
    """

    n: int
    m: int
    unit: np.ndarray
    site: np.ndarray
    cost: np.ndarray
    price: np.ndarray
    always: np.ndarray
    room: int
    grain: float

    @property
    def too_much(self) -> float:
        """More than any plan costs."""
        dearest = np.zeros(self.n)
        np.maximum.at(dearest, self.unit, self.cost)
        return float(dearest.sum() + self.price.sum()) + 1.0


def why_not(p: Problem) -> Text | None:
    """Why a problem cannot be seen so, None where it can."""
    known = {f.name for f in fields(p)} == PROBLEM_FIELDS
    if not known or any({f.name for f in fields(stage)} != STAGE_FIELDS for stage in p.stages):
        return Text("it has data that the engine does not know", "含有该引擎不识别的数据")
    if p.neighbours is not None:
        return Text("what a partner serves must hang together", "服务片区须连片")
    if p.grids is not None:
        return Text("grids hang together and hold their leads", "网格须连通并含牵头医院")
    if p.coupled:
        return Text(
            "capacity, shares or changes tie units together", "承载、份额或变动规则把各单元联系在一起"
        )
    if len(p.all_stages) != 1 or p.stages[0].kind != "sum" or p.caps_bend:
        return Text("it has other goals than one sum over the units", "目标不止一个逐单元求和的目标")
    binding = p.counted & (p.hospital_cap < p.allowed.sum(axis=0))
    if binding.any():
        return Text("a cap per hospital ties districts together", "医院上限把各区联系在一起")
    price = _price(p)
    if (price[:, ~p.counted] > 0).any():
        return Text("a hospital outside the cap has a price", "不计上限的医院有价格")
    empty = p.people == 0
    reached = np.bincount(p.unit[p.usable], minlength=len(p.unit_ids))
    if (reached < p.allowed.sum(axis=1)[p.district])[empty].any() or not (p.district_people > 0).all():
        return Text("units where nobody lives cannot go everywhere", "无居民的单元并非处处可达")
    return None


def medians_of(p: Problem, d: int) -> tuple[Medians, np.ndarray, np.ndarray] | None:
    """District d, the units and the sites it is made of; None where some unit can go nowhere, or the pins are too many."""
    sites, lived = np.flatnonzero(p.allowed[d]), (p.district == d) & (p.people > 0)
    units = np.flatnonzero(lived)
    if (p.pinned[d] & ~p.allowed[d]).any():
        return None
    place, number = np.full(len(p.hospital_ids), -1), np.full(len(p.unit_ids), -1)
    place[sites], number[units] = np.arange(len(sites)), np.arange(len(units))
    k = np.flatnonzero(p.usable & lived[p.unit])
    cost = p.weight(p.stages[0])[p.unit[k]] * p.stages[0].cost[k]
    order = np.lexsort((p.hospital[k], p.minutes[k], cost, p.unit[k]))
    k, cost = k[order], cost[order]
    counted, price = p.counted[sites], _price(p)[d, sites]
    pinned = p.pinned[d, sites]
    cap = len(sites) if p.district_cap[d] == NO_CAP else int(p.district_cap[d])
    room = cap - int((pinned & counted).sum())
    unit = number[p.unit[k]]
    if room < 0 or (np.bincount(unit, minlength=len(units)) == 0).any():
        return None
    seen = Medians(
        n=len(units),
        m=len(sites),
        unit=unit,
        site=place[p.hospital[k]],
        cost=cost,
        price=price,
        always=pinned | ~counted,
        room=min(room, int((counted & ~pinned).sum())),
        grain=grain_of(cost, price),
    )
    return seen, units, sites


def _price(p: Problem) -> np.ndarray:
    price = p.stages[0].pair_price
    return np.zeros(p.allowed.shape) if price is None else price


def grain_of(cost: np.ndarray, price: np.ndarray) -> float:
    """The greatest number that divides all costs, where they are whole and small enough to be exact."""
    both = np.concatenate([cost, price])
    if not len(both) or (both != np.rint(both)).any() or np.abs(both).sum() >= 2**52:
        return 0.0
    return float(np.gcd.reduce(both.astype(np.int64)))

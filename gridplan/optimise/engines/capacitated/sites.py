"""A problem of one district with capacities, as matrices: capacitated p-median, facility location, assignment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from gridplan.optimise.engines.p_median.medians import PROBLEM_FIELDS, STAGE_FIELDS, grain_of
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.words.text import Text

MOST_PAIRS = 5_000_000  # matrices are dense


@dataclass(frozen=True, eq=False)
class Rooms:
    """Units × sites as matrices.

    Parameters
    ----------
    cost : (n, m) of a unit at a site, inf where it cannot go.
    use : (n, m) of the site's room.
    room, price : (m,) capacity, and price of opening.
    always : (m,) sites that are open in every plan.
    most : how many more may be open.
    grain : every plan's value is a multiple of it, 0 where there is no such number.
    """

    cost: np.ndarray
    use: np.ndarray
    room: np.ndarray
    price: np.ndarray
    always: np.ndarray
    most: int
    grain: float

    @property
    def n(self) -> int:
        """Units."""
        return int(self.cost.shape[0])

    @property
    def m(self) -> int:
        """Sites."""
        return int(self.cost.shape[1])

    @property
    def extra(self) -> np.ndarray:
        """(m,) price of opening a site where not every plan pays it."""
        return np.where(self.always, 0.0, self.price)

    def value(self, serves: np.ndarray) -> float:
        """Costs, and prices of sites that serve or are always open."""
        open_ = self.always.copy()
        open_[serves] = True
        return float(self.cost[np.arange(self.n), serves].sum() + self.price[open_].sum())

    def part(self, units: np.ndarray, sites: np.ndarray, most: int) -> Rooms:
        """These units and sites alone."""
        at = np.ix_(units, sites)
        return Rooms(
            self.cost[at],
            self.use[at],
            self.room[sites],
            self.price[sites],
            self.always[sites],
            most,
            self.grain,
        )

    def fits(self, serves: np.ndarray) -> bool:
        """Whether nobody is beyond reach, no room too small and not too many sites open."""
        units = np.arange(self.n)
        load = np.bincount(serves, self.use[units, serves], self.m)
        opened = np.unique(serves[~self.always[serves]])
        inside = bool((load <= self.room * (1 + 1e-12)).all())
        return inside and len(opened) <= self.most and bool(np.isfinite(self.cost[units, serves]).all())


def why_not(p: Problem) -> Text | None:
    """Why a problem cannot be seen so, None where it can."""
    known = {f.name for f in fields(p)} == PROBLEM_FIELDS
    if not known or any({f.name for f in fields(stage)} != STAGE_FIELDS for stage in p.stages):
        return Text("it has data that the engine does not know", "含有该引擎不识别的数据")
    if p.neighbours is not None:
        return Text("what a partner serves must hang together", "服务片区须连片")
    if p.grids is not None:
        return Text("grids are connected and balanced", "网格须连片、均衡")
    if p.least_partners or p.least_share or p.minds_changes:
        return Text("partners, shares or changes are bounded or priced", "对结对数、份额或变动有限制或计价")
    if len(p.all_stages) != 1 or p.stages[0].kind != "sum" or p.caps_bend:
        return Text("it has other goals than one sum over the units", "目标不止一个逐单元求和的目标")
    if len(p.district_ids) != 1 or not p.counted.all() or (p.hospital_cap < 1).any() or (p.people == 0).any():
        return Text(
            "it is not one district of lived-in units and counted hospitals",
            "并非仅一个区、单元均有居民、医院均计入上限",
        )
    if len(p.unit_ids) * len(p.hospital_ids) > MOST_PAIRS:
        return Text("it has too many pairs for matrices", "可达对过多")
    return None


def rooms_of(p: Problem) -> Rooms | None:
    """The matrices; None where the pins are too many, or a unit has nowhere to go."""
    if (p.pinned & ~p.allowed).any() or (p.pinned.sum(axis=1) > p.district_cap).any():
        return None
    shape = (len(p.unit_ids), len(p.hospital_ids))
    cost, use = np.full(shape, np.inf), np.zeros(shape)
    k = np.flatnonzero(p.usable)
    cost[p.unit[k], p.hospital[k]] = p.weight(p.stages[0])[p.unit[k]] * p.stages[0].cost[k]
    use[p.unit[k], p.hospital[k]] = p.pair_use[k]
    room = np.where(np.isfinite(p.capacity), p.capacity, use.sum(axis=0))
    cost[use > room] = np.inf
    if np.isinf(cost).all(axis=1).any():
        return None
    price = np.zeros(shape[1]) if p.stages[0].pair_price is None else p.stages[0].pair_price[0]
    always = p.pinned[0]
    cap = shape[1] if p.district_cap[0] == NO_CAP else int(p.district_cap[0])
    grain = grain_of(cost[np.isfinite(cost)], price)
    return Rooms(cost, use, room, price, always, min(cap, shape[1]) - int(always.sum()), grain)

"""What is too large for the exact model is said before it is built, and is cut to each unit's cheapest hospitals.

A plan of the cut problem keeps every rule, so it is a plan; its bound is not one of the whole problem, which is told by every
unit at the cheapest hospital that it reaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import Text

BUILD, HAND_OVER = (
    75e-6,
    65e-6,
)  # seconds a pair: to build the model; to hand it to the solver, for every goal
MEMORY = 3_500  # bytes a pair
SHARE = 0.4  # of the clock for both
MOST_PAIRS = 2_000_000  # without a clock: some 7 GB
LEAST = 2  # hospitals of a unit, below which no plan is sought


@dataclass(frozen=True)
class Size:
    """How large the exact model of a problem would be.

    Parameters
    ----------
    pairs, units : that the model decides on.
    seconds, megabytes : estimated, to build it and hand it over.
    """

    pairs: int
    units: int
    seconds: float
    megabytes: float

    def room(self, seconds: float | None) -> int:
        """Pairs that fit into the clock."""
        return MOST_PAIRS if seconds is None else int(SHARE * seconds * self.pairs / max(1e-9, self.seconds))


def size_of(p: Problem) -> Size:
    """The size of the exact model, from the arrays."""
    pairs = int((p.usable & p.decided[p.unit]).sum())
    seconds = pairs * (BUILD + HAND_OVER * len(p.all_stages))
    return Size(pairs, int(p.decided.sum()), seconds, pairs * MEMORY / 2**20)


def narrowed(p: Problem, seconds: float | None) -> tuple[Problem | None, Text] | None:
    """The problem with each unit's cheapest hospitals alone, and what is to be said; None where the whole one fits.

    Without a problem where not even a few hospitals a unit fit. Layers of grids are never cut: their leads decide.
    """
    size = size_of(p)
    room = size.room(seconds)
    if size.pairs <= room or p.grids is not None:
        return None
    each = room // max(1, size.units)
    large = Text(
        f"{size.pairs:,} pairs would make a model of some {size.megabytes:,.0f} MB, built in {size.seconds:,.0f} s",
        f"{size.pairs:,} 个可达对的模型约需 {size.megabytes:,.0f} MB，建模约 {size.seconds:,.0f} 秒",
    )
    if each < LEAST:
        return None, large
    kept = Text(
        f"{large.en}: each unit's {each} cheapest hospitals are kept, and the gap is told against all of them",
        f"{large.zh}：仅保留各单元成本最低的 {each} 家医院，差距按全部医院计",
    )
    return replace(p, within=p.within & _cheapest(p, each)), kept


def relaxed_bound(p: Problem, stage: Stage) -> float:
    """No plan is below it: every unit at the cheapest hospital that it may reach; 0 for goals that are no sum of units."""
    if stage.kind != "sum":
        return 0.0
    k = np.flatnonzero(p.usable)
    least = np.full(len(p.unit_ids), np.inf)
    np.minimum.at(least, p.unit[k], stage.cost[k])
    weight, reached = p.weight(stage), np.isfinite(least)
    return max(0.0, float((weight[reached] * least[reached]).sum()))


def _cheapest(p: Problem, each: int) -> np.ndarray:
    """(K,) pairs among so many cheapest of their unit, by the goals in order, and those of pinned hospitals."""
    k = np.flatnonzero(p.usable)
    keys = [p.hospital[k], p.minutes[k], *(p.preference(s)[k] for s in reversed(p.all_stages)), p.unit[k]]
    order = k[np.lexsort(keys)]
    first = np.searchsorted(p.unit[order], np.arange(len(p.unit_ids)))
    rank = np.arange(len(order)) - first[p.unit[order]]
    kept = np.zeros(len(p.unit), dtype=bool)
    kept[order[rank < each]] = True
    pinned: np.ndarray = kept | p.pinned[p.pair_district, p.hospital]
    return pinned

"""Better plans where groups are small: neighbouring sites and all their units, grouped anew from whole fillings.

A neighbourhood is column generation in small, then the covering of its units at the least cost. The sites that cost
most above what the bound pays for their units come first; every other neighbourhood joins two places, since they can
trade a site between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.capacitated.coverings import covered
from gridplan.optimise.engines.capacitated.exchanges import exchanged
from gridplan.optimise.engines.capacitated.fillings import Generation
from gridplan.optimise.engines.capacitated.first_plans import BETTER, Plan, beside, planned, worth_opening
from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.engines.capacitated.whole_fillings import Whole
from gridplan.optimise.run.clock import Clock

PART_UNITS = 70  # units of a neighbourhood, about
PART_SECONDS = 2.0
VARIED = 20
GROWTH = 1.4


def regrouped(
    r: SingleSource, whole: Whole, plan: Plan, prices: np.ndarray, clock: Clock, enough: float
) -> Plan:
    """The plan after every neighbourhood that got better.

    Parameters
    ----------
    prices : (n,) λ of the bound.
    enough : a value that needs no further work.
    """
    parts = _Parts(r, whole, prices, clock)
    failed, idle, about = set[bytes](), 0, float(PART_UNITS)
    while not clock.over and plan.value > enough:
        used = np.unique(plan.serves)
        sites = parts.chosen(plan, used, about)
        units = np.flatnonzero(np.isin(plan.serves, sites))
        serves = None if units.tobytes() in failed else parts.grouped_anew(plan, sites, units)
        failed.add(units.tobytes())
        idle += 1
        if serves is not None:
            plan, idle = planned(r, exchanged(r, serves, clock)), 0
            failed.clear()
        elif idle > 1.5 * len(used):
            if len(units) == r.n:
                break
            about, idle = about * GROWTH, 0
    return plan


@dataclass
class _Parts:
    """Neighbourhoods of a plan, and their answers."""

    r: SingleSource
    whole: Whole
    prices: np.ndarray
    clock: Clock

    def __post_init__(self) -> None:
        self.rng, self.turn = np.random.default_rng(0), 0

    def chosen(self, plan: Plan, used: np.ndarray, about: float) -> np.ndarray:
        """Sites around one place or two, drawn by how much their groups cost above their prices."""
        r = self.r
        paid = r.cost[np.arange(r.n), plan.serves] - self.prices
        regret = np.bincount(plan.serves, paid, r.m)[used] + r.extra[used]
        regret -= regret.min() - 1e-9 * (1 + abs(float(regret.min())))
        centres = self.rng.choice(used, size=1 + self.turn % 2, p=regret / regret.sum())
        self.turn += 1
        return np.unique(np.concatenate([beside(r, plan, int(c), about / len(centres)) for c in centres]))

    def grouped_anew(self, plan: Plan, inside: np.ndarray, units: np.ndarray) -> np.ndarray | None:
        """(n,) sites with these units grouped better; None where that was not found."""
        r = self.r
        sites = np.concatenate([inside, worth_opening(r, plan, self.prices, units)[: len(units)]])
        spare = r.most - int((~r.always[np.unique(plan.serves)]).sum())
        part = r.part(units, sites, int((~r.always[inside]).sum()) + spare)
        place = np.full(r.m, -1)
        place[sites] = np.arange(len(sites))
        now = place[plan.serves[units]]
        value = part.value(now)
        start = [(int(place[h]), np.flatnonzero(now == place[h])) for h in inside]
        made = Generation(part, self.whole.part(units, sites), self.prices[units], start)
        made.run(self._moment(), value)
        if made.bound >= value * (1 - BETTER):
            return None
        made.vary(self._moment(), VARIED, self.rng)
        answer = covered(part, made.clusters, made.prices, self._moment().left)
        if answer is None:
            return None
        serves = plan.serves.copy()
        serves[units] = sites[answer]
        return serves if r.value(serves) < plan.value * (1 - BETTER) and r.fits(serves) else None

    def _moment(self) -> Clock:
        return Clock(PART_SECONDS if self.clock.left is None else min(PART_SECONDS, self.clock.left))

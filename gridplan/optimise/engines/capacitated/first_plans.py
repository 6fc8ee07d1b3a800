"""Good plans: units to given sites, sites to the middle of their units, and a few sites at a time solved anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.engines.capacitated.exchanges import exchanged
from gridplan.optimise.engines.capacitated.restricted_models import Core, solve_core
from gridplan.optimise.engines.capacitated.single_source import SingleSource
from gridplan.optimise.run.clock import Clock

NEAR = 6  # open sites of a unit that are tried first
PART_UNITS = 25  # units of a neighbourhood, about
PART_SECONDS = 4.0
PART_GAP = 1e-4
FIRST_GAP = 0.01
CHOICES = 9  # sites of a unit in a neighbourhood
BETTER = 1e-9


@dataclass(frozen=True, eq=False)
class Plan:
    """The site of each unit, and what that costs."""

    serves: np.ndarray
    value: float


def planned(r: SingleSource, serves: np.ndarray) -> Plan:
    """The plan with its value."""
    return Plan(serves, r.value(serves))


def assigned(r: SingleSource, open_: np.ndarray, clock: Clock) -> Plan | None:
    """Units to the open sites, as cheaply as their capacities let them; None where that was not found."""
    sites, units = np.flatnonzero(open_), np.arange(r.n)
    cost = r.cost[:, sites]
    for near in (NEAR, len(sites)):
        if len(sites) == 0 or clock.over:
            return None
        rank = np.argsort(np.argsort(cost, axis=1, kind="stable"), axis=1)
        pairs = (rank < near) & np.isfinite(cost)
        core = Core(units, sites, pairs, np.ones(len(sites), dtype=bool), 0)
        solved = solve_core(r, core, clock.left, FIRST_GAP)
        if solved.serves is not None and r.fits(solved.serves):
            return planned(r, exchanged(r, solved.serves, clock))
        if near >= len(sites):
            break
    return None


def reworked(r: SingleSource, plan: Plan, prices: np.ndarray, clock: Clock, enough: float) -> Plan:
    """Neighbouring sites solved anew with all their units, part by part, until no part gets better.

    Parameters
    ----------
    prices : (n,) λ of the bound, by which closed sites are ranked.
    enough : a value that needs no further work.
    """
    size, idle, turn = 1.0, 0, 0
    while not clock.over and plan.value > enough:
        used = np.unique(plan.serves)
        centre = int(used[(turn * 7919) % len(used)])  # a stride that meets every site in scattered order
        turn += 1
        core = _part(r, plan, prices, centre, size * PART_UNITS)
        limit = PART_SECONDS if clock.left is None else min(PART_SECONDS, clock.left)
        solved = solve_core(r, core, limit, PART_GAP)
        idle += 1
        if solved.serves is not None:
            serves = plan.serves.copy()
            serves[core.units] = solved.serves
            if r.value(serves) < plan.value * (1 - BETTER) and r.fits(serves):
                plan, idle = planned(r, exchanged(r, serves, clock)), 0
        if idle > len(used):
            size, idle = size * 1.5, 0
            if size > 8 or len(core.units) == r.n:
                break
    return plan


def _part(r: SingleSource, plan: Plan, prices: np.ndarray, centre: int, about: float) -> Core:
    """A site, the open sites beside it, all their units, and closed sites that could replace them."""
    inside = beside(r, plan, centre, about)
    units = np.flatnonzero(np.isin(plan.serves, inside))
    sites = np.concatenate([inside, worth_opening(r, plan, prices, units)[: 4 * len(inside)]])
    cost = r.cost[np.ix_(units, sites)]
    rank = np.argsort(np.argsort(cost, axis=1, kind="stable"), axis=1)
    pairs = (rank < max(CHOICES, len(inside))) & np.isfinite(cost)
    pairs |= sites[None, :] == plan.serves[units][:, None]
    spare = r.most - int((~r.always[np.unique(plan.serves)]).sum())
    open_ = r.always[sites]
    return Core(units, sites, pairs, open_, int((~r.always[inside]).sum()) + spare)


def beside(r: SingleSource, plan: Plan, centre: int, about: float) -> np.ndarray:
    """An open site and those nearest to its units, together with about so many units, three sites at least."""
    used, count = np.unique(plan.serves, return_counts=True)
    mine = np.flatnonzero(plan.serves == centre)
    away = np.where(np.isfinite(r.cost[np.ix_(mine, used)]), r.cost[np.ix_(mine, used)], 1e15).mean(axis=0)
    away[used == centre] = -1.0
    order = np.argsort(away, kind="stable")
    many = max(3, int(np.searchsorted(np.cumsum(count[order]), about, side="right")))
    return used[order[:many]]


def worth_opening(r: SingleSource, plan: Plan, prices: np.ndarray, units: np.ndarray) -> np.ndarray:
    """The closed sites, first those that would save these units most at the bound's prices."""
    closed = ~r.always
    closed[np.unique(plan.serves)] = False
    ranked = np.flatnonzero(closed)
    saved = np.maximum(prices[units, None] - r.cost[np.ix_(units, ranked)], 0.0).sum(axis=0) - r.price[ranked]
    order: np.ndarray = ranked[np.argsort(-saved, kind="stable")]
    return order

"""The engine "capacitated": one district, many leads, capacities."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from gridplan.optimise.engines.capacitated.coverings import covered
from gridplan.optimise.engines.capacitated.exchanges import exchanged
from gridplan.optimise.engines.capacitated.fillings import Generation
from gridplan.optimise.engines.capacitated.first_plans import Plan, assigned, planned, reworked
from gridplan.optimise.engines.capacitated.first_sites import (
    first_prices,
    first_sites,
    numbers_opened,
    often_opened,
)
from gridplan.optimise.engines.capacitated.knapsack_bound import Bound, ascend, hopeless_pairs, reduced_costs
from gridplan.optimise.engines.capacitated.regroup import regrouped
from gridplan.optimise.engines.capacitated.restricted_models import Core, solve_core
from gridplan.optimise.engines.capacitated.single_source import SingleSource, misfit, single_source_of
from gridplan.optimise.engines.capacitated.whole_fillings import Whole, whole_of
from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text

CORE_MOST = 250_000  # pairs of the last model, beyond which none is built
SMALL_CORE = 6_000  # pairs that one whole-number programme may prove
# Pairs per unit; share of the clock; seconds without one.
LIKELY, LIKELY_SHARE, LIKELY_SECONDS, LIKELY_GAP = 5, 0.3, 60.0, 1e-4
# Of the clock where prices alone choose: parts solved anew find less than the solver there.
PRICED_SHARE = 0.85
LIKELY_MOST = 6_000  # such pairs, beyond which the solver finds nothing in its time
SMALL_GROUPS = 12  # units to a site, to work with whole groups of units
VARIED, COVER_SHARE = 80, 0.15
# Units from which plans are annealed; rounds to a unit, and without a clock.
ANNEALED, ROUNDS, SHORT = 50, 12_000, 4_000
SMALL_SHARE, LARGE_SHARE = 0.65, 0.35  # of the clock for rounds; grouping and solving parts anew need theirs
COMPILING = 20.0  # seconds of a clock from which it pays to compile
NEARLY = 1.005  # of the bound: fillings and the solver find the rest
FIRST_SHARE, QUICK_SHARE = 0.1, 0.02  # of the clock for a first plan by the solver; where plans are annealed
HOPE = 1.04  # the best plan is hardly further above the bound in fractions
PROOF = 1e-7
SOLVER_SHARE = 0.8  # of the clock for the solver, where it comes first
PRICED_MOST = 10_000  # pairs up to which it does although sites are chosen by their prices


@dataclass(eq=False)
class Search:
    """A solve under way: the best plan and the best bound."""

    r: SingleSource
    gap: float
    clock: Clock
    told: Callable[[float, float], None]

    def __post_init__(self) -> None:
        self.plan: Plan | None = None
        finite = np.where(np.isfinite(self.r.cost), self.r.cost, 0.0)
        self.most = float(finite.max(axis=1).sum() + self.r.price.sum()) + 1.0
        self.bound = max(0.0, float(self.r.cost.min(axis=1).sum()))  # every unit at its cheapest site
        self.impossible = False

    @property
    def value(self) -> float:
        """Value of the best plan; more than any plan costs where there is none."""
        return self.most if self.plan is None else self.plan.value

    def hopeless(self, bounds: np.ndarray) -> np.ndarray:
        """Which bounds allow no better plan."""
        if self.plan is None:
            impossible: np.ndarray = bounds > self.most - 0.5  # any plan costs at least 1 less
            return impossible
        slack = self.r.grain * (1 - 1e-6) if self.r.grain else PROOF * max(1.0, abs(self.value))
        answer: np.ndarray = bounds > self.value - max(slack, self.gap * abs(self.value))
        return answer

    def enough(self, bound: float) -> bool:
        """Whether this bound allows no better plan."""
        return bool(self.hopeless(np.array([bound]))[0])

    def offer(self, plan: Plan | None) -> None:
        """Keep a plan where it is the best."""
        if plan is not None and plan.value < self.value:
            self.plan = plan
            self.told(self.value, self.bound)

    def raise_to(self, bound: float) -> None:
        """Keep a bound where it is the best."""
        if bound > self.bound:
            self.bound = min(bound, self.value)
            self.told(self.value, self.bound)


def solve_capacitated(
    p: Problem,
    seconds: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    progress: Progress = silent,
) -> Outcome | None:
    """The best plan with its bound, None where no plan keeps the rules.

    Raises
    ------
    NoPlanInTimeError : the clock ran out before any plan.
    """
    start = time.perf_counter()
    r = single_source_of(p)
    build = time.perf_counter() - start
    if r is None:
        return None
    search = Search(r, gap, Clock(seconds), _teller(progress))
    run(search)
    if search.plan is None:
        if search.impossible:
            return None
        raise NoPlanInTimeError(
            Text("the time ran out before any plan was found", "时限内未找到任何方案"),
            Text("give more seconds, or loosen the capacities", "请增加时限，或放宽承载能力"),
            search.bound,
        )
    serves, stage = search.plan.serves, p.stages[0]
    value = stage_value(p, stage, serves)
    goal = GoalResult(stage.goal, stage.text, value, min(value, search.bound), stage.unit)
    spent = time.perf_counter() - start - build
    return Outcome(serves, listed_pairs(p, serves), (goal,), CAPACITATED.name, build, spent)


def run(search: Search) -> None:
    """Bound, a plan from what the bound likes best, part by part better, then what is left to the solver for a proof."""
    r, clock = search.r, search.clock
    anneals = _anneals(search)
    share = QUICK_SHARE if anneals else FIRST_SHARE
    search.offer(assigned(r, first_sites(r, first_prices(r)), _part_of(clock, share)))
    b = ascend(
        r, first_prices(r), min(search.value, 3 * float(first_prices(r).sum()) + 1), search.enough, clock
    )
    search.raise_to(b.value)
    if _fits_whole(r) and not search.enough(search.bound):
        _to_the_solver(search)
    whole = None if search.enough(search.bound) else whole_of(r)
    if whole is not None and not clock.over:
        towards = min(search.value, HOPE * b.value + 1)
        part = _part_of(clock, 0.1 if anneals else 0.2)
        b = ascend(r, b.prices, towards, search.enough, part, whole)
        search.raise_to(b.value)
    if not search.enough(search.bound) and not clock.over:
        if whole is not None and _small(r):
            _grouped(search, whole, b.prices, anneals and _annealed(search, b))
        else:
            _by_parts(search, b, anneals)
    if search.enough(search.bound):
        search.impossible = search.plan is None  # no plan costs so much
        search.bound = _closed(search)
    elif not clock.over:
        _core(search, b)


def _fits_whole(r: SingleSource) -> bool:
    """Whether the solver comes first: no choice of sites, or a small one by their prices alone."""
    free = int((~r.always).sum())
    return bool(r.most >= free and np.isfinite(r.cost).sum() <= (PRICED_MOST if free else CORE_MOST))


def _to_the_solver(search: Search) -> None:
    """The whole model: cuts on capacities close what prices of units leave open."""
    r = search.r
    seconds = LIKELY_SECONDS if search.clock.left is None else SOLVER_SHARE * search.clock.left
    core = Core(np.arange(r.n), np.arange(r.m), np.isfinite(r.cost), r.always, r.most)
    solved = solve_core(r, core, seconds, search.gap, restarts=True)
    if solved.serves is not None and r.fits(solved.serves):
        search.offer(planned(r, exchanged(r, solved.serves, search.clock)))
    if not solved.impossible:
        search.raise_to(solved.bound)


def _small(r: SingleSource) -> bool:
    """Whether groups are small enough to work with whole ones; where prices alone choose, nobody knows how many sites open."""
    return not _priced(r) and r.n <= SMALL_GROUPS * (r.most + int(r.always.sum()))


def _priced(r: SingleSource) -> bool:
    """Whether there is a choice of sites, and prices alone make it."""
    free = int((~r.always).sum())
    return free > 0 and r.most >= free


def _anneals(search: Search) -> bool:
    """Whether sites are chosen by their number, units are many, and rounds of changes are compiled."""
    r, left = search.r, search.clock.left
    chosen = r.most < int((~r.always).sum()) and not r.extra.any()
    long = left is None or left > COMPILING
    return chosen and long and r.n >= ANNEALED and find_spec("numba") is not None


def _annealed(search: Search, b: Bound) -> bool:
    """A plan by many small changes; whether there is one, and more than the solver proves at once is left."""
    r = search.r
    if search.enough(search.bound) or (search.plan is not None and _left(search, b) <= SMALL_CORE):
        return False
    from gridplan.optimise.engines.capacitated.ruin_and_recreate import annealed, roughly  # heavy

    start = roughly(r, first_sites(r, first_prices(r))) if search.plan is None else search.plan.serves
    share = SMALL_SHARE if _small(r) else LARGE_SHARE
    part, enough = _part_of(search.clock, share), NEARLY * search.bound
    many = r.n * (SHORT if part.left is None else ROUNDS)
    annealed(r, start, search.bound, many, part, search.offer, enough)
    return search.plan is not None


def _by_parts(search: Search, b: Bound, anneals: bool) -> None:
    """Large groups: the likeliest pairs to the solver, rounds of changes where that is not near, then part by part better."""
    r, clock = search.r, search.clock
    for many in numbers_opened(r, b):
        first = assigned(r, often_opened(r, b, many), _part_of(clock, 0.1))
        search.offer(first)
        if first is not None:
            break
    if LIKELY * r.n <= LIKELY_MOST or search.plan is None:
        _likely(search, b)
    if anneals and search.value > NEARLY * search.bound:
        _annealed(search, b)
    if search.plan is not None and not search.enough(search.bound):
        part = _part_of(clock, 0.5 if _left(search, b) <= SMALL_CORE else 0.97)
        search.offer(reworked(r, search.plan, b.prices, part, search.bound))


def _grouped(search: Search, whole: Whole, prices: np.ndarray, cooled: bool) -> None:
    """A bound from whole fillings of sites, a plan from them unless one is annealed that is not near, then sites grouped anew."""
    r, clock = search.r, search.clock
    serves = np.empty(0, dtype=int) if search.plan is None else search.plan.serves
    start = [(int(h), np.flatnonzero(serves == h)) for h in np.unique(serves)]
    made = Generation(r, whole, prices, start)
    made.run(_part_of(clock, 0.25), search.value)
    search.raise_to(made.bound)
    if not cooled or search.value <= NEARLY * search.bound:
        search.offer(assigned(r, made.likely(), _part_of(clock, 0.15)))
        made.vary(_part_of(clock, 0.05), VARIED, np.random.default_rng(0))
        seconds = LIKELY_SECONDS if clock.left is None else COVER_SHARE * clock.left
        covering = covered(r, made.clusters, made.prices, seconds)
        if covering is not None and r.fits(covering):
            search.offer(planned(r, exchanged(r, covering, clock)))
    if search.plan is not None and not search.enough(search.bound):
        part = _part_of(clock, 0.97)
        search.offer(regrouped(r, whole, search.plan, made.prices, part, search.bound))


def _left(search: Search, b: Bound) -> int:
    """How many pairs a better plan may use."""
    return int((~hopeless_pairs(search.r, b, search.hopeless)[1]).sum())


def _likely(search: Search, b: Bound) -> None:
    """The pairs with the least reduced costs to the solver, as many as a few per unit: a good plan, no proof."""
    r = search.r
    dear = reduced_costs(r, b)
    most = min(LIKELY * r.n, dear.size) - 1
    pairs = (dear <= np.partition(dear.ravel(), most)[most]) & np.isfinite(r.cost)
    if search.plan is not None:
        pairs[np.arange(r.n), search.plan.serves] = True
    sites = np.flatnonzero(pairs.any(axis=0) | r.always)
    core = Core(np.arange(r.n), sites, pairs[:, sites], r.always[sites], r.most)
    share = PRICED_SHARE if _priced(r) else LIKELY_SHARE
    seconds = LIKELY_SECONDS if search.clock.left is None else share * search.clock.left
    solved = solve_core(r, core, seconds, LIKELY_GAP)
    if solved.serves is not None and r.fits(solved.serves):
        search.offer(planned(r, exchanged(r, solved.serves, search.clock)))


def _part_of(clock: Clock, share: float) -> Clock:
    """A clock for this share of what is left."""
    return Clock(None if clock.left is None else share * clock.left)


def _core(search: Search, b: Bound) -> None:
    """All that reduced costs leave, to the solver: its plan, its bound, or the proof that there is no better plan."""
    r = search.r
    closed, never = hopeless_pairs(r, b, search.hopeless)
    if (~never).sum() > CORE_MOST:
        return  # a model that would only be built: the gap is told
    sites = np.flatnonzero(~closed)
    core = Core(np.arange(r.n), sites, ~never[:, sites], r.always[sites], r.most)
    solved = solve_core(r, core, search.clock.left, search.gap)
    if solved.serves is not None and r.fits(solved.serves):
        search.offer(planned(r, exchanged(r, solved.serves, search.clock)))
    if solved.impossible:
        search.impossible = search.plan is None
        search.bound = max(search.bound, _closed(search))
    else:  # what was left out has no better plan
        search.raise_to(min(solved.bound, _closed(search)))


def _closed(search: Search) -> float:
    """The bound where no better plan is left."""
    slack = 0.0 if search.r.grain else PROOF * max(1.0, abs(search.value))
    return search.value - max(slack, search.gap * abs(search.value))


def _teller(progress: Progress) -> Callable[[float, float], None]:
    doing = Text("choosing sites and filling them", "选择地点并分配单元")
    return lambda value, bound: progress(Step(doing, value, bound))


CAPACITATED = FastEngine(
    "capacitated",
    frozenset({
        "allowed", "pinned", "within", "district_cap", "hospital_cap", "capacity", "use", "excess_price", "pair_scores", "demand",
        "pair_price",
    }),
    misfit,
    solve_capacitated,
    Text("one district and one goal, under capacities", "单一区、单一目标，受承载约束"),
)  # fmt: skip

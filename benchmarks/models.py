"""What is measured: gridplan, and the competitors, each from a `Problem` to a plan and a bound."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.competitors.answer import Answer
from benchmarks.competitors.arrays import highs_direct
from benchmarks.competitors.constraints import cpsat
from benchmarks.competitors.median import spopt
from benchmarks.competitors.textbook import compact_cbc, compact_highs, compact_scip
from gridplan.geography.adjacency import components
from gridplan.optimise.engines.choose import solve
from gridplan.optimise.model.goal_rows import listed_pairs, stage_value
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.run.outcome import relative_gap
from gridplan.words.errors import NoPlanInTimeError

NAN = float("nan")
GRIDPLAN = "gridplan"


@dataclass(frozen=True)
class Run:
    """Seconds to build and to solve; value and proven bound in the goal's unit, NaN where there is none."""

    engine: str
    build_seconds: float
    solve_seconds: float
    value: float
    bound: float

    @property
    def seconds(self) -> float:
        """Build and solve together."""
        return self.build_seconds + self.solve_seconds

    @property
    def gap(self) -> float:
        """Relative gap between value and bound, as a share."""
        return relative_gap(self.value, self.bound)


def gridplan(problem: Problem, seconds: float) -> Run:
    """gridplan's own way, the engine that "auto" chooses."""
    try:
        outcome = solve(problem, seconds=seconds)
    except NoPlanInTimeError as stopped:
        return Run(GRIDPLAN, 0.0, seconds, NAN, NAN if stopped.bound is None else stopped.bound)
    value = checked_value(problem, outcome.serves)
    engine = f"{GRIDPLAN}/{outcome.engine}"
    return Run(engine, outcome.build_seconds, outcome.solve_seconds, value, outcome.goals[-1].bound)


@dataclass(frozen=True)
class Competitor:
    """Another way to solve the same problem; `needs` are packages beyond gridplan's own."""

    name: str
    ask: Callable[[Problem, float], Answer]
    needs: tuple[str, ...] = field(default=())

    def missing(self) -> list[str]:
        """Packages that are not installed."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]

    def __call__(self, problem: Problem, seconds: float) -> Run:
        """The plan that it finds, with the value that gridplan's arrays give it."""
        answer = self.ask(problem, seconds)
        value = NAN if answer.serves is None else checked_value(problem, answer.serves)
        return Run(self.name, answer.build_seconds, answer.solve_seconds, value, answer.bound)


COMPETITORS: Mapping[str, Competitor] = {
    one.name: one
    for one in (
        Competitor("pulp-compact-highs", compact_highs),
        Competitor("pulp-compact-cbc", compact_cbc),
        Competitor("pulp-compact-scip", compact_scip, ("pyscipopt",)),
        Competitor("highspy-direct", highs_direct),
        Competitor("ortools-cpsat", cpsat, ("ortools",)),
        Competitor("spopt", spopt, ("spopt",)),
    )
}
MODELS: Mapping[str, Callable[[Problem, float], Run]] = {GRIDPLAN: gridplan, **COMPETITORS}


def checked_value(p: Problem, serves: np.ndarray) -> float:
    """The value of a plan, recomputed; NaN where it breaks a rule, whoever made it."""
    pair = np.flatnonzero((p.hospital == serves[p.unit]) & p.usable)
    load = np.bincount(p.hospital[pair], p.pair_use[pair], len(p.hospital_ids))
    listed = listed_pairs(p, serves) & p.counted
    kept = (
        len(pair) == len(p.unit_ids)
        and (load <= p.capacity * (1 + 1e-9)).all()
        and ((listed.sum(axis=1) <= p.district_cap) | (p.district_cap == NO_CAP)).all()
        and ((listed.sum(axis=0) <= p.hospital_cap) | (p.hospital_cap == NO_CAP)).all()
    )
    kept = kept and (p.neighbours is None or hang_together(p, serves))
    return stage_value(p, p.stages[-1], serves) if kept else NAN


def hang_together(p: Problem, serves: np.ndarray) -> bool:
    """Whether each piece of a district has one part for each hospital that serves in it."""
    assert p.neighbours is not None
    pieces = components(len(serves), p.neighbours)
    parts = components(len(serves), p.neighbours, serves)
    return len(set(zip(pieces.tolist(), serves.tolist(), strict=True))) == len(np.unique(parts))

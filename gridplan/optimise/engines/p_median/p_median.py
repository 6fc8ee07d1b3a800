"""The engine "p_median": districts without ties between them, each a p-median of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from gridplan.optimise.engines.fast_engine import FastEngine
from gridplan.optimise.engines.p_median.median_instance import misfit, p_median_of
from gridplan.optimise.engines.p_median.site_tree import prove
from gridplan.optimise.engines.p_median.swaps import nearest
from gridplan.optimise.model.empty_units import settled
from gridplan.optimise.model.goal_rows import listed_pairs, stage_scale, stage_value
from gridplan.optimise.model.solve_reference import no_plan
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.optimise.run.outcome import GoalResult, Outcome
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text


def solve_p_median(
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
    start, clock = time.perf_counter(), Clock(seconds)
    serves, build = np.full(len(p.unit_ids), -1), time.perf_counter() - start
    value, bound, nodes = 0.0, 0.0, 0
    for d in range(len(p.district_ids)):
        begun = time.perf_counter()
        seen = p_median_of(p, d)
        build += time.perf_counter() - begun
        if seen is None:
            return None
        m, units, sites = seen
        share = None if clock.left is None else clock.left / (len(p.district_ids) - d)
        proof = prove(m, gap, Clock(share), _teller(p, d, value, bound, progress))
        if proof.open_ is None:
            if proof.bound < proof.value * (1 - 1e-6):
                raise no_plan(p, p.stages[0], (bound + proof.bound) / stage_scale(p, p.stages[0]))
            return None
        serves[units] = sites[nearest(m, proof.open_, m.too_much).first]
        value, bound, nodes = value + proof.value, bound + proof.bound, nodes + proof.nodes
    better = settled(p, serves)
    serves = serves if better is None else better
    value = stage_value(p, p.stages[0], serves)
    goal = GoalResult(p.stages[0].goal, p.stages[0].text, value, min(value, bound), p.stages[0].unit)
    spent = time.perf_counter() - start - build
    return Outcome(serves, listed_pairs(p, serves), (goal,), P_MEDIAN.name, build, spent, _why(p, nodes))


def _why(p: Problem, nodes: int) -> Text:
    n, m, d = len(p.unit_ids), len(p.hospital_ids), len(p.district_ids)
    return Text(
        f"p_median: {n} units and {m} hospitals in {d} district(s) that nothing ties together; {nodes} nodes",
        f"p_median：{d} 个互不牵连的区，{n} 个单元、{m} 家医院；{nodes} 个节点",
    )


def _teller(
    p: Problem, d: int, value_before: float, bound_before: float, progress: Progress
) -> Callable[[float, float], None]:
    """Figures of one district as steps; those of the whole problem where it is the last one."""
    where, last = p.label(str(p.district_ids[d])), d + 1 == len(p.district_ids)
    doing = Text(f"district {where}", f"本区 {where}")

    def tell(value: float, bound: float) -> None:
        figures = (value_before + value, bound_before + bound) if last else (None, None)
        progress(Step(doing, *figures))

    return tell


P_MEDIAN = FastEngine(
    "p_median",
    frozenset({
        "counted", "allowed", "pinned", "within", "district_cap", "hospital_cap", "excess_price", "pair_scores", "demand", "use",
        "pair_price",
    }),
    misfit,
    solve_p_median,
    Text("one goal, and nothing ties the districts together", "单一目标，各区互不牵连"),
)  # fmt: skip

"""Where no plan keeps all rules: the error that says which rules clash, what would have to give way, and the ways out."""

from __future__ import annotations

from typing import NoReturn

from gridplan.optimise.infeasible.conflicts import conflict_table, least_relaxation
from gridplan.optimise.infeasible.grid_conflicts import impossible_part
from gridplan.optimise.infeasible.ways_out import CLASH_SECONDS, WAYS_SECONDS, find_clash, find_ways_out
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import InfeasibleError
from gridplan.words.text import Text
from gridplan.words.vocabulary import LAYERS, both_words, layer_title


def refuse(problem: Problem, engine: Engine, seconds: float | None) -> NoReturn:
    """Raise the error of a problem without a plan, with its reasons as far as they are found in the seconds left.

    Raises
    ------
    InfeasibleError : always.
    """
    clock = Clock(seconds)
    if problem.grids is not None:
        problem = impossible_part(problem, engine, clock.left)
    used = least_relaxation(problem, engine, clock.left) or ()
    conflicts = conflict_table(problem, used)
    clash = find_clash(problem, engine, min(CLASH_SECONDS, clock.left or CLASH_SECONDS))
    ways = find_ways_out(problem, used, engine, min(WAYS_SECONDS, clock.left or WAYS_SECONDS)) if used else ()
    layer, name = both_words(LAYERS, problem.layer), layer_title(problem.layer)
    raise InfeasibleError(
        Text(
            f"layer {layer.en}: no plan keeps all rules; {len(conflicts)} rule(s) would have to give way",
            f"{name.zh}：没有满足所有规则的方案，至少 {len(conflicts)} 处须放宽",
        ),
        Text("; ".join(conflicts["hint"]), "；".join(conflicts["hint_zh"])) if len(conflicts) else None,
        [Text(en, zh) for en, zh in zip(conflicts["what"], conflicts["what_zh"], strict=True)],
        conflicts,
        clash.table,
        clash.irreducible,
        ways,
    )

"""Infeasible → which rules would have to give way, where, by how much (the least relaxation).

The elastic model lets every rule give way at a price (one partner, one district, one pair, a mean district's
residents of capacity, …) and minimises the total price. What it answers is a relaxation that works, and within
the solver's gap the least one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from gridplan.optimise.constraint import LEAST, SMALL, Slack, Words
from gridplan.optimise.infeasible.alike import few_of_each
from gridplan.optimise.model.pulp_door import Engine
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import solve_connected
from gridplan.optimise.problem import Problem
from gridplan.optimise.rules import constraint_of
from gridplan.words.text import Text

COLUMNS = [
    "rule", "layer", "district_id", "hospital_id", "unit_id", "limit", "needed", "excess", "what", "hint",
    "what_zh", "hint_zh",
]  # fmt: skip
SECONDS = 25.0
Relaxed = tuple[Slack, float]


def explain_conflicts(problem: Problem, engine: Engine, seconds: float | None) -> pd.DataFrame:
    """A row per rule and place that gives way in the least relaxation.

    Returns
    -------
    DataFrame rule, layer, district_id, hospital_id, unit_id, limit, needed, excess, what, hint (English), what_zh,
    hint_zh; limit, needed and excess in the rule's own unit (partners, districts, residents, minutes, pairs).
    Empty where the solver found no answer in time.
    """
    return conflict_table(problem, least_relaxation(problem, engine, seconds) or ())


def least_relaxation(
    problem: Problem,
    engine: Engine,
    seconds: float | None,
    firm: Callable[[Slack], bool] = lambda slack: False,
) -> tuple[Relaxed, ...] | None:
    """The rules that give way, and by how many steps each, at the least price; `firm` ones give no way.

    None where the solver found no answer in time, or where the firm rules leave none.
    """
    ref = Reference(few_of_each(problem), relax=True)
    for slack in filter(firm, ref.slacks):
        ref.model.fix(slack.variable, 0.0)
    ref.model.minimise([(slack.variable, slack.weight) for slack in ref.slacks])
    solved = solve_connected(ref, engine, min(SECONDS, seconds or SECONDS), 1e-4)
    if not solved.has_values:
        return None
    used = ((slack, ref.model.value(slack.variable)) for slack in ref.slacks)
    return tuple((_settled(ref, slack), value) for slack, value in used if value > SMALL)


def _settled(ref: Reference, slack: Slack) -> Slack:
    """The slack with its limit as a number, where it is a multiple of a variable."""
    return slack if slack.per is None else replace(slack, limit=slack.limit * ref.model.value(slack.per))


def conflict_table(problem: Problem, used: Iterable[Relaxed]) -> pd.DataFrame:
    """A relaxation as a table, see `explain_conflicts`."""
    return pd.DataFrame([_row(problem, slack, value) for slack, value in used], columns=COLUMNS)


def _row(p: Problem, slack: Slack, value: float) -> tuple[object, ...]:
    rule = constraint_of(slack.rule)
    excess = value * slack.step
    excess = round(excess, 4) if slack.per is not None else rule.rounding(excess)
    limit = rule.limit(p, slack)
    needed = limit - excess if rule.least or slack.kind in LEAST else limit + excess
    district = str(p.district_ids[slack.district]) if slack.district >= 0 else ""
    hospital = str(p.hospital_ids[slack.hospital]) if slack.hospital >= 0 else ""
    unit = str(p.unit_ids[slack.unit]) if slack.unit >= 0 else ""
    assert rule.gives_way is not None  # whoever writes a row that gives way says how: test_conflicts.py
    if callable(rule.gives_way):
        what, hint = rule.gives_way(p, slack, limit, needed)
    else:
        place = {"d": p.label(district), "h": p.label(hospital), "u": unit}
        what, hint = filled(rule.gives_way, limit=limit, needed=needed, excess=excess, **place)
    numbers = (limit, needed, excess)
    return (slack.rule, p.layer, district, hospital, unit, *numbers, what.en, hint.en, what.zh, hint.zh)


def filled(templates: Words, **words: str | float) -> Words:
    """The sentences of a rule with their names and numbers."""
    what, hint = (Text(text.en.format(**words), text.zh.format(**words)) for text in templates)
    return what, hint

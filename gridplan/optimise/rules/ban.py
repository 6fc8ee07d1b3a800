"""BAN in the model: its row (5) and its demands are written with those of SH-6 (`eligibility.py`): a pair that may not be chosen."""

from __future__ import annotations

from dataclasses import replace

from gridplan.optimise.constraint import Constraint, Demand, Slack, changed_at
from gridplan.optimise.problem import Problem
from gridplan.words.text import Text


def without(p: Problem, demand: Demand) -> Problem:
    """The pair is allowed."""
    return replace(p, allowed=changed_at(p.allowed, (demand.district, demand.hospital), True))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Which pair."""
    return Text(f"{d} – {h} is banned", f"{d} – {h} 被禁止")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The pair is allowed."""
    return without(p, Demand(slack.rule, slack.district, slack.hospital))


CONSTRAINT = Constraint(
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text("BAN pair {d} – {h} is banned but is needed", "BAN 结对 {d} – {h} 被禁止，但需要"),
        Text("allow the pair {d} – {h}", "允许结对 {d} – {h}"),
    ),
)

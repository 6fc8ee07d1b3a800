"""BAN in the model: its row (5) and its demands are written with those of SH-6 (`eligibility.py`): a pair that may not be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.optimise.constraint import Constraint, Demand, Slack, changed_at
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
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


def banned(p: Problem) -> np.ndarray:
    """(D, H) pairs that a ban alone keeps out: no other rule stands behind it."""
    could: np.ndarray = p.priority <= p.worst_priority if p.grids is None else p.grids.in_reach
    return ~p.allowed & could


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """Each ban dropped."""
    p = layer.problem
    for d, h in np.argwhere(banned(p)).tolist():
        pair = f"{layer.district(d)} – {layer.hospital(h)}"
        what = Text(f"ban {pair} dropped", f"去掉禁止 {pair}")
        yield Loosened(d, h, 0, 1, without(p, Demand("BAN", d, h)), what)


def forbids(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """That it is banned."""
    return Text("is banned", "被政策禁止") if banned(layer.problem)[d, h] else None


CONSTRAINT = Constraint(
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text("BAN pair {d} – {h} is banned but is needed", "BAN 结对 {d} – {h} 被禁止，但需要"),
        Text("allow the pair {d} – {h}", "允许结对 {d} – {h}"),
    ),
    binds=binds,
    forbids=forbids,
)

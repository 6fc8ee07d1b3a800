"""SH-1 in the model: row (1) is always there, so the rule adds nothing to it."""

from __future__ import annotations

import numpy as np

from gridplan.optimise.constraint import Constraint
from gridplan.optimise.solved_layer import SolvedLayer
from gridplan.words.text import Text


def forbids(layer: SolvedLayer, d: int, h: int) -> Text | None:
    """That nobody of the district can reach the hospital."""
    p = layer.problem
    mine = (p.district == d) & (p.people > 0)
    if not p.allowed[d, h] or not mine.any() or np.isfinite(layer.minutes[mine, h]).any():
        return None
    return Text("cannot be reached from any unit", "任何单元都无法到达")


def keeps_off(layer: SolvedLayer, u: int, h: int) -> Text | None:
    """That the unit cannot reach the hospital, and what the travel times say of it."""
    if np.isfinite(layer.minutes[u, h]):
        return None
    said = layer.why_left_out(u, h)
    return (
        Text("cannot be reached", "无法到达")
        if not said
        else Text(f"cannot be reached ({said})", f"无法到达 ({said})")
    )


CONSTRAINT = Constraint(
    forbids=forbids,
    keeps_off=keeps_off,
)

"""A model of the programme as text, row by row, to be read: `low <= terms <= high`, columns by what they mean."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gridplan.optimise.model.assembly import Programme
from gridplan.optimise.programme.goals_in_order import Aim


def lp_text(model: Programme, aims: list[Aim]) -> str:
    """Goals, rows, which columns are whole, which go beyond 1."""
    names = [""] * len(model.whole)
    starts = [*model.blocks, ("", len(names))]
    for (name, start), (_, end) in pairwise(starts):
        names[start:end] = [f"{name}{n}" for n in range(end - start)]

    def terms(index, values):
        return " ".join(f"{v:+g} {names[i]}" for i, v in zip(index, values, strict=True))

    lines = [f"least {aim.name}: {terms(np.flatnonzero(aim.cost), aim.cost[aim.cost != 0])}" for aim in aims]
    for low, high, index, values in zip(model.lower, model.upper, model.index, model.values, strict=True):
        before = f"{low:g} <= " if np.isfinite(low) else ""
        after = f" <= {high:g}" if np.isfinite(high) else ""
        lines.append(before + terms(index, values) + after)
    lines.append("whole: " + " ".join(n for n, whole in zip(names, model.whole, strict=True) if whole))
    lines.append("most: " + " ".join(f"{names[i]} {most:g}" for i, most in sorted(model.most.items())))
    return "\n".join(lines) + "\n"

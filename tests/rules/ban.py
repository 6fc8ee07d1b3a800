"""What proves [ban]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Ban

# name → a value that cannot stand, and the key that is named
BAD = {
    "ban of nobody": (lambda: Ban("T1", " "), "ban.hospital_id"),
    "a ban of grids": (lambda: Ban("T1", "H1", layer="grids"), "ban.layer"),
}  # fmt: skip

# rules of tests/golden/lp/ban.lp (make golden NAME=ban)
GOLDEN = (Ban("T3", "H1"),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "a banned pair": ((Ban("T3", "H1"),), [("BAN", "T3", "H1", "", (10,))]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """One pair in five, or so, may not be chosen."""
    free = [draw(st.integers(0, 4)) > 0 for _ in range(p.allowed.size)]
    return replace(p, allowed=p.allowed & np.array(free).reshape(p.allowed.shape))


def may(p: Problem, u: int, h: int) -> bool:
    """Whether the unit's district may have the hospital."""
    return bool(p.allowed[p.district[u], h])

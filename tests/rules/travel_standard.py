"""What proves [travel_standard]."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import TravelStandard

# name → a value that cannot stand, and the key that is named
BAD = {
    "no minutes": (lambda: TravelStandard(0), "travel_standard.minutes"),
    "nan minutes": (lambda: TravelStandard(math.nan), "travel_standard.minutes"),
    "negative price beyond": (lambda: TravelStandard(60, -1), "travel_standard.price"),
}  # fmt: skip

# rules of tests/golden/lp/travel_standard.lp (make golden NAME=travel_standard)
GOLDEN = (TravelStandard(25),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "beyond the limit": ((TravelStandard(22),), [("STANDARD", "T3", "H5", "T3-04", (25,))]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A limit for whoever lives there."""
    standard = float(draw(st.integers(20, 100)))
    return replace(p, standard=standard, within=(p.minutes <= standard) | (p.people[p.unit] == 0))


def may(p: Problem, u: int, h: int) -> bool:
    """Whether the unit reaches the hospital within the limit."""
    return bool(p.within[(p.unit == u) & (p.hospital == h)].any())

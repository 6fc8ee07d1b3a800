"""What proves [eligibility]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import DistrictCap, Eligibility
from tests.rules.ban import may as may  # row (5) is of both: the pair is allowed or not

# name → a value that cannot stand, and the key that is named
BAD = {
    "unknown mode": (lambda: Eligibility("strickt"), "eligibility.mode"),
    "mode as a list": (lambda: Eligibility(["strict"]), "eligibility.mode"),
}  # fmt: skip

# rules of tests/golden/lp/eligibility.lp (make golden NAME=eligibility)
GOLDEN = (Eligibility("strict"),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "no basis": (
        (Eligibility("strict"), DistrictCap(3)),
        [("SH-6", "T1", "H3", "", (2,)), ("SH-6", "T3", "H4", "", (22, 23)), ("SH-6", "T3", "H5", "", (24, 25))],
        ("T1-01", "H3"),
    ),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """Only pairs of a priority that is good enough."""
    worst = draw(st.integers(3, 4))
    return replace(p, worst_priority=worst, allowed=p.allowed & (p.priority <= worst))

"""What proves [full_coverage]."""

from __future__ import annotations

from gridplan.optimise.problem import Problem

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_verify.py"


def may(p: Problem, u: int, h: int) -> bool:
    """Whether the unit can reach the hospital at all; that each unit has one is how assignments are tried."""
    return bool(((p.unit == u) & (p.hospital == h)).any())

"""What proves [hospital_cap]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import HospitalCap, Override

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "cap -1": (lambda: HospitalCap(-1), "hospital_cap.most"),
    "override without reason": (lambda: HospitalCap(3, {"H1": Override(4, " ")}), "hospital_cap.override.H1.reason"),
}  # fmt: skip

# rules of tests/golden/lp/hospital_cap.lp (make golden NAME=hospital_cap)
GOLDEN = (HospitalCap(1, {"H1": Override(2, "tradition")}),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "a tighter cap": ((HospitalCap(2),), [("SH-3", "", "H1", "", (2, 4, 6, 10))]),
    "a cap of one": ((HospitalCap(3, {"H2": Override(1, "small")}),), [("SH-3", "", "H2", "", (3, 5, 11, 12, 13))]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """Up to three districts for every hospital."""
    return replace(p, hospital_cap=np.full(len(p.hospital_ids), draw(st.integers(1, 3))))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """No counted hospital has more districts than its cap, unless caps bend."""
    districts = [sum(1 for _, k in listed if k == h) for h in range(len(p.hospital_ids))]
    above = [n > cap and bool(c) for n, cap, c in zip(districts, p.hospital_cap, p.counted, strict=True)]
    return p.caps_bend or not any(above)

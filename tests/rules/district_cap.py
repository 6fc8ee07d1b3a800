"""What proves [district_cap]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import DistrictCap, Override, Pin
from tests.plain_plan import T1, T2

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "cap 0": (lambda: DistrictCap(0), "district_cap.most"),
    "cap 2.5": (lambda: DistrictCap(2.5), "district_cap.most"),
    "cap 2.0": (lambda: DistrictCap(2.0), "district_cap.most"),
    "cap true": (lambda: DistrictCap(True), "district_cap.most"),
    "cap text": (lambda: DistrictCap("2"), "district_cap.most"),
    "cap none": (lambda: DistrictCap(None), "district_cap.most"),
    "override 0": (lambda: DistrictCap(2, {"T1": Override(0, "x")}), "district_cap.override.T1.most"),
    "override that is a number": (lambda: DistrictCap(2, {"T1": 3}), "district_cap.override.T1"),
    "overrides that are a list": (lambda: DistrictCap(2, [3]), "district_cap.override"),
}  # fmt: skip

# rules of tests/golden/lp/district_cap.lp (make golden NAME=district_cap)
GOLDEN = (DistrictCap(1, {"T1": Override(2, "large")}),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "a third partner": ((), [("SH-2", "T1", "", "", T1)], ("T1-01", "H3")),
    "a tighter cap": ((DistrictCap(2, {"T2": Override(1, "small")}),), [("SH-2", "T2", "", "", T2)]),
    "a pin makes a third partner": ((Pin("T2", "H2"),), [("SH-2", "T2", "", "", T2)]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """One or two partners for every district."""
    return replace(p, district_cap=np.full(len(p.district_ids), draw(st.integers(1, 2))))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """No district has more counted pairs than its cap, unless caps bend."""
    counted = [sum(1 for e, h in listed if e == d and p.counted[h]) for d in range(len(p.district_ids))]
    return p.caps_bend or all(n <= cap for n, cap in zip(counted, p.district_cap, strict=True))

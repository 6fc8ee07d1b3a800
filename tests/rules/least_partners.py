"""What proves [least_partners]."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import DistrictCap, LeastPartners

# name → a value that cannot stand, and the key that is named
BAD = {"least 0": (lambda: LeastPartners(0), "least_partners.least")}

# rules of tests/golden/lp/least_partners.lp (make golden NAME=least_partners)
GOLDEN = (LeastPartners(2),)

# name → rules besides those of shanghai-2025, under which a plan of tiny_town is made and passes
KEPT = {"two partners each": (LeastPartners(2),)}

# name → rules under which the judge names the plain plan of tiny_town: rule, district, hospital, unit, rows
BROKEN: dict[str, tuple[tuple[Any, ...], list[tuple[Any, ...]]]] = {
    "too few partners": (
        (LeastPartners(3), DistrictCap(3)),
        [("PARTNERS", d, "", "", ()) for d in ("T1", "T2", "T3")],
    ),
}


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A random problem with the rule on."""
    return p.with_numbers(least_partners=draw(st.integers(1, 2)))


def keeps(p: Problem, listed: set[tuple[int, int]], assignment: tuple[int, ...]) -> bool:
    """Whether an assignment (a hospital per unit) with its listed pairs (district, hospital) keeps the rule.

    By its own definition, sharing no code with gridplan. Also asked where the rule is off.
    """
    counted = np.array(
        [sum(d == e and bool(p.counted[h]) for e, h in listed) for d in range(len(p.district_ids))]
    )
    lived = np.bincount(p.district, weights=p.people, minlength=len(p.district_ids)) > 0
    return bool((counted >= p.least_partners)[lived].all())

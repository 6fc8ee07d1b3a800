"""What proves [home_first]."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import HomeFirst

# a rule without numbers
BAD: dict[str, Any] = {}

# rules of tests/golden/lp/home_first.lp (make golden NAME=home_first)
GOLDEN = (HomeFirst(),)

# name → rules besides those of shanghai-2025, under which a plan of tiny_town is made and passes
KEPT = {"every hospital at home first": (HomeFirst(),)}

# the judge's case is in tests/plans/test_no_worse.py: every hospital of tiny_town is at home first
BROKEN: dict[str, tuple[tuple[Any, ...], list[tuple[Any, ...]]]] = {}


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A random problem with the rule on, each hospital at home somewhere; some where nothing is planned."""
    place = st.sampled_from([*p.district_ids.tolist(), "elsewhere"])
    homes = {str(h): draw(place) for h, on in zip(p.hospital_ids, p.counted, strict=True) if on}
    return p.with_numbers(home_first=homes or None)


def keeps(p: Problem, listed: set[tuple[int, int]], assignment: tuple[int, ...]) -> bool:
    """Whether an assignment with its listed pairs (district, hospital) keeps the rule; also asked where it is off."""
    homes = p.numbers.get("home_first") or {}
    lived = np.bincount(p.district, weights=p.people, minlength=len(p.district_ids)) > 0
    place = {str(d): n for n, d in enumerate(p.district_ids) if lived[n]}
    for d, h in listed:
        home = place.get(homes.get(str(p.hospital_ids[h]), ""), -1)
        if not p.counted[h] or home in (-1, d) or (home, h) in listed:
            continue
        first = [g for e, g in listed if e == home and p.counted[g] and p.priority[home, g] == 1]
        if len(first) < p.district_cap[home]:
            return False
    return True

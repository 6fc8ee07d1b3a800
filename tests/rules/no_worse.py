"""What proves [no_worse]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import NoWorse

# name → a value that cannot stand, and the key that is named
BAD = {
    "minutes -1": (lambda: NoWorse(-1), "no_worse.minutes"),
    "minutes True": (lambda: NoWorse(True), "no_worse.minutes"),
    "kinds 5": (lambda: NoWorse(5, 5), "no_worse.kinds"),  # type: ignore[arg-type]
    "a kind that is none": (lambda: NoWorse(5, {"rural": 1}), "no_worse.kinds.rural"),
    "a kind with -1": (lambda: NoWorse(5, {"county": -1}), "no_worse.kinds.county"),
}

# rules of tests/golden/lp/no_worse.lp (make golden NAME=no_worse)
GOLDEN = (NoWorse(5, {"outer_suburban": 0}),)

# name → rules besides those of shanghai-2025, under which a plan of tiny_town is made and passes
KEPT = {"no district worse than today": (NoWorse(0),)}

# the judge's case is in tests/plans/test_no_worse.py: everybody in tiny_town is better off than today
BROKEN: dict[str, tuple[tuple[Any, ...], list[tuple[Any, ...]]]] = {}


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A random problem with the rule on: some districts have a limit around their mean, some units count."""
    count = len(p.district_ids)
    people = p.people * np.array(
        draw(st.lists(st.booleans(), min_size=len(p.people), max_size=len(p.people)))
    )
    here = np.bincount(p.district, weights=people, minlength=count)
    at = p.district[p.unit]
    mean = np.bincount(at, weights=p.minutes, minlength=count) / np.maximum(
        1, np.bincount(at, minlength=count)
    )
    factor = np.array(draw(st.lists(st.sampled_from([0.5, 0.8, 1.0, 1.3]), min_size=count, max_size=count)))
    on = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count))) & (here > 0)
    most = np.where(on, here * np.round(mean * factor, 2) + 0.01, np.inf)
    return replace(p, most_travel=most, travel_people=people.astype(float))


def keeps(p: Problem, listed: set[tuple[int, int]], assignment: tuple[int, ...]) -> bool:
    """Whether an assignment (a hospital per unit) keeps the rule; also asked where the rule is off."""
    if p.most_travel is None or p.travel_people is None:
        return True
    minutes = {(int(u), int(h)): float(t) for u, h, t in zip(p.unit, p.hospital, p.minutes, strict=True)}
    spent = np.zeros(len(p.district_ids))
    for u, h in enumerate(assignment):
        if p.travel_people[u]:
            spent[p.district[u]] += p.travel_people[u] * minutes[u, h]
    return bool((spent <= p.most_travel * (1 + 1e-9) + 1e-6).all())

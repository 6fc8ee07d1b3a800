"""What proves [pin]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Grids, Pin
from tests.rules import set_pairs

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "pin of nothing": (lambda: Pin("", "H1"), "pin.district_id"),
    "a pin of a layer of partners": (lambda: Pin("T1", "H1", layer="general"), "pin.layer"),
    "a pin of no layer": (lambda: Pin("T1", "H1", layer=""), "pin.layer"),
}  # fmt: skip

# rules of tests/golden/lp/pin.lp (make golden NAME=pin)
GOLDEN = (Pin("T3", "H2"),)

# golden LPs of grids → their rules
GOLDEN_GRIDS = {"grids_pin": (Grids(across_districts=True), Pin("T1", "H2", layer="grid"))}

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "a hospital that is no candidate": ((Pin("T1", "H6"),), [("PIN", "T1", "H6", "", ())]),
    "a district that does not exist": ((Pin("T9", "H1"),), [("PIN", "T9", "H1", "", ())]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """One allowed pair in five, or so, must be in the plan."""
    must = [draw(st.integers(0, 4)) == 0 for _ in range(p.allowed.size)]
    return replace(p, pinned=p.allowed & np.array(must).reshape(p.allowed.shape))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """A pinned pair is listed, and so counts, even if it serves nobody."""
    return set_pairs(p.pinned) <= listed


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """A pinned hospital leads a grid."""
    return {h for _, h in set_pairs(p.pinned)} <= set(assignment)

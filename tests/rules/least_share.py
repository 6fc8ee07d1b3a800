"""What proves [least_share]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import LeastShare

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "share 1.5": (lambda: LeastShare(1.5), "least_share.share"),
    "share 0": (lambda: LeastShare(0), "least_share.share"),
}  # fmt: skip

# rules of tests/golden/lp/least_share.lp (make golden NAME=least_share)
GOLDEN = (LeastShare(0.3),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "too small a share": ((LeastShare(0.25),), [("SHARE", "T3", "H1", "", (10,))]),
}  # fmt: skip


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A fifth or two fifths of a district's residents for each partner."""
    return replace(p, least_share=draw(st.sampled_from([0.2, 0.4])))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """Each listed partner serves the share, pinned ones too."""
    for d, h in listed if p.least_share else ():
        mine = [int(p.people[u]) for u, k in enumerate(assignment) if p.district[u] == d and k == h]
        if sum(mine) < p.least_share * int(p.people[p.district == d].sum()) - 1e-9:
            return False
    return True

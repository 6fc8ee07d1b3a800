"""What proves [most_changes]."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import MostChanges
from tests.rules import set_pairs

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "changes -1": (lambda: MostChanges(-1), "most_changes.most"),
    "half a change": (lambda: MostChanges(2.5), "most_changes.most"),
}

# rules of tests/golden/lp/most_changes.lp (make golden NAME=most_changes)
GOLDEN = (MostChanges(3),)

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_change_rules.py"


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """So many changes at most, against some pairs of today."""
    return replace(p, most_changes=draw(st.integers(0, 5)))


def keeps(p: Problem, listed: Pairs, assignment: tuple[int, ...]) -> bool:
    """Counted pairs that are new or ended, together; an open campus without an agreement is neither."""
    today = set_pairs(p.existing)
    there = set() if p.present is None else set_pairs(p.present)
    return sum(1 for _, h in (listed ^ today) - there if p.counted[h]) <= p.most_changes

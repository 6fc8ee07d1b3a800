"""What proves [change_price]."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Ban, ChangePrice
from tests.rules import set_pairs

Pairs = set[tuple[int, int]]

# name → a value that cannot stand, and the key that is named
BAD = {
    "price -1": (lambda: ChangePrice(-1), "change_price.person_minutes"),
    "price as text": (lambda: ChangePrice("dear"), "change_price.person_minutes"),
}

# rules of tests/golden/lp/change_price.lp (make golden NAME=change_price)
GOLDEN = (ChangePrice(50_000), Ban("T3", "H1"))


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """A price for each change, in the goal travel."""
    price = float(draw(st.integers(1, 200)))
    assert p.ties is not None
    travel = replace(p.ties, change_price=price)
    stages = tuple(travel if stage is p.ties else stage for stage in p.stages)
    return replace(p, change_price=price, stages=stages, ties=travel)


def costs(p: Problem, listed: Pairs) -> float:
    """What the goal travel has besides minutes: the price of each pair that is new or ended, counted or not.

    An open campus without an agreement is neither.
    """
    today = set_pairs(p.existing)
    there = set() if p.present is None else set_pairs(p.present)
    return p.change_price * len((listed ^ today) - there)

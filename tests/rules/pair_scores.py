"""What proves [pair_scores]."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import PairScores

# name → a value that cannot stand, and the key that is named
BAD = {
    "minutes of scores -1": (lambda: PairScores(-1), "pair_scores.most_minutes"),
    "minutes of scores without bound": (lambda: PairScores(60), "pair_scores.most_minutes"),
    "a score of 101": (lambda: PairScores(5, {"T1 H1": 101}), "pair_scores.scores.T1 H1"),
    "a score of a hospital alone": (lambda: PairScores(5, {"H1": 50}), "pair_scores.scores.H1"),
    "scores as a list": (lambda: PairScores(5, [50]), "pair_scores.scores"),
}  # fmt: skip

# rules of tests/golden/lp/pair_scores.lp (make golden NAME=pair_scores)
GOLDEN = (PairScores(5, {"T1 H1": 20, "T2 H2": 100}),)

# name → rules besides those of shanghai-2025, under which a plan of tiny_town is made and passes
KEPT = {"scores that cost": (PairScores(15, {"T1 H1": 0, "T2 H1": 40, "T3 H3": 90}),)}


def drawn(draw: st.DrawFn, p: Problem) -> Problem:
    """Some pairs are dearer by some minutes, in the goal travel."""
    pairs = [(str(d), str(h)) for d in p.district_ids for h in p.hospital_ids]
    told = {f"{d} {h}": float(draw(st.integers(0, 15))) for d, h in pairs if draw(st.booleans())}
    price = p.minutes * 0.0
    for k, (u, h) in enumerate(zip(p.unit, p.hospital, strict=True)):
        price[k] = told.get(f"{p.district_ids[p.district[u]]} {p.hospital_ids[h]}", 0.0)
    stages = tuple(replace(s, cost=s.cost + price) if s.goal == "travel" else s for s in p.stages)
    ties = None if p.ties is None else replace(p.ties, cost=p.ties.cost + price)
    more = replace(p, excess_price=p.excess_price + price, stages=stages, ties=ties)
    return more.with_numbers(pair_scores={pair: minutes for pair, minutes in told.items() if minutes} or None)


def keeps(p: Problem, listed: set[tuple[int, int]], assignment: tuple[int, ...]) -> bool:
    """A score keeps no plan out; what the price adds up to is proven in tests/plans/test_pair_scores.py."""
    return True

"""What each rule says of a solved layer is true of every plan: where it binds, whom it forbids, whom it keeps off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gridplan.optimise.model.goal_rows import listed_pairs
from gridplan.optimise.problem import Problem
from gridplan.optimise.rules import constraints
from gridplan.words.text import Text
from tests.rules import having

from .brute import best, legal_assignments, listed_by
from .brute_grids import best_grids
from .cases import problems
from .grid_cases import grid_problems

LISTED = (*having("drawn"), "unreachable", "exempt")


@dataclass
class Layer:
    """A solved layer, as `gridplan.ask` hands it to the rules."""

    problem: Problem
    serves: np.ndarray

    @property
    def chosen(self) -> np.ndarray:
        return listed_pairs(self.problem, self.serves)

    @property
    def minutes(self) -> np.ndarray:
        p = self.problem
        square = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
        square[p.unit, p.hospital] = p.minutes
        return square

    @property
    def within(self) -> np.ndarray:
        p = self.problem
        square = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
        square[p.unit, p.hospital] = p.within
        return square

    @property
    def load(self) -> np.ndarray:
        p = self.problem
        return np.bincount(self.serves, weights=p.people, minlength=len(p.hospital_ids))

    def partners(self, d: int) -> list[int]:
        return np.flatnonzero(self.chosen[d] & self.problem.counted).tolist()

    def districts(self, h: int) -> list[int]:
        return np.flatnonzero(self.chosen[:, h]).tolist()

    def district(self, d: int) -> str:
        return str(self.problem.district_ids[d])

    def hospital(self, h: int) -> str:
        return str(self.problem.hospital_ids[h])

    def why_left_out(self, u: int, h: int) -> str:
        return ""


def layers(rules: tuple[str, ...] = LISTED) -> st.SearchStrategy[Layer]:
    """A random layer with a plan that keeps every rule, not always the best."""

    @st.composite
    def solved(draw: st.DrawFn) -> Layer | None:
        p = draw(problems(rules=rules))
        plans = list(legal_assignments(p))
        return Layer(p, np.array(draw(st.sampled_from(plans)))) if plans else None

    return solved().filter(lambda layer: layer is not None)  # type: ignore[return-value]


def said(answer: Text | None) -> bool:
    """Whether a rule answers, in both languages."""
    assert answer is None or (answer.en and any("\u4e00" <= letter <= "\u9fff" for letter in answer.zh))
    return answer is not None


# A pin lists its pair though it serves nobody: one that is dropped may be a change under SH-9, which may have a price, and
# may leave a unit where nobody lives without a pair that it can reach. So dropping it is a relaxation only without these.
# [home_first] lets a hospital go where its home has all its places taken: one place more there binds it again.
LOOSE = tuple(rule for rule in LISTED if rule != "home_first")
BESIDE_PINS = tuple(rule for rule in LOOSE if rule not in ("most_changes", "change_price", "unreachable"))
BESIDE_CHANGES = tuple(rule for rule in LOOSE if rule != "pin")


@given(layers(BESIDE_PINS) | layers(BESIDE_CHANGES))
def test_a_rule_loosened_never_makes_the_best_plan_dearer(layer: Layer) -> None:
    was = best(layer.problem)
    assert was is not None
    for constraint in constraints().values():
        for loosened in constraint.binds(layer):
            now = best(loosened.problem)
            assert said(loosened.what) and loosened.limit != loosened.loosened
            assert now is not None and now[0] <= was[0] + 1e-6


@given(layers())
def test_a_pair_that_a_rule_forbids_is_in_no_plan(layer: Layer) -> None:
    p = layer.problem
    listed = [listed_by(p, one) for one in legal_assignments(p)]
    for d in range(len(p.district_ids)):
        for h in range(len(p.hospital_ids)):
            forbidden = [c for c in constraints().values() if said(c.forbids(layer, d, h))]
            assert not forbidden or p.pinned[d, h] or not any((d, h) in pairs for pairs in listed)
            assert p.allowed[d, h] or forbidden  # somebody answers for every pair that may not be


@given(layers())
def test_a_unit_is_kept_off_by_somebody_where_it_cannot_go(layer: Layer) -> None:
    p = layer.problem
    for u in range(len(p.unit_ids)):
        for h in range(len(p.hospital_ids)):
            kept_off = [c for c in constraints().values() if said(c.keeps_off(layer, u, h))]
            assert layer.within[u, h] or kept_off
            if kept_off and layer.within[u, h]:  # there is no room for it beside who is there
                assert layer.load[h] + p.people[u] > p.capacity[h]


@given(layers(("district_cap", "hospital_cap", "exempt", "unreachable")))
def test_who_finds_the_places_taken_cannot_come_too(layer: Layer) -> None:
    p, listed = layer.problem, {tuple(pair) for pair in np.argwhere(layer.chosen).tolist()}
    for d, h in np.argwhere(~layer.chosen).tolist():
        full = [c for c in constraints().values() if said(c.taken(layer, d, h))]
        with_it = {*listed, (d, h)}
        partners = sum(1 for e, k in with_it if e == d and p.counted[k])
        districts = sum(1 for _, k in with_it if k == h)
        above = partners > p.district_cap[d] or districts > p.hospital_cap[h]
        assert bool(full) == (bool(p.counted[h]) and above)


@given(layers())
def test_a_full_place_is_a_place_of_the_layer(layer: Layer) -> None:
    p = layer.problem
    for constraint in constraints().values():
        for d, h in constraint.full(layer):
            assert (-1 <= d < len(p.district_ids)) and (-1 <= h < len(p.hospital_ids)) and max(d, h) >= 0
            assert h < 0 or p.allowed[:, h].any()


@given(grid_problems(rules=("numbers", "balance", "pins", "bans", "limit"), units=5))
def test_a_rule_of_grids_loosened_never_makes_the_best_plan_dearer(p: Problem) -> None:
    was = best_grids(p)
    if was is None:
        return
    # any plan of the layer will do: the one that sends each unit to the first lead that it may have
    first = np.array([int(p.hospital[(p.unit == u)][0]) for u in range(len(p.unit_ids))])
    for constraint in constraints().values():
        for loosened in constraint.binds(Layer(p, first)):
            now = best_grids(loosened.problem)
            assert now is not None and now <= was + 1e-6, loosened.what.en

"""A transition (SH-9): few changes at a time, nobody left without a partner, never worse against the caps."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gridplan.ask.phases.transition import transition
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.optimise.what_if.phases import Steps, _part_by_part, phases, whole_way
from gridplan.optimise.what_if.served import Served
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy
from gridplan.policies.rules import Ban, DistrictCap, HospitalCap, Rule
from gridplan.policies.rules.priority import PRICES
from gridplan.words.errors import PolicyError

SHANGHAI = policy("shanghai-2025")
TODAY = (("H1", "T1"), ("H2", "T1"), ("H3", "T1"), ("H3", "T2"), ("H3", "T3"), ("H4", "T2"), ("H7", "T3"))
Pair = tuple[str, str, str]


def town(*today: tuple[str, str]) -> Region:
    table = pd.DataFrame(today, columns=["hospital_id", "district_id"]).astype(str)
    table = table.assign(basis="other", since="2020", row=range(2, len(today) + 2))
    return tiny_town().with_tables(partnerships=table)


@cache
def planned(today: tuple[tuple[str, str], ...] = TODAY, *rules: Rule) -> Plan:
    return make(town(*today), SHANGHAI.with_rule(*rules))


def keys(table: pd.DataFrame) -> set[Pair]:
    return set(table[["layer", "district_id", "hospital_id"]].itertuples(index=False, name=None))


def excess(state: set[Pair], rules: Policy) -> dict[tuple[int, str], int]:
    general = [pair for pair in state if pair[0] == "general"]
    caps = {1: rules.rule(DistrictCap), 2: rules.rule(HospitalCap)}
    return {
        (n, key): max(0, sum(pair[n] == key for pair in general) - cap.limit(key))
        for n, cap in caps.items()
        if cap is not None
        for key in ("T1", "T2", "T3", "H1", "H2", "H3")
    }


CAMPUS = ("general", "T2", "H1")  # open, without an agreement: it counts as present


def holds(made: Plan, per_phase: int, no_worse: float = math.inf) -> None:
    layer = {"H1": "general", "H2": "general", "H3": "general", "H4": "tcm", "H5": "tcm"}
    region = made.region
    today = zip(region.partnerships["district_id"], region.partnerships["hospital_id"], strict=True)
    state = {(layer[h], d, h) for d, h in today if h in layer} | {CAMPUS}
    minutes = far(made, state)
    for number, phase in enumerate(transition(made, per_phase, no_worse), start=1):
        after, changed = keys(phase.pairs), keys(phase.changes) | keys(phase.aside)
        assert phase.number == number and len(phase.changes) <= per_phase and changed
        assert changed == after ^ state and keys(phase.aside) <= {CAMPUS}
        told = phase.districts.set_index(["layer", "district_id"])
        then = far(made, after)
        for place, was in minutes.items():
            assert told.loc[place, "minutes_before"] == pytest.approx(was, nan_ok=True)
            assert told.loc[place, "mean_minutes"] == pytest.approx(then[place], nan_ok=True)
            assert not then[place] > was + no_worse + 1e-6  # no partner before: exempt
        minutes = then
        assert keys(phase.changes[phase.changes["change"] == "new"]) == after - state
        was, now = excess(state, made.policy), excess(after, made.policy)
        assert all(now[place] <= was[place] for place in now) and phase.over == sum(now.values())
        assert {pair[:2] for pair in state} <= {pair[:2] for pair in after}
        state = after
    assert state == keys(made.pairs)


def far(made: Plan, state: set[Pair]) -> dict[tuple[str, str], float]:
    """Mean minutes of every district while these pairs stand: each unit goes where minutes and price are least."""
    level = made.pair_table.set_index(["layer", "district_id", "hospital_id"])["priority"]
    travel = made.travel.to_frame().set_index(["unit_id", "hospital_id"])["minutes"]
    out = {}
    for layer, district in itertools.product(("general", "tcm"), ("T1", "T2", "T3")):
        mine = [h for name, d, h in sorted(state) if (name, d) == (layer, district)]
        units = made.region.units[made.region.units["district_id"] == district]
        ways = [
            [(travel[u, h] + PRICES[level[layer, district, h] - 1], travel[u, h]) for h in mine]
            for u in units["unit_id"]
        ]
        total = sum(people * min(way)[1] for people, way in zip(units["people"], ways, strict=True) if way)
        out[layer, district] = total / units["people"].sum() if mine else float("nan")
    return out


@pytest.mark.parametrize("per_phase", [2, 3, 4, 100])
def test_each_phase_holds_and_the_last_is_the_plan(per_phase: int) -> None:
    holds(planned(), per_phase)


def test_all_at_once_is_one_phase_and_nothing_to_change_is_none() -> None:
    made = planned()
    (phase,) = transition(made, 100, math.inf)
    assert list(phase.changes.columns) == [
        "layer",
        "district_id",
        "hospital_id",
        "counted",
        "change",
        "people",
    ]
    listed = made.pairs.set_index(["layer", "district_id", "hospital_id"])["people"]
    new = phase.changes[phase.changes["change"] == "new"].set_index(["layer", "district_id", "hospital_id"])
    assert (new["people"] == listed[new.index]).all() and phase.over == 0
    same = made.region.with_tables(
        partnerships=made.pairs[["hospital_id", "district_id"]].assign(basis="other", since="", row=2)
    )
    assert transition(replace(made, region=same), 1) == ()


def test_pairs_over_a_cap_end_first() -> None:
    first = transition(planned(), 2, math.inf)[0]
    ended = first.changes[first.changes["change"] == "ended"]
    assert list(ended["hospital_id"]) == ["H3"] and list(ended["district_id"]) == ["T1"]


def test_a_swap_at_the_cap_takes_two_and_the_error_says_so() -> None:
    swap = planned((("H3", "T1"), ("H1", "T2"), ("H2", "T3")), DistrictCap(1), Ban("T1", "H3"))
    with pytest.raises(PolicyError) as refused:
        transition(swap, 1, math.inf)
    assert "per_phase = 2 is enough" in str(refused.value) and "per_phase = 2 即可" in refused.value.say("zh")
    holds(swap, 2)


def test_no_phase_is_worse_for_a_district_than_it_may_be_or_the_number_is_told() -> None:
    """H2, nearest to T1, goes, and H3 comes: T1 travels longer whatever comes first."""
    made = planned((("H2", "T1"), ("H1", "T1")), Ban("T1", "H1"), Ban("T1", "H2"))
    with pytest.raises(PolicyError) as refused:
        transition(made, 9)
    said = str(refused.value)
    enough = float(re.search(r"no_worse = ([0-9.]+) is enough", said)[1])  # type: ignore[index]
    assert "中区 (T1) [general] is" in said and "whatever comes first" in said
    holds(made, 9, enough)
    with pytest.raises(PolicyError):
        transition(made, 9, enough - 0.2)


@pytest.mark.parametrize("bad", [-1, math.nan, True, "5", None])
def test_minutes_that_cannot_stand_are_one_clear_error(bad: object) -> None:
    with pytest.raises(PolicyError, match="no_worse must be a number of minutes from 0"):
        transition(planned(), 4, bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [0, -1, 2.5, True, "4", None])
def test_a_budget_that_cannot_stand_is_one_clear_error(bad: object) -> None:
    with pytest.raises(PolicyError, match="per_phase must be a whole number from 1") as refused:
        transition(planned(), bad)  # type: ignore[arg-type]
    assert repr(bad) in refused.value.say("zh")


# Against trying every order


def reachable(steps: Steps, most: int) -> bool:
    """Whether any order of phases leads to the end, by trying all."""
    seen, open_ = {frozenset[int]()}, [frozenset[int]()]
    while open_:
        done = open_.pop()
        if len(done) == steps.n:
            return True
        for size in range(1, most + 1):
            for more in itertools.combinations(sorted(set(range(steps.n)) - done), size):
                after = done | set(more)
                if after not in seen and allowed(steps, done, after):
                    seen.add(after)
                    open_.append(after)
    return False


def allowed(steps: Steps, before: frozenset[int], after: frozenset[int]) -> bool:
    for count, cap, moves in zip(steps.count, steps.cap, steps.moves, strict=True):
        was, now = (count + sum(moves[c] for c in done) for done in (before, after))
        if now > max(cap, was):
            return False
    at = [np.isin(np.arange(steps.n), sorted(done)) for done in (before, after)]
    if any(one.jump(at[0][one.changes], at[1][one.changes]) > steps.no_worse + 1e-6 for one in steps.served):
        return False
    return all(
        held + sum(moves[c] for c in after) >= 1
        for held, moves in zip(steps.partners, steps.partner_moves, strict=True)
    )


@st.composite
def ways(draw: st.DrawFn) -> Steps:
    """Up to 7 changes between two sets of pairs of 3 districts and 3 hospitals; the second keeps the caps."""
    cells = list(itertools.product(range(3), range(3)))
    today = draw(st.sets(st.sampled_from(cells), min_size=1, max_size=7))
    plan = draw(st.sets(st.sampled_from(cells), min_size=3, max_size=6))
    plan |= {(d, draw(st.integers(0, 2))) for d in range(3) if all(pair[0] != d for pair in plan)}
    todo = sorted(today ^ plan)[:]
    sign = [1 if pair in plan else -1 for pair in todo]
    count, cap, moves, partners, partner_moves = [], [], [], [], []
    for axis, key in itertools.product((0, 1), range(3)):
        row = [s if pair[axis] == key else 0 for s, pair in zip(sign, todo, strict=True)]
        count.append(sum(pair[axis] == key for pair in today))
        cap.append(max(1, sum(pair[axis] == key for pair in plan)) + draw(st.integers(0, 1)))
        moves.append(row)
        if axis == 0 and count[-1]:
            partners.append(count[-1])
            partner_moves.append(row)
    n = len(todo)
    served = [
        Served(
            np.array(mine), np.array([sign[c] > 0 for c in mine]), np.array([todo[c][1] for c in mine]),
            np.array([(d, h) in today & plan for h in range(3)]), np.array([1.0, 2.0]), minutes, minutes,
        )
        for d in range(3)
        if any(pair[0] == d for pair in today) and (mine := [c for c in range(n) if todo[c][0] == d])
        for minutes in [np.array(draw(st.lists(st.integers(1, 12), min_size=6, max_size=6)), float).reshape(2, 3)]
    ]  # fmt: skip
    return Steps(
        np.linspace(0, 1, n),
        np.array(count), np.array(cap), np.array(moves).reshape(len(count), n),
        np.array(partners), np.array(partner_moves).reshape(len(partners), n), None,
        tuple(served), draw(st.sampled_from([0.0, 2.0, math.inf])),
    )  # fmt: skip


def keeps(steps: Steps, way: list[np.ndarray], most: int) -> bool:
    done: frozenset[int] = frozenset()
    for phase in way:
        after = done | set(phase.tolist())
        if not 1 <= len(after) - len(done) <= most or not allowed(steps, done, after):
            return False
        done = after
    return len(done) == steps.n


def taken_back() -> Steps:
    """Five changes of which the presolve of HiGHS 1.16.0 says that they fit one by one; they do not, as HiGHS then sees."""
    minutes = np.array([[2.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    moves = np.array(
        [
            [1, -1, 1, 0, 0],
            [0, 0, 0, 0, 0],
            [0, 0, 0, -1, -1],
            [1, 0, 0, 0, 0],
            [0, -1, 0, -1, 0],
            [0, 0, 1, 0, -1],
        ]
    )
    served = (
        Served(
            np.arange(3), np.array([True, False, True]), np.arange(3), np.array([False] * 3),
            np.array([1.0, 2.0]), np.ones((2, 3)), np.ones((2, 3)),
        ),
        Served(
            np.array([3, 4]), np.array([False, False]), np.array([1, 2]), np.array([True, False, False]),
            np.array([1.0, 2.0]), minutes, minutes,
        ),
    )  # fmt: skip
    count, cap = np.array([1, 3, 3, 2, 3, 2]), np.array([2, 3, 1, 3, 1, 2])
    return Steps(np.linspace(0, 1, 5), count, cap, moves, np.array([1, 3, 3]), moves[:3], None, served, 0.0)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ways(), st.integers(1, 3))
@example(taken_back(), 1)
def test_a_way_is_found_exactly_where_there_is_one(steps: Steps, most: int) -> None:
    truth = reachable(steps, most)
    way = phases(steps, most)
    assert (way is not None) == truth
    assert way is None or keeps(steps, way, most)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ways(), st.integers(1, 4))
def test_part_by_part_agrees(steps: Steps, most: int) -> None:
    way = _part_by_part(steps, most)
    assert (way is not None) == reachable(steps, most)
    assert way is None or keeps(steps, way, most)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ways(), st.integers(1, 3))
def test_planning_all_phases_together_agrees(steps: Steps, most: int) -> None:
    way = whole_way(steps, most)
    assert (way is not None) == reachable(steps, most)
    assert way is None or keeps(steps, way, most)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ways())
def test_what_no_order_avoids_is_the_least_that_a_district_must_bear(steps: Steps) -> None:
    for one in steps.served:
        n = len(one.changes)
        alone = replace(one, changes=np.arange(n), known={})
        free = np.zeros((0, n), dtype=np.int64)
        bare = Steps(np.zeros(n), np.array([]), np.array([]), free, np.array([]), free, None, (alone,))
        least = one.unavoidable()
        if math.isfinite(least):
            assert reachable(replace(bare, no_worse=least), n)
        assert least == 0 or not reachable(replace(bare, no_worse=min(least, 99.0) - 0.01), n)


def test_a_corner_that_taking_one_step_at_a_time_runs_into() -> None:
    """Pairs (district, hospital): ending 2–C first would leave district 2 unable to give up B."""
    todo = [("1", "A", -1), ("1", "B", 1), ("2", "B", -1), ("2", "C", -1), ("2", "A", 1)]
    today = {("1", "A"), ("2", "B"), ("2", "C")}
    count, cap, moves = [], [], []
    for axis, key, most in ((0, "1", 1), (0, "2", 2), (1, "A", 1), (1, "B", 1)):
        count.append(sum(pair[axis] == key for pair in today))
        cap.append(most)
        moves.append([sign if (d, h)[axis] == key else 0 for d, h, sign in todo])
    partner_moves = [[sign if d == key else 0 for d, _, sign in todo] for key in ("1", "2")]
    gain = np.array([0.0, 0.0, 0.0, 1.0, 0.0])
    steps = Steps(
        gain, np.array(count), np.array(cap), np.array(moves), np.array([1, 2]), np.array(partner_moves)
    )
    for most in (1, 2, 3, 4):
        way = phases(steps, most)
        assert (way is not None) == reachable(steps, most)
        assert way is None or keeps(steps, way, most)
    assert not reachable(steps, 1) and reachable(steps, 2)

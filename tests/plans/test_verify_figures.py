"""The judge catches every printed figure that is not what the tables give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from gridplan.judging.verify import verify
from gridplan.plans.plan import Plan
from gridplan.policies.rules import (
    Ban,
    Capacity,
    LeastShare,
    Pin,
    TravelStandard,
)
from gridplan.words.errors import BrokenPlanError
from tests.plans.judged import A, P, by_hand, cell, goal, good, moved, pairs_of, rules_of

# name → the plan, the breaches of pairs.csv and plan.json: district, hospital, rows, words
FIGURES: dict[str, tuple[Callable[[], Plan], list[tuple[str, str, tuple[int, ...]]], str]] = {
    "a priority": (lambda: replace(good(), pairs=cell(P, 6, "priority", 4)), [("T3", "H1", (6,))], "has priority 4, is 3"),
    "a blank priority": (lambda: replace(good(), pairs=cell(P, 6, "priority", None)), [("T3", "H1", (6,))], "is 3"),
    "counted": (lambda: replace(good(), pairs=cell(P, 8, "counted", 1)), [("T1", "H4", (8,))], "has counted 1, is 0"),
    "people of a pair": (lambda: replace(good(), pairs=cell(P, 2, "people", 19_001)), [("T1", "H1", (2,))], "has people 19001, is 19000"),
    "kept that is new": (lambda: replace(good(), pairs=cell(P, 2, "change", "kept")), [("T1", "H1", (2,))], "has change kept, is new"),
    "new that is kept": (lambda: replace(good(), pairs=cell(P, 6, "change", "new")), [("T3", "H1", (6,))], "has change new, is kept"),
    "a pair left out": (lambda: replace(good(), pairs=P.drop(index=0)), [("T1", "H1", ())], "is not listed"),
    "a pair that serves nobody": (lambda: replace(good(), pairs=pd.concat([P, P.iloc[[0]].assign(hospital_id="H3")])), [("T1", "H3", (12,))], "serves nobody"),
    "a pair twice": (lambda: replace(good(), pairs=pd.concat([P, P.iloc[[0]]])), [("T1", "H1", (2, 12))], "listed twice"),
    "a pinned pair left out": (lambda: replace(good(Pin("T1", "H5")), pairs=P), [("T1", "H5", ())], "is not listed"),
    "a value": (lambda: goal(good(), value=good().layers[0].value + 1), [("", "", ())], "printed, is"),
    "no value": (lambda: goal(good(), value=float("nan"), bound=0.0), [("", "", ()), ("", "", ())], "nan printed"),
    "a value of the other layer": (lambda: goal(good(), layer=1, value=1.0, bound=1.0), [("", "", ())], "1.00 printed"),
    "a bound above the value": (lambda: goal(good(), bound=good().layers[0].value * 1.01), [("", "", ())], "called feasible with value"),
    "another goal": (lambda: goal(good(), goal="residents_through_5"), [("", "", ())], "goals residents_through_5, not travel"),
    "a goal nobody knows": (lambda: goal(good(), goal="beauty"), [("", "", ())], "goals beauty, not travel"),
    "a layer's result left out": (lambda: replace(good(), layers=good().layers[:1]), [("", "", ())], "results of layers general, not general, tcm"),
    "a goal left out": (lambda: replace(good(), layers=tuple(replace(r, goals=()) for r in good().layers)), [("", "", ())] * 2, "goals , not travel"),
    "minutes that preference saves": (lambda: replace(good(), layers=(replace(good().layers[0], preference_minutes=-5.0), good().layers[1])), [("", "", ())], "cannot save minutes"),
    "residents through weak pairs": (lambda: goal(good(profile="shanghai-2025-strict"), layer=1, value=6_999.0, bound=6_999.0), [("", "", ())], "residents_through_5"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_a_wrong_figure_is_caught(name: str) -> None:
    make_plan, places, words = FIGURES[name]
    v = verify(make_plan())
    assert {b.rule for b in v.breaches} == {"FIGURES"}, v.report()
    assert [(b.district_id, b.hospital_id, b.rows) for b in v.breaches] == places, v.report()
    assert words in v.report()
    with pytest.raises(BrokenPlanError) as broken:
        v.raise_if_broken()
    assert broken.value.verdict is v and v.name in broken.value.say("zh")


def test_optimal_is_a_closed_gap() -> None:
    """A goal that calls itself optimal while its bound is far away (a stopped run)."""

    class Boast(type(good().layers[0].goals[0])):  # type: ignore[misc]
        status = "optimal"

    first = good().layers[0].goals[0]
    boast = Boast(first.goal, first.text, first.value, first.bound * 0.9)
    made = replace(good(), layers=(replace(good().layers[0], goals=(boast,)), good().layers[1]))
    assert "called optimal" in verify(made).report()
    assert verify(goal(good(), bound=first.value * 0.9)).kept  # best found, gap 10 %: said as it is


def test_a_plan_that_is_worse_than_it_says() -> None:
    worse = pairs_of(replace(good(), assignment=moved(A, "T2-01", "H3")))
    assert rules_of(verify(worse)) == ["FIGURES"] and "goal travel" in verify(worse).report()


def test_several_faults_are_all_told_at_once() -> None:
    frame = moved(moved(A, "T1-01", "H3"), "T2-01", "H7", "tcm")
    frame = pd.concat([cell(frame, 3, "people", 1), frame.iloc[[4]]]).drop(index=A.index[11])
    v = by_hand(frame, Ban("T3", "H2"), Capacity("beds", 20), TravelStandard(22.6), LeastShare(0.3))
    assert set(rules_of(v)) == {"SH-1", "SH-2", "SH-4", "BAN", "CAPACITY", "STANDARD", "SHARE", "FIGURES"}
    assert len(v.to_frame()) == len(v.breaches) and set(v.to_frame()["rule"]) == set(rules_of(v))
    shown = v.rules_frame("zh").set_index("rule")
    assert (
        not shown.loc["SH-2", "kept"]
        and shown.loc["SH-3", "kept"]
        and shown["breaches"].sum() == len(v.breaches)
    )

"""What follows from a plan is worked out once, and never outlives it or what it was worked out from."""

from __future__ import annotations

import gc
import pickle
import weakref

import pytest

import gridplan as gp
from gridplan.plans import verdict_of as room
from gridplan.plans.once import once
from gridplan.plans.verdict_of import verdict_of


class Noun:
    """Something that can be asked."""


def test_an_answer_is_worked_out_once_for_each_noun_and_each_part() -> None:
    asked: list[tuple[object, ...]] = []

    @once
    def length(noun: Noun, layer: str = "general", *, way: str = "") -> int:
        """How long."""
        asked.append((noun, layer, way))
        return len(asked)

    one, other = Noun(), Noun()
    answers = [length(one), length(one, "tcm"), length(one, way="x"), length(other)]
    assert [length(one), length(one, "tcm"), length(one, way="x"), length(other)] == answers == [1, 2, 3, 4]
    assert len(asked) == 4 and length.__doc__ == "How long."


def test_what_is_kept_dies_with_its_noun() -> None:
    class Answer:
        """Something large."""

    @once
    def answer(noun: Noun) -> Answer:
        return Answer()

    noun = Noun()
    kept = weakref.ref(answer(noun))
    assert kept() is not None
    del noun
    gc.collect()
    assert kept() is None


def test_an_error_is_not_kept() -> None:
    tries = []

    @once
    def at_last(noun: Noun) -> int:
        tries.append(noun)
        if len(tries) == 1:
            raise ValueError("not yet")
        return len(tries)

    noun = Noun()
    with pytest.raises(ValueError, match="not yet"):
        at_last(noun)
    assert at_last(noun) == at_last(noun) == 2


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[gp.Plan]:
    """Every plan that the judge is asked about."""
    plans: list[gp.Plan] = []
    verify = room.verify

    def counted(plan: gp.Plan) -> gp.Verdict:
        plans.append(plan)
        return verify(plan)

    monkeypatch.setattr(room, "verify", counted)
    return plans


def test_a_plan_is_judged_once_by_all_who_show_it(judged: list[gp.Plan]) -> None:
    plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    assert judged == [plan]  # as it was made
    assert verdict_of(plan) is verdict_of(plan) and judged == [plan]
    assert repr(verdict_of(plan)) == repr(gp.verify(plan))


def test_a_table_changed_in_place_is_judged_anew(judged: list[gp.Plan]) -> None:
    plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    first, was = verdict_of(plan), plan.assignment["hospital_id"].copy()
    plan.assignment.loc[0, "hospital_id"] = "H7"
    assert not verdict_of(plan).kept and len(judged) == 2
    plan.assignment["hospital_id"] = was
    assert verdict_of(plan).kept and repr(verdict_of(plan)) == repr(first) and len(judged) == 3


def test_a_plan_is_pickled_without_what_is_kept(judged: list[gp.Plan]) -> None:
    plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    copy = pickle.loads(pickle.dumps(plan))
    assert verdict_of(copy).kept and len(judged) == 2

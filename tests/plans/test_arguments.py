"""What cannot be meant is one clear error at once, in both languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gridplan as gp

CHINESE = re.compile("[一-鿿]")


@pytest.fixture(scope="module")
def town() -> gp.Region:
    return gp.tiny_town()


@pytest.fixture(scope="module")
def made(town: gp.Region) -> gp.Plan:
    return gp.plan(town, gp.policy("shanghai-2025"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": -1}, {"seconds": 0}, {"seconds": "60"}, {"seconds": True}, {"seconds": float("nan")},
        {"gap": "1%"}, {"gap": -0.1}, {"gap": 2}, {"gap": None}, {"threads": 0}, {"threads": 1.5}, {"threads": "2"},
    ],
    ids=str,
)  # fmt: skip
def test_limits_that_no_solve_can_keep_are_refused_before_any_work(wrong: dict, town: gp.Region) -> None:
    (name,) = wrong
    with pytest.raises(gp.errors.ArgumentError, match=f"^{name}=") as error:
        gp.plan(town, gp.policy("shanghai-2025"), progress=pytest.fail, **wrong)
    assert isinstance(error.value, TypeError) and isinstance(error.value, ValueError)
    assert name in error.value.say("zh") and CHINESE.search(error.value.say("zh"))


def public() -> dict[str, Callable[..., Any]]:
    """Every public function by the name under which it is called."""
    places = {"": gp, "measures.": gp.measures, "pictures.": gp.pictures}
    names = {f"{place}{name}": getattr(home, name) for place, home in places.items() for name in home.__all__}
    return {name: verb for name, verb in names.items() if inspect.isfunction(verb)}


def takes(noun: str) -> list[str]:
    """Functions whose first argument is one."""
    firsts = {name: [*inspect.signature(verb).parameters.values()][:1] for name, verb in public().items()}
    return [name for name, first in firsts.items() if first and str(first[0].annotation) in (noun, "ClaimedPlan" * (noun == "Plan"))]  # fmt: skip


def call(name: str, *given: object) -> None:
    """The function with these arguments, and the first of them for whatever else it needs."""
    verb = public()[name]
    parameters = [p for p in inspect.signature(verb).parameters.values() if p.default is p.empty]
    places = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: given[0] for p in parameters if p.kind is p.KEYWORD_ONLY}
    verb(*given, *(given[:1] * (len(places) - len(given))), **named)


@pytest.mark.parametrize("name", takes("Plan"))
def test_a_region_is_no_plan(name: str, town: gp.Region) -> None:
    with pytest.raises(gp.errors.ArgumentError, match=f"gp.{name} takes a Plan, got a Region"):
        call(name, town)


@pytest.mark.parametrize("name", [name for name in takes("Region") if name != "plan"])
def test_a_plan_is_no_region(name: str, made: gp.Plan) -> None:
    with pytest.raises(gp.errors.ArgumentError, match=f"gp.{name} takes a Region, got a Plan") as error:
        call(name, made)
    assert "plan.region" in str(error.value) and CHINESE.search(error.value.say("zh"))


@pytest.mark.parametrize("name", takes("Runs"))
def test_a_plan_is_no_set_of_runs(name: str, made: gp.Plan) -> None:
    with pytest.raises(gp.errors.ArgumentError, match=f"gp.{name} takes Runs, got a Plan"):
        call(name, made)


@pytest.mark.parametrize("name", ["today", "judge", "frontier", "robustness", "years", "futures"])
def test_the_name_of_a_policy_is_no_policy(name: str, town: gp.Region) -> None:
    with pytest.raises(gp.errors.ArgumentError, match=f"gp.{name} takes a Policy, got a str"):
        call(name, town, "shanghai-2025")


def test_nouns_are_found_where_they_are_asked_for() -> None:
    """The tests above look at annotations: none of them may be empty."""
    assert len(takes("Plan")) >= 20 and len(takes("Region")) >= 8 and len(takes("Runs")) >= 4


def test_a_region_is_not_saved_drawn_or_led_to(town: gp.Region, tmp_path: Path) -> None:
    for verb, given in (("save", tmp_path / "out"), ("figures", tmp_path / "out"), ("transition", 4)):
        with pytest.raises(gp.errors.ArgumentError, match=f"gp.{verb} takes a Plan"):
            getattr(gp, verb)(town, given)
    assert list(tmp_path.iterdir()) == []


def test_a_plan_needs_a_region_a_policy_and_minutes(town: gp.Region) -> None:
    policy = gp.policy("shanghai-2025")
    with pytest.raises(gp.errors.ArgumentError, match="region must be a Region, got a str"):
        gp.plan("data/shanghai", policy)
    with pytest.raises(gp.errors.ArgumentError, match="policy must be a Policy, got a str"):
        gp.plan(town, "shanghai-2025")
    table = pd.DataFrame({"unit": ["T1-01"], "hospital_id": ["H1"]})
    with pytest.raises(gp.DataError, match="travel has no column minutes"):
        gp.plan(town, policy, travel=table)
    with pytest.raises(gp.errors.ArgumentError, match="travel"):
        gp.plan(town, policy, travel="travel.csv")


def test_minutes_are_taken_in_one_way_by_every_verb(town: gp.Region) -> None:
    """A table, a matrix or an array where a plan takes them; anything else is refused at once."""
    policy, minutes = gp.policy("shanghai-2025"), np.full((len(town.units), len(town.hospitals)), 20.0)
    minutes += np.arange(minutes.size).reshape(minutes.shape) / 100
    made = gp.plan(town, policy, travel=minutes)
    assert gp.judge(town, policy, made.assignment, travel=minutes).kept
    assert not gp.judge(town, policy, made.assignment).kept, "other minutes than those of the policy"
    table = made.travel.to_frame()
    now = gp.today(town, policy, travel=table)
    assert set(now.assignment["minutes"].dropna()) <= set(minutes.ravel().round(4))
    with pytest.raises(gp.errors.ArgumentError, match="travel must be a Travel, got a str"):
        gp.judge(town, policy, made.assignment, travel="travel.csv")
    with pytest.raises(gp.errors.ArgumentError, match="travel must be a Travel, got a str"):
        gp.today(town, policy, travel="travel.csv")


def test_a_table_changed_in_place_is_noticed_before_anything_is_saved(tmp_path: Path) -> None:
    town = gp.tiny_town()
    made = gp.plan(town, gp.policy("shanghai-2025"))
    was = town.units["people"].copy()
    town.units.loc[0, "people"] += 1
    for go_on in (gp.verify, lambda plan: gp.save(plan, tmp_path / "out")):
        with pytest.raises(gp.DataError, match="changed in place after planning\n  which: units"):
            go_on(made)
    assert list(tmp_path.iterdir()) == []
    town.units["people"] = was
    assert gp.verify(made).kept


def test_nouns_are_short_in_a_plain_shell(made: gp.Plan) -> None:
    broken = gp.judge(
        made.region, made.policy, made.assignment[~made.assignment["unit_id"].str.startswith("T1")]
    )
    for noun in (made.region, made.policy, gp.verify(made), broken):
        lines = repr(noun).splitlines()
        assert (
            1 <= len(lines) <= 5 and max(map(len, lines)) < 200 and lines[0].startswith(type(noun).__name__)
        )
    assert "SH-2" in repr(made.policy) and "every rule is kept" in repr(gp.verify(made))
    assert f"{len(broken.breaches)} breach" in repr(broken)


@pytest.mark.parametrize("seconds", [-1, "60"])
def test_every_verb_with_a_clock_refuses_one_that_cannot_run(
    seconds: object, made: gp.Plan, tmp_path: Path
) -> None:
    town, policy = made.region, made.policy
    for call in (
        lambda: gp.tight(made, seconds=seconds),
        lambda: gp.explain(made, unit="T1-01", seconds=seconds),
        lambda: gp.repair(made, seconds=seconds),
        lambda: gp.programme(made, seconds=seconds),
        lambda: gp.alternatives(made, seconds=seconds),
        lambda: gp.frontier(town, policy, "travel", "changes", seconds=seconds),
        lambda: gp.robustness(town, policy, {}, seconds=seconds),
        lambda: gp.years(town, policy, tmp_path / "rates.csv", years=[2030], seconds=seconds),
        lambda: gp.scenarios(town, [], out=tmp_path / "runs", seconds=seconds),
    ):
        with pytest.raises(gp.errors.ArgumentError, match=r"^seconds="):
            call()
    assert list(tmp_path.iterdir()) == []


def test_every_verb_with_a_gap_refuses_one_that_cannot_be(made: gp.Plan, tmp_path: Path) -> None:
    town, policy = made.region, made.policy
    for call in (
        lambda: gp.years(town, policy, tmp_path / "rates.csv", years=[2030], gap="1%"),
        lambda: gp.scenarios(town, {}, out=tmp_path / "runs", gap=-1),
    ):
        with pytest.raises(gp.errors.ArgumentError, match=r"^gap="):
            call()
    assert list(tmp_path.iterdir()) == []

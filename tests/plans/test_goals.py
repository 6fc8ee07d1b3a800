"""Goals in order in a plan: each judged anew, kept by the folder, told to planners; tolerance, weights, caps that bend."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import gridplan as gp
from gridplan.judging.verify import verify
from gridplan.policies.goals import GOALS
from gridplan.policies.rules import Rule
from tests.sample import sample_city, sample_plan

TOWN, SHANGHAI = gp.tiny_town(), gp.policy("shanghai-2025")
LISTS = [
    ("coverage", "worst", "travel"), ("travel", "worst"), ("worst",), ("deviations", "travel"), ("inequality", "changes"),
    ("balance", "priority"), ("changes", "coverage", "balance"), tuple(GOALS),
]  # fmt: skip


def policy(goals: tuple[str, ...], *rules: Rule, tolerance: float = 0.0) -> gp.Policy:
    return replace(SHANGHAI.with_rule(*rules), goals=goals, tolerance=tolerance)


@cache
def made(goals: tuple[str, ...], *rules: Rule, tolerance: float = 0.0) -> gp.Plan:
    return gp.plan(TOWN, policy(goals, *rules, tolerance=tolerance))


def value(plan: gp.Plan, goal: str, layer: str = "general") -> float:
    return next(g.value for g in plan.layer(layer).goals if g.goal == goal)


def printed(plan: gp.Plan, n: int, **changes: Any) -> gp.Plan:
    """The plan with something else printed of one goal of the first layer."""
    goals = list(plan.layers[0].goals)
    goals[n] = replace(goals[n], **changes)
    return replace(plan, layers=(replace(plan.layers[0], goals=tuple(goals)), *plan.layers[1:]))


@pytest.mark.parametrize("goals", LISTS, ids=",".join)
def test_every_list_gives_a_proven_plan_that_the_judge_passes(goals: tuple[str, ...], tmp_path: Path) -> None:
    plan = made(goals)
    names = [
        g
        for goal in goals
        for g in ([f"residents_through_{k}" for k in (5, 4, 3, 2)] if goal == "priority" else [goal])
    ]
    assert plan.status == "optimal" and verify(plan).kept
    for result in plan.layers:
        assert [goal.goal for goal in result.goals] == names
    gp.save(plan, tmp_path / "out")
    again = gp.open_plan(tmp_path / "out")
    assert again.layers == plan.layers and again.policy == plan.policy and verify(again).kept
    english, chinese = plan.summary(), plan.summary("zh")
    for goal in plan.layers[0].goals:
        assert goal.text.en in english and goal.text.zh in chinese


@pytest.mark.parametrize("n", range(11))
@pytest.mark.parametrize("wrong", ["value", "unit", "reached", "bound"])
def test_the_judge_rejects_what_is_printed_wrong(n: int, wrong: str) -> None:
    plan = made(tuple(GOALS))
    goal = plan.layers[0].goals[n]
    other: dict[str, Any] = {
        "value": {"value": goal.value + 1.0, "reached": goal.reached + 1.0},
        "unit": {"unit": "minutes" if goal.unit != "minutes" else "pairs"},
        "reached": {"reached": goal.reached - 5.0, "bound": goal.bound - 5.0},
        "bound": {"bound": goal.bound + 5.0},
    }[wrong]
    verdict = verify(printed(plan, n, **other))
    assert {b.rule for b in verdict.breaches} == {"FIGURES"} and goal.goal in verdict.report()


def test_an_earlier_goal_comes_first() -> None:
    for one, two in itertools.permutations(("worst", "travel", "inequality", "balance"), 2):
        first, second = made((one, two)), made((two, one))
        assert value(first, one) <= value(second, one) + 1e-4


def test_ties_end_by_least_travel() -> None:
    for goal in ("coverage", "worst", "changes"):
        alone, asked = made((goal,)), made((goal, "travel"))
        assert (alone.assignment["hospital_id"] == asked.assignment["hospital_id"]).all()


def test_a_tolerance_lets_a_later_goal_gain_and_is_told() -> None:
    strict, loose = made(("travel", "inequality")), made(("travel", "inequality"), tolerance=0.2)
    travel = loose.layer("general").goals[0]
    assert value(loose, "inequality") < value(strict, "inequality")
    assert travel.reached == pytest.approx(value(strict, "travel")) == pytest.approx(travel.bound)
    assert travel.reached < travel.value <= 1.2 * travel.reached and travel.status == "optimal"
    assert "reached before later goals" in loose.summary() and "曾达" in loose.summary("zh")
    pretended = replace(loose, policy=replace(loose.policy, tolerance=0.0))
    assert "goal travel" in verify(pretended).report() and not verify(pretended).kept


def test_what_a_tolerance_leaves_goes_to_travel() -> None:
    """Of all plans with the least longest way, no one with less travel is left aside."""
    assert value(made(("travel", "worst"), tolerance=10.0), "travel") == pytest.approx(
        value(made(("worst", "travel")), "travel")
    )


CAPS = (gp.rules.DistrictCap(1), gp.rules.HospitalCap(1), gp.rules.Pin("T1", "H1"), gp.rules.Pin("T2", "H1"))


def test_caps_bend_only_where_deviations_are_a_goal() -> None:
    with pytest.raises(gp.PolicyError, match="is pinned to 2 districts, cap 1"):
        made(("travel",), *CAPS)
    plan = made(("deviations", "travel"), *CAPS)
    counted = plan.pairs[plan.pairs["counted"] == 1]
    over = sum(max(0, n - 1) for by in ("district_id", "hospital_id") for n in counted[by].value_counts())
    assert value(plan, "deviations") == over == 1
    verdict = verify(plan)
    slack = verdict.rules_frame().set_index("rule")["slack"]
    assert verdict.kept and "1 above it by 1 in all" in slack["SH-3"] and "0 above it" in slack["SH-2"]
    assert "计入目标 deviations" in verdict.report("zh")
    hidden = replace(plan, policy=replace(plan.policy, goals=("travel",)))
    assert "SH-3" in {b.rule for b in verify(hidden).breaches}


def test_caps_that_can_be_kept_are_kept() -> None:
    bent, kept = made(("deviations", "travel")), made(("travel",))
    assert value(bent, "deviations") == 0 and (bent.assignment == kept.assignment).all(axis=None)


def test_a_transition_goes_as_far_as_bent_caps_do() -> None:
    plan = made(("deviations", "travel"), *CAPS)
    ended = {tuple(row) for row in plan.pairs[["district_id", "hospital_id"]].to_numpy()}
    last = gp.transition(plan, per_phase=3)[-1].pairs
    assert {tuple(row) for row in last[["district_id", "hospital_id"]].to_numpy()} == ended


def test_what_bends_is_told_in_pairs_by_what_if_questions() -> None:
    told = gp.tight(made(("deviations", "travel"), *CAPS)).table
    assert "deviations" in set(told["goal"]) and told["what"].str.contains("pairs above the caps").any()
    why = gp.explain(made(("worst", "travel")), district="T3")
    assert len(why.table) and not why.table["what"].str.contains("residents through").any()


def elders(weight: float) -> gp.rules.GroupWeights:
    return gp.rules.GroupWeights({"people_65plus": weight})


def test_travel_counts_people_by_group_and_nothing_else_does() -> None:
    plan, plain = made(("travel", "coverage", "balance"), elders(3)), made(("travel", "coverage", "balance"))
    units = TOWN.units.set_index("unit_id")
    rows = plan.to_frame("general")
    counts = rows["people"] + 2 * rows["unit_id"].map(units["people_65plus"])
    price = rows["priority"].map(dict(enumerate(plan.policy.prices, start=1)))
    goal = plan.layer("general").goals[0]
    assert (
        goal.value == pytest.approx((counts * (rows["minutes"] + price)).sum()) and goal.status == "optimal"
    )
    assert goal.unit == "weighted person-minutes" and "加权人·分钟" in plan.summary("zh")
    assert rows["people"].sum() == plain.to_frame("general")["people"].sum()
    assert plan.layer("general").goals[2].unit == "residents"
    assert verify(plan).kept and "goal travel" in verify(replace(plan, policy=plain.policy)).report()


def test_a_weight_of_one_changes_nothing() -> None:
    one, none = made(("travel",), elders(1)), made(("travel",))
    assert value(one, "travel") == pytest.approx(value(none, "travel"))
    assert (one.assignment == none.assignment).all(axis=None)
    assert one.preference_each("general") == pytest.approx(none.preference_each("general"))


def test_what_if_questions_weigh_people_too() -> None:
    plan = made(("travel",), elders(3))
    told = gp.explain(plan, unit="T1-01").table
    units = TOWN.units.set_index("unit_id").loc["T1-01"]
    rows = told[told["layer"] == "general"].set_index("hospital_id")
    chosen = rows[rows["chosen"] == 1].iloc[0]
    counts = units["people"] + 2 * units["people_65plus"]
    for row in rows.itertuples():
        extra = row.minutes + row.price - chosen["minutes"] - chosen["price"]
        assert row.difference == pytest.approx(counts * extra, abs=0.1)
    assert told["what"].str.contains("weighted person-minutes").any()


def test_blank_groups_are_warned_of_and_lacking_ones_refused() -> None:
    blank = TOWN.units.copy()
    blank.loc[blank["unit_id"] == "T1-02", "people_65plus"] = float("nan")
    plan = gp.plan(TOWN.with_tables(units=blank), policy(("travel",), elders(2)))
    (warning,) = [f for f in plan.findings if f.code == "group-not-stated"]
    assert "blank in 1 unit(s)" in warning.what.en and "T1-02" in warning.what.zh and verify(plan).kept
    for gone in (TOWN.units.drop(columns="people_65plus"), TOWN.units.assign(people_65plus=float("nan"))):
        with pytest.raises(gp.PolicyError, match=r"CD-5: no unit states the group people_65plus"):
            gp.plan(TOWN.with_tables(units=gone), policy(("travel",), elders(2)))


def test_a_misspelt_group_is_answered_with_file_key_and_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "shanghai-2025"\n[group_weights]\npeople_65pls = 2\n', encoding="utf-8")
    with pytest.raises(gp.PolicyError, match=r"(?s)mine\.toml: group_weights\.people_65pls.*people_65plus"):
        gp.plan(TOWN, gp.policy(path))


def test_no_unit_may_count_less_than_nobody() -> None:
    odd = TOWN.units.copy()
    odd.loc[odd["unit_id"] == "T1-02", ["people_65plus", "people_0_14"]] = 9_000.0
    with pytest.raises(gp.PolicyError, match=r"CD-5: 1 unit\(s\) would count less than nobody: T1-02"):
        gp.plan(
            TOWN.with_tables(units=odd),
            policy(("travel",), gp.rules.GroupWeights({"people_65plus": 0, "people_0_14": 0})),
        )


def test_a_hospital_without_a_capacity_is_told_where_loads_are_balanced_against_it() -> None:
    plan = made(("balance", "travel"), gp.rules.Capacity())
    (warning,) = [f for f in plan.findings if f.code == "capacity-not-stated"]
    assert "H4, H5" in warning.what.en
    assert 0 < value(plan, "balance") <= 1 and plan.layer("general").goals[0].unit == "share of capacity"
    assert "of capacity" in plan.summary() and "承载能力的" in plan.summary("zh")


@pytest.mark.parametrize(
    ("goals", "rules"), [(("coverage", "worst", "travel"), ()), (("deviations", "travel"), (gp.rules.HospitalCap(1),))]
)  # fmt: skip
def test_the_sample_city(goals: tuple[str, ...], rules: tuple[Rule, ...]) -> None:
    plan, plain = gp.plan(sample_city(), policy(goals, *rules)), sample_plan()
    assert plan.status == "optimal" and verify(plan).kept
    if goals[0] == "coverage":
        beyond, before = (gp.measures.people_beyond(p, 60, "layer").sum() for p in (plan, plain))
        assert value(plan, "coverage") == beyond < before
        assert value(plan, "worst") == pytest.approx(gp.measures.worst_minutes(plan).max())
    else:
        counted = plan.pairs[plan.pairs["counted"] == 1]["hospital_id"].value_counts()
        assert value(plan, "deviations") == (counted - 1).sum()

"""gp.frontier and gp.alternatives on the town: tables, plans, words, refusals."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import gridplan as gp

TOWN, RULES = gp.tiny_town(), gp.policy("shanghai-2025")


@cache
def front(second: str, *rules: gp.rules.Rule) -> gp.results.Frontier:
    return gp.frontier(TOWN, RULES.with_rule(*rules), "travel", second, points=50)


@pytest.mark.parametrize("second", ["changes", "partners", "worst"])
def test_every_point_is_a_plan_that_the_judge_passes(second: str, tmp_path: Path) -> None:
    found = front(second)
    table = found.to_frame()
    assert found.proven and table["proven"].all() and table["value"].is_monotonic_increasing
    assert table["travel"].is_monotonic_decreasing and table["travel"].is_unique
    assert table["travel"].iloc[-1] == pytest.approx(gp.plan(TOWN, RULES).layer("general").value)
    for row in table.itertuples():
        plan = found.plan(row.point)
        values = {g.goal: g.value for g in plan.layer("general").goals}
        assert gp.verify(plan).kept and values == pytest.approx({second: row.value, "travel": row.travel})
        assert int(plan.pairs["counted"].sum()) == row.pairs
    assert found.plan(1).status == "optimal"
    again = gp.open_plan(gp.save(found.plan(1), tmp_path / "out"))
    assert again.layers == found.plan(1).layers


@pytest.mark.parametrize("second", ["changes", "partners"])
def test_minutes_are_those_that_the_plan_tells_and_what_is_priced_stands_beside_them(second: str) -> None:
    found = front(second)
    lines = found.summary(), found.summary("zh")
    for row in found.to_frame().itertuples():
        rows = found.plan(row.point).to_frame("general")
        mean = (rows["people"] * rows["minutes"]).sum() / rows["people"].sum()
        assert row.minutes_per_resident == pytest.approx(mean, abs=1e-4)
        assert row.travel_per_resident == pytest.approx(row.travel / rows["people"].sum())
        assert f": {mean:.2f} min per resident ({row.travel_per_resident:.2f} as the goal counts" in lines[0]
        assert f"人均 {mean:.2f} 分钟（计入优先级等折算为 {row.travel_per_resident:.2f}）" in lines[1]


def test_the_first_point_is_what_the_goals_in_order_find() -> None:
    for second in ("changes", "partners", "worst"):
        goals = gp.plan(TOWN, replace(RULES, goals=(second, "travel"))).layer("general").goals
        first = front(second).to_frame().iloc[0]
        assert (first["value"], first["travel"]) == pytest.approx((goals[0].value, goals[1].value))


def test_rules_that_tie_districts_are_answered_by_the_model() -> None:
    found = front("partners", gp.rules.LeastShare(0.3))
    assert found.proven and all(gp.verify(found.plan(n)).kept for n in range(1, len(found.points) + 1))
    assert found.plan(1).layer("general").engine == "highs"


def test_few_points_keep_both_ends() -> None:
    few, all_ = (
        gp.frontier(TOWN, RULES, "travel", "changes", points=2).to_frame(),
        front("changes").to_frame(),
    )
    assert few["value"].tolist() == [all_["value"].iloc[0], all_["value"].iloc[-1]]


def test_a_frontier_says_itself_in_both_languages() -> None:
    english, chinese = front("changes").summary(), front("changes").summary("zh")
    assert "all proven" in english and "Below 1 pairs no plan keeps the rules" in english
    assert "Kept: a pair of today that serves" in english and "“保留”指现有结对" in chinese
    assert "Kept" not in front("partners").summary()
    assert "权衡曲线" in chinese and "均已证明" in chinese and "没有满足规则的方案" in chinese


def test_a_frontier_of_an_impossible_policy_says_what_clashes() -> None:
    with pytest.raises(gp.PolicyError, match="nearest allowed hospital"):
        gp.frontier(TOWN, RULES.with_rule(gp.rules.TravelStandard(1.0)), "travel", "changes")
    clash = RULES.with_rule(
        gp.rules.MostChanges(2), gp.rules.HospitalCap(1), gp.rules.Ban("T2", "H2"), gp.rules.Ban("T2", "H3")
    )
    for second in ("partners", "worst"):
        with pytest.raises(gp.InfeasibleError, match="would have to give way"):
            gp.frontier(TOWN, clash, "travel", second)


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (("worst", "travel"), {}, "a frontier starts from travel"),
        (("travel", "change"), {}, "did you mean 'changes'"),
        (("travel", "travel"), {}, "no frontier of travel against 'travel'"),
        (("travel", "changes"), {"points": 1}, "points must be a whole number from 2"),
    ],
)
def test_bad_options_get_one_clear_error(
    arguments: tuple[str, str], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(gp.PolicyError, match=said):
        gp.frontier(TOWN, RULES, *arguments, **options)
    with pytest.raises(IndexError, match="no point 99"):
        front("changes").plan(99)
    with pytest.raises(gp.PolicyError, match="no layer of counted partners"):
        gp.frontier(TOWN, gp.policy("zhejiang-2020"), "travel", "changes")


@cache
def others(profile: str = "shanghai-2025", within: float = 0.2) -> gp.results.Alternatives:
    return gp.alternatives(gp.plan(TOWN, gp.policy(profile)), within=within, count=4)


def test_alternatives_are_plans_within_the_share_that_the_judge_passes() -> None:
    found = others()
    table, pairs = found.to_frame(), found.pairs()
    assert len(table) == 4 and table["proven"].all() and (table["above"] <= 0.2 + 1e-9).all()
    assert table["differs"].is_monotonic_decreasing and (table["differs"] > 0).all()
    for row in table.itertuples():
        plan = found.plan(row.alternative)
        assert gp.verify(plan).kept and plan.layer("general").value == pytest.approx(row.travel)
    assert (pairs["in_all"] == ((pairs["plan"] == 1) & (pairs["alternatives"] == 4))).all()
    assert (pairs["certain"] <= pairs["in_all"]).all() and pairs["certain"].any()


def test_alternatives_keep_the_goals_before_the_last() -> None:
    found = others("shanghai-2025-strict", 1.0)
    base = {g.goal: g.value for g in found.base.layer("general").goals[:-1]}
    for n in range(1, len(found.found) + 1):
        goals = found.plan(n).layer("general").goals
        assert {g.goal: g.value for g in goals[:-1]} == base


def test_a_plan_without_alternatives_says_so() -> None:
    found = others(within=0.0)
    assert found.to_frame().empty and found.pairs()["certain"].all()
    assert "0 alternative(s)" in found.summary() and "备选方案 0 个" in found.summary("zh")
    with pytest.raises(IndexError):
        found.plan(1)


def test_bad_alternatives_get_one_clear_error() -> None:
    plan = gp.plan(TOWN, RULES)
    for options, said in (({"within": -1}, "within must be"), ({"count": 0}, "count must be")):
        with pytest.raises(gp.PolicyError, match=said):
            gp.alternatives(plan, **options)  # type: ignore[arg-type]
    with pytest.raises(gp.PolicyError, match="cannot be proven here: it does not know capacities"):
        gp.alternatives(gp.plan(TOWN, RULES.with_rule(gp.rules.Capacity())))

"""What ties a plan beyond who reaches whom: each rule's name is in use where the rule is on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

import gridplan as gp
from gridplan.policies.rules import Rule

from .town import town_problem as problem


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (gp.rules.Capacity(), {"capacity"}),
        (gp.rules.LeastPartners(2), {"least_partners"}),
        (gp.rules.LeastShare(0.2), {"least_share"}),
        (gp.rules.MostChanges(2), {"most_changes", "existing"}),
        (gp.rules.ChangePrice(10.0), {"change_price", "existing"}),
        (gp.rules.ConnectedParts(), {"neighbours"}),
        (gp.rules.NoWorse(5), {"most_travel"}),
        (gp.rules.HomeFirst(), {"home_first"}),
        (gp.rules.Pin("T1", "H1"), {"pinned"}),
        (gp.rules.TravelStandard(30), {"within"}),
        (gp.rules.TravelStandard(10, 3), {"excess_price"}),
        (gp.rules.GroupWeights({"people_65plus": 2.0}), {"demand"}),
    ],
    ids=lambda word: type(word).__name__,
)  # fmt: skip
def test_a_rule_is_in_use_where_it_is_on(rule: Rule, names: set[str]) -> None:
    plain = problem().in_use()
    assert problem(rule).in_use() - plain == names


def test_a_rule_without_a_field_of_its_own_is_in_use_by_its_name() -> None:
    plain = problem()
    told = plain.with_numbers(made_up=3, least_partners=2)
    assert told.in_use() == plain.in_use() | {"made_up", "least_partners"}
    assert dict(told.numbers) == {"made_up": 3} and told.coupled
    assert told.with_numbers(made_up=None, least_partners=0).in_use() == plain.in_use()


def test_goals_beyond_a_single_sum_are_in_use() -> None:
    one = problem()
    (stage,) = one.stages
    worst = replace(stage, goal="worst", kind="worst")
    assert "stages" not in one.in_use()
    assert {"stages", "goal_worst", "tolerance"} <= replace(
        one, stages=(worst, stage), tolerance=0.1
    ).in_use()

"""tiny_town as a Problem, under shanghai-2025 with some rules changed."""

from __future__ import annotations

from dataclasses import replace

from gridplan.geography.travel import travel_times
from gridplan.inputs.sample import tiny_town
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.problem import Problem
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.profile import policy
from gridplan.policies.rules import Rule


def town_problem(
    *rules: Rule,
    layer: str = "general",
    profile: str = "shanghai-2025",
    goals: tuple[str, ...] = (),
    tolerance: float = 0.0,
) -> Problem:
    """The problem of one layer of tiny_town with these rules besides, and other goals where they are given."""
    region, rules_of = tiny_town(), policy(profile).with_rule(*rules)
    rules_of = replace(rules_of, goals=goals or rules_of.goals, tolerance=tolerance)
    travel = travel_times(region, sorted(set(candidates(region, rules_of)["hospital_id"])), rules_of.travel)
    return build_problem(region, rules_of, travel, pair_table(region, rules_of), layer)

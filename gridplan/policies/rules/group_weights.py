"""Weights for groups of people (CD-5): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class GroupWeights(Rule):
    """People of a group count so many times in the goal "travel". Off by default.

    Clause: chengdu-2018, CD-5 (重点人群).
    Residents, not weights, are what loads, capacities, shares and every other goal count. Whoever is in two groups
    gains from both: a unit counts people + Σ (weight − 1) × group.

    Parameters
    ----------
    weights : column of the units ("people_65plus") → weight from 0; 1 is everybody else's.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {"people_65plus": 2.0})
    id = "CD-5"
    key = "group_weights"
    title = Text("Weights for groups of people", "重点人群权重")
    rank = 160
    whole = "weights"

    def __post_init__(self) -> None:
        super().__post_init__()
        ordered = {group: float(weight) for group, weight in sorted(self.weights.items())}
        object.__setattr__(self, "weights", ordered)

    def sentence(self) -> Text:
        listed = [f"{group} {weight:g} times" for group, weight in self.weights.items()]
        chinese = [f"{group} × {weight:g}" for group, weight in self.weights.items()]
        return Text(
            f"In the goal travel people count by group: {', '.join(listed)}; everybody else once.",
            f"在出行目标中居民按人群加权：{'、'.join(chinese)}，其余按 1 计。",
        )

    def __hash__(self) -> int:
        return hash((type(self), tuple(self.weights.items())))

"""Full coverage (SH-1): what it says and what may stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class FullCoverage(Rule):
    """Each unit is assigned to exactly one partner of its district, in each layer.

    Clause: shanghai-2025, SH-1 (覆盖辖区内常住人口).
    """

    id = "SH-1"
    key = "full_coverage"
    title = Text("Full coverage", "网格化全覆盖")
    rank = 10

    def sentence(self) -> Text:
        return Text(
            "Every resident has exactly one hospital, partner or grid lead, in each layer.",
            "每个居民在每一层恰有一家医院（合作医院或牵头医院）。",
        )

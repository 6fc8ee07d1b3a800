"""Full coverage (SH-1): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.counting.reach import and_rows, lost_to_leads, nearest_partner, one_or_all, unmeasured
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import layer_title


@dataclass(frozen=True)
class FullCoverage(Rule):
    """Each unit is assigned to exactly one partner of its district, in each layer.

    Clause: shanghai-2025, SH-1 (覆盖辖区内常住人口).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.FullCoverage().sentence().en)
    Every resident has exactly one hospital, partner or grid lead, in each layer.
    """

    id = "SH-1"
    key = "full_coverage"
    title = Text("Full coverage", "网格化全覆盖")
    rank = 10

    def sentence(self) -> Text:
        return Text(
            "Every resident has exactly one hospital, partner or grid lead, in each layer.",
            "每个居民在每一服务类别恰有一家医院（合作医院或牵头医院）。",
        )

    @classmethod
    def absent(cls, case: Case) -> Iterator[Finding]:
        """A plan assigns every resident: it cannot be off."""
        yield cls.refusal(
            cls.key,
            Text(
                "full coverage is off, but a plan assigns every resident",
                "未启用全覆盖，但方案须覆盖每个居民",
            ),
            Text("add [full_coverage] to the policy", "请在政策中加入 [full_coverage]"),
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Units and candidates that the travel times lack."""
        yield from (self.refusal(*told) for told in unmeasured(case))

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """Units from which no hospital that they may go to can be reached."""
        for layer, nearest in nearest_partner(case):
            for some in one_or_all(np.flatnonzero(np.isinf(nearest))):
                units = [case.travel.unit_ids[u] for u in some]
                label, more = case.region.label("unit", units[0]), and_rows(case.region, units)
                what = Text(
                    f"from unit {label} no hospital of layer {layer} that its district may choose can be reached{more.en}",
                    f"单元 {label} 无法到达其所在区在{layer_title(layer).zh}中可选的任何医院{more.zh}",
                )
                hint = Text(
                    "add the missing travel times, or allow more pairs", "请补充出行时间，或放宽可选结对"
                )
                yield self.refusal(units[0], what, hint)
        yield from (self.refusal(*told) for told in lost_to_leads(case))

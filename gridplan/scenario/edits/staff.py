"""Experts who may be sent: fewer or more of them, for the programme; no plan changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change, fault, label, listed, number_faults, refuse, unknown
from gridplan.words.findings import Finding
from gridplan.words.text import Text, both

ALL = "all"
MOST_TIMES = 10.0


@dataclass(frozen=True)
class Staff(Change):
    """The experts of hospitals times a factor, whole persons rounded down; expert-days and managers likewise.

    Parameters
    ----------
    factors : Mapping[str, float]
        hospital_id → factor; "all" holds for every hospital that has none of its own. 0.3 = 30 % are left.

    Examples
    --------
    >>> import gridplan as gp
    >>> gp.edits.Staff({"all": 0.3}).sentences()[0].en
    'Experts who may be sent: all hospitals × 0.3.'
    """

    factors: Mapping[str, float] = field(default_factory=dict)
    key: ClassVar[str] = "staff"

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", {str(k): v for k, v in self.factors.items()})
        hint = Text("0.3 means that 30 % are left", "0.3 表示只剩 30%")
        refuse(number_faults(self.key, self.factors, 0, MOST_TIMES, hint))

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: dict(self.factors)}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region with other numbers of experts, days and managers."""
        refuse(self._faults(region))
        staff = region.staff
        assert staff is not None
        factor = staff["hospital_id"].map(lambda h: self.factors.get(h, self.factors.get(ALL, 1.0)))
        changed = staff.copy()
        for column in ("eligible", "managers"):
            changed[column] = np.floor(staff[column] * factor + 1e-9)
        changed["days_per_week"] = staff["days_per_week"] * factor
        return region.with_tables(staff=changed), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        parts = []
        for hospital, factor in self.factors.items():
            who = (
                Text("all hospitals", "各医院")
                if hospital == ALL
                else both(label(region, "hospital", hospital))
            )
            parts.append(Text(f"{who.en} × {factor:g}", f"{who.zh} × {factor:g}"))
        said = listed(parts)
        return (Text(f"Experts who may be sent: {said.en}.", f"可派专家：{said.zh}。"),)

    def _faults(self, region: Region) -> Iterator[Finding]:
        if region.staff is None:
            what = Text("the region has no table staff", "本地区没有人员表（staff）")
            yield fault(self.key, what, Text("add it to the region folder", "请在地区文件夹中补充"))
        for hospital in self.factors:
            if hospital != ALL and (found := unknown(region, self.key, "hospital", hospital)):
                yield found

"""LZ-1, SH-17: a share of expert slots and of the early booking window goes to primary care, in whole slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class Release(Rule):
    """So many of a hospital's weekly expert slots go to the primary institutions whose chains lead to it.

    Clause: liuzhou-2016, LZ-1 (50 % 专家号源、预约期前 50 % 的时段); shanghai-2025, SH-17 (一定比例: it gives no number).

    Parameters
    ----------
    experts : float, default 0.5
        Share of the weekly expert slots of each department, rounded up.
    early_window : float, default 0.5
        First part of the booking days in which they are open to primary care alone, rounded up to days.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Release(experts=0.3).sentence().en)
    30% of the weekly expert slots, and the first 50% of the booking days, are open to primary care...
    """

    experts: float = 0.5
    early_window: float = 0.5
    id = "LZ-1"
    key = "release"
    of = "programme"
    title = Text("Slots for primary care", "专家号源下沉")
    own_values: ClassVar[Mapping[str, Check]] = {"experts": number(0, 1), "early_window": number(0, 1)}

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        return Text(
            f"{100 * self.experts:g}% of the weekly expert slots, and the first {100 * self.early_window:g}% of the booking days, are "
            "open to primary care; the slots are shared by the people who signed there, in whole numbers.",
            f"每周专家号的 {100 * self.experts:g}% 及预约期前 {100 * self.early_window:g}% 的时段向基层开放，按签约人数以整数分配。",
        )

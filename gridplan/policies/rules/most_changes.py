"""Most changes from today (SH-9): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from gridplan.policies.counting.case import Measured
from gridplan.policies.rule import Rule
from gridplan.policies.rules.district_cap import DistrictCap
from gridplan.policies.rules.hospital_cap import HospitalCap
from gridplan.policies.rules.least_partners import LeastPartners
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class MostChanges(Rule):
    """At most `most` changes of counted pairs against today's partnerships; 0 keeps exactly those. Off by default.

    Clause: shanghai-2025, SH-9 (总量控制、结构优化，尊重现状，逐步优化).
    A pair that is new and a pair that is ended are a change each, so a swap of partners is two. Pairs of exempt
    hospitals are bound by no number (SH-4) and are not counted here either. Where a hospital has an open campus without an
    agreement it is there already: to choose or to leave that pair is no change (`campuses_present` of `Priority`).

    Parameters
    ----------
    most : int, default 10
        Pairs, 0 or more.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.MostChanges(4).sentence().en)
    At most 4 counted pairs are new or ended against today's partnerships.
    """

    most: int = 10
    of = "partners"
    id = "SH-9"
    key = "most_changes"
    title = Text("Most changes from today", "与现状相比的变动上限")
    rank = 140
    ranges = numbers(most=Range(0, whole=True))  # 0 keeps exactly what there is

    def sentence(self) -> Text:
        return Text(
            f"At most {self.most} counted pairs are new or ended against today's partnerships.",
            f"与现有合作相比，新建和撤销的计入上限的结对合计不超过 {self.most} 对。",
        )

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """Pairs that must be new (a partner for each district), and that must end (over a cap, or not allowed)."""
        counted = case.partners[case.partners["counted"]]
        if counted.empty:
            return
        changes = self._new(case, counted), self._ended(case, counted)
        if sum(changes) > self.most:
            yield self.refusal(
                self.key,
                Text(
                    f"at least {changes[0]} new and {changes[1]} ended pairs are needed, {self.most} changes are allowed",
                    f"至少须新建 {changes[0]} 对、撤销 {changes[1]} 对，但只许变动 {self.most} 对",
                ),
                Text(f"allow {sum(changes)} changes or more", f"至少允许变动 {sum(changes)} 对"),
                case.where(self.key),
            )

    def _new(self, case: Measured, counted: pd.DataFrame) -> int:
        """A partner for each district that has none, and each pin that is new."""
        alone = case.partners.loc[case.partners["layer"].isin(counted["layer"]), "counted"].all()
        least = case.rule(LeastPartners)
        asked, new = least.least if least is not None else int(alone), 0
        for _, rows in counted.groupby("district_id"):
            there = rows["existing"] | rows["present"]
            new += max(int((rows["pinned"] & ~there).sum()), asked - int((there & rows["allowed"]).sum()))
        return new

    def _ended(self, case: Measured, counted: pd.DataFrame) -> int:
        """Today's pairs that are not allowed, or are more than a cap lets stand."""
        today = counted[counted["existing"]]
        stays, caps = today[today["allowed"]], (case.cap(DistrictCap), case.cap(HospitalCap))
        over = [
            sum(max(0, len(rows) - cap.limit(str(key))) for key, rows in stays.groupby(column))
            for column, cap in zip(("district_id", "hospital_id"), caps, strict=True)
            if cap is not None
        ]
        return len(today) - len(stays) + max(over, default=0)

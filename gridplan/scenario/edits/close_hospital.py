"""A hospital closes: out of every table of the region, and out of what the policy says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.schema import TABLES
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Cap, Pin, Rule
from gridplan.scenario.edits.change import Change, label, refuse, unknown
from gridplan.words.text import Text

NAMED = ("hospital_id", "managed_id", "place_id")  # columns that name a hospital


@dataclass(frozen=True)
class CloseHospital(Change):
    """A hospital closes, with its branches, its partnerships and what the policy says of it (pins, bans, overrides).

    Parameters
    ----------
    hospital_id : str
        Of the table `hospitals`.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.CloseHospital("H4"),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> "H4" in set(region.hospitals["hospital_id"])
    False
    """

    hospital_id: str
    key: ClassVar[str] = "close_hospital"

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: [self.hospital_id]}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region and the policy without the hospital."""
        found = unknown(region, self.key, "hospital", self.hospital_id)
        refuse([found] if found else [])
        tables = ((name, getattr(region, name)) for name in TABLES if name not in ("districts", "units"))
        kept = {name: self._elsewhere(table) for name, table in tables if table is not None}
        rules = [self._without(rule) for rule in policy.rules]
        return region.with_tables(**kept), replace(policy, rules=tuple(r for r in rules if r is not None))

    def _elsewhere(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that do not speak of the hospital, whatever it does there."""
        named = [column for column in NAMED if column in table]
        return table[(table[named] != self.hospital_id).all(axis=1)].reset_index(drop=True)

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        who = label(region, "hospital", self.hospital_id)
        return (Text(f"{who} closes, with all its branches.", f"{who} 及其全部院区关闭。"),)

    def _without(self, rule: Rule) -> Rule | None:
        if isinstance(rule, Pin | Ban) and rule.hospital_id == self.hospital_id:
            return None
        if isinstance(rule, Cap) and self.hospital_id in rule.override:
            return replace(rule, override={k: o for k, o in rule.override.items() if k != self.hospital_id})
        return rule

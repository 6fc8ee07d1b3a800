"""What a rule counts on before anything is solved: a region under a policy, then also its minutes and pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Case:
    """A region under a policy.

    Parameters
    ----------
    policy : the policy as it holds in the region (`Policy`, which stands above the rules).
    forms : of `leads.district_forms`; empty where the policy has no grids.
    candidates : ids of the hospitals that may be partners.
    grids : what counting about grids goes by; None where there are none, or where their rules do not fit the region.
    """

    region: Region
    policy: Any
    forms: pd.Series
    candidates: Sequence[str]
    grids: GridCounts | None

    def rule(self, kind: type[R]) -> R | None:
        """The rule of that class, None where it is off."""
        found: R | None = self.policy.rule(kind)
        return found

    def cap(self, kind: type[R]) -> R | None:
        """The cap of that class; None where it is off, or bends since a goal counts by how much."""
        return None if self.policy.caps_bend else self.rule(kind)

    def where(self, key: str) -> Text:
        """A key as messages name it, with its file."""
        said: Text = self.policy.where(key)
        return said

    @property
    def goals(self) -> Sequence[str]:
        """The goals, in order."""
        goals: Sequence[str] = self.policy.goals
        return goals

    @property
    def partner_layers(self) -> Mapping[str, tuple[str, ...]]:
        """Layers of partners → categories of their candidates."""
        layers: Mapping[str, tuple[str, ...]] = self.policy.partner_layers
        return layers

    @property
    def plans_grids(self) -> bool:
        """Whether the policy plans grids."""
        return GRID in self.policy.layers

    @property
    def worst_priority(self) -> int:
        """The weakest priority that may be chosen."""
        return int(self.policy.worst_priority)


@dataclass(frozen=True, eq=False)
class Measured(Case):
    """A region under a policy, with its travel times and its pairs.

    Parameters
    ----------
    pairs : of `policy.pairs.pair_table`.
    """

    travel: Travel
    pairs: pd.DataFrame

    @property
    def partners(self) -> pd.DataFrame:
        """The pairs of partners, without the leads of grids."""
        return self.pairs[self.pairs["layer"] != GRID]

"""What the judge needs to see of a plan: its tables and what it claims. Any noun that has them can be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy


class ClaimedGoal(Protocol):
    """A goal as a plan prints it: value, bound, unit, what was reached in its turn, and how sure it is."""

    @property
    def goal(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def reached(self) -> float: ...
    @property
    def status(self) -> str: ...


class ClaimedLayer(Protocol):
    """A layer as a plan prints it: its goals in order, and what its priorities cost."""

    @property
    def layer(self) -> str: ...
    @property
    def goals(self) -> Sequence[ClaimedGoal]: ...
    @property
    def preference_minutes(self) -> float | None: ...
    @property
    def without(self) -> Mapping[str, float]: ...


class ClaimedPlan(Protocol):
    """A plan as it is printed: what it was made from, its tables, and what it claims of each layer."""

    @property
    def name(self) -> str: ...
    @property
    def region(self) -> Region: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def travel(self) -> Travel: ...
    @property
    def assignment(self) -> pd.DataFrame: ...
    @property
    def pairs(self) -> pd.DataFrame: ...
    @property
    def layers(self) -> Sequence[ClaimedLayer]: ...

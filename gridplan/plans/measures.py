"""One function = one measure: a named Series on the caller's index."""

from __future__ import annotations

import pandas as pd

from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.plans.supporters import supporters_of


def people(plan: Plan, by: str = "hospital_id", layer: str = "general") -> pd.Series:
    """Residents served.

    Parameters
    ----------
    by : column of `plan.to_frame()` to group on.

    Returns
    -------
    Series of int, persons, indexed by `by`, named "people".
    """
    return _rows(plan, layer).groupby(by)["people"].sum().rename("people")


def mean_minutes(plan: Plan, by: str = "district_id", layer: str = "general") -> pd.Series:
    """Population-weighted mean travel time to the partner.

    Returns
    -------
    Series of float, minutes, indexed by `by`, named "mean_minutes"; NaN where nobody lives.
    """
    rows = _rows(plan, layer)
    total = (rows["minutes"] * rows["people"]).groupby(rows[by]).sum()
    served = rows.groupby(by)["people"].sum()
    return (total / served.where(served > 0)).rename("mean_minutes")


def worst_minutes(plan: Plan, by: str = "district_id", layer: str = "general") -> pd.Series:
    """Longest travel time of any unit with residents.

    Returns
    -------
    Series of float, minutes, indexed by `by`, named "worst_minutes".
    """
    rows = _rows(plan, layer)
    return rows[rows["people"] > 0].groupby(by)["minutes"].max().rename("worst_minutes")


def people_beyond(
    plan: Plan, minutes: float = 60.0, by: str = "district_id", layer: str = "general"
) -> pd.Series:
    """Residents who travel longer than `minutes`.

    Returns
    -------
    Series of int, persons, indexed by `by`, named "people_beyond".
    """
    rows = _rows(plan, layer)
    return rows["people"].where(rows["minutes"] > minutes, 0).groupby(rows[by]).sum().rename("people_beyond")


def main_supporters(plan: Plan) -> pd.Series:
    """Each district's main technical supporter (主要技术支持单位, SH-7) among its counted partners.

    First a hospital with a running branch there (open and located) where the district is not central; then the
    better priority; then more residents; then the smaller id.

    Returns
    -------
    Series of hospital ids, indexed by district_id, named "main_supporter"; "" where no partner is counted.
    """
    return supporters_of(plan.region, plan.pairs)


@once
def _rows(plan: Plan, layer: str) -> pd.DataFrame:
    """A layer's rows, not to be written to."""
    plan.layer(layer)
    return plan.to_frame(layer)

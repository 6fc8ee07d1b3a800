"""One function = one measure: a named Series on the caller's index."""

from __future__ import annotations

import pandas as pd

from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.plans.supporters import supporters_of
from gridplan.words.arguments import a_plan


def people(plan: Plan, by: str = "hospital_id", layer: str = "general") -> pd.Series:
    """Residents served.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    by : str, default "hospital_id"
        Column of `plan.to_frame()` to group on.
    layer : str, default "general"
        Layer of the plan: "general", "tcm", "merged" or "grid".

    Returns
    -------
    Series
        Persons, indexed by `by`, named "people".

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer, or its table no such column.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.people(plan).to_dict()
    {'H1': 30000, 'H2': 33000, 'H3': 18000}
    """
    a_plan(plan, "measures.people")
    return _rows(plan, layer).groupby(by)["people"].sum().rename("people")


def mean_minutes(plan: Plan, by: str = "district_id", layer: str = "general") -> pd.Series:
    """Population-weighted mean travel time to the partner.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    by : str, default "district_id"
        Column of `plan.to_frame()` to group on.
    layer : str, default "general"
        Layer of the plan: "general", "tcm", "merged" or "grid".

    Returns
    -------
    Series
        Minutes, indexed by `by`, named "mean_minutes"; NaN where nobody lives.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer, or its table no such column.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.mean_minutes(plan).round(1).to_dict()
    {'T1': 10.8, 'T2': 7.5, 'T3': 8.6}
    """
    a_plan(plan, "measures.mean_minutes")
    rows = _rows(plan, layer)
    total = (rows["minutes"] * rows["people"]).groupby(rows[by]).sum()
    served = rows.groupby(by)["people"].sum()
    return (total / served.where(served > 0)).rename("mean_minutes")


def worst_minutes(plan: Plan, by: str = "district_id", layer: str = "general") -> pd.Series:
    """Longest travel time of any unit with residents.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    by : str, default "district_id"
        Column of `plan.to_frame()` to group on.
    layer : str, default "general"
        Layer of the plan: "general", "tcm", "merged" or "grid".

    Returns
    -------
    Series
        Minutes, indexed by `by`, named "worst_minutes".

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer, or its table no such column.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.worst_minutes(plan).round(1).to_dict()
    {'T1': 19.6, 'T2': 14.0, 'T3': 13.3}
    """
    a_plan(plan, "measures.worst_minutes")
    rows = _rows(plan, layer)
    return rows[rows["people"] > 0].groupby(by)["minutes"].max().rename("worst_minutes")


def people_beyond(
    plan: Plan, minutes: float = 60.0, by: str = "district_id", layer: str = "general"
) -> pd.Series:
    """Residents who travel longer than `minutes`.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    minutes : float, default 60.0
        Minutes; who travels exactly so long is not counted.
    by : str, default "district_id"
        Column of `plan.to_frame()` to group on.
    layer : str, default "general"
        Layer of the plan: "general", "tcm", "merged" or "grid".

    Returns
    -------
    Series
        Persons, indexed by `by`, named "people_beyond".

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    KeyError
        The plan has no such layer, or its table no such column.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> int(gp.measures.people_beyond(plan, minutes=10).sum())
    38500
    """
    a_plan(plan, "measures.people_beyond")
    rows = _rows(plan, layer)
    return rows["people"].where(rows["minutes"] > minutes, 0).groupby(rows[by]).sum().rename("people_beyond")


def main_supporters(plan: Plan) -> pd.Series:
    """Each district's main technical supporter (主要技术支持单位, SH-7) among its counted partners.

    First a hospital with a running branch there (open and located) where the district is not central; then the
    better priority; then more residents; then the smaller id.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    Series
        Hospital ids, indexed by district_id, named "main_supporter"; "" where no partner is counted.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    References
    ----------
    shanghai-2025, SH-7.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.main_supporters(plan).to_dict()
    {'T1': 'H2', 'T2': 'H1', 'T3': 'H2'}
    """
    a_plan(plan, "measures.main_supporters")
    return supporters_of(plan.region, plan.pairs)


@once
def _rows(plan: Plan, layer: str) -> pd.DataFrame:
    """A layer's rows, not to be written to."""
    plan.layer(layer)
    return plan.to_frame(layer)

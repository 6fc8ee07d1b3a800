"""How near care is before and after: access of every unit by tier, and how unequal it is between districts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.programmes.programme import Programme
from gridplan.programmes.way.access import CATCHMENTS, access, inequality
from gridplan.words.errors import DataError

UNIT = ["unit_id", "district_id", "people"]


def access_change(programme: Programme, method: str = "2sfca") -> pd.DataFrame:
    """Access of every unit by tier, with all that is near (before), and under the plan and its programme (after).

    After, residents use what they are given: at primary care the institutions of their chains, by their shares; of district
    hospitals the lead of their grid, of municipal ones their partner. A tier of which nothing states what it supplies is
    left out, and so is a half that the plan says nothing of.

    Parameters
    ----------
    programme : Programme
        Made, or opened again.
    method : str, default "2sfca"
        As in `gp.measures.access`.

    Returns
    -------
    DataFrame
        unit_id, district_id, people, tier, before, after (visits or beds per 1,000 residents; NaN where it is not known).

    Raises
    ------
    ArgumentError
        An unknown method.

    References
    ----------
    Luo and Wang 2003.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> list(gp.measures.access_change(gp.programme(plan, only=["scorecard"])))
    ['unit_id', 'district_id', 'people', 'tier', 'before', 'after']
    """
    plan, found = programme.plan, []
    for tier in CATCHMENTS:
        try:
            before = access(plan, tier, method)
        except DataError:
            continue
        after = (
            _by_chains(programme)
            if tier == "primary"
            else access(plan, tier, method, planned=True)["access"].to_numpy()
        )
        found.append(before.rename(columns={"access": "before"}).assign(tier=tier, after=after))
    columns = [*UNIT, "tier", "before", "after"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _by_chains(programme: Programme) -> np.ndarray:
    """(units,) visits per 1,000 residents at the institutions of a unit's chains, shared by all who go there."""
    units, chains = programme.plan.region.units, programme.tables.get("chains")
    stated = programme.plan.region.institutions
    if chains is None or stated is None:
        return np.full(len(units), np.nan)
    people = chains["unit_id"].map(units.set_index("unit_id")["people"].astype(float)) * chains["share"]
    signed = people.groupby(chains["institution_id"]).sum()
    supply = (
        stated.set_index("institution_id")["visits_capacity"].astype(float).reindex(signed.index).fillna(0.0)
    )
    ratio = (supply / signed).where(signed > 0, 0.0)
    mine = (chains["share"] * chains["institution_id"].map(ratio)).groupby(chains["unit_id"]).sum()
    return 1000 * units["unit_id"].map(mine).fillna(0.0).to_numpy(float)


def access_inequality(table: pd.DataFrame) -> pd.DataFrame:
    """How unequal access is, tier by tier, before and after.

    Parameters
    ----------
    table : DataFrame
        Of `gp.measures.access_change`.

    Returns
    -------
    DataFrame
        tier, when ("before", "after"), mean, gini, theil, theil_between (districts), theil_within.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = gp.measures.access_change(gp.programme(plan, only=["scorecard"]))
    >>> gp.measures.access_inequality(table)["when"].unique().tolist()
    ['before', 'after']
    """
    rows = [
        {"tier": tier, "when": when, **inequality(mine.rename(columns={when: "access"}))}
        for tier, mine in table.groupby("tier", sort=False)
        for when in ("before", "after")
        if mine[when].notna().all()
    ]
    return pd.DataFrame(
        rows, columns=["tier", "when", "mean", "gini", "theil", "theil_between", "theil_within"]
    )

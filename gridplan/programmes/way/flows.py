"""Where residents went: what stays at primary care and in the consortium, and whether the plan follows it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.plans.grids_of_plan import standing
from gridplan.plans.plan import Plan
from gridplan.words.arguments import a_plan
from gridplan.words.errors import DataError
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, PRIMARY, SUPPRESSED

COLUMNS = ["district_id", "visits", "suppressed", "primary", "kept", "own_district", "municipal", "followed"]


def told_flows(plan: Plan) -> pd.DataFrame | None:
    """Rows of the table flows with visits, whether each is inside the consortium, and what it went to; None without the table."""
    region, flows = plan.region, plan.region.flows
    if flows is None or flows.empty:
        return None
    table = region.institutions
    home = dict(zip(region.units["unit_id"], region.units["district_id"], strict=True))
    hospitals = region.hospitals.set_index("hospital_id")
    places = dict(zip(hospitals.index, hospitals["district_id"], strict=True))
    primary: set[str] = set()
    if table is not None:
        places |= dict(zip(table["institution_id"], table["district_id"], strict=True))
        primary = set(table.loc[table["kind"].isin(PRIMARY), "institution_id"])
    strangers = sorted({*flows["unit_id"]} - set(home)) + sorted({*flows["place_id"]} - set(places))
    if strangers:
        raise DataError(
            Text("flows name units or places that there are not", "流向表中有不存在的单元或机构"),
            Text("correct the ids", "请更正编号"), strangers,
        )  # fmt: skip
    rows = plan.assignment
    grid, rest = rows[rows["layer"] == GRID], rows[rows["layer"] != GRID]
    lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
    partners = rest.groupby("unit_id")["hospital_id"].agg(set).to_dict()
    at = {} if table is None or not lead else standing(region, table, "institution_id")
    consortium = {key: lead.get(at.get(key, ""), "") for key in places}

    def inside(unit: str, place: str) -> bool:
        if place in partners.get(unit, set()) or place == lead.get(unit):
            return True
        if place in hospitals.index:
            return (
                unit not in lead and hospitals.at[place, "tier"] == "district" and places[place] == home[unit]
            )
        own = lead.get(unit)
        return consortium[place] == own if own else places[place] == home[unit]

    pairs = list(zip(flows["unit_id"], flows["place_id"], strict=True))
    return pd.DataFrame({
        "district_id": [home[u] for u, _ in pairs], "to_district": [places[p] for _, p in pairs], "visits": flows["visits"].astype(float).fillna(SUPPRESSED).to_numpy(),
        "suppressed": flows["visits"].isna().to_numpy(), "primary": [p in primary for _, p in pairs],
        "kept": [inside(u, p) for u, p in pairs], "own": [places[p] == home[u] for u, p in pairs],
        "municipal": [p in hospitals.index and hospitals.at[p, "tier"] == "municipal" for _, p in pairs],
        "followed": [p in partners.get(u, set()) for u, p in pairs],
    })  # fmt: skip


def flow_shares(plan: Plan) -> pd.DataFrame:
    """Does the plan follow where residents go, or fight it? By district, and for the city in the last row.

    Parameters
    ----------
    plan : Plan
        A plan of a region with the table flows (visits by unit and place; a blank cell is suppressed and counts as 3).

    Returns
    -------
    DataFrame
        district_id ("" for all), visits, suppressed (visits that blank cells stand for), and shares: primary (of all visits, at
        primary care), kept (in the consortium: its institutions, the lead, the partner), own_district, municipal (of all
        visits), followed (of those to municipal hospitals, to a partner of the unit under this plan; NaN where there are none).

    Raises
    ------
    DataError
        There is no table flows, or it names units or places that there are not.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.flow_shares(plan)
    Traceback (most recent call last):
    gridplan.words.errors.DataError: the region has no table flows...
    """
    a_plan(plan, "measures.flow_shares")
    told = _needed(plan)
    rows = [_shares(str(district), mine) for district, mine in told.groupby("district_id")]
    return pd.DataFrame([*rows, _shares("", told)], columns=COLUMNS)


def crossings(plan: Plan) -> pd.DataFrame:
    """Who crosses which border: visits from one district to places in another, the largest first.

    Parameters
    ----------
    plan : Plan
        A plan of a region with the table flows.

    Returns
    -------
    DataFrame
        from_district, to_district, visits, suppressed (of these, visits that blank cells stand for).

    Raises
    ------
    DataError
        There is no table flows, or it names units or places that there are not.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.crossings(plan)
    Traceback (most recent call last):
    gridplan.words.errors.DataError: the region has no table flows...
    """
    a_plan(plan, "measures.crossings")
    told = _needed(plan)
    told = told.assign(suppressed=told["visits"] * told["suppressed"])
    across = (
        told[~told["own"]]
        .groupby(["district_id", "to_district"])[["visits", "suppressed"]]
        .sum()
        .reset_index()
    )
    across = across.sort_values(
        ["visits", "district_id", "to_district"], ascending=[False, True, True], ignore_index=True
    )
    return across.rename(columns={"district_id": "from_district"})


def _needed(plan: Plan) -> pd.DataFrame:
    told = told_flows(plan)
    if told is None:
        raise DataError(
            Text("the region has no table flows", "地区数据没有流向表（flows）"),
            Text("add it: unit_id, place_id, visits", "请补充：unit_id、place_id、visits"),
        )
    return told


def _shares(district: str, rows: pd.DataFrame) -> tuple[object, ...]:
    visits, total = rows["visits"], max(1e-9, float(rows["visits"].sum()))
    primary, kept, own, municipal = (
        float(visits[rows[c]].sum()) for c in ("primary", "kept", "own", "municipal")
    )
    followed = float(visits[rows["municipal"] & rows["followed"]].sum())
    return (
        district, float(visits.sum()), float(visits[rows["suppressed"]].sum()), primary / total, kept / total, own / total,
        municipal / total, followed / municipal if municipal else np.nan,
    )  # fmt: skip

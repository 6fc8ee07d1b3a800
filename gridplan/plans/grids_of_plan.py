"""gp.grids and gp.members: the grids of a plan, and which hospital joins which, in what role."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.geography.metric import in_metres
from gridplan.geography.tessellate import areas_of
from gridplan.inputs.region import Region
from gridplan.judging.grid_tables import GridTables
from gridplan.plans.plan import Plan
from gridplan.policies.rules import GridLeads, Grids, NoProvincialLeads, WillingPrivate
from gridplan.words.arguments import a_plan
from gridplan.words.vocabulary import GRID, GRID_COLUMNS, JOINED, MEMBER_COLUMNS, VOLUNTARY

SUPPORTERS = "SH-8"  # municipal partners support a district, they do not lead there
ALLIANCES = "SH-12"  # municipal specialists work through specialist alliances
NAMES_ITS_LEAD = ("lead", "member", "willing", "higher")


def grids(plan: Plan) -> pd.DataFrame:
    """A row per grid: who leads, which districts, how many units and residents, how even, how far, how many members.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    DataFrame
        Columns hospital_id (the lead), hospital, form ("urban", "county"), district_id (the lead's home),
        district, districts (ids of all districts with units in it), units, people, fair_people (what its
        residents would be if all grids of the area were alike, by `balance_by`), deviation (of people from
        that, as a share), mean_minutes, worst_minutes, members (hospitals that join it beside the lead), parts
        (that hang together), loose_units (exempt from that, ZJ-6). Empty where the plan has no layer "grid".

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    References
    ----------
    zhejiang-2020, ZJ-1, ZJ-2 and ZJ-6; chengdu-2018, CD-1 and CD-2.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("zhejiang-2020").with_rule(gp.rules.Grids(across_districts=True, least_per_district=0))
    >>> plan = gp.plan(gp.tiny_town(), policy)
    >>> int(gp.grids(plan)["people"].sum())
    81000
    """
    a_plan(plan, "grids")
    facts = plan.grid_tables
    joined = members(plan)
    count = joined.loc[joined["role"].isin(JOINED) & (joined["role"] != "lead"), "lead_id"].value_counts()
    loose = {unit for part in facts.loose for unit in part} if facts.leads else set()
    rows = [_grid(facts, lead, mine, loose, int(count.get(lead, 0))) for lead, mine in facts.leads.items()]
    table = pd.DataFrame(rows, columns=GRID_COLUMNS)
    table = table.sort_values(["district_id", "hospital_id"], ignore_index=True)
    return _named(plan.region, table, {"hospital_id": "hospital", "district_id": "district"})


def _grid(facts: GridTables, lead: str, mine: pd.DataFrame, loose: set[str], joined: int) -> tuple[Any, ...]:
    people = mine["people"].astype("int64")
    lived = mine.loc[people > 0, "minutes"]
    units = list(mine["unit_id"])
    home = facts.home[lead]
    return (
        lead,
        facts.forms.get(home, ""),
        home,
        " ".join(sorted(set(mine["district_id"]))),
        len(units),
        int(people.sum()),
        round(facts.fair.get(lead, np.nan), 1),
        round(facts.deviation(lead), 4) + 0.0,  # never -0
        round(float((people * mine["minutes"]).sum() / people.sum()), 4) if people.sum() else np.nan,
        round(float(lived.max()), 4) if len(lived) else np.nan,
        joined,
        len(facts.parts(units)),
        len(loose.intersection(units)),
    )


def members(plan: Plan) -> pd.DataFrame:
    """Every hospital of the districts that are divided into grids: the grid it joins, in what role, by which rule.

    Each joins the grid of the unit it stands in: the unit of its district that holds its main site, or is nearest.
    lead: leads the grid (ZJ-2). member: a public hospital (ZJ-2). willing: a private or enterprise one marked willing
    (ZJ-4). supporter: a partner of a district with residents in the grid, wherever it stands (SH-8): a row for each grid
    that it supports, and it joins none by its address. alliance: a municipal specialist or maternal-and-child hospital in
    the grid of a district hospital: it works through specialist alliances (SH-12) and is no member. higher: a provincial
    hospital, a higher-level partner (ZJ-5). outside: joins no grid: private and not marked willing (ZJ-4), under rules
    of its own, as military hospitals are (ZJ-2), or a municipal hospital that no district partners, in the grid of a
    district hospital, where the policy has partners (SH-8).

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    DataFrame
        Columns hospital_id, hospital, district_id, district, unit_id (where it stands, "" without a location),
        lead_id, lead (of the grid of that unit, or of the grid that it supports; "" for those outside, and where the
        location is not known and the district has several grids), role, rule. Empty where the plan has no layer "grid".

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    References
    ----------
    zhejiang-2020, ZJ-2, ZJ-4 and ZJ-5; shanghai-2025, SH-8.

    Examples
    --------
    >>> import gridplan as gp
    >>> policy = gp.policy("zhejiang-2020").with_rule(gp.rules.Grids(across_districts=True, least_per_district=0))
    >>> plan = gp.plan(gp.tiny_town(), policy)
    >>> gp.members(plan)["role"].value_counts().to_dict()
    {'lead': 4, 'member': 2, 'outside': 1}
    """
    a_plan(plan, "members")
    facts, region = plan.grid_tables, plan.region
    if not facts.leads:
        table = pd.DataFrame(columns=MEMBER_COLUMNS)
    else:
        inside = region.hospitals["district_id"].map(facts.forms).isin(["urban", "county"])
        hospitals = region.hospitals[inside]
        unit = standing(region, hospitals)
        lead_of = dict(zip(facts.rows["unit_id"], facts.rows["hospital_id"], strict=True))
        supported = _supported(plan, facts)
        tiers = dict(zip(region.hospitals["hospital_id"], region.hospitals["tier"], strict=True))
        rows = [
            _member(plan, h, unit.get(h.hospital_id, ""), lead_of, tiers, facts)
            for h in hospitals.itertuples()
            if h.hospital_id in facts.leads or h.hospital_id not in supported
        ]
        rows += [
            (h, facts.home[h], unit.get(h, ""), lead, "supporter", SUPPORTERS)
            for h, leads in supported.items()
            for lead in leads or ("",)
        ]
        order = ["district_id", "hospital_id", "lead_id"]
        table = pd.DataFrame(rows, columns=MEMBER_COLUMNS).sort_values(order, ignore_index=True)
    return _named(region, table, {"hospital_id": "hospital", "district_id": "district", "lead_id": "lead"})


def _supported(plan: Plan, facts: GridTables) -> dict[str, list[str]]:
    """hospital_id of a partner → leads of the grids of its districts (SH-8), but for the one it leads itself."""
    served = facts.rows[facts.rows["people"] > 0]
    leads = {str(d): set(mine["hospital_id"]) for d, mine in served.groupby("district_id")}
    found: dict[str, set[str]] = {}
    partners = plan.pairs[plan.pairs["layer"] != GRID]
    for district, hospital in zip(partners["district_id"], partners["hospital_id"], strict=True):
        found.setdefault(hospital, set()).update(leads.get(district, set()) - {hospital})
    return {hospital: sorted(mine) for hospital, mine in sorted(found.items())}


def _member(
    plan: Plan, hospital: Any, unit: str, lead_of: dict[str, str], tiers: dict[str, str], facts: GridTables
) -> tuple[str, ...]:
    lead = lead_of.get(unit, "")
    role, rule = _role(plan, hospital, hospital.hospital_id in facts.leads, tiers.get(lead, ""))
    if not unit:
        here = {h for u, h in lead_of.items() if facts.district_of[u] == hospital.district_id}
        lead = here.pop() if len(here) == 1 else ""
    if role == "lead":
        lead = hospital.hospital_id
    return (
        hospital.hospital_id,
        hospital.district_id,
        unit,
        lead if role in NAMES_ITS_LEAD else "",
        role,
        rule,
    )


def _role(plan: Plan, hospital: Any, leads: bool, tier_of_lead: str) -> tuple[str, str]:
    if leads:
        return "lead", GridLeads.id
    if hospital.tier == "provincial":
        return "higher", NoProvincialLeads.id
    if hospital.ownership in VOLUNTARY:
        willing = plan.policy.rule(WillingPrivate) is not None and getattr(hospital, "willing", "") == "yes"
        return ("willing" if willing else "outside"), WillingPrivate.id
    special = hospital.category in ("specialist", "maternal_child")
    if hospital.tier == "municipal" and hospital.ownership == "public" and tier_of_lead == "district":
        if special:
            return "alliance", ALLIANCES
        if (
            plan.policy.partner_layers
        ):  # one that no district partners: it supports nobody, and joins nobody below it
            return "outside", SUPPORTERS
    return ("member" if hospital.ownership == "public" else "outside"), GridLeads.id


def left_out(plan: Plan) -> list[str]:
    """Districts that are not divided into grids since they run a county consortium (ZJ-1); none without grids."""
    if plan.policy.rule(Grids) is None:
        return []
    return [district for district, form in plan.grid_tables.forms.items() if form == "left_out"]


def loose_units(plan: Plan) -> list[list[str]]:
    """Units on islands where no hospital could lead, island by island (ZJ-6)."""
    facts = plan.grid_tables
    return facts.loose if facts.leads else []


def standing(region: Region, places: pd.DataFrame, key: str = "hospital_id") -> dict[str, str]:
    """Id of a place → the unit of its own district that holds it, or is nearest to it."""
    areas = in_metres(areas_of(region), region.metric_crs)
    located = places.dropna(subset=["lon", "lat"])
    found: dict[str, str] = {}
    for district, here in located.groupby("district_id"):
        units = np.flatnonzero(
            (region.units["district_id"] == district).to_numpy() & ~shapely.is_empty(areas)
        )
        if not len(units):
            continue
        points = in_metres(shapely.points(here["lon"], here["lat"]), region.metric_crs)
        nearest = shapely.STRtree(areas[units]).nearest(points)
        ids = region.units["unit_id"].to_numpy()[units[nearest]]
        found |= dict(zip(here[key], map(str, ids), strict=True))
    return found


def _named(region: Region, table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The table with a column of names beside each column of ids."""
    tables = {"hospital": region.hospitals, "district": region.districts}
    known = {noun: dict(zip(t[f"{noun}_id"], t["name"], strict=True)) for noun, t in tables.items()}
    for column, name in names.items():
        noun = "district" if name == "district" else "hospital"
        values = table[column].map(known[noun]).fillna("")
        table.insert(table.columns.get_loc(column) + 1, name, values)
    return table

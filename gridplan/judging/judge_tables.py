"""What the judge works from: the tables of region and plan, and facts worked out anew from them.

Nothing here comes from `optimise/` or from the pair table that feeds it: priorities, candidates and minutes are
worked out again, another way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Geod

from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.judging.grid_tables import GridTables, grid_tables
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Pin, Priority, Rule
from gridplan.words.vocabulary import GRID, TRAVEL_METHODS

SPHERE = Geod(a=6371008.8, b=6371008.8)  # metres; the mean earth radius that plan.json states
PAIR = ["layer", "district_id", "hospital_id"]


@dataclass(frozen=True, eq=False)
class PlanTables:
    """Tables for the judge.

    Parameters
    ----------
    assignment : the rows that can be judged (known layer, unit and hospital), with what the region says of them:
        row, layer, unit_id, district_id, people, hospital_id, minutes.
    pairs : derived from it: layer, district_id, hospital_id, counted, priority, people, pinned, rows, listed. A
        pair through which nobody is served is listed (and counts) only where it is pinned, or where a grid has units
        without residents.
    travel : the minutes of a router, where the policy's own way does not make them.
    """

    region: Region
    policy: Policy
    assignment: pd.DataFrame
    pairs: pd.DataFrame
    travel: Travel | None = None

    @cached_property
    def grids(self) -> GridTables:
        """What there is to know of the layer "grid"."""
        return grid_tables(self.region, self.policy, self.assignment)

    def of(self, rule: Rule, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of the layers that a rule speaks of."""
        return table[table["layer"].map(rule.concerns).astype(bool)]

    def district(self, key: object) -> str:
        """Name and id of a district."""
        return self.region.label("district", str(key))

    def hospital(self, key: object) -> str:
        """Name and id of a hospital."""
        return self.region.label("hospital", str(key))

    def pair(self, pair: Any) -> str:
        """Names and ids of a pair (a row of `pairs`)."""
        return f"{self.district(pair.district_id)} – {self.hospital(pair.hospital_id)}"

    def changes(self) -> pd.DataFrame:
        """Listed pairs that are no partnership today ("new"), and those of today that are not listed ("ended").

        An open campus without an agreement counts as there already, listed or not, unless the policy says otherwise.

        Returns
        -------
        DataFrame layer, district_id, hospital_id, counted, change; partnerships of candidates only. Grid leads are no
        partners.
        """
        layers = layer_of_hospitals(self.region, self.policy)
        agreed, present = pairs_of_today(self.region, self.policy)
        today = {(layers[h], d, h) for d, h in agreed if h in layers}
        partners = self.pairs["listed"] & (self.pairs["layer"] != GRID)
        listed = set(self.pairs.loc[partners, PAIR].itertuples(index=False, name=None))
        category = self.region.hospitals.set_index("hospital_id")["category"]
        rows = [
            (*pair, category[pair[2]] in self.policy.candidates.counted, "ended" if pair in today else "new")
            for pair in sorted(today ^ listed)
            if pair[1:] not in present
        ]
        return pd.DataFrame(rows, columns=[*PAIR, "counted", "change"]).astype({"counted": bool})


def pairs_of_today(region: Region, policy: Policy) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(district, hospital): by an agreement, and with an open, located campus alone, where the policy counts those."""
    rule = policy.rule(Priority) or Priority()
    campuses = ("campus", "clinic") if rule.clinics else ("campus",)
    agreed = {(str(p.district_id), str(p.hospital_id)) for p in region.partnerships.itertuples()}
    there = {
        (str(b.district_id), str(b.hospital_id))
        for b in region.branches.itertuples()
        if b.status == "open" and b.relation in campuses and np.isfinite([b.lon, b.lat]).all()
    }
    return agreed, there - agreed if rule.campuses_present else set()


def layer_of_hospitals(region: Region, policy: Policy) -> dict[str, str]:
    """hospital_id → layer of partners of every candidate, by tier, ownership and category (SH-4).

    Grid leads are not in it (`GridTables.against`): a hospital may be a partner in one layer and lead a grid besides.
    """
    who, layers = policy.candidates, {}
    for row in region.hospitals.itertuples():
        if row.tier in who.tiers and row.ownership in who.ownerships:
            for layer, categories in policy.partner_layers.items():
                if row.category in categories:
                    layers[row.hospital_id] = layer
    return layers


def priority_of(region: Region, policy: Policy, district_id: str, hospital_id: str) -> int:
    """SH-5 for one pair, read off the tables: the strongest ground there is."""
    return grounds_of(region, policy).get((district_id, hospital_id), 5)


def grounds_of(region: Region, policy: Policy) -> dict[tuple[str, str], int]:
    """SH-5 read off the tables: (district, hospital) → priority; a pair that is not there has none, which is 5."""
    rule = policy.rule(Priority) or Priority()
    as_of = rule.counterpart_as_of or int(re.findall("[0-9]{4}", f"{region.data_date} 9999")[0])
    campuses = ("campus", "clinic") if rule.clinics else ("campus",)
    best: dict[tuple[str, str], int] = {}

    def ground(district: str, hospital: str, priority: int) -> None:
        best[district, hospital] = min(best.get((district, hospital), 5), priority)

    for hospital in region.hospitals.itertuples():
        ground(hospital.district_id, hospital.hospital_id, 1)
    for branch in region.branches.itertuples():
        pair = branch.district_id, branch.hospital_id
        if (branch.status, branch.relation) == ("open", "affiliate"):
            ground(*pair, 3)
        elif branch.status == "planned" and branch.relation in campuses:
            ground(*pair, 2)
        elif branch.status == "open" and branch.relation in campuses:
            ground(*pair, 1 if np.isfinite([branch.lon, branch.lat]).all() else 5)
    for partner in region.partnerships.itertuples():
        strong = partner.basis in ("custody", "affiliate")
        if partner.basis == "counterpart":  # SH-6: long-standing, and not without effect
            begun = re.findall("[0-9]{4}", partner.since)
            young = rule.counterpart_years and begun and int(begun[0]) + rule.counterpart_years > as_of
            strong = not young and getattr(partner, "effect", "") != "no"
        ground(partner.district_id, partner.hospital_id, 3 if strong else 4)
    return best


def build_tables(region: Region, policy: Policy, rows: pd.DataFrame, travel: Travel | None) -> PlanTables:
    """Facts for the judge from assignment rows whose layer, unit and hospital are known.

    Parameters
    ----------
    rows : row, layer, unit_id, hospital_id.
    travel : the minutes of a router, where the policy's own way does not make them.
    """
    units = region.units[["unit_id", "district_id", "people"]]
    facts = rows[["row", "layer", "unit_id", "hospital_id"]].merge(units, on="unit_id", how="left")
    facts["people"] = facts["people"].astype("int64")
    facts["minutes"] = minutes_of(region, policy, facts, travel)
    return PlanTables(region, policy, facts, _pairs(region, policy, facts), travel)


def _pairs(region: Region, policy: Policy, facts: pd.DataFrame) -> pd.DataFrame:
    layers = layer_of_hospitals(region, policy)
    districts = set(region.districts["district_id"])
    pins = {
        (layers[p.hospital_id], p.district_id, p.hospital_id)
        for p in policy.rules_of(Pin)
        if p.hospital_id in layers and p.district_id in districts and not p.concerns(GRID)
    }
    people: dict[tuple[str, str, str], int] = defaultdict(int)
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for *key, own, row in zip(*(facts[c] for c in (*PAIR, "people", "row")), strict=True):
        pair = (key[0], key[1], key[2])
        people[pair] += own
        rows[pair].append(row)
    hospitals = region.hospitals
    category = dict(zip(hospitals["hospital_id"], hospitals["category"], strict=True))
    grounds = grounds_of(region, policy)
    listed = [
        (
            *key, key[0] != GRID and category[key[2]] in policy.candidates.counted, grounds.get(key[1:], 5),
            people.get(key, 0), key in pins, tuple(rows.get(key, ())),
        )
        for key in sorted(people.keys() | pins)
    ]  # fmt: skip
    pairs = pd.DataFrame(listed, columns=[*PAIR, "counted", "priority", "people", "pinned", "rows"])
    pairs = pairs.astype({"counted": bool, "priority": int, "people": int, "pinned": bool})
    return pairs.assign(listed=(pairs["people"] > 0) | pairs["pinned"] | (pairs["layer"] == GRID))


def minutes_of(region: Region, policy: Policy, facts: pd.DataFrame, travel: Travel | None) -> np.ndarray:
    """Minutes of each assigned pair, worked out anew; np.inf where it cannot be reached.

    The straight line and the given table are computed here by other means than `geography.travel`; roads are asked of
    it again; a router's minutes are taken from the plan.

    Raises
    ------
    DataError : the policy asks for a table or a road graph that the region lacks.
    """
    method = policy.travel.method
    if method == "auto":
        method = (
            "table" if region.travel is not None else "roads" if region.roads is not None else "straight_line"
        )
    if travel is not None and travel.method not in TRAVEL_METHODS:
        return _looked_up(travel.to_frame(), facts)
    if method == "table" and region.travel is not None:
        return _looked_up(region.travel, facts)
    if method in ("roads", "table"):
        return _looked_up(
            travel_times(region, sorted(set(facts["hospital_id"])), policy.travel).to_frame(), facts
        )
    return _straight(region, policy, facts)


def _looked_up(table: pd.DataFrame, facts: pd.DataFrame) -> np.ndarray:
    known = table.set_index(["unit_id", "hospital_id"])["minutes"]
    keys = pd.MultiIndex.from_frame(facts[["unit_id", "hospital_id"]])
    return known.reindex(keys).fillna(np.inf).to_numpy(dtype=float)


def _straight(region: Region, policy: Policy, facts: pd.DataFrame) -> np.ndarray:
    place = facts.merge(region.units[["unit_id", "lon", "lat"]], on="unit_id", how="left")
    kind = place["district_id"].map(region.districts.set_index("district_id")["kind"])
    speed = kind.map(dict(policy.travel.speed_km_h)).to_numpy(dtype=float)
    km = np.full(len(place), np.inf)
    is_open = (region.branches["status"] == "open") & (
        policy.travel.clinics | (region.branches["relation"] != "clinic")
    )
    sites = pd.concat(
        [
            region.hospitals[["hospital_id", "lon", "lat"]],
            region.branches.loc[is_open, ["hospital_id", "lon", "lat"]],
        ]
    )
    located: dict[str, list[tuple[float, float]]] = {}
    for one, *site in sites.dropna().itertuples(index=False, name=None):
        located.setdefault(one, []).append((site[0], site[1]))
    lons, lats = place["lon"].to_numpy(), place["lat"].to_numpy()
    ways = [(n, *site) for n, one in enumerate(place["hospital_id"]) for site in located.get(one, ())]
    if ways:
        at, lon, lat = (np.array(column) for column in zip(*ways, strict=True))
        np.minimum.at(km, at, SPHERE.inv(lons[at], lats[at], lon, lat)[2] / 1000)
    return km * policy.travel.detour / speed * 60

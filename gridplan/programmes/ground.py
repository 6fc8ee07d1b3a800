"""What a programme stands on: who receives, levels of departments, need, minutes, who is modelled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.sources import EARTH_RADIUS_KM
from gridplan.inputs.disciplines import disciplines
from gridplan.plans.plan import Plan
from gridplan.programmes.part import Part
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

TCM = ("tcm", "integrated_tcm")
LEVELS = 3  # of a department: 0 none, 1 weak, 2 standard, 3 strong


@dataclass(frozen=True, eq=False)
class Ground:
    """The tables of a plan as numbers; nothing of it is changed."""

    plan: Plan

    @cached_property
    def codes(self) -> list[str]:
        """Disciplines that are planned: those ranked by need, and those of the table needs."""
        needs = self.plan.region.needs
        told = set() if needs is None else set(needs["discipline"])
        return [code for code, one in disciplines().items() if one.weight or code in told]

    @cached_property
    def hospitals(self) -> pd.DataFrame:
        """Hospitals by id."""
        return self.plan.region.hospitals.set_index("hospital_id")

    @cached_property
    def kinds(self) -> dict[str, str]:
        """district_id → kind."""
        table = self.plan.region.districts
        return dict(zip(table["district_id"], table["kind"], strict=True))

    @cached_property
    def served(self) -> dict[str, int]:
        """Receiving hospital → residents of its grid; without grids, an equal part of its district."""
        grid = self.plan.assignment[self.plan.assignment["layer"] == GRID]
        if len(grid):
            return {str(h): int(p) for h, p in grid.groupby("hospital_id")["people"].sum().items()}
        found = self.hospitals[
            (self.hospitals["tier"] == "district")
            & (self.hospitals["ownership"] == "public")
            & (self.hospitals["category"] == "general")
        ]
        people = self.plan.region.units.groupby("district_id")["people"].sum()
        sharers = found["district_id"].value_counts()
        return {
            str(h): int(people.get(d, 0) // sharers[d])
            for h, d in zip(found.index, found["district_id"], strict=True)
        }

    @cached_property
    def tcm_receivers(self) -> list[str]:
        """District TCM hospitals, which TCM partners manage (SH-15)."""
        h = self.hospitals
        here = (h["tier"] == "district") & (h["ownership"] == "public") & h["category"].isin(TCM)
        return [str(key) for key in h.index[here] if str(key) not in self.served]

    @cached_property
    def partners(self) -> dict[str, set[str]]:
        """district_id → its partners in any layer."""
        rows = self.plan.pairs[self.plan.pairs["layer"] != GRID]
        return {str(d): set(g["hospital_id"]) for d, g in rows.groupby("district_id")}

    def levels(self, hospital_ids: list[str]) -> np.ndarray:
        """(hospitals, disciplines) levels, NaN where not known."""
        out = np.full((len(hospital_ids), len(self.codes)), np.nan)
        table = self.plan.region.departments
        if table is not None:
            row, column = (
                pd.Index(hospital_ids).get_indexer(table["hospital_id"]),
                pd.Index(self.codes).get_indexer(table["discipline"]),
            )
            there = (row >= 0) & (column >= 0)
            out[row[there], column[there]] = table["level"].to_numpy(float)[there]
        return out

    @cached_property
    def unit_needs(self) -> np.ndarray:
        """(units, disciplines) people who need a discipline: given by unit, else by district and shared by residents, else
        modelled from residents."""
        units, needs = self.plan.region.units, self.plan.region.needs
        people = units["people"].to_numpy(float)
        out = people[:, None] * np.array([disciplines()[code].weight for code in self.codes])
        if needs is None:
            return out
        row_of = {u: n for n, u in enumerate(units["unit_id"])}
        place = {code: n for n, code in enumerate(self.codes)}
        by_unit = needs["unit_id"] if "unit_id" in needs else pd.Series("", index=needs.index)
        told = list(
            zip(
                needs["district_id"], by_unit, needs["discipline"], needs["people"].astype(float), strict=True
            )
        )
        for district, unit, code, count in sorted(
            told, key=lambda one: one[1] != ""
        ):  # units last: theirs holds
            if code in place and unit:
                out[row_of[unit], place[code]] = count
            elif code in place:
                here = (units["district_id"] == district).to_numpy()
                out[here, place[code]] = count * people[here] / max(1.0, people[here].sum())
        return out

    def people_in_need(self, hospital_ids: list[str], served: dict[str, int]) -> np.ndarray:
        """(hospitals, disciplines) people who need a discipline: of a lead's grid, else a part of its district's."""
        units = self.plan.region.units
        grid = self.plan.assignment[self.plan.assignment["layer"] == GRID]
        lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
        of_unit = np.array([lead.get(u, "") for u in units["unit_id"]])
        out = np.zeros((len(hospital_ids), len(self.codes)))
        for n, h in enumerate(hospital_ids):
            if (of_unit == h).any():
                out[n] = self.unit_needs[of_unit == h].sum(axis=0)
            else:
                here = (units["district_id"] == self.hospitals.at[h, "district_id"]).to_numpy()
                share = served.get(h, 0) / max(1.0, float(units.loc[here, "people"].sum()))
                out[n] = share * self.unit_needs[here].sum(axis=0)
        return out

    def minutes(self, senders: list[str], receivers: list[str]) -> np.ndarray:
        """(pairs,) minutes one way from a sender's nearest site to a receiver: straight line × detour ÷ speed, 4 decimals.

        Sites of a sender are its main site and its open campuses; the speed is that of the receiver's district.
        """
        branches = self.plan.region.branches
        campus = branches[(branches["status"] == "open") & (branches["relation"] == "campus")]
        sites: dict[str, list[tuple[float, float]]] = {}
        for h in set(senders):
            own = campus[campus["hospital_id"] == h][["lon", "lat"]].dropna()
            sites[h] = [
                (self.hospitals.at[h, "lon"], self.hospitals.at[h, "lat"]),
                *own.itertuples(index=False, name=None),
            ]
        travel = self.plan.policy.travel
        out = []
        for h, r in zip(senders, receivers, strict=True):
            lon, lat, district = self.hospitals.loc[r, ["lon", "lat", "district_id"]]
            km = min(haversine_km(*site, float(lon), float(lat)) for site in sites[h])
            out.append(round(km * travel.detour / travel.speed_km_h[self.kinds[district]] * 60, 4))
        return np.array(out)

    @property
    def modelled(self) -> tuple[str, ...]:
        """Tables that are modelled; need is, where the table needs is not there."""
        told = [
            name
            for name in ("departments", "staff", "custody", "support")
            if name in self.plan.region.modelled_tables
        ]
        needs = self.plan.region.needs is None or "needs" in self.plan.region.modelled_tables
        return (*told, *(["needs"] if needs else []))


def raised_by_posts(
    levels: np.ndarray, hospital_ids: list[str], codes: list[str], above: Mapping[str, Part]
) -> np.ndarray:
    """The levels, one more (at most strong) where a post is held in any phase."""
    if "posts" not in above:
        return levels
    posts = above["posts"].tables["deployment"]
    raised = levels.copy()
    for h, code in set(zip(posts["managed_id"], posts["discipline"], strict=True)):
        if h in hospital_ids and code in codes:
            at = hospital_ids.index(h), codes.index(code)
            raised[at] = min(float(LEVELS), raised[at] + 1)
    return raised


def haversine_km(lon: Any, lat: Any, to_lon: Any, to_lat: Any) -> Any:
    """Great-circle distance in km on the sphere that travel uses; numbers, or arrays of them."""
    a, b = np.radians(lat), np.radians(to_lat)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(h))


def note(code: str, table: str, en: str, zh: str, hint_en: str, hint_zh: str, id: str = "") -> Finding:
    """Something that a part could not use."""
    return Finding("warning", code, table, Text(en, zh), Text(hint_en, hint_zh), None, id)


def unknown_levels(ground: Ground, receivers: list[str], levels: np.ndarray) -> Iterator[Finding]:
    """Receivers of which no level is known at all."""
    region = ground.plan.region
    for n, receiver in enumerate(receivers):
        if np.isnan(levels[n]).all():
            who = region.label("hospital", receiver)
            yield note(
                "levels-not-known", "departments",
                f"No level of a department of {who} is known: nothing can be planned for it.",
                f"{who} 没有任何科室能力数据，无法安排。",
                "Add its rows to the table departments.", "请在科室表中补充。", receiver,
            )  # fmt: skip

"""What the judge of a programme is given: a plan, the programme's tables, and the figures that it claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from pyproj import Geod

from gridplan.inputs.disciplines import disciplines
from gridplan.inputs.region import Region
from gridplan.judging.grid_tables import GridTables, grid_tables
from gridplan.judging.programme.consortia import standing_in
from gridplan.judging.verdict import Breach
from gridplan.policies.policy import Policy
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

SPHERE = Geod(a=6371008.8, b=6371008.8)
CLOSE = 1e-6  # relative; figures are printed in full


@dataclass(frozen=True, eq=False)
class Claimed:
    """A plan and a programme's tables, each with a column `row` as a spreadsheet numbers it.

    Parameters
    ----------
    pairs, assignment : of the plan.
    tables : "custody", "deployment", …
    figures : goal → value, part by part.
    """

    region: Region
    policy: Policy
    pairs: pd.DataFrame
    assignment: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, Mapping[str, float]]

    def hospital(self, key: object) -> str:
        """Name and id."""
        return self.region.label("hospital", str(key))

    def district(self, key: object) -> str:
        """Name and id."""
        return self.region.label("district", str(key))

    @cached_property
    def of_hospital(self) -> dict[str, dict[str, object]]:
        """hospital_id → its record."""
        return {str(r["hospital_id"]): r for r in self.region.hospitals.to_dict("records")}

    @cached_property
    def grids(self) -> GridTables:
        """What the judge knows of the plan's grids: areas of units, who touches whom; made once, it takes long."""
        return grid_tables(self.region, self.policy, self.assignment)

    @cached_property
    def lead_of(self) -> dict[str, str]:
        """unit_id → lead of its grid."""
        rows = self.assignment[self.assignment["layer"] == GRID]
        return dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))

    @cached_property
    def leads_above(self) -> dict[str, set[str]]:
        """institution_id → leads of the grids that it stands in; empty where the plan has none there."""
        table = self.region.institutions
        if table is None or not self.lead_of:
            return {}
        stands = standing_in(table, self.region.units, self.grids.shapes, self.region.metric_crs)
        return {key: {self.lead_of[u] for u in units if u in self.lead_of} for key, units in stands}

    @cached_property
    def keys(self) -> dict[tuple[str, str], str]:
        """(hospital, discipline) → whose key specialty it is; the first of two rows."""
        table = self.region.departments
        if table is None:
            return {}
        first = table.drop_duplicates(["hospital_id", "discipline"])
        return dict(
            zip(zip(first["hospital_id"], first["discipline"], strict=True), first["key"], strict=True)
        )

    @cached_property
    def kinds(self) -> dict[str, str]:
        """district_id → kind."""
        table = self.region.districts
        return dict(zip(table["district_id"], table["kind"], strict=True))

    @cached_property
    def levels(self) -> dict[tuple[str, str], float]:
        """(hospital, discipline) → level that is known."""
        table = self.region.departments
        if table is None:
            return {}
        known = table[table["level"].notna()]
        keys = zip(known["hospital_id"], known["discipline"], strict=True)
        return dict(zip(keys, known["level"].astype(float), strict=True))

    @cached_property
    def partners(self) -> dict[str, set[str]]:
        """district_id → partners in any layer."""
        rows = self.pairs[self.pairs["layer"] != GRID]
        return {str(d): set(g["hospital_id"]) for d, g in rows.groupby("district_id")}

    @cached_property
    def general_receivers(self) -> list[str]:
        """Receiving hospitals that are no TCM hospitals of their own: grid leads, else the district's general ones."""
        leads = set(self.assignment.loc[self.assignment["layer"] == GRID, "hospital_id"])
        return sorted(
            key
            for key in self.residents
            if key in leads or (not leads and self.of_hospital[key]["category"] == "general")
        )

    @cached_property
    def residents(self) -> dict[str, int]:
        """Receiving hospital → residents that it stands for, worked out from the assignment, or from the districts."""
        units = self.region.units.groupby("district_id")["people"].sum()
        grid = self.assignment[self.assignment["layer"] == GRID]
        found = {str(h): int(g["people"].sum()) for h, g in grid.groupby("hospital_id")}

        def alike(categories: set[str]) -> dict[str, list[str]]:
            out: dict[str, list[str]] = {}
            for key, h in self.of_hospital.items():
                if h["tier"] == "district" and h["ownership"] == "public" and h["category"] in categories:
                    out.setdefault(str(h["district_id"]), []).append(key)
            return out

        groups = [alike({"tcm", "integrated_tcm"})] + ([] if found else [alike({"general"})])
        for group in groups:
            for district, members in group.items():
                others = [m for m in members if m not in found]
                found |= {m: int(units.get(district, 0) // len(others)) for m in others}
        return found

    @cached_property
    def _sent(self) -> set[tuple[str, str]]:
        table = self.tables.get("deployment")
        return set() if table is None else set(zip(table["managed_id"], table["discipline"], strict=True))

    def posted(self, hospital: str, code: str) -> bool:
        """Whether an expert of a discipline is sent to a hospital, in any phase."""
        return (hospital, code) in self._sent

    @cached_property
    def managers(self) -> dict[str, set[str]]:
        """Managed hospital → who manages it, as custody.csv says."""
        found: dict[str, set[str]] = {}
        for managed, manager in self.tables["custody"][["managed_id", "hospital_id"]].itertuples(index=False):
            found.setdefault(managed, set()).add(manager)
        return found

    @cached_property
    def _links(self) -> set[tuple[str, str]]:
        table = self.tables.get("alliances")
        return set() if table is None else set(zip(table["district_id"], table["discipline"], strict=True))

    def allied(self, district: str, code: str) -> bool:
        """Whether a district has an alliance in a discipline."""
        return (district, code) in self._links

    @cached_property
    def _needs(self) -> dict[str, pd.Series]:
        """Discipline → people in need by unit, where the table needs says something of it."""
        needs, units = self.region.needs, self.region.units.set_index("unit_id")
        found: dict[str, pd.Series] = {}
        for code, rows in (needs if needs is not None else pd.DataFrame(columns=["discipline"])).groupby(
            "discipline"
        ):
            weight = disciplines()[code].weight if code in disciplines() else 0.0
            need = units["people"].astype(float) * weight
            total = units.groupby("district_id")["people"].sum()
            unit = rows["unit_id"] if "unit_id" in rows else pd.Series("", index=rows.index)
            for row, own in zip(rows.to_dict("records"), unit, strict=True):
                if own == "":
                    here = units["district_id"] == row["district_id"]
                    need[here] = (
                        float(row["people"])
                        * units["people"][here]
                        / max(1.0, float(total.get(row["district_id"], 0)))
                    )
            for row, own in zip(rows.to_dict("records"), unit, strict=True):
                if own != "":
                    need[own] = float(row["people"])
            found[str(code)] = need
        return found

    def has_need(self, code: str) -> bool:
        """Whether the table needs says something of a discipline."""
        return code in self._needs

    def unit_need(self, code: str) -> np.ndarray:
        """(units,) people in need of a discipline, as the table needs says, else by the catalogue's weight."""
        units = self.region.units
        if code in self._needs:
            return self._needs[code].reindex(units["unit_id"]).to_numpy(float)
        known = disciplines().get(code)
        return units["people"].to_numpy(float) * (known.weight if known else 0.0)

    def people(self, hospital: str, code: str) -> float:
        """People of a receiver's residents who need a discipline."""
        residents, known = float(self.residents.get(hospital, 0)), disciplines().get(code)
        if code not in self._needs:
            return residents * (known.weight if known else 0.0)
        need = self._needs[code]
        if hospital in self.grids.leads:
            return float(need[self.grids.leads[hospital]["unit_id"]].sum())
        units = self.region.units
        here = units["district_id"] == self.of_hospital[hospital]["district_id"]
        return (
            float(need[units.loc[here, "unit_id"]].sum())
            * residents
            / max(1.0, float(units.loc[here, "people"].sum()))
        )

    def kind(self, hospital: str) -> str:
        """Kind of the district that a hospital stands in."""
        return self.kinds[str(self.of_hospital[hospital]["district_id"])]

    @cached_property
    def sites(self) -> dict[str, list[tuple[float, float]]]:
        """hospital_id → its main site and open campuses that have a place."""
        branches = self.region.branches
        campus = branches[(branches["status"] == "open") & (branches["relation"] == "campus")]
        columns = ["hospital_id", "lon", "lat"]
        found: dict[str, list[tuple[float, float]]] = {}
        for table in (self.region.hospitals, campus):
            for key, lon, lat in table[columns].itertuples(index=False):
                there = found.setdefault(str(key), [])
                if np.isfinite([lon, lat]).all():
                    there.append((float(lon), float(lat)))
        return found

    @cached_property
    def _ways(self) -> dict[tuple[str, str], float]:
        return {}

    def minutes(self, sender: str, receiver: str) -> float:
        """Minutes one way, from the sender's nearest main site or open campus."""
        if (sender, receiver) not in self._ways:
            to = self.of_hospital[receiver]
            km = [SPHERE.inv(a, b, to["lon"], to["lat"])[2] / 1000 for a, b in self.sites[sender]]
            self._ways[sender, receiver] = self.on_the_way(min(km), str(to["district_id"]))
        return self._ways[sender, receiver]

    def on_the_way(self, km: float, district: str) -> float:
        """Minutes for a straight line of so many kilometres."""
        travel = self.policy.travel
        return km * travel.detour / travel.speed_km_h[self.kinds[district]] * 60


def figures_that_differ(
    rule: str, claimed: Mapping[str, float], found: Mapping[str, float]
) -> Iterator[Breach]:
    """Claimed figures that are not what the tables give."""
    for name, value in found.items():
        told = claimed.get(name)
        if told is None or abs(told - value) > CLOSE * max(1.0, abs(value)):
            said = "nothing" if told is None else f"{told:,.6g}"
            said_zh = "未写" if told is None else f"{told:,.6g}"
            what = Text(
                f"programme.json says {said} of {name}, the tables give {value:,.6g}",
                f"programme.json 中 {name} 为 {said_zh}，按表应为 {value:,.6g}",
            )
            yield Breach(rule, what)


def rows_of(table: pd.DataFrame) -> tuple[int, ...]:
    """Rows as a spreadsheet numbers them."""
    return tuple(int(row) for row in table["row"])


def unknown_ids(rule: str, claimed: Claimed, name: str, columns: Sequence[str]) -> Iterator[Breach]:
    """Rows that name a hospital, district or discipline that there is not."""
    known = {
        "hospital_id": set(claimed.of_hospital), "managed_id": set(claimed.of_hospital),
        "lead_id": set(claimed.of_hospital),
        "district_id": set(claimed.region.districts["district_id"]), "discipline": set(disciplines()),
        "institution_id": set(),
    }  # fmt: skip
    if claimed.region.institutions is not None:
        known["institution_id"] = set(claimed.region.institutions["institution_id"])
    for column in columns:
        table = claimed.tables[name]
        for value, rows in table[~table[column].isin(list(known[column]))].groupby(column):
            what = Text(f"{name}.csv: {column} {value} is not known", f"{name}.csv：{column} {value} 不存在")
            yield Breach(rule, what, rows=rows_of(rows))

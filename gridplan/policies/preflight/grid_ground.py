"""What counting about grids goes by, and what a plan with grids leaves out or cannot join."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from gridplan.geography.adjacency import components
from gridplan.geography.neighbours import campuses, neighbours
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import listed
from gridplan.policies.leads import district_forms, grid_leads
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Ban, Grids, GridShape, Pin
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


class Ground:
    """What the counting goes by: planned districts, their areas, the leads with their seats, and what hangs together."""

    def __init__(self, region: Region, policy: Policy) -> None:
        rule = policy.rule(Grids) or Grids()
        self.region, self.rule, self.forms = region, rule, district_forms(region, policy)
        self.planned = [d for d, form in self.forms.items() if form != "left_out"]
        across = rule.across_districts
        self.area = {d: "" if across and self.forms[d] == "urban" else d for d in self.planned}
        units = region.units["district_id"]
        self.unit_area = units.map(self.area).to_numpy(dtype=object)  # NaN where a unit is not planned
        may = grid_leads(region, policy)
        homes: dict[str, str] = dict(zip(may["hospital_id"], may["district_id"], strict=True))
        self.candidates = homes
        banned = {(b.hospital_id, b.district_id) for b in policy.rules_of(Ban) if b.concerns(GRID)}
        self.home = {h: d for h, d in homes.items() if (h, d) not in banned}
        self.pinned = {p.hospital_id for p in policy.rules_of(Pin) if p.concerns(GRID)}
        sites = campuses(region, sorted(homes))
        self.seats: dict[str, set[int]] = {h: set() for h in homes}  # units that its grid may grow from
        for hospital, unit in zip(sites["hospital_id"], sites["unit"], strict=True):
            if self.unit_area[unit] == self.area[homes[hospital]]:
                self.seats[hospital].add(int(unit))
        edges = neighbours(region)
        inside = self.unit_area[edges[:, 0]] == self.unit_area[edges[:, 1]]
        self.part = components(len(units), edges[inside])

    def leads(self, district: str) -> list[str]:
        """Hospitals that may lead from a district, and have a seat in their area."""
        return [h for h, home in self.home.items() if home == district and self.seats[h]]

    def possible(self, leads: Iterable[str]) -> int:
        """The most of them that can lead side by side: each needs a unit of its own."""
        leads = list(leads)
        cells = [(n, unit) for n, h in enumerate(leads) for unit in self.seats[h]]
        if not cells:
            return 0
        from scipy.sparse import coo_array  # heavy
        from scipy.sparse.csgraph import maximum_bipartite_matching

        rows, columns = zip(*cells, strict=True)
        shape = (len(leads), len(self.region.units))
        graph = coo_array((np.ones(len(cells)), (rows, columns)), shape=shape).tocsr()
        return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())

    def bounds(self, district: str) -> tuple[int, float]:
        """Fewest and most grids led from a district, as the policy asks."""
        if self.forms[district] == "county":
            return 1, 1
        if district in self.rule.number:
            return self.rule.number[district], self.rule.number[district]
        pins = sum(self.home.get(h) == district for h in self.pinned)
        return max(self.rule.least_per_district, pins), self.rule.most_per_district or math.inf


def grid_notes(region: Region, policy: Policy) -> Iterator[Finding]:
    """Districts that get no grids (ZJ-1), and units that cannot hang together with a lead (ZJ-6): warnings."""
    if policy.rule(Grids) is None:
        return
    yield from _left_out(region, policy)
    shape = policy.rule(GridShape)
    if shape is not None and shape.connected:
        yield from _loose(region, Ground(region, policy))


def _left_out(region: Region, policy: Policy) -> Iterator[Finding]:
    forms = district_forms(region, policy)
    people = region.units.groupby("district_id")["people"].sum()
    for district in forms.index[forms == "left_out"]:
        label, residents = region.label("district", district), people.get(district, 0)
        what = Text(
            f"ZJ-1: {label} runs a county consortium and is left out of the grids ({residents:,.0f} residents).",
            f"ZJ-1：{label}实行县域医共体，不划入网格（{residents:,.0f} 人）。",
        )
        hint = Text(
            "To plan it as one grid, add [county_communities] (CD-2); to divide it, set its consortium to urban.",
            "如作为一个网格规划，请加入 [county_communities]（CD-2）；如划分网格，请将 consortium 写为 urban。",
        )
        yield Finding("warning", "district-left-out", "districts", what, hint, id=district)


def _loose(region: Region, ground: Ground) -> Iterator[Finding]:
    """Units on an island where no candidate of the area has a campus (a ban of one excuses nothing); an area without any lead is refused elsewhere."""
    held = {int(ground.part[unit]) for seats in ground.seats.values() for unit in seats}
    led = {ground.area[ground.candidates[hospital]] for hospital, seats in ground.seats.items() if seats}
    planned = region.units["district_id"].map(ground.area).isin(led)
    loose = region.units[planned.to_numpy() & ~np.isin(ground.part, list(held))]
    for district, units in loose.groupby("district_id"):
        label, names, residents = (
            region.label("district", district),
            listed(units["name"]),
            units["people"].sum(),
        )
        n, are = len(units), "unit does" if len(units) == 1 else "units do"
        what = Text(
            f"ZJ-6: {n} {are} not touch any part of {label} where a hospital may lead ({residents:,.0f} residents): "
            f"{names}. Their grid cannot hang together.",
            f"ZJ-6：{label}有 {n} 个单元与可牵头医院所在各片均不相连（{residents:,.0f} 人）：{names}，其网格无法连片。",
        )
        hint = Text("Give a bridge or ferry in the table links.", "请在 links 表中填写桥隧或轮渡。")
        yield Finding("warning", "loose-units", "units", what, hint, id=str(district))

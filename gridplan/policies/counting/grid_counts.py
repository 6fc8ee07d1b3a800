"""What counting about grids goes by: planned districts, their areas, leads with their seats, what hangs together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gridplan.geography.adjacency import components
from gridplan.geography.neighbours import neighbours, seats
from gridplan.inputs.region import Region
from gridplan.words.text import Text, both

if TYPE_CHECKING:
    from gridplan.policies.rules import Ban, Grids, Pin


class GridCounts:
    """What counting about grids goes by.

    Parameters
    ----------
    rule : how many grids, and whether they may cross borders.
    forms : of `leads.district_forms`.
    table : of `leads.lead_table`: every hospital, whether it may lead, and what stands against it.
    banned, pinned : bans and pins of leads.
    beside : whether of two leads in one unit both may lead (`GridLeads.beside`).
    """

    def __init__(
        self,
        region: Region,
        rule: Grids,
        forms: pd.Series,
        table: pd.DataFrame,
        banned: Iterable[Ban] = (),
        pinned: Iterable[Pin] = (),
        beside: bool = False,
    ) -> None:
        self.region, self.rule, self.forms, self.table = region, rule, forms, table
        self.planned = [d for d, form in forms.items() if form != "left_out"]
        self.area = {d: "" if rule.across_districts and self.forms[d] == "urban" else d for d in self.planned}
        units = region.units["district_id"]
        self.unit_area = units.map(self.area).to_numpy(dtype=object)  # NaN where a unit is not planned
        may = table[table["leads"]]
        homes: dict[str, str] = dict(zip(may["hospital_id"], may["district_id"], strict=True))
        self.candidates = homes
        barred = {(b.hospital_id, b.district_id) for b in banned}
        self.home = {h: d for h, d in homes.items() if (h, d) not in barred}
        self.pinned = {p.hospital_id for p in pinned}
        areas = {h: self.area[home] for h, home in homes.items()}
        sites = seats(region, sorted(homes), beside, self.unit_area, areas)
        self.seats: dict[str, set[int]] = {h: set() for h in homes}  # units that its grid may grow from
        for hospital, unit in zip(sites["hospital_id"], sites["unit"], strict=True):
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

    def named(self, area: str) -> Text:
        """An area as messages name it: its district, or the whole city."""
        return both(self.region.label("district", area)) if area else Text("the city", "全市")

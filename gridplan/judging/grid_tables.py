"""What the judge knows of grids: forms of districts, areas, who may lead, campuses, which units touch, what hangs together.

Worked out from the region's tables by ways of its own: nothing of `policy.leads`, `policy.pairs`,
`geography.neighbours` or `optimise/` is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridplan.geography.metric import in_metres
from gridplan.geography.tessellate import areas_of
from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    CountyCommunities,
    GridLeads,
    Grids,
    GridShape,
    NoProvincialLeads,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.words.vocabulary import GRID

ON_BORDER_M = 0.1  # a site so near a unit stands in it, too
NEAR_M, EDGE_M = 1.0, 10.0  # units touch where so many metres of border run so near each other
CITY = ""  # the area that all urban districts make together, where grids may cross borders


@dataclass(frozen=True, eq=False)
class GridTables:
    """Facts about the layer "grid" of an assignment.

    Parameters
    ----------
    rows : rows of the layer: row, unit_id, district_id, people, hospital_id, minutes.
    """

    region: Region
    policy: Policy
    rows: pd.DataFrame

    @cached_property
    def forms(self) -> dict[str, str]:
        """district_id → "urban", "county" or "left_out"; empty where the policy has no grids."""
        if self.policy.rule(Grids) is None:
            return {}
        return {
            d.district_id: _form(self.policy, d.kind, getattr(d, "consortium", ""))
            for d in self.region.districts.itertuples()
        }

    @cached_property
    def home(self) -> Mapping[str, str]:
        """hospital_id → home district."""
        hospitals = self.region.hospitals
        return dict(zip(hospitals["hospital_id"], hospitals["district_id"], strict=True))

    @cached_property
    def leads(self) -> dict[str, pd.DataFrame]:
        """Every lead with the rows of its grid, by id."""
        return {str(lead): rows for lead, rows in self.rows.groupby("hospital_id")}

    def area(self, district_id: str) -> str:
        """The area inside which a district's grids stay: itself, or the city."""
        rule = self.policy.rule(Grids)
        across = rule is not None and rule.across_districts and self.forms.get(district_id) == "urban"
        return CITY if across else district_id

    def reaches(self, hospital_id: str, district_id: str) -> bool:
        """Whether a district lies in the area of a hospital's grid."""
        home = self.home.get(hospital_id, "")
        inside = self.area(home) == self.area(district_id) and self.forms.get(home) == self.forms.get(
            district_id
        )
        return inside and self.forms.get(district_id, "left_out") != "left_out"

    def planned(self, area: str) -> list[str]:
        """Districts of an area that are divided into grids."""
        return [d for d, form in self.forms.items() if form != "left_out" and self.area(d) == area]

    @cached_property
    def areas(self) -> list[str]:
        """All areas, the city first."""
        return sorted({self.area(d) for d, form in self.forms.items() if form != "left_out"})

    @cached_property
    def units(self) -> dict[str, str]:
        """unit_id → area, of the planned units."""
        return {
            u: self.area(d)
            for u, d in self.district_of.items()
            if self.forms.get(d, "left_out") != "left_out"
        }

    @cached_property
    def district_of(self) -> dict[str, str]:
        """unit_id → district."""
        return dict(zip(self.region.units["unit_id"], self.region.units["district_id"], strict=True))

    @cached_property
    def shapes(self) -> np.ndarray:
        """The area of every unit in metres, in the order of the region."""
        region = self.region
        return in_metres(areas_of(region), region.metric_crs)

    @cached_property
    def beside(self) -> dict[str, set[str]]:
        """unit_id → units of its district or another that it touches, by border or by link."""
        ids = self.region.units["unit_id"].to_numpy()
        pairs = [(ids[a], ids[b]) for a, b in _shared_borders(self.shapes)]
        if self.region.links is not None:
            pairs += list(zip(self.region.links["from_unit"], self.region.links["to_unit"], strict=True))
        near: dict[str, set[str]] = {unit: set() for unit in ids}
        for one, other in pairs:
            if one in near and other in near:
                near[one].add(other)
                near[other].add(one)
        return near

    @cached_property
    def touching(self) -> dict[str, set[str]]:
        """unit_id → planned units of its area that it touches, by border or by link."""
        return {
            unit: {other for other in self.beside[unit] if self.units.get(other) == area}
            for unit, area in self.units.items()
        }

    @cached_property
    def campuses(self) -> dict[str, set[str]]:
        """hospital_id → planned units of its own area in which it has a campus: main site, open located campus.

        A site on a border stands in every unit there; one outside all units in the nearest.
        """
        branches = self.region.branches
        running = (branches["status"] == "open") & (branches["relation"] == "campus")
        columns = ["hospital_id", "lon", "lat"]
        sites = pd.concat([self.region.hospitals[columns], branches.loc[running, columns]]).dropna()
        found: dict[str, set[str]] = {}
        if len(sites):
            points = shapely.points(sites["lon"].to_numpy(), sites["lat"].to_numpy())
            ids = self.region.units["unit_id"].to_numpy()
            for hospital, units in zip(sites["hospital_id"], self._standing_in(points), strict=True):
                mine = self.area(self.home.get(hospital, ""))
                inside = {str(ids[n]) for n in units if self.units.get(ids[n]) == mine}
                found.setdefault(str(hospital), set()).update(inside)
        return self._beside(found)

    def _beside(self, found: dict[str, set[str]]) -> dict[str, set[str]]:
        """With the units beside for a hospital all of whose units hold another that may lead, where the policy lets it."""
        if not (self.policy.rule(GridLeads) or GridLeads()).beside:
            return found
        able = {h: units for h, units in found.items() if not self.against.get(h)}
        more = dict(found)
        for hospital, units in able.items():
            others = set().union(*(theirs for h, theirs in able.items() if h != hospital))
            if units and units <= others:
                more[hospital] = units.union(*(self.touching.get(unit, set()) for unit in units))
        return more

    def _standing_in(self, points: np.ndarray) -> Iterator[list[int]]:
        """For each point in degrees the units that hold it, or else the nearest."""
        metric = in_metres(points, self.region.metric_crs)
        tree = shapely.STRtree(self.shapes)
        for point in metric:
            nearest = tree.query_nearest(point, all_matches=True)
            close = tree.query(point, predicate="dwithin", distance=ON_BORDER_M)
            yield sorted({int(n) for n in (*nearest, *close)})

    def parts(self, units: Iterable[str]) -> list[list[str]]:
        """Units that hang together, part by part, in the order of ids."""
        return hang_together(units, self.touching)

    @cached_property
    def loose(self) -> list[list[str]]:
        """Parts of the planned land in which no hospital that may lead has a campus, by any bridge or ferry."""
        able = [h for h, rule in self.against.items() if not rule]
        rooted = set().union(*(self.campuses.get(h, set()) for h in able)) if able else set()
        return [part for part in self.parts(self.units) if not rooted.intersection(part)]

    @cached_property
    def against(self) -> dict[str, str]:
        """hospital_id → id of the rule that keeps it from leading, "" where none does."""
        return {
            h.hospital_id: rule_against(h, self.policy, self.forms.get(h.district_id, "left_out"))
            for h in self.region.hospitals.itertuples()
        }

    def weight(self, lead: str) -> float:
        """What a lead's fair part is in proportion to; NaN where it does not state it."""
        shape = self.policy.rule(GridShape)
        if shape is None or shape.balance_by == "equal":
            return 1.0
        hospitals = self.region.hospitals
        return float(hospitals.loc[hospitals["hospital_id"] == lead, shape.balance_by].iloc[0])

    @cached_property
    def fair(self) -> dict[str, float]:
        """lead → residents that its grid should have, by the weights of the leads of its area."""
        units = self.region.units
        fair: dict[str, float] = {}
        for area in self.areas:
            inside = units["district_id"].isin(self.planned(area))
            people = float(units.loc[inside, "people"].sum())
            weights = {lead: self.weight(lead) for lead in self.leads if self.area(self.home[lead]) == area}
            total = sum(weights.values())
            fair |= {lead: people * w / total if total else np.nan for lead, w in weights.items()}
        return fair

    def deviation(self, lead: str) -> float:
        """How far a grid's residents are from its fair part, as a share of it; NaN where that is not known."""
        fair, load = self.fair.get(lead, np.nan), float(self.leads[lead]["people"].sum())
        if not fair > 0:
            return 0.0 if fair == load else np.nan
        return load / fair - 1


def grid_tables(region: Region, policy: Policy, assignment: pd.DataFrame) -> GridTables:
    """The facts of the layer "grid" of an assignment (all layers), with people and minutes."""
    return GridTables(region, policy, assignment[assignment["layer"] == GRID])


def _form(policy: Policy, kind: str, said: str) -> str:
    """What a district runs: as it says itself, else by its kind (CD-1 before CD-2)."""
    community, groups = policy.rule(CountyCommunities), policy.rule(UrbanGroups)
    if said == "county":
        county = True
    elif said == "urban" or (groups is not None and kind in groups.kinds):
        county = False
    else:
        county = kind in (("county",) if community is None else community.kinds)
    if not county:
        return "urban"
    return "left_out" if community is None else "county"


def rule_against(hospital: Any, policy: Policy, form: str) -> str:
    """Id of the rule that keeps a hospital (a row of the table) from leading a grid, "" where it may.

    Parameters
    ----------
    form : of its home district.
    """
    who = policy.rule(GridLeads) or GridLeads()
    private, special = policy.rule(WillingPrivate), policy.rule(SpecialLeads)
    community = policy.rule(CountyCommunities)
    allowed = {*who.categories, *(special.categories if special is not None else ())}
    unwilling = private is None or getattr(hospital, "willing", "") != "yes"
    owned = hospital.ownership in ("private", "enterprise") or hospital.ownership in who.ownerships
    faults = (
        (Grids.id, form == "left_out"),
        (NoProvincialLeads.id, hospital.tier == "provincial" and policy.rule(NoProvincialLeads) is not None),
        (WillingPrivate.id, hospital.ownership in ("private", "enterprise") and unwilling),
        (GridLeads.id, not owned or hospital.tier not in who.tiers),
        (SpecialLeads.id, hospital.category in {"tcm", "integrated_tcm", "maternal_child"} - allowed),
        (GridLeads.id, hospital.category not in allowed),
        (GridLeads.id, hospital.tier in who.tertiary and str(hospital.grade)[:1] != "3"),
        (CountyCommunities.id, form == "county" and community and hospital.tier not in community.tiers),
    )
    return next((rule for rule, broken in faults if broken), "")


def hang_together(units: Iterable[str], near: Mapping[str, set[str]]) -> list[list[str]]:
    """Units that hang together, part by part, in the order of ids."""
    left, found = set(units), []
    for start in sorted(left):
        if start not in left:
            continue
        part, front = [], [start]
        left.discard(start)
        while front:
            unit = front.pop()
            part.append(unit)
            fresh = near.get(unit, set()) & left
            left -= fresh
            front += fresh
        found.append(sorted(part))
    return found


def _shared_borders(shapes: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of shapes that share a border: a buffer around one holds enough of the other's edge, both ways."""
    wide, edges = shapely.buffer(shapes, NEAR_M), shapely.boundary(shapes)
    tree = shapely.STRtree(shapes)
    one, other = tree.query(wide, predicate="intersects")
    one, other = one[one < other], other[one < other]
    there = shapely.length(shapely.intersection(wide[one], edges[other]))
    back = shapely.length(shapely.intersection(wide[other], edges[one]))
    enough = np.minimum(there, back) >= EDGE_M
    yield from zip(one[enough].tolist(), other[enough].tolist(), strict=True)

"""Problem: one layer of region, travel and policy as arrays, with the letters of FORMULATION.md: units u, hospitals h …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.neighbours import neighbours
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.optimise.grid_arrays import GridArrays, grid_arrays
from gridplan.optimise.stages import PairCosts, Stage, stages_of, travel_stage
from gridplan.policies.goals import GOALS
from gridplan.policies.groups import demand
from gridplan.policies.leads import district_forms
from gridplan.policies.policy import Policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    ChangePrice,
    ConnectedParts,
    CountyCommunities,
    DistrictCap,
    Eligibility,
    FullCoverage,
    GridLeads,
    Grids,
    GridShape,
    GroupWeights,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
    NoProvincialLeads,
    Pin,
    Priority,
    Rule,
    SpecialLeads,
    TravelStandard,
    UrbanGroups,
    WillingPrivate,
)  # fmt: skip
from gridplan.words.vocabulary import GRID

NO_CAP = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Problem:
    """One layer, ready to solve.

    Parameters
    ----------
    layer : "general", "tcm" or "merged".
    unit_ids, district_ids, hospital_ids : (n,), (D,), (H,) ids, sorted, so that the order of a file does not matter.
    people : (n,) residents P_u.
    demand : (n,) D_u, people weighted by group (CD-5), P_u where no group is; what the goal "travel" counts.
    district : (n,) index of each unit's district.
    unit, hospital : (K,) indices of the kept (reachable) pairs, sorted by unit, then hospital.
    minutes : (K,) t_uh.
    counted : (H,) g_h, whether a hospital's pairs count toward the caps.
    priority, allowed, pinned : (D, H) priority 1–5; whether the pair may be chosen; whether it must be.
    existing : (D, H) y⁰, whether the pair is a partnership today.
    district_cap, hospital_cap : (D,), (H,) K_d and M_h, NO_CAP where none.
    capacity : (H,) U_h in residents, inf where none.
    within : (K,) whether the pair keeps the travel limit.
    standard : the travel limit in minutes, inf where none.
    excess_price : (K,) minutes that a priced travel standard adds.
    least_partners : counted partners a district needs, 0 where none.
    least_share : share of a district's residents that each partner serves, 0 where none.
    most_changes : counted pairs that may be new or ended, NO_CAP where no bound.
    change_price : person-minutes of each new or ended pair in the goal "travel".
    worst_priority : the weakest priority that may be chosen (SH-6); `allowed` has it already.
    stages : goals in order.
    tolerance : share by which a later goal may worsen an earlier one.
    caps_bend : whether the caps may be exceeded, since a goal counts by how much.
    ties : least travel, by which ties end where the goals leave any.
    labels : id → name and id, for messages.
    grids : what makes it a layer of grids; None in layers of partners.
    use : (K,) r_uh, capacity that a pair uses; the unit's residents where None.
    neighbours : (E, 2) units of one district that touch, each pair once; None where parts need not hang together.
    """

    layer: str
    unit_ids: np.ndarray
    district_ids: np.ndarray
    hospital_ids: np.ndarray
    people: np.ndarray
    demand: np.ndarray
    district: np.ndarray
    unit: np.ndarray
    hospital: np.ndarray
    minutes: np.ndarray
    counted: np.ndarray
    priority: np.ndarray
    allowed: np.ndarray
    pinned: np.ndarray
    existing: np.ndarray
    district_cap: np.ndarray
    hospital_cap: np.ndarray
    capacity: np.ndarray
    within: np.ndarray
    standard: float
    excess_price: np.ndarray
    least_partners: int
    least_share: float
    most_changes: int = NO_CAP
    change_price: float = 0.0
    worst_priority: int = 5
    stages: tuple[Stage, ...] = ()
    tolerance: float = 0.0
    caps_bend: bool = False
    ties: Stage | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    grids: GridArrays | None = None
    use: np.ndarray | None = None
    neighbours: np.ndarray | None = None

    def label(self, key: str) -> str:
        """Name and id, where the name is known."""
        return self.labels.get(key, key)

    @property
    def pair_district(self) -> np.ndarray:
        """(K,) district of each kept pair's unit."""
        return self.district[self.unit]

    @property
    def pair_use(self) -> np.ndarray:
        """(K,) capacity that a kept pair uses."""
        return self.people[self.unit] if self.use is None else self.use

    @property
    def usable(self) -> np.ndarray:
        """(K,) whether a kept pair may carry a unit: its district may choose the hospital, within the travel limit."""
        return self.allowed[self.pair_district, self.hospital] & self.within

    @property
    def district_people(self) -> np.ndarray:
        """(D,) residents of each district."""
        return np.bincount(self.district, weights=self.people, minlength=len(self.district_ids))

    @property
    def minds_changes(self) -> bool:
        """Whether a pair that is new or ended against today costs or counts."""
        counted = any(stage.kind == "changes" for stage in self.stages)
        return self.change_price > 0 or self.most_changes != NO_CAP or counted

    @property
    def coupled(self) -> bool:
        """Whether something beyond its partners ties the units of a district together, as grids do.

        A goal that is no sum over units does, and so does a tolerance: who uses it up is not for each unit to say.
        """
        kept = self.least_partners > 0 or self.least_share > 0 or self.minds_changes or self.caps_bend
        goals = self.grids is not None or any(stage.kind != "sum" for stage in self.stages)
        shared = self.tolerance > 0 and len(self.all_stages) > 1
        return (
            bool(np.isfinite(self.capacity).any()) or kept or goals or shared or self.neighbours is not None
        )

    @property
    def all_stages(self) -> tuple[Stage, ...]:
        """The goals in order, and least travel to end the ties that they leave.

        They leave none where travel is the last of them, or an earlier one that later ones may not worsen.
        """
        travel = [n for n, stage in enumerate(self.stages, start=1) if stage.goal == "travel"]
        settled = bool(travel) and (travel[-1] == len(self.stages) or self.tolerance == 0)
        return self.stages if settled or self.ties is None else (*self.stages, self.ties)

    def weight(self, stage: Stage) -> np.ndarray:
        """(n,) what a unit counts in a goal that is a sum over units."""
        return self.demand if stage.goal == "travel" else self.people

    def preference(self, stage: Stage) -> np.ndarray:
        """(K,) by what a unit ranks its hospitals in a goal: the cost, but 0 where its residents weigh nothing."""
        weightless = (self.weight(stage) == 0) & (self.people > 0)
        return np.where(weightless[self.unit], 0.0, stage.cost)

    def without_preference(self) -> Problem:
        """The same problem without prices of priorities as its only goal, for what the priorities cost."""
        stage = Stage("travel", GOALS["travel"], self.minutes + self.excess_price, self.change_price)
        return replace(self, stages=(stage,), ties=None)


def build_problem(region: Region, policy: Policy, travel: Travel, pairs: pd.DataFrame, layer: str) -> Problem:
    """Region, travel and policy of one layer as arrays.

    Parameters
    ----------
    pairs : of `policy.pairs.pair_table`.
    """
    policy, pairs = policy.on(region), pairs[pairs["layer"] == layer]
    planned = _planned(region, policy, layer)
    units = region.units[region.units["district_id"].isin(planned)].sort_values("unit_id")
    district_ids = np.array(planned, dtype=object)
    pairs = pairs[pairs["district_id"].isin(planned)]
    hospital_ids = np.array(sorted(pairs["hospital_id"].unique()), dtype=object)
    shape = (len(district_ids), len(hospital_ids))
    table = pairs.sort_values(["district_id", "hospital_id"])
    rows = pd.Index(travel.unit_ids).get_indexer(units["unit_id"])
    columns = pd.Index(travel.hospital_ids).get_indexer(hospital_ids)
    minutes = travel.minutes[np.ix_(rows, columns)]
    unit, hospital = np.nonzero(np.isfinite(minutes))
    kept = minutes[unit, hospital]
    blank = Problem(
        layer=layer,
        unit_ids=units["unit_id"].to_numpy(dtype=object),
        district_ids=district_ids,
        hospital_ids=hospital_ids,
        people=units["people"].to_numpy(dtype=np.int64),
        demand=units["people"].to_numpy(dtype=float),
        district=pd.Index(district_ids).get_indexer(units["district_id"]),
        unit=unit,
        hospital=hospital,
        minutes=kept,
        counted=table["counted"].to_numpy(dtype=bool).reshape(shape)[0],
        priority=table["priority"].to_numpy(dtype=np.int64).reshape(shape),
        allowed=table["allowed"].to_numpy(dtype=bool).reshape(shape),
        pinned=table["pinned"].to_numpy(dtype=bool).reshape(shape),
        existing=table["existing"].to_numpy(dtype=bool).reshape(shape),
        district_cap=np.full(shape[0], NO_CAP),
        hospital_cap=np.full(shape[1], NO_CAP),
        capacity=np.full(shape[1], np.inf),
        within=np.ones(len(kept), dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(len(kept)),
        least_partners=0,
        least_share=0.0,
        tolerance=policy.tolerance,
        caps_bend=policy.caps_bend,
        labels=_labels(region, district_ids, hospital_ids),
    )
    problem = blank
    if layer == GRID:
        arrays = grid_arrays(region, policy, problem.unit_ids, problem.district, district_ids, hospital_ids)
        problem = replace(problem, grids=arrays)
    for rule in (rule for rule in policy.rules if rule.concerns(layer)):
        problem = replace(problem, **TRANSLATE[type(rule)](problem, rule, region))
    priority = problem.priority[problem.pair_district, problem.hospital]
    weighted = policy.rule(GroupWeights) is not None
    costs = PairCosts(
        problem.minutes, problem.excess_price, priority, problem.change_price, weighted, layer == GRID
    )
    return replace(problem, stages=stages_of(policy, costs), ties=travel_stage(policy, costs))


def _planned(region: Region, policy: Policy, layer: str) -> list[str]:
    """Districts of a layer: all of them, but those that the grids leave out (ZJ-1)."""
    if layer != GRID:
        return sorted(region.districts["district_id"])
    forms = district_forms(region, policy)
    return list(forms.index[forms != "left_out"])


def _labels(region: Region, district_ids: np.ndarray, hospital_ids: np.ndarray) -> dict[str, str]:
    named = {d: region.label("district", d) for d in district_ids}
    return named | {h: region.label("hospital", h) for h in hospital_ids}


Fields = Mapping[str, Any]


def _in_the_table(problem: Problem, rule: Rule, region: Region) -> Fields:
    """SH-1 is row (1) always; SH-4, SH-5, SH-6, pins and bans stand in the pair table already (rows 5, 9)."""
    return {}


def _eligibility(problem: Problem, rule: Eligibility, region: Region) -> Fields:
    return {"worst_priority": rule.worst_priority}


def _district_cap(problem: Problem, rule: DistrictCap, region: Region) -> Fields:
    return {"district_cap": np.array([rule.limit(d) for d in problem.district_ids])}


def _hospital_cap(problem: Problem, rule: HospitalCap, region: Region) -> Fields:
    caps = [
        rule.limit(h) if g else NO_CAP for h, g in zip(problem.hospital_ids, problem.counted, strict=True)
    ]
    return {"hospital_cap": np.array(caps)}


def _capacity(problem: Problem, rule: Capacity, region: Region) -> Fields:
    stated = region.hospitals.set_index("hospital_id")[rule.source].reindex(problem.hospital_ids)
    return {"capacity": stated.fillna(np.inf).to_numpy(dtype=float) * (rule.people_per_bed or 1.0)}


def _travel_standard(problem: Problem, rule: TravelStandard, region: Region) -> Fields:
    excess = np.maximum(0.0, problem.minutes - rule.minutes)
    if rule.price is None:
        empty = problem.people[problem.unit] == 0  # the standard is for residents
        within = problem.within & ((excess <= 0) | empty)
        return {"within": within, "standard": min(problem.standard, rule.minutes)}
    return {"excess_price": rule.price * excess}


def _grid_shape(problem: Problem, rule: GridShape, region: Region) -> Fields:
    """ZJ-6's minutes; its other parts, and ZJ-1, stand in `grids` already (rows 8, 9, 19, 20)."""
    if rule.minutes is None:
        return {}
    near = (problem.minutes <= rule.minutes) | (problem.people[problem.unit] == 0)
    return {"within": problem.within & near, "standard": min(problem.standard, rule.minutes)}


def _least_partners(problem: Problem, rule: LeastPartners, region: Region) -> Fields:
    return {"least_partners": rule.least if problem.counted.any() else 0}


def _least_share(problem: Problem, rule: LeastShare, region: Region) -> Fields:
    return {"least_share": rule.share}


def _most_changes(problem: Problem, rule: MostChanges, region: Region) -> Fields:
    return {"most_changes": rule.most if problem.counted.any() else NO_CAP}


def _connected_parts(problem: Problem, rule: ConnectedParts, region: Region) -> Fields:
    position = pd.Index(problem.unit_ids).get_indexer(region.units["unit_id"])
    edges = position[neighbours(region)]
    return {"neighbours": edges[problem.district[edges[:, 0]] == problem.district[edges[:, 1]]]}


def _group_weights(problem: Problem, rule: GroupWeights, region: Region) -> Fields:
    return {"demand": demand(region, rule).reindex(problem.unit_ids).to_numpy()}


def _change_price(problem: Problem, rule: ChangePrice, region: Region) -> Fields:
    return {"change_price": rule.person_minutes}


TRANSLATE: Mapping[type[Rule], Callable[[Problem, Any, Region], Fields]] = {
    FullCoverage: _in_the_table, Candidates: _in_the_table, Priority: _in_the_table, Eligibility: _eligibility,
    Pin: _in_the_table, Ban: _in_the_table, DistrictCap: _district_cap, HospitalCap: _hospital_cap,
    Capacity: _capacity, TravelStandard: _travel_standard, LeastPartners: _least_partners,
    LeastShare: _least_share, ConnectedParts: _connected_parts, MostChanges: _most_changes,
    ChangePrice: _change_price, Grids: _in_the_table, GridLeads: _in_the_table, SpecialLeads: _in_the_table,
    WillingPrivate: _in_the_table, NoProvincialLeads: _in_the_table, GridShape: _grid_shape,
    UrbanGroups: _in_the_table, CountyCommunities: _in_the_table, GroupWeights: _group_weights,
}  # fmt: skip

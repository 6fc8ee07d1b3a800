"""Region, travel and policy of one layer as a `Problem`: what the pair table says, then what each rule sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.geography.neighbours import neighbours
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.optimise.grid_arrays import grid_arrays
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import PairCosts, stages_of, travel_stage
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

Fields = Mapping[str, Any]


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
        problem = with_fields(problem, TRANSLATE[type(rule)](problem, rule, region))
    priority = problem.priority[problem.pair_district, problem.hospital]
    weighted = policy.rule(GroupWeights) is not None
    costs = PairCosts(
        problem.minutes, problem.excess_price, priority, problem.change_price, weighted, layer == GRID
    )
    return replace(problem, stages=stages_of(policy, costs), ties=travel_stage(policy, costs))


def with_fields(problem: Problem, told: Fields) -> Problem:
    """The problem with what a rule sets: its fields, and under any other name its numbers."""
    own = {name: value for name, value in told.items() if name in Problem.__dataclass_fields__}
    more = {name: value for name, value in told.items() if name not in own}
    return replace(problem, **own, numbers={**problem.numbers, **more}) if told else problem


def _planned(region: Region, policy: Policy, layer: str) -> list[str]:
    """Districts of a layer: all of them, but those that the grids leave out (ZJ-1)."""
    if layer != GRID:
        return sorted(region.districts["district_id"])
    forms = district_forms(region, policy)
    return list(forms.index[forms != "left_out"])


def _labels(region: Region, district_ids: np.ndarray, hospital_ids: np.ndarray) -> dict[str, str]:
    named = {d: region.label("district", d) for d in district_ids}
    return named | {h: region.label("hospital", h) for h in hospital_ids}


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

"""Region, travel and policy of one layer as a `Problem`: what the pair table says, then what each rule sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint
from gridplan.optimise.grid_arrays import grid_arrays
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.rules import constraints
from gridplan.optimise.stages import PairCosts, stages_of, travel_stage
from gridplan.policies.groups import is_weighted
from gridplan.policies.leads import district_forms
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Rule
from gridplan.words.vocabulary import GRID


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
        present=table["present"].to_numpy(dtype=bool).reshape(shape),
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
        problem = problem.with_numbers(**_constraint(rule).numbers(problem, rule, region))
    priority = problem.priority[problem.pair_district, problem.hospital]
    weighted = is_weighted(policy)
    costs = PairCosts(
        problem.minutes, problem.excess_price, priority, problem.change_price, weighted, layer == GRID
    )
    problem = replace(problem, stages=stages_of(policy, costs), ties=travel_stage(policy, costs))
    for rule in (rule for rule in policy.rules if rule.concerns(layer)):
        problem = problem.with_numbers(**_constraint(rule).limits(problem, rule, region))
    return problem


def _constraint(rule: Rule) -> Constraint:
    known = constraints()
    if type(rule) not in known:
        raise NotImplementedError(f"{rule.id} is declared, but optimise/rules/{rule.key}.py is missing")
    return known[type(rule)]


def _planned(region: Region, policy: Policy, layer: str) -> list[str]:
    """Districts of a layer: all of them, but those that the grids leave out (ZJ-1)."""
    if layer != GRID:
        return sorted(region.districts["district_id"])
    forms = district_forms(region, policy)
    return list(forms.index[forms != "left_out"])


def _labels(region: Region, district_ids: np.ndarray, hospital_ids: np.ndarray) -> dict[str, str]:
    named = {d: region.label("district", d) for d in district_ids}
    return named | {h: region.label("hospital", h) for h in hospital_ids}

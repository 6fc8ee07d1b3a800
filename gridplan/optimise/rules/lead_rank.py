"""RANK in the model: what the rank of a lead adds to the minutes, or who must lead before it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack
from gridplan.optimise.grid_arrays import lead_order
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import SolvedLayer
from gridplan.policies.rules import LeadRank
from gridplan.words.text import Text


def numbers(problem: Problem, rule: LeadRank, region: Region) -> Fields:
    """A price of every pair with a lead, by its rank; or the ranks themselves, where they are a strict order."""
    table = region.hospitals.set_index("hospital_id").loc[problem.hospital_ids.tolist()]
    centre = (
        table["regional_centre"] == "yes" if "regional_centre" in table else np.zeros(len(table), dtype=bool)
    )
    level, beds = table["grade"].astype(str).str[:1], table["beds"].astype(float)
    large = beds.isna() | (beds >= rule.beds)
    rank = np.select([centre, level == "3", (level == "2") & large], [1, 2, 3], 4)
    if rule.strict and problem.grids is not None:
        return {"grids": replace(problem.grids, rank=rank)}
    return {"excess_price": problem.excess_price + np.array(rule.prices)[rank - 1][problem.hospital]}


def able(p: Problem) -> np.ndarray:
    """(H,) whether a hospital may lead a grid in its own district."""
    assert p.grids is not None
    home = p.grids.home
    may: np.ndarray = (home >= 0) & p.allowed[home, np.arange(len(home))]
    return may


def in_order(ref: Reference) -> None:
    """z_h ≤ Σ_{g in G} z_g for every better lead of h's district, G those better ones in its town     (26) RANK"""
    p = ref.problem
    for n, (h, group) in enumerate(lead_order(p.grids, able(p)) if p.grids is not None else []):
        terms = [(ref.z[h], 1.0), *((ref.z[g], -1.0) for g in group)]
        name = f"in_order[{p.hospital_ids[h]},{n}]"
        ref.row(terms, "<=", 0.0, name, "RANK", d=int(p.grids.home[h]) if p.grids is not None else -1, h=h)


def demands(p: Problem) -> Iterator[Demand]:
    """The order, where it is asked."""
    yield from [Demand("RANK")] if p.grids is not None and p.grids.rank is not None else []


def without(p: Problem, demand: Demand) -> Problem:
    """Leads of any rank."""
    return p if p.grids is None else replace(p, grids=replace(p.grids, rank=None))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Who leads before whom."""
    return Text("leads in the order of their ranks", "按等次依次牵头")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """Leads of any rank."""
    return without(p, Demand("RANK"))


def keeps_off(layer: SolvedLayer, u: int, h: int) -> Text | None:
    """That one of a better rank in its district does not lead."""
    p = layer.problem
    if p.grids is None or p.grids.rank is None:
        return None
    leads = set(np.unique(layer.serves).tolist())
    for one, group in lead_order(p.grids, able(p)):
        if one == h and not leads.intersection(group):
            who = layer.hospital(group[0])
            return Text(f"{who}, of a better rank, would have to lead first", f"须先由等次更高的 {who} 牵头")
    return None


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(in_order,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text("RANK: leads in the order of their ranks cannot be", "RANK：无法按等次依次牵头"),
        Text("make [lead_rank] a price: strict = false", "将 [lead_rank] 改为折算：strict = false"),
    ),
    keeps_off=keeps_off,
)

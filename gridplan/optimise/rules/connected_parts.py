"""PARTS in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.geography.neighbours import neighbours
from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.model.separators import add_cut, near_separators, without_district
from gridplan.optimise.problem import Problem
from gridplan.policies.rules import ConnectedParts
from gridplan.words.text import Text


def numbers(problem: Problem, rule: ConnectedParts, region: Region) -> Fields:
    """The units of each district that touch."""
    position = pd.Index(problem.unit_ids).get_indexer(region.units["unit_id"])
    edges = position[neighbours(region)]
    return {"neighbours": edges[problem.district[edges[:, 0]] == problem.district[edges[:, 1]]]}


def connected_parts(ref: Reference) -> None:
    """x_ah + x_bh ≤ 1 + Σ_s x_sh, s the units that separate a from b                 (21) PARTS

    Here for two units that touch in common all that the first of them touches; other separators are added between
    solves, as they are needed (`model/separators.py`).
    """
    p = ref.problem
    if p.neighbours is None:
        return
    for d in np.unique(p.district[p.neighbours]).tolist() if ref.relax else ():
        ref.apart[d] = ref.model.binary(f"apart[{p.district_ids[d]}]")
        ref.slacks.append(Slack(ref.apart[d], "PARTS", d, -1, -1, 0.0, 1.0, 1.0))
    for a, b, separator in near_separators(p):
        for h in range(len(p.hospital_ids)):
            add_cut(ref, h, a, b, separator)


def demands(p: Problem) -> Iterator[Demand]:
    """Each district with units that touch."""
    touch = np.zeros(0, dtype=int) if p.neighbours is None else np.unique(p.district[p.neighbours])
    yield from (Demand("PARTS", d) for d in touch.tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """The parts of the district may stand apart."""
    return without_district(p, demand.district)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Where parts hang together."""
    return Text(f"{d}: what a partner serves hangs together", f"{d}：服务片区须连片")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The parts of the district may stand apart."""
    return without_district(p, slack.district)


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(connected_parts,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "PARTS {d}: what a partner serves cannot hang together", "PARTS {d}：合作医院的服务片区无法连片"
        ),
        Text(
            "let the parts of {d} stand apart, or give a bridge or ferry in the table links",
            "允许 {d} 的服务片区不连片，或在 links 表中填写桥隧或轮渡",
        ),
    ),
)

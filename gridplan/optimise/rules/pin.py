"""PIN in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gridplan.optimise.constraint import Constraint, Demand, Slack, changed_at
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.words.text import Text


def pinned(ref: Reference) -> None:
    """y_dh = 1 for every pinned pair                                                  (9) PIN"""
    p = ref.problem
    for d, h in np.argwhere(p.pinned).tolist():
        ref.row(
            [(ref.y[d, h], 1.0)], ">=", 1.0, f"pin[{p.district_ids[d]},{p.hospital_ids[h]}]", "PIN", d=d, h=h
        )


def demands(p: Problem) -> Iterator[Demand]:
    """Each pinned pair."""
    yield from (Demand("PIN", d, h) for d, h in np.argwhere(p.pinned).tolist())


def without(p: Problem, demand: Demand) -> Problem:
    """The pair is not pinned."""
    return replace(p, pinned=changed_at(p.pinned, (demand.district, demand.hospital), False))


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """Which pair."""
    return Text(f"{d} – {h} is pinned", f"{d} – {h} 为指定结对")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """The pair is not pinned."""
    return without(p, Demand(slack.rule, slack.district, slack.hospital))


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """Each pin dropped."""
    p = layer.problem
    for d, h in np.argwhere(p.pinned).tolist():
        pair = f"{layer.district(d)} – {layer.hospital(h)}"
        what = Text(f"pin {pair} dropped", f"去掉指定 {pair}")
        yield Loosened(d, h, 1, 0, without(p, Demand("PIN", d, h)), what)


CONSTRAINT = Constraint(
    rows=(pinned,),
    least=True,
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text("PIN pair {d} – {h} cannot be kept", "PIN 指定结对 {d} – {h} 无法保留"),
        Text("drop the pin {d} – {h}", "去掉指定结对 {d} – {h}"),
    ),
    binds=binds,
)

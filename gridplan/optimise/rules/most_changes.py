"""SH-9 in the model: what it sets, its rows, how it gives way, how it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gridplan.inputs.region import Region
from gridplan.optimise.constraint import Constraint, Demand, Fields, Slack, steps
from gridplan.optimise.model.reference import Reference
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.policies.rules import MostChanges
from gridplan.words.text import Text


def numbers(problem: Problem, rule: MostChanges, region: Region) -> Fields:
    """The number, where any candidate is counted."""
    return {"most_changes": rule.most if problem.counted.any() else NO_CAP}


def most_changes(ref: Reference) -> None:
    """Σ_{y⁰_dh = 0, f_dh = 0} g_h · y_dh + Σ_{y⁰_dh = 1} g_h · e_dh ≤ C                        (15) SH-9"""
    p = ref.problem
    if p.most_changes != NO_CAP:
        terms = [(changed, 1.0) for (_, h), changed in ref.changes().items() if p.counted[h]]
        if terms:
            ref.row(terms, "<=", p.most_changes, "most_changes", "SH-9")


def demands(p: Problem) -> Iterator[Demand]:
    """The number of changes."""
    yield from [Demand("SH-9")] if p.most_changes != NO_CAP else []


def without(p: Problem, demand: Demand) -> Problem:
    """Any number of changes."""
    return replace(p, most_changes=NO_CAP)


def says(p: Problem, demand: Demand, d: str, h: str) -> Text:
    """How many changes at most."""
    most = p.most_changes
    return Text(f"at most {most} changes from today", f"至多变动 {most} 对")


def looser(p: Problem, slack: Slack, value: float, before: Problem) -> Problem:
    """More changes."""
    return replace(p, most_changes=p.most_changes + steps(slack, value))


def binds(layer: SolvedLayer) -> Iterator[Loosened]:
    """One change more, where all are made."""
    p = layer.problem
    changes = int((p.changed(layer.chosen) & p.counted).sum())
    if changes >= p.most_changes:
        what = Text("one more change from today", "多变动 1 对")
        yield Loosened(-1, -1, p.most_changes, changes + 1, replace(p, most_changes=changes + 1), what)


CONSTRAINT = Constraint(
    numbers=numbers,
    rows=(most_changes,),
    demands=demands,
    without=without,
    says=says,
    looser=looser,
    gives_way=(
        Text(
            "SH-9: needs {needed:.0f} changes from today, at most {limit:.0f}",
            "SH-9：须变动 {needed:.0f} 对，上限 {limit:.0f}",
        ),
        Text("allow {needed:.0f} changes", "允许变动 {needed:.0f} 对"),
    ),
    binds=binds,
)

"""What a rule is to the model: what it sets, the rows it writes, how it gives way, how it is left out.

Every rule has one `CONSTRAINT` in its file of `optimise/rules/`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gridplan.inputs.region import Region
from gridplan.optimise.problem import Problem
from gridplan.optimise.solved_layer import Loosened, SolvedLayer
from gridplan.words.text import Text

SMALL = 1e-5
LEAST = ("least", "low")  # kinds of slack that go below their limit
Fields = Mapping[str, Any]
Words = tuple[Text, Text]


@dataclass(frozen=True)
class Slack:
    """How far one rule gives way at one place.

    Parameters
    ----------
    rule : id of the rule ("SH-3").
    district, hospital, unit : indices of the place, -1 where it has none.
    limit : what the rule allows there.
    step : what one unit of the variable means in the unit of the limit.
    weight : price of one unit of the variable.
    kind : which of the rule's rows it is, where a place has more than one ("least", "most").
    per : what the limit is a multiple of, a variable; None where it is a number.
    """

    variable: Any
    rule: str
    district: int
    hospital: int
    unit: int
    limit: float
    step: float
    weight: float
    kind: str = ""
    per: Any = None


@dataclass(frozen=True)
class Demand:
    """One rule at one place, as it can be left out: indices of district and hospital, -1 where it has none.

    `kind` says which part of the rule it is, where it has several.
    """

    rule: str
    district: int = -1
    hospital: int = -1
    kind: str = ""


def sets_nothing(problem: Problem, rule: Any, region: Region) -> Fields:
    """The rule stands in the pair table already (SH-4, SH-5, bans …), or in a row that is always there (SH-1)."""
    return {}


def asks_nothing(problem: Problem) -> Iterator[Demand]:
    """The rule cannot be left out on its own."""
    yield from ()


def unchanged(problem: Problem, *_: Any) -> Problem:
    """The rule has nothing that could be loosened."""
    return problem


def named_pair(problem: Problem, demand: Demand, district: str, hospital: str) -> Text:
    """The pair alone."""
    return Text(f"{district} – {hospital}", f"{district} – {hospital}")


def has_room(layer: SolvedLayer) -> Iterator[tuple[int, int]]:
    """The rule has no places that could be taken."""
    yield from ()


def binds_nowhere(layer: SolvedLayer) -> Iterator[Loosened]:
    """The rule is not loosened."""
    yield from ()


def keeps_nothing_apart(layer: SolvedLayer, one: int, h: int) -> Text | None:
    """The rule stands between nobody and a hospital."""
    return None


def whole(excess: float) -> float:
    """To the nearest whole number: pairs, partners, grids."""
    return float(round(excess))


def rounded_up(excess: float) -> float:
    """To the next whole number: residents."""
    return float(math.ceil(excess - SMALL))


def as_it_is(excess: float) -> float:
    """Not rounded: minutes."""
    return excess


def slack_limit(problem: Problem, slack: Slack) -> float:
    """The limit that the row states."""
    return slack.limit


@dataclass(frozen=True)
class Constraint:
    """One rule in the model. What is left out here, the rule does not need.

    Parameters
    ----------
    numbers : problem, rule, region → what the rule sets: fields of `Problem`, and under names of its own whatever has no
        field there (`Problem.numbers`; an engine that does not know the name stays off).
    limits : as `numbers`, but asked once the goals are there, for what depends on them.
    rows : functions of the model under construction that write the rows; the docstring of each is the inequality, with its
        number in FORMULATION.md.
    gives_way : what gives way, and the change that lets it, in the planner's words: two templates with {d} district, {h}
        hospital, {u} unit, {limit}, {needed}, {excess}; or a function of problem, slack, limit, needed.
    least : whether the rule asks for at least its limit, so that what is needed lies below it.
    rounding : how the excess is rounded.
    limit : problem, slack → the limit as people know it.
    demands : every place at which the rule can be left out.
    without : problem, demand → the problem without it.
    says : problem, demand, district, hospital → what it demands there, in the planner's words.
    full : layer of a plan → each place (district, hospital, -1 where it has none) where the rule leaves no room.
    binds : layer of a plan → each place where the rule binds, loosened by one, for `gp.tight`.
    forbids : layer, district, hospital → why the pair may not be chosen at all; None where the rule lets it.
    taken : layer, district, hospital → by whom the places are taken that the pair would need; None where there is one.
    keeps_off : layer, unit, hospital → what keeps the unit from a hospital that its district may choose; None where nothing.
    looser : problem, slack, value, the problem before anything was loosened → the problem with the limit loosened so far.
    priced : whether a plan tells what it would reach without the rule.
    """

    numbers: Callable[[Problem, Any, Region], Fields] = sets_nothing
    limits: Callable[[Problem, Any, Region], Fields] = sets_nothing
    rows: tuple[Callable[[Any], None], ...] = ()
    gives_way: Words | Callable[[Problem, Slack, float, float], Words] | None = None
    least: bool = False
    rounding: Callable[[float], float] = whole
    limit: Callable[[Problem, Slack], float] = slack_limit
    demands: Callable[[Problem], Iterator[Demand]] = asks_nothing
    without: Callable[[Problem, Demand], Problem] = unchanged
    says: Callable[[Problem, Demand, str, str], Text] = named_pair
    full: Callable[[SolvedLayer], Iterator[tuple[int, int]]] = has_room
    binds: Callable[[SolvedLayer], Iterator[Loosened]] = binds_nowhere
    forbids: Callable[[SolvedLayer, int, int], Text | None] = keeps_nothing_apart
    taken: Callable[[SolvedLayer, int, int], Text | None] = keeps_nothing_apart
    keeps_off: Callable[[SolvedLayer, int, int], Text | None] = keeps_nothing_apart
    looser: Callable[[Problem, Slack, float, Problem], Problem] = unchanged
    priced: bool = False


def changed_at(array: np.ndarray, where: int | tuple[int, int], value: float | bool) -> np.ndarray:
    """A copy of an array with one entry changed."""
    changed = array.copy()
    changed[where] = value
    return changed


def steps(slack: Slack, value: float) -> int:
    """How many whole units the rule gives way by."""
    return round(value * slack.step)

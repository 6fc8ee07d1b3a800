"""No district worse than today (SH-9): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridplan.policies.rule import Rule
from gridplan.policies.values import Fault, Range, numbers
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, both_words

MINUTES = Range(0)


def _kinds(name: str, value: Any) -> Iterator[Fault]:
    """Faults of a table kind → minutes."""
    if not isinstance(value, Mapping):
        yield name, "must be a table", "须为表", "kinds = { outer_suburban = 0 }"
        return
    for kind, minutes in value.items():
        if kind not in KINDS:
            yield f"{name}.{kind}", "is no kind of district", "不是区的类型", ", ".join(KINDS)
        elif not MINUTES.holds(minutes):
            yield f"{name}.{kind}", "must be a number from 0", "须为不小于 0 的数", f"{kind} = 0"


def _minutes(name: str, value: Any) -> Iterator[Fault]:
    if not MINUTES.holds(value):
        yield name, "must be a number from 0", "须为不小于 0 的数", f"{name} = 5"


@dataclass(frozen=True)
class NoWorse(Rule):
    """No district's residents travel on average more than so many minutes longer than today. Off by default.

    Per layer of partners, against `gp.today`: residents who have a partner today, and a district where nobody has one
    is exempt.

    Parameters
    ----------
    minutes : float, default 5.0
        Minutes above today's mean, from 0.
    kinds : Mapping[str, float], optional
        Another number for districts of a kind (central, suburban, outer_suburban, county).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.NoWorse(3).sentence().en)
    A district that has a partner today travels at most 3 minutes longer on average than today.
    """

    minutes: float = 5.0
    kinds: Mapping[str, float] = field(default_factory=dict)
    of = "partners"
    id = "NOWORSE"
    key = "no_worse"
    title = Text("No district worse than today", "各区不劣于现状")
    rank = 142
    ranges = numbers(minutes=MINUTES)
    own_values = {"kinds": _kinds, "minutes": _minutes}  # noqa: RUF012 a table of functions, never written to

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "kinds", dict(sorted(self.kinds.items())))

    def __hash__(self) -> int:
        return hash((type(self), self.minutes, tuple(self.kinds.items())))

    def above(self, kind: str) -> float:
        """Minutes above today that a district of a kind may have."""
        return self.kinds.get(kind, self.minutes)

    def sentence(self) -> Text:
        named = [(both_words(KINDS, kind), minutes) for kind, minutes in self.kinds.items()]
        but = Text(
            "; " + ", ".join(f"{kind.en} {minutes:g}" for kind, minutes in named) if named else "",
            "；" + "、".join(f"{kind.zh} {minutes:g} 分钟" for kind, minutes in named) if named else "",
        )
        return Text(
            f"A district that has a partner today travels at most {self.minutes:g} minutes longer on average than today{but.en}.",
            f"现有合作医院的区，人均出行时间较现状至多增加 {self.minutes:g} 分钟{but.zh}。",
        )

"""What follows from a plan alone is worked out once and kept with it, for as long as the plan lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

N = TypeVar("N")  # what is asked: a plan
P = ParamSpec("P")
T = TypeVar("T")


def once(make: Callable[Concatenate[N, P], T]) -> Callable[Concatenate[N, P], T]:
    """A function of a plan (and of what names a part of it, such as a layer) that keeps its answers.

    A plan is frozen, so an answer holds as long as the plan does; it is never pickled with it. What is kept is handed
    to every caller: make it of values that nobody changes, or hand out a copy.
    """
    answers: WeakKeyDictionary[N, dict[tuple[object, ...], T]] = WeakKeyDictionary()

    @wraps(make)
    def kept(plan: N, /, *args: P.args, **named: P.kwargs) -> T:
        mine = answers.setdefault(plan, {})
        key = (*args, *named.items())
        if key not in mine:
            mine[key] = make(plan, *args, **named)
        return mine[key]

    return kept

"""Checks of single values that rules of the programme share: (field, value) → faults."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gridplan.policies.values import Fault, Range, bad_number
from gridplan.words.vocabulary import KINDS

Check = Callable[[str, Any], Iterator[Fault]]


def number(least: float, most: float = float("inf"), whole: bool = False, open: bool = False) -> Check:
    """A number of a range."""
    range_ = Range(least, most, whole, open)
    return lambda name, value: bad_number(name, value, range_)


def number_or_none(
    least: float, most: float = float("inf"), whole: bool = False, open: bool = False
) -> Check:
    """A number of a range, or None for no limit."""
    check = number(least, most, whole, open)
    return lambda name, value: iter(()) if value is None else check(name, value)


def word(*known: str) -> Check:
    """One word of a few."""

    def check(name: str, value: Any) -> Iterator[Fault]:
        if value not in known:
            near = difflib.get_close_matches(str(value), known, 1) or [known[0]]
            listed = ", ".join(known)
            yield (
                name,
                f"must be of {listed}; got {value!r}",
                f"只能是 {listed}；现为 {value!r}",
                f'{name} = "{near[0]}"',
            )

    return check


def flag(name: str, value: Any) -> Iterator[Fault]:
    """True or false."""
    if not isinstance(value, bool):
        yield name, f"must be true or false; got {value!r}", f"须为 true 或 false；现为 {value!r}", ""


def words(known: tuple[str, ...]) -> Check:
    """A list of known words, each once."""
    one = word(*known)

    def check(name: str, value: Any) -> Iterator[Fault]:
        if not isinstance(value, tuple):
            yield (
                name,
                f"must be a list; got {value!r}",
                f"须为列表；现为 {value!r}",
                f'{name} = ["{known[0]}"]',
            )
            return
        for item in value:
            yield from one(name, item)
        if len(set(value)) < len(value):
            yield name, "names something twice", "有重复", ""

    return check


def table(keys: tuple[str, ...], check: Check) -> Check:
    """A table with known keys and checked values."""

    def checked(name: str, value: Any) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield name, f"must be a table; got {value!r}", f"须为表；现为 {value!r}", f"{name}.{keys[0]} = 1"
            return
        for key, item in value.items():
            yield from word(*keys)(f"{name}.{key}", key)
            yield from check(f"{name}.{key}", item)

    return checked


WEIGHTS = table(tuple(KINDS), number(0, open=True))

"""What values a rule may hold: one function that finds every fault, for profiles and for Python alike."""

from __future__ import annotations

import difflib
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any

from gridplan.words.vocabulary import CATEGORIES, GRID, KINDS, OWNERSHIPS, TIERS

Fault = tuple[str, str, str, str]


@dataclass(frozen=True)
class Range:
    """Numbers from `least` (or above it, where it is `open`) to `most`; or None, where it may be left open."""

    least: float
    most: float = math.inf
    whole: bool = False
    open: bool = False
    none: bool = False

    def holds(self, value: Any) -> bool:
        """Whether the value is a number of this range; True and False are no numbers, nor are inf and nan."""
        kind = int if self.whole else int | float
        if not isinstance(value, kind) or isinstance(value, bool) or not math.isfinite(value):
            return False
        return self.least <= value <= self.most and not (self.open and value == self.least)


def numbers(**ranges: Range) -> Mapping[str, Range]:
    """The ranges of a rule's numbers, by field."""
    return MappingProxyType(ranges)


# One word each, or a list of words.
WORD: Mapping[str, tuple[str, ...]] = {
    "layer": ("partners", GRID),
    "mode": ("prefer", "strict"),
    "source": ("capacity_people", "beds"),
    "balance_by": ("equal", "beds", "capacity_people"),
    "places": ("all", "municipal"),
    "method": ("auto", "straight_line", "table", "roads"),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "tiers": tuple(TIERS),
    "ownerships": tuple(OWNERSHIPS),
    "counted": tuple(CATEGORIES),
    "exempt": tuple(CATEGORIES),
    "categories": tuple(CATEGORIES),
    "tertiary": tuple(TIERS),
    "kinds": tuple(KINDS),
}
COUNT = Range(1, whole=True)
# Numbers of the travel settings; a rule states the ranges of its own (`Rule.ranges`).
NUMBERS: Mapping[str, Range] = {
    "detour": Range(1, 10),
    "walk_km_h": Range(0, 20, open=True),
    "snap_km": Range(0, 100, open=True),
}
SPEED = Range(0, 300, open=True)
LAYERS_TAKEN = ("", "general", "merged", GRID)


def value_faults(kind: type, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Each value that cannot stand: (field, English, Chinese, hint)."""
    ranges = {**NUMBERS, **getattr(kind, "ranges", {})}
    flags = {f.name for f in fields(kind) if f.type in ("bool", bool)} if is_dataclass(kind) else set()
    own_values = getattr(kind, "own_values", {})  # rules that bring the checks of their values along
    for name, value in values.items():
        if name in own_values:
            yield from own_values[name](name, value)
            continue
        if value is None and name in ranges and ranges[name].none:
            continue
        if name in WORD:
            yield from _bad_word(name, value, WORD[name])
        elif name in WORDS:
            yield from _bad_words(name, value)
        elif name in ranges:
            yield from bad_number(name, value, ranges[name])
        elif name in flags:
            yield from _bad_flag(name, value)
        elif name in CHECKS:
            yield from CHECKS[name](value)
    if not own_values:
        yield from _bad_together(values, ranges)
    if getattr(kind, "many", False):
        for name in ("district_id", "hospital_id"):
            if not str(values.get(name, "")).strip():
                yield name, "is missing", "缺少", f'{name} = "…"'


def _bad_together(values: Mapping[str, Any], ranges: Mapping[str, Range]) -> Iterator[Fault]:
    """Values that are good alone, but not beside each other."""
    per_bed = values.get("people_per_bed")
    if values.get("source") == "beds" and per_bed is None:
        yield (
            "people_per_bed",
            "is needed with source = beds",
            "在 source = beds 时必填",
            "people_per_bed = 800",
        )
    if per_bed is not None and values.get("source", "capacity_people") == "capacity_people":
        yield "people_per_bed", "acts only with source = beds", "只在 source = beds 时有效", 'source = "beds"'
    for low, high in (("least", "most"), ("least_per_district", "most_per_district")):
        few, many = values.get(low), values.get(high)
        if (
            few is not None
            and many is not None
            and all(ranges[name].holds(values[name]) for name in (low, high))
            and few > many
        ):
            yield (
                low,
                f"is {few}, more than {high} = {many}",
                f"为 {few}，大于 {high} = {many}",
                f"{low} = {many}",
            )
    counted, exempt = values.get("counted"), values.get("exempt")
    if isinstance(counted, tuple) and isinstance(exempt, tuple):
        twice = [word for word in exempt if word in counted]
        if twice:
            listed = ", ".join(map(str, twice))
            yield "exempt", f"holds {listed}, which is counted already", f"中的 {listed} 已在 counted 内", ""


def _bad_word(name: str, value: Any, known: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(value, str) or value not in known:
        near = difflib.get_close_matches(str(value), known, 1)
        hint = f'{name} = "{near[0]}"' if near else ""
        listed = ", ".join(known)
        yield name, f"must be of {listed}; got {value!r}", f"只能是 {listed}；现为 {value!r}", hint


def _bad_words(name: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, tuple):
        near = difflib.get_close_matches(str(value), WORDS[name], 1) or [WORDS[name][0]]
        yield name, f"must be a list; got {value!r}", f"须为列表；现为 {value!r}", f'{name} = ["{near[0]}"]'
        return
    for word in value:
        yield from _bad_word(name, word, WORDS[name])


def bad_number(name: str, value: Any, range_: Range) -> Iterator[Fault]:
    """The fault of a number outside its range, none where it holds."""
    if range_.holds(value):
        return
    what, what_zh = ("a whole number", "整数") if range_.whole else ("a number", "数")
    least, least_zh = (
        (f"over {range_.least:g}", f"大于 {range_.least:g}")
        if range_.open
        else (f"from {range_.least:g}", f"不小于 {range_.least:g}")
    )
    upto, upto_zh = (
        ("", "") if math.isinf(range_.most) else (f" up to {range_.most:g}", f"、不大于 {range_.most:g}")
    )
    yield (
        name,
        f"must be {what} {least}{upto}; got {value!r}",
        f"须为{least_zh}{upto_zh} 的{what_zh}；现为 {value!r}",
        f"{name} = {range_.least:g}" if range_.whole else "",
    )


def _bad_prices(prices: Any) -> Iterator[Fault]:
    good = isinstance(prices, tuple) and len(prices) == 5 and all(map(Range(0).holds, prices))
    if not good or any(a > b for a, b in itertools.pairwise(prices)):
        yield (
            "prices",
            f"must be five minutes from 0, not falling from priority 1 to 5; got {prices!r}",
            f"须为五个非负分钟数，优先级 1 至 5 不减；现为 {prices!r}",
            "prices = [0, 5, 10, 15, 30]",
        )


def _bad_speeds(speeds: Any) -> Iterator[Fault]:
    if not isinstance(speeds, Mapping):
        yield "speed_km_h", "must be a table of km/h by kind of district", "须为按区类别的时速表", ""
        return
    for kind, speed in speeds.items():
        yield from bad_number(f"speed_km_h.{kind}", speed, SPEED)
        if kind not in KINDS:
            near, listed = difflib.get_close_matches(str(kind), KINDS, 1), ", ".join(KINDS)
            hint = near[0] if near else ""
            yield (
                f"speed_km_h.{kind}",
                f"is no kind of district; there are {listed}",
                f"不是区的类别；类别有 {listed}",
                hint,
            )


def _bad_overrides(overrides: Any) -> Iterator[Fault]:
    if not isinstance(overrides, Mapping):
        yield (
            "override",
            "must be a table by id",
            "须为按编号的表",
            'override.310115 = { most = 3, reason = "…" }',
        )
        return
    for who, override in overrides.items():
        where = f"override.{who}"
        if not hasattr(override, "most") or not hasattr(override, "reason"):
            yield where, "must have most and reason", "须含 most 与 reason", '{ most = 3, reason = "…" }'
            continue
        yield from bad_number(f"{where}.most", override.most, COUNT)
        if not str(override.reason or "").strip():
            yield (
                f"{where}.reason",
                "is missing: an override needs a reason",
                "缺少理由：例外须写明理由",
                'reason = "…"',
            )


def _bad_number_of_grids(number: Any) -> Iterator[Fault]:
    if not isinstance(number, Mapping):
        yield "number", "must be a table by district_id", "须为按区编号的表", "number.310115 = 3"
        return
    for district, count in number.items():
        yield from bad_number(f"number.{district}", count, COUNT)


def _bad_weights(weights: Any) -> Iterator[Fault]:
    if not isinstance(weights, Mapping) or not weights:
        yield (
            "weights",
            f"must be a table of groups with their weights; got {weights!r}",
            f"须为人群及其权重的表；现为 {weights!r}",
            "people_65plus = 2",
        )
        return
    for group, weight in weights.items():
        if not isinstance(group, str) or not group.startswith("people_"):
            yield (
                str(group),
                "is no group: the units' columns people_… are",
                "不是人群：应为单元表中的 people_… 列",
                "people_65plus = 2",
            )
        yield from bad_number(str(group), weight, Range(0))


def _bad_flag(name: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield (
            name,
            f"must be true or false; got {value!r}",
            f"须为 true 或 false；现为 {value!r}",
            "",
        )


def _bad_layer(name: Any) -> Iterator[Fault]:
    if not isinstance(name, str) or name.strip() in LAYERS_TAKEN:
        yield (
            "exempt_layer",
            f"must be a name of its own; got {name!r}",
            f"须为另起的名称；现为 {name!r}",
            'exempt_layer = "tcm"',
        )


CHECKS = {
    "prices": _bad_prices,
    "speed_km_h": _bad_speeds,
    "override": _bad_overrides,
    "number": _bad_number_of_grids,
    "weights": _bad_weights,
    "exempt_layer": _bad_layer,
}

"""What values a rule may hold: one function that finds every fault, for profiles and for Python alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gridplan.vocabulary import CATEGORIES, OWNERSHIPS, TIERS

Fault = tuple[str, str, str, str]

WORDS: Mapping[str, tuple[str, ...]] = {
    "tiers": tuple(TIERS),
    "ownerships": tuple(OWNERSHIPS),
    "counted": tuple(CATEGORIES),
    "exempt": tuple(CATEGORIES),
    "mode": ("prefer", "strict"),
    "source": ("capacity_people", "beds"),
    "method": ("auto", "straight_line", "table", "roads"),
}
# name → (least, most, whole number?)
NUMBERS: Mapping[str, tuple[float, float, bool]] = {
    "most": (1, math.inf, True),
    "least": (1, math.inf, True),
    "minutes": (0, math.inf, False),
    "price": (0, math.inf, False),
    "share": (0, 1, False),
    "people_per_bed": (1e-9, math.inf, False),
    "detour": (1, 10, False),
    "walk_km_h": (0.1, 20, False),
    "snap_km": (0, 100, False),
}


def value_faults(kind: type, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Each value that cannot stand: (field, English, Chinese, hint)."""
    for name, value in values.items():
        if value is None:
            continue
        if name in WORDS:
            yield from _bad_words(name, value)
        elif name in NUMBERS:
            yield from _bad_number(name, value)
    if "prices" in values:
        yield from _bad_prices(values["prices"])
    if "speed_km_h" in values:
        yield from _bad_speeds(values["speed_km_h"])
    if values.get("source") == "beds" and values.get("people_per_bed") is None:
        yield "people_per_bed", "is needed with source = beds", "在 source = beds 时必填", "people_per_bed = 800"
    if getattr(kind, "many", False):
        for name in ("district_id", "hospital_id"):
            if not str(values.get(name, "")).strip():
                yield name, "is missing", "缺少", f'{name} = "…"'
    if {"counted", "exempt"} <= values.keys() and set(values["counted"]) & set(values["exempt"]):
        both = ", ".join(sorted(set(values["counted"]) & set(values["exempt"])))
        yield "exempt", f"holds {both}, which is counted already", f"中的 {both} 已在 counted 内", ""


def _bad_words(name: str, value: Any) -> Iterator[Fault]:
    for word in value if isinstance(value, tuple) else (value,):
        if word not in WORDS[name]:
            known = ", ".join(WORDS[name])
            yield name, f"must be of {known}; got {word!r}", f"只能是 {known}；现为 {word!r}", ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _bad_number(name: str, value: Any) -> Iterator[Fault]:
    least, most, whole = NUMBERS[name]
    if _is_number(value) and least <= value <= most and (not whole or float(value).is_integer()):
        return
    what, what_zh = ("a whole number", "整数") if whole else ("a number", "数")
    upto, upto_zh = ("", "") if math.isinf(most) else (f" to {most:g}", f" 至 {most:g}")
    yield name, f"must be {what} from {least:g}{upto}; got {value!r}", f"须为 {least:g} 起{upto_zh}的{what_zh}；现为 {value!r}", ""


def _bad_prices(prices: Any) -> Iterator[Fault]:
    good = isinstance(prices, tuple) and len(prices) == 5 and all(_is_number(p) and p >= 0 for p in prices)
    if not good or any(a > b for a, b in zip(prices, prices[1:], strict=False)):
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
        if not _is_number(speed) or not 0 < speed <= 300:
            yield f"speed_km_h.{kind}", f"must be km/h over 0 up to 300; got {speed!r}", f"须为 0 至 300 的时速；现为 {speed!r}", ""

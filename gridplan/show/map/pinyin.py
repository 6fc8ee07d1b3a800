"""Names as they are typed without Chinese: pinyin and its initials, worked out when the page is made."""

from __future__ import annotations

from collections.abc import Iterable

from gridplan.plans.plan import Plan

FULL = 2_000  # units: in larger regions only the initials of their names travel with the page
MOST = 20_000  # units: in still larger ones not even these


def pinyin_of(plan: Plan) -> dict[str, list[str]]:
    """ "initials pinyin" of the name of every district, hospital, branch and unit, "" where it has no Chinese."""
    region = plan.region
    units = len(region.units)
    return {
        "district": spelled(region.districts["name"]),
        "hospital": spelled(region.hospitals["name"]),
        "branch": spelled(region.branches["name"]),
        "unit": spelled(region.units["name"], whole=units <= FULL) if units <= MOST else [],
    }


def spelled(names: Iterable[object], whole: bool = True) -> list[str]:
    """Each name's initials, and its pinyin behind them where `whole`."""
    return [_spelled(name, whole) if isinstance(name, str) else "" for name in names]


def _spelled(name: str, whole: bool) -> str:
    from pypinyin import lazy_pinyin  # reads its dictionaries when imported; only maps need them

    if name.isascii():
        return ""
    parts = [part.strip().lower() for part in lazy_pinyin(name)]
    parts = ["".join(sign for sign in part if sign.isalnum()) for part in parts]
    initials = "".join(part if part.isdigit() else part[:1] for part in parts)
    return f"{initials} {''.join(parts)}" if whole else initials

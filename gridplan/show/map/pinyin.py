"""Names as they are typed without Chinese: pinyin and its initials, worked out when the page is made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

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
    from pypinyin.seg.simpleseg import simple_seg  # reads its dictionaries when imported; only maps need them

    return [
        _spelled(simple_seg(name), whole) if isinstance(name, str) and not name.isascii() else ""
        for name in names
    ]


@lru_cache(maxsize=100_000)
def _syllables(run: str) -> tuple[str, ...]:
    """The pinyin of a run of Chinese (or of anything else): names of units share most of theirs."""
    from pypinyin import lazy_pinyin

    parts = (part.strip().lower() for part in lazy_pinyin(run))
    return tuple("".join(sign for sign in part if sign.isalnum()) for part in parts)


def _spelled(runs: list[str], whole: bool) -> str:
    parts = [part for run in runs for part in _syllables(run)]
    initials = "".join(part if part.isdigit() else part[:1] for part in parts)
    return f"{initials} {''.join(parts)}" if whole else initials

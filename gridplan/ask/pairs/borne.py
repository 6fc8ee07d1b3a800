"""Who bears a change: travel of each district's residents, apart from what the priorities count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.words.text import Text

NAMED = 3  # districts that a sentence names, those that bear most first
LEAST = 0.005  # minutes per resident: less is no change to anybody
FEW = 0.5  # person-minutes: less is a rounding


@dataclass(frozen=True)
class Share:
    """What one district's residents bear.

    Parameters
    ----------
    district : its name and id.
    total : person-minutes of travel more, as the goal counts people (CD-5).
    each : the same per resident, in minutes.
    """

    district: str
    total: float
    each: float


def borne_by(p: Problem, minutes: np.ndarray, before: np.ndarray, after: np.ndarray) -> tuple[Share, ...]:
    """The districts whose residents travel more or less in another plan, those with the largest sum first.

    Parameters
    ----------
    minutes : (n, H) travel, inf where unreachable.
    before, after : (n,) who serves each unit.
    """
    units = np.flatnonzero((before != after) & (p.demand > 0))
    more = p.demand[units] * (minutes[units, after[units]] - minutes[units, before[units]])
    totals = np.bincount(p.district[units], weights=more, minlength=len(p.district_ids))
    people = np.bincount(p.district, weights=p.demand, minlength=len(p.district_ids))
    shares = [
        Share(p.label(str(p.district_ids[d])), float(totals[d]), float(totals[d] / people[d]))
        for d in np.flatnonzero(people > 0)
        if abs(totals[d]) >= LEAST * people[d]
    ]
    return tuple(sorted(shares, key=lambda share: (-abs(share.total), share.district)))


def borne_text(shares: tuple[Share, ...], travel: float, price: float) -> Text:
    """Travel and price apart, and the districts that bear the travel; what is nothing is not said."""
    parts: list[Text] = []
    if abs(price) >= FEW:
        said = Text(f"travel {travel:+,.0f}", f"出行 {travel:+,.0f}") if abs(travel) >= FEW else None
        nobody = Text("nobody travels otherwise", "居民出行不变")
        first = said or nobody
        parts.append(Text(f"{first.en}, priorities {price:+,.0f}", f"{first.zh}，优先级折算 {price:+,.0f}"))
    if shares:
        more = len(shares) - NAMED
        rest = Text(f" and {more} more districts", f"等 {len(shares)} 个区") if more > 0 else Text("", "")
        english = ", ".join(f"{s.district} {s.each:+.2f} min" for s in shares[:NAMED])
        chinese = "、".join(f"{s.district} {s.each:+.2f} 分钟" for s in shares[:NAMED])
        parts.append(Text(f"per resident {english}{rest.en}", f"居民人均 {chinese}{rest.zh}"))
    return Text("; ".join(part.en for part in parts), "；".join(part.zh for part in parts))

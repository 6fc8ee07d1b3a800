"""What competitors share: what they hand back, and the parts of a problem that each writes down in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplan.optimise.problem import NO_CAP, Problem

SAME_GAP = 1e-7  # gridplan proves to this; the others must too
NAN = float("nan")


class UnfitError(ValueError):
    """A competitor that does not know such problems."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The hospital of each unit (None where no plan was found), a proven bound (NaN where none), seconds."""

    serves: np.ndarray | None
    bound: float
    build_seconds: float
    solve_seconds: float


def cap_rows(p: Problem) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """The pairs that a cap counts, and the cap."""
    hospitals, districts = range(len(p.hospital_ids)), range(len(p.district_ids))
    for d in districts:
        if p.district_cap[d] != NO_CAP:
            yield [(d, h) for h in hospitals], int(p.district_cap[d])
    for h in hospitals:
        if p.hospital_cap[h] != NO_CAP:
            yield [(d, h) for d in districts], int(p.hospital_cap[h])


def groups(of: np.ndarray) -> list[np.ndarray]:
    """The places of each value."""
    order = np.argsort(of, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(of[order])) + 1)


def price_of(p: Problem) -> np.ndarray:
    """(districts, hospitals) of a pair that is chosen."""
    price = p.stages[-1].pair_price
    return np.zeros(p.allowed.shape) if price is None else price

"""The judge's word on a plan, asked once: what made the plan and what shows it hand the same verdict on."""

from __future__ import annotations

import hashlib

import pandas as pd

from gridplan.judging.verdict import Verdict
from gridplan.judging.verify import verify
from gridplan.plans.once import once
from gridplan.plans.plan import Plan


def verdict_of(plan: Plan) -> Verdict:
    """The verdict of `verify`, worked out once for a plan, and anew where a table was changed in place since.

    Returns
    -------
    Verdict, the same as `verify(plan)`.
    """
    judged = _judged(plan)
    if not (judged and judged[-1].is_of(plan)):
        judged[:] = [_Judged(plan)]
    return judged[-1].verdict


class _Judged:
    """A verdict and all that the judge looked at: to compare with copies is several times quicker than to hash anew."""

    def __init__(self, plan: Plan) -> None:
        self.tables = [None if table is None else table.copy() for table in _tables(plan)]
        self.rest = _rest(plan)
        self.verdict = verify(plan)

    def is_of(self, plan: Plan) -> bool:
        """Whether all stands as it was judged."""
        return self.rest == _rest(plan) and all(
            then is now if then is None or now is None else then.equals(now)
            for then, now in zip(self.tables, _tables(plan), strict=True)
        )


@once
def _judged(plan: Plan) -> list[_Judged]:
    """The plan as it was judged last, once it was."""
    return []


def _tables(plan: Plan) -> list[pd.DataFrame | None]:
    region = plan.region
    tables = (
        plan.assignment, plan.pairs, region.districts, region.units, region.hospitals, region.branches,
        region.partnerships, region.links,
    )  # fmt: skip
    return [None if t is None else pd.DataFrame(t.drop(columns="geometry", errors="ignore")) for t in tables]


def _rest(plan: Plan) -> tuple[str, str, list[int]]:
    """Minutes as a digest (a copy of them may be large), layers, and shapes: they never change, so another is another."""
    minutes = hashlib.blake2b(plan.travel.minutes.tobytes()).hexdigest()
    shapes = [id(shape) for t in (plan.region.districts, plan.region.units) for shape in t["geometry"]]
    return minutes, repr(plan.layers), shapes

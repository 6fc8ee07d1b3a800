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
    last, now = _last(plan), _state(plan)
    if now not in last:
        last.clear()
        last[now] = verify(plan)
    return last[now]


@once
def _last(plan: Plan) -> dict[str, Verdict]:
    """The state of the plan's tables when it was judged last → the verdict."""
    return {}


def _state(plan: Plan) -> str:
    """A digest of all that the judge looks at, quick enough to be asked each time."""
    region, digest = plan.region, hashlib.blake2b()
    tables = (
        plan.assignment, plan.pairs, region.districts, region.units, region.hospitals, region.branches,
        region.partnerships, region.links,
    )  # fmt: skip
    for table in tables:
        if table is None:
            continue
        plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
        digest.update("\n".join(map(str, plain.columns)).encode())
        digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
        if "geometry" in table:  # shapes never change, so one that is another object may be another shape
            digest.update(repr([id(shape) for shape in table["geometry"]]).encode())
    digest.update(plan.travel.minutes.tobytes())
    digest.update(repr(plan.layers).encode())
    return digest.hexdigest()

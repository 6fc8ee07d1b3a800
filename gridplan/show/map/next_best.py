"""Of every unit: why it is with its hospital, and who would be next. Computed at once, without solving again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gridplan.ask.question import LayerQuestions
from gridplan.ask.reasons import why_not
from gridplan.plans.plan import Plan
from gridplan.words.text import halves

NEAREST, NEAREST_PARTNER, WHOLE_PLAN = range(3)  # why.* of the map's words, in this order
SAME = 1e-6  # minutes


def next_best(q: LayerQuestions) -> dict[str, Any]:
    """The next best of every unit of a layer, in the order of the region's units: what `gp.explain` would ask first.

    Returns
    -------
    hospital : position of the hospital in the region that would cost the unit least but for its own, -1 where none may.
    more : minutes that it is farther away than its own (less than 0: nearer), None where there is none.
    why : NEAREST, NEAREST_PARTNER or WHOLE_PLAN; -1 where the unit is not in the layer.
    barred : "district:hospital" (positions) → rule, Chinese, English: why that next best is no partner of the district.
    """
    plan, p = q.plan, q.problem
    own = np.maximum(q.serves, 0)[:, None]
    open_to = q.within & np.isfinite(q.minutes) & p.allowed[p.district]
    if p.grids is not None:
        open_to &= p.grids.in_reach[p.district]
    partner = open_to if p.grids is not None else open_to & q.chosen[p.district]
    cost = q.cost + SAME * np.nan_to_num(q.minutes, posinf=0.0)  # of equals the nearer one
    mine = np.take_along_axis(cost, own, axis=1)[:, 0]
    other = np.arange(len(p.hospital_ids)) != own
    among_all, among_partners = (
        np.where(other & allowed, cost, np.inf).min(axis=1, initial=np.inf) for allowed in (open_to, partner)
    )
    best = np.where(other & open_to, cost, np.inf).argmin(axis=1)
    found = np.isfinite(among_all)
    why = np.where(
        mine <= among_all + SAME,
        NEAREST,
        np.where(mine <= among_partners + SAME, NEAREST_PARTNER, WHOLE_PLAN),
    )
    why[q.serves < 0] = -1
    minutes = np.take_along_axis(q.minutes, np.column_stack([best, own[:, 0]]), axis=1)
    in_region = pd.Index(plan.region.hospitals["hospital_id"]).get_indexer(pd.Index(p.hospital_ids))
    row = pd.Index(p.unit_ids).get_indexer(pd.Index(plan.region.units["unit_id"]))
    there = np.where(row >= 0, found[row] & (why[row] >= 0), False)
    return {
        "hospital": np.where(there, in_region[best][row], -1).tolist(),
        "more": [
            round(float(minutes[r, 0] - minutes[r, 1]), 1) if ok else None
            for r, ok in zip(row, there, strict=True)
        ],
        "why": np.where(row >= 0, why[row], -1).tolist(),
        "barred": _barred(plan, q, best[found], p.district[found], in_region),
    }


def _barred(
    plan: Plan, q: LayerQuestions, best: np.ndarray, district: np.ndarray, in_region: np.ndarray
) -> dict[str, list[str]]:
    """Why the next best of some unit is no partner of its district, once for each such pair."""
    place = pd.Index(plan.region.districts["district_id"]).get_indexer(pd.Index(q.problem.district_ids))
    told = {}
    for d, h in np.unique(np.column_stack([district, best]), axis=0).tolist():
        if not q.chosen[d, h]:
            rule, text = why_not(q, d, h)
            told[f"{place[d]}:{in_region[h]}"] = [rule, *halves(text)]
    return told

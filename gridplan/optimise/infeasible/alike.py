"""Units that no rule tells apart: a few of each kind decide whether a plan exists, and what would have to give way.

Where rules speak of pairs alone, all that matters of a district is which partners its units use. Of k units that reach
the same s hospitals the partners in use can be any 1 to min(k, s) of them, so min(k, s) units stand for all of them.
"""

from __future__ import annotations

import numpy as np

from gridplan.optimise.problem import Problem
from gridplan.optimise.restrict import restricted

# What speaks of pairs, or only of what a plan costs; anything else, and any rule added later, tells units apart.
OF_PAIRS = frozenset({
    "counted", "allowed", "pinned", "present", "district_cap", "hospital_cap", "least_partners", "most_changes",
    "change_price", "existing", "excess_price", "demand", "pair_price", "stages", "tolerance",
})  # fmt: skip


def few_of_each(p: Problem) -> Problem:
    """The problem with so few units of each kind that neither a plan is gained or lost; itself where units matter."""
    used = {name for name in p.in_use() if not name.startswith("goal_")}
    if p.grids is not None or p.caps_bend or not used <= OF_PAIRS:
        return p
    reach = np.zeros((len(p.unit_ids), len(p.hospital_ids)), dtype=bool)
    reach[p.unit, p.hospital] = True
    kinds = np.column_stack([p.district, p.people > 0, reach])
    _, kind = np.unique(kinds, axis=0, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], kind[order])
    place = np.empty(len(kind), dtype=np.int64)
    place[order] = np.arange(len(kind)) - first  # of a unit among those of its kind
    return restricted(p, place < np.maximum(reach.sum(axis=1), 1), np.ones(len(p.district_ids), dtype=bool))

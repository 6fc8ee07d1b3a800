"""Catchments: whose lie beside whose, and their colours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.show.shared.palette import partner_colours


def catchment_colours(plan: Plan, layer: str, touching: np.ndarray) -> dict[str, str]:
    """A fill per partner of a layer, the one with the most residents first; partners that touch differ.

    Parameters
    ----------
    touching : positions in `plan.region.units` of the pairs of units that share an edge, (n, 2).
    """
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    partners = pairs.groupby("hospital_id")["people"].sum().reset_index()
    partners = partners.sort_values(["people", "hospital_id"], ascending=[False, True])
    rows = plan.assignment[plan.assignment["layer"] == layer].set_index("unit_id")
    known = sorted(partners["hospital_id"])
    of_unit = pd.Index(known).get_indexer(rows["hospital_id"].reindex(plan.region.units["unit_id"]))
    both = np.unique(of_unit[touching].reshape(-1, 2), axis=0)
    meetings = [(known[a], known[b]) for a, b in both if a >= 0 and b >= 0 and a != b]
    return partner_colours(partners["hospital_id"].tolist(), meetings)

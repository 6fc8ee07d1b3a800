"""Catchments: whose lie beside whose, and their colours."""

from __future__ import annotations

import numpy as np

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
    of_unit = rows["hospital_id"].reindex(plan.region.units["unit_id"]).to_numpy(dtype=object)
    both = np.array([[of_unit[a], of_unit[b]] for a, b in touching], dtype=object).reshape(-1, 2)
    known = set(partners["hospital_id"])
    meetings = sorted({(a, b) for a, b in both.tolist() if a in known and b in known and a != b})
    return partner_colours(partners["hospital_id"].tolist(), meetings)

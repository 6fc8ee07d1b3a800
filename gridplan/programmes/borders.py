"""Which grids of a plan are neighbours, and where their signature specialties look alike."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from gridplan.geography.neighbours import neighbours
from gridplan.plans.plan import Plan
from gridplan.words.vocabulary import GRID

DRAWS, SEED = 200, 0


@lru_cache(maxsize=4)
def grid_borders(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Pairs of leads whose grids touch, by border or by link, also across districts; the smaller id first, sorted."""
    rows = plan.assignment[plan.assignment["layer"] == GRID]
    lead = dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))
    mine = [str(lead.get(unit, "")) for unit in plan.region.units["unit_id"]]
    pairs = {(min(mine[a], mine[b]), max(mine[a], mine[b])) for a, b in neighbours(plan.region).tolist()}
    return tuple(sorted((a, b) for a, b in pairs if a and a != b))


def look_alikes(plan: Plan, signatures: pd.DataFrame) -> list[tuple[str, str, str]]:
    """(lead, lead, discipline) of neighbouring grids that share a signature."""
    own: dict[str, set[str]] = {}
    for lead, code in zip(signatures["lead_id"], signatures["discipline"], strict=True):
        own.setdefault(lead, set()).add(code)
    return [
        (a, b, code) for a, b in grid_borders(plan) for code in sorted(own.get(a, set()) & own.get(b, set()))
    ]


def usual_look_alikes(
    plan: Plan, grids: list[str], codes: list[str], levels: np.ndarray, per_grid: int
) -> float:
    """Look-alike borders on average where each grid takes its strongest departments, ties at random (seeded).

    Parameters
    ----------
    levels : (grids, disciplines), NaN where not known.
    """
    rng, place = np.random.default_rng(SEED), {g: n for n, g in enumerate(grids)}
    borders = np.array([(place[a], place[b]) for a, b in grid_borders(plan)], dtype=int).reshape(-1, 2)
    known, found = np.nan_to_num(levels, nan=-1.0), []
    for _ in range(DRAWS):
        order = np.argsort(-(known + rng.random(known.shape) / 2), axis=1)[:, :per_grid]
        takes = np.zeros(known.shape, dtype=bool)
        np.put_along_axis(takes, order, True, axis=1)
        takes &= known >= 0
        found.append(int((takes[borders[:, 0]] & takes[borders[:, 1]]).sum()))
    return float(np.mean(found))

"""What proves [grid_leads]."""

from __future__ import annotations

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import GridLeads, Grids

# name → a value that cannot stand, and the key that is named
BAD = {
    "a tier as a word": (lambda: GridLeads(tiers="district"), "grid_leads.tiers"),
    "an unknown tier": (lambda: GridLeads(tiers=("distrikt",)), "grid_leads.tiers"),
    "an unknown owner": (lambda: GridLeads(ownerships=("state",)), "grid_leads.ownerships"),
    "an unknown category": (lambda: GridLeads(categories=("generall",)), "grid_leads.categories"),
    "categories none": (lambda: GridLeads(categories=None), "grid_leads.categories"),
    "tertiary as a grade": (lambda: GridLeads(tertiary=("3A",)), "grid_leads.tertiary"),
    "beside as text": (lambda: GridLeads(beside="yes"), "grid_leads.beside"),
    "tertiary true": (lambda: GridLeads(tertiary=True), "grid_leads.tertiary"),
}  # fmt: skip

# golden LPs of grids → their rules
GOLDEN_GRIDS = {"grid_leads": (Grids(across_districts=True), GridLeads(categories=("general", "tcm")))}

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

# drawn by hypothesis as "campuses" of tests/optimise/grid_cases.py
DRAWN_IN = "tests/optimise/grid_cases.py"


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """A lead stands inside its grid: some unit of it holds a campus."""
    grids = p.grids
    assert grids is not None
    roots = set(zip(grids.root_unit.tolist(), grids.root_hospital.tolist(), strict=True))
    return all(any(k == h and (u, h) in roots for u, k in enumerate(assignment)) for h in set(assignment))

"""What proves [grids]."""

from __future__ import annotations

import math

from gridplan.optimise.problem import Problem
from gridplan.policies.rules import Grids

# name → a value that cannot stand, and the key that is named
BAD = {
    "no grid at least": (lambda: Grids(least=0), "grids.least"),
    "least -1": (lambda: Grids(least=-1), "grids.least"),
    "least true": (lambda: Grids(least=True), "grids.least"),
    "least as text": (lambda: Grids(least="3"), "grids.least"),
    "least 2.5": (lambda: Grids(least=2.5), "grids.least"),
    "least 3.0": (lambda: Grids(least=3.0), "grids.least"),
    "no grid at most": (lambda: Grids(most=0), "grids.most"),
    "endless most": (lambda: Grids(most=math.inf), "grids.most"),
    "least over most": (lambda: Grids(least=9, most=8), "grids.least"),
    "least per district -1": (lambda: Grids(least_per_district=-1), "grids.least_per_district"),
    "least per district none": (lambda: Grids(least_per_district=None), "grids.least_per_district"),
    "least per district as text": (lambda: Grids(least_per_district="one"), "grids.least_per_district"),
    "most per district 0": (lambda: Grids(most_per_district=0), "grids.most_per_district"),
    "most per district true": (lambda: Grids(most_per_district=True), "grids.most_per_district"),
    "least over most per district": (lambda: Grids(least_per_district=3, most_per_district=2), "grids.least_per_district"),
    "a number of 0": (lambda: Grids(number={"T1": 0}), "grids.number.T1"),
    "a number of -1": (lambda: Grids(number={"T1": -1}), "grids.number.T1"),
    "a number as text": (lambda: Grids(number={"T1": "2"}), "grids.number.T1"),
    "a number of true": (lambda: Grids(number={"T1": True}), "grids.number.T1"),
    "a number of 1.5": (lambda: Grids(number={310115: 1.5}), "grids.number.310115"),
    "a number as a table": (lambda: Grids(number={"T1": {"most": 2}}), "grids.number.T1"),
    "numbers as a list": (lambda: Grids(number=[2]), "grids.number"),
    "one number for all": (lambda: Grids(number=3), "grids.number"),
    "numbers none": (lambda: Grids(number=None), "grids.number"),
    "across as text": (lambda: Grids(across_districts="no"), "grids.across_districts"),
    "across 1": (lambda: Grids(across_districts=1), "grids.across_districts"),
}  # fmt: skip

# golden LPs of grids → their rules
GOLDEN_GRIDS = {
    "grids": (Grids(across_districts=True),),
    "grids_numbers": (Grids(least=2, most=2, most_per_district=1, across_districts=True, number={"T1": 1}),),
    "grids_in_districts": (Grids(),),
}

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

# drawn by hypothesis as "numbers", "city_numbers", "across" of tests/optimise/grid_cases.py
DRAWN_IN = "tests/optimise/grid_cases.py"


def keeps_grids(p: Problem, assignment: tuple[int, ...]) -> bool:
    """As many grids as asked, in the city and of the leads of each district; none beyond its area."""
    grids, used = p.grids, sorted(set(assignment))
    assert grids is not None
    homes = [int(grids.home[h]) for h in used]
    beyond = [grids.area[p.district[u]] != grids.area[grids.home[h]] for u, h in enumerate(assignment)]
    bounds = enumerate(zip(grids.least_in, grids.most_in, strict=True))
    right = all(least <= homes.count(d) <= most for d, (least, most) in bounds)
    return right and grids.least <= len(used) <= grids.most and not any(beyond)

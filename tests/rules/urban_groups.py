"""What proves [urban_groups]."""

from __future__ import annotations

from gridplan.policies.rules import UrbanGroups

# name → a value that cannot stand, and the key that is named
BAD = {
    "an unknown kind": (lambda: UrbanGroups(("urban",)), "urban_groups.kinds"),
}  # fmt: skip

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

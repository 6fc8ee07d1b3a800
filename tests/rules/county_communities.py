"""What proves [county_communities]."""

from __future__ import annotations

from gridplan.policies.rules import CountyCommunities

# name → a value that cannot stand, and the key that is named
BAD = {
    "kinds as a word": (lambda: CountyCommunities("county"), "county_communities.kinds"),
    "a kind mistyped": (lambda: CountyCommunities(("countie",)), "county_communities.kinds"),
    "a county tier that is none": (lambda: CountyCommunities(tiers=("county",)), "county_communities.tiers"),
}  # fmt: skip

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

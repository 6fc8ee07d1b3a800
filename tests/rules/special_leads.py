"""What proves [special_leads]."""

from __future__ import annotations

from gridplan.policies.rules import SpecialLeads

# name → a value that cannot stand, and the key that is named
BAD = {
    "a special category that is none": (lambda: SpecialLeads(("TCM",)), "special_leads.categories"),
    "special categories 5": (lambda: SpecialLeads(5), "special_leads.categories"),
}  # fmt: skip

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

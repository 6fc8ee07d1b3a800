"""What proves [no_provincial_leads]."""

from __future__ import annotations

# where the judge is shown plans that break it
JUDGED_IN = "tests/plans/test_judge_grids.py"

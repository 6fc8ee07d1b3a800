"""What the next post at a hospital would be: one that every limit leaves room for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from programme.town import plan, region

import gridplan as gp
from gridplan.policies.programme_rules import Posts


def made(rule, **tables):
    """The posts of the town under a rule."""
    asked = replace(plan(), region=region(**tables), policy=plan().policy.with_rule(rule))
    return gp.programme(asked, only=["posts"])


def test_the_next_post_is_told_with_its_phase():
    whole = made(Posts())
    part = whole.part("posts")
    table = part.tables["deployment"]
    gone = table["managed_id"].eq("D4") & table["discipline"].eq("20") & table["phase"].eq(2)
    assert gone.any()
    fewer = replace(whole, parts=(replace(part, tables={**part.tables, "deployment": table[~gone]}),))
    need = (
        table.loc[gone, "people"].iloc[0] / 3
    )  # a level of the two of three that it lacks: phase 1 has met the other
    told = str(gp.explain(fewer, post=("D4", "0301")))
    assert f"The next post would be Emergency medicine in phase 2: {need:,.0f} of need." in told, told


@pytest.mark.parametrize(
    ("rule", "days", "said"),
    [(Posts(most_experts=5), 60.0, "it has 5 experts, the most that are sent to one"),
     (Posts(days_per_week=7.0, experts=1), 21.0, "has no expert-days left"),
     (Posts(away=0.04), 60.0, "each discipline that it needs is sent, or has no seat left"),
     (Posts(minutes=1.0), 60.0, "the way is beyond 1 minutes")],
)  # fmt: skip
def test_where_no_post_is_possible_the_limit_is_named(rule, days, said):
    """Neither more than a hospital may have, nor days that its manager has not, in any phase."""
    staff = region().staff.replace({"days_per_week": {60.0: days}})
    told = str(gp.explain(made(rule, staff=staff), post=("D4", "0301")))
    assert "No further post is possible: " in told and said in told, told

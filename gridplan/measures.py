"""`gp.measures`: figures of a plan, and who moves between two plans of a run folder."""

from gridplan.plans.against_today import against_today
from gridplan.plans.measures import main_supporters, mean_minutes, people, people_beyond, worst_minutes
from gridplan.programmes.posts_frontier import posts_frontier
from gridplan.programmes.way.access import access, inequality
from gridplan.programmes.way.access_change import access_change, access_inequality
from gridplan.programmes.way.flows import crossings, flow_shares
from gridplan.programmes.way.pair_scores import pair_scores
from gridplan.programmes.way.scorecard import scorecard
from gridplan.scenario.runs.before_after import before_after
from gridplan.scenario.runs.compare import movers, pair_changes

__all__ = [
    "people", "mean_minutes", "worst_minutes", "people_beyond", "main_supporters", "movers", "pair_changes",
    "against_today", "before_after", "posts_frontier", "scorecard", "pair_scores", "access", "inequality", "access_change", "access_inequality", "flow_shares", "crossings",
]  # fmt: skip

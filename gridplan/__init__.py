"""gridplan: assign a city's residents to lead hospitals under policy caps, with a proof of how good the plan is.

The house, in the order data flows through it:

words/      sentences in two languages, domain words, findings, errors, progress
inputs/     files → Region: every table, encoding and datum, faults as findings
geography/  travel minutes, areas of points, what touches what
doctor/     every fault of the data at once, and repairs when asked
policies/   rules as frozen values, read from profiles a planner can read
judging/    the judge: what the tables show, sharing nothing with what makes a plan
optimise/   the integer programme (PuLP, HiGHS), its engines and its proof
plans/      the plan, its measures, the plan folder
programmes/ what hangs on a plan: who manages whom, who is sent, what is lifted
ask/        why, what binds, what is nearest, how to get there from today
scenario/   named changes, many plans of them, the run folder, comparison
show/       map, workbook, report, figures: all open without the internet
desk/       a local page that calls all this for those who do not program

The door: verbs, nouns and errors that everybody needs stand in `gp.*`; the rest has a name of its own:
`gp.rules` (what a policy demands), `gp.edits` (what a scenario changes), `gp.measures` (figures of a plan),
`gp.pictures` (single pictures), `gp.results` (what verbs hand back), `gp.errors`. All is loaded when first used;
the list is `__init__.pyi`.

>>> import gridplan as gp
>>> region = gp.tiny_town()
>>> plan = gp.plan(region, gp.policy("shanghai-2025"))
>>> plan.status
'optimal'
>>> gp.verify(plan).kept
True
"""

from typing import Any

import lazy_loader

from gridplan.words.version import VERSION

__version__ = VERSION

_found, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

# Where names went that stood in gp.* before.
_MOVED = {
    "rules": (
        "Rule Override FullCoverage GroupWeights DistrictCap HospitalCap Candidates Priority Eligibility Pin Ban "
        "Capacity TravelStandard LeastPartners LeastShare ConnectedParts MostChanges ChangePrice Grids GridLeads "
        "SpecialLeads WillingPrivate NoProvincialLeads GridShape UrbanGroups CountyCommunities TravelSettings"
    ),
    "edits": (
        "Population OpenBranch NewBranch CloseHospital CloseLink CloseRoads Speeds TravelFactor WithRules "
        "PolicyTables UsePolicy apply"
    ),
    "measures": "people mean_minutes worst_minutes people_beyond main_supporters movers pair_changes",
    "pictures": "map_figure load_figure travel_figure trade_off_figure live_plot",
    "results": (
        "Explanation Repair Travel Finding Findings Text Step Phase Frontier Alternatives Robustness YearPlans Runs"
    ),
    "errors": "ScenarioError SolveError NoSolverError NoPlanInTimeError BrokenPlanError",
}


def __getattr__(name: str) -> Any:
    """A name of the door, loaded now; for one that moved, where it is."""
    if name in __all__:
        return _found(name)
    for place, names in _MOVED.items():
        if name in names.split():
            raise AttributeError(f"gp.{name} is gp.{place}.{name} | gp.{name} 现为 gp.{place}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

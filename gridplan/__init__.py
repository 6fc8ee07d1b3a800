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
ask/        why, what binds, what is nearest, how to get there from today
scenario/   named changes, many plans of them, the run folder, comparison
show/       map, workbook, report, figures: all open without the internet

>>> import gridplan as gp
>>> region = gp.tiny_town()
>>> plan = gp.plan(region, gp.policy("shanghai-2025"))
>>> plan.status
'optimal'
>>> gp.verify(plan).kept
True
"""

from gridplan.ask.explain import explain
from gridplan.ask.explanation import Explanation
from gridplan.ask.nearest import Repair, repair
from gridplan.ask.tight import tight
from gridplan.ask.transition import Phase, transition
from gridplan.doctor.doctor import check
from gridplan.doctor.repair import repair_folder
from gridplan.geography.reading import read
from gridplan.geography.travel import Travel, TravelSettings, travel_times
from gridplan.inputs.read_assignment import read_assignment
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region
from gridplan.judging.verdict import Verdict
from gridplan.judging.verify import judge, verify
from gridplan.plans.changes import changes
from gridplan.plans.grids_of_plan import grids, members
from gridplan.plans.make import plan
from gridplan.plans.measures import main_supporters, mean_minutes, people, people_beyond, worst_minutes
from gridplan.plans.plan import Plan
from gridplan.plans.store import open_plan
from gridplan.policies.extends import profile_names
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy, save_policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    Capacity,
    ChangePrice,
    ConnectedParts,
    CountyCommunities,
    DistrictCap,
    Eligibility,
    FullCoverage,
    GridLeads,
    Grids,
    GridShape,
    GroupWeights,
    HospitalCap,
    LeastPartners,
    LeastShare,
    MostChanges,
    NoProvincialLeads,
    Override,
    Pin,
    Priority,
    Rule,
    SpecialLeads,
    TravelStandard,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.places import CloseHospital, CloseLink, CloseRoads, NewBranch, OpenBranch
from gridplan.scenario.edits.policy_edits import PolicyTables, UsePolicy, WithRules
from gridplan.scenario.edits.travel_edits import Speeds, TravelFactor
from gridplan.scenario.futures.alternatives import Alternatives, alternatives
from gridplan.scenario.futures.frontier import Frontier, frontier
from gridplan.scenario.futures.projection import project
from gridplan.scenario.futures.robustness import Robustness, robustness
from gridplan.scenario.futures.usual_futures import futures
from gridplan.scenario.futures.years import YearPlans, years
from gridplan.scenario.runs.cities import cities
from gridplan.scenario.runs.compare import compare, movers, pair_changes
from gridplan.scenario.runs.open_runs import Runs, open_runs
from gridplan.scenario.runs.run_scenarios import scenarios
from gridplan.scenario.scenario import Scenario, apply
from gridplan.scenario.scenario_table import read_scenarios
from gridplan.show.difference.difference import draw_difference, draw_scenarios
from gridplan.show.figures.figures import figures, load_figure, map_figure, trade_off_figure, travel_figure
from gridplan.show.figures.live import live_plot
from gridplan.show.map.draw_map import draw
from gridplan.show.save import save
from gridplan.words.errors import (
    BrokenPlanError,
    DataError,
    GridplanError,
    InfeasibleError,
    NoPlanInTimeError,
    NoSolverError,
    PolicyError,
    ScenarioError,
    SolveError,
)
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Step
from gridplan.words.text import Text

__version__ = "0.1.0"

__all__ = [
    # what a user meets first: read, check, plan, verify, draw, save
    "read", "check", "repair_folder", "policy", "plan", "verify", "judge", "draw", "save", "open_plan", "explain",
    "tight", "repair", "tiny_town", "write_region", "read_assignment", "save_policy", "profile_names", "travel_times",
    "live_plot", "draw_difference", "draw_scenarios",
    # nouns
    "Region", "Policy", "Plan", "Verdict", "Explanation", "Repair", "Travel", "TravelSettings", "Finding", "Findings", "Text", "Step",
    # rules
    "Rule", "Override", "FullCoverage", "GroupWeights", "DistrictCap", "HospitalCap", "Candidates", "Priority", "Eligibility",
    "Pin", "Ban", "Capacity", "TravelStandard", "LeastPartners", "LeastShare", "ConnectedParts", "MostChanges", "ChangePrice",
    "Grids", "GridLeads", "SpecialLeads", "WillingPrivate", "NoProvincialLeads", "GridShape", "UrbanGroups", "CountyCommunities",
    # measures
    "people", "mean_minutes", "worst_minutes", "people_beyond", "main_supporters", "grids", "members", "changes", "transition", "Phase",
    # still pictures
    "figures", "map_figure", "load_figure", "travel_figure", "trade_off_figure",
    # what might be otherwise: trade-offs, alternatives, futures, years
    "frontier", "alternatives", "futures", "robustness", "project", "years", "Frontier", "Alternatives", "Robustness", "YearPlans",
    # scenarios
    "scenarios", "cities", "read_scenarios", "open_runs", "compare", "movers", "pair_changes", "apply", "Scenario", "Runs", "Population",
    "OpenBranch", "NewBranch", "CloseHospital", "CloseLink", "CloseRoads", "Speeds", "TravelFactor", "WithRules", "PolicyTables",
    "UsePolicy",
    # errors
    "GridplanError", "DataError", "PolicyError", "ScenarioError", "SolveError", "NoSolverError", "InfeasibleError",
    "NoPlanInTimeError", "BrokenPlanError",
]  # fmt: skip

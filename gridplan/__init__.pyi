# The names of the door and the rooms they come from. Read when the package is used (lazy_loader) and by type checkers.
from . import edits, errors, measures, pictures, results, rules
from .ask.explain import explain
from .ask.nearest import repair
from .ask.phases.transition import transition
from .ask.tight import tight
from .doctor.doctor import check
from .doctor.repair import repair_folder
from .geography.reading import read
from .geography.sample_cities import sample
from .geography.travel import travel_times
from .inputs.read_assignment import read_assignment
from .inputs.region import Region
from .inputs.sample import tiny_town
from .inputs.write import write_region
from .intake.begin import start
from .judging.verdict import Verdict
from .judging.verify import judge, verify
from .plans.changes import changes
from .plans.folder.store import open_plan
from .plans.grids_of_plan import grids, members
from .plans.make import plan
from .plans.plan import Plan
from .plans.today import today
from .policies.extends import profile_names
from .policies.policy import Policy
from .policies.profile import policy, save_policy
from .programmes.make import programme
from .programmes.open_programme import open_programme
from .programmes.programme import Programme
from .proving.certify import certify
from .scenario.futures.alternatives import alternatives
from .scenario.futures.frontier import frontier
from .scenario.futures.projection import project
from .scenario.futures.robustness import robustness
from .scenario.futures.usual_futures import futures
from .scenario.futures.years import years
from .scenario.runs.cities import cities
from .scenario.runs.compare import compare
from .scenario.runs.open_runs import open_runs
from .scenario.runs.run_scenarios import scenarios
from .scenario.scenario import Scenario
from .scenario.scenario_table import read_scenarios
from .show.difference.difference import draw_difference, draw_scenarios
from .show.figures.figures import figures
from .show.form.forms import forms
from .show.map.draw_map import draw
from .show.save import save
from .show.table_page.table_page import table
from .words.errors import DataError, GridplanError, InfeasibleError, PolicyError

__version__: str

__all__ = [
    # what a user meets first
    "tiny_town", "sample", "start", "read", "check", "repair_folder", "write_region", "travel_times",
    "policy", "save_policy", "profile_names",
    "plan", "verify", "judge", "read_assignment", "draw", "figures", "forms", "save", "open_plan", "table",
    # asking a plan
    "today", "explain", "tight", "certify", "repair", "changes", "transition", "grids", "members",
    # what hangs on it
    "programme", "open_programme",
    # what might be otherwise
    "frontier", "alternatives", "futures", "robustness", "project", "years",
    "scenarios", "read_scenarios", "cities", "open_runs", "compare", "draw_difference", "draw_scenarios",
    # nouns
    "Region", "Policy", "Plan", "Programme", "Verdict", "Scenario",
    # errors that one catches
    "GridplanError", "DataError", "PolicyError", "InfeasibleError",
    # under a name of their own
    "rules", "edits", "measures", "pictures", "errors", "results",
]  # fmt: skip

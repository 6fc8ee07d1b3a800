"""`gp.results`: what the verbs hand back, for annotations and for what is built by hand (`Travel`, `Text`)."""

from gridplan.ask.explanation import Explanation
from gridplan.ask.nearest import Repair
from gridplan.ask.phases.transition import Phase
from gridplan.geography.travel import Travel
from gridplan.intake.begin import Beginning
from gridplan.plans.today import Today
from gridplan.scenario.futures.alternatives import Alternatives
from gridplan.scenario.futures.frontier import Frontier
from gridplan.scenario.futures.robustness import Robustness
from gridplan.scenario.futures.years import YearPlans
from gridplan.scenario.runs.open_runs import Runs
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Step
from gridplan.words.text import Text

__all__ = [
    "Finding", "Findings", "Travel", "Explanation", "Repair", "Phase", "Frontier", "Alternatives", "Robustness", "YearPlans",
    "Runs", "Step", "Text", "Today", "Beginning",
]  # fmt: skip

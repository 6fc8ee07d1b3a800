"""`gp.edits`: what a scenario changes, one frozen value each, and `apply`, which makes the changes.

>>> import gridplan as gp
>>> closed = gp.Scenario("without H4", (gp.edits.CloseHospital("H4"),))
>>> region, policy = gp.edits.apply(gp.tiny_town(), gp.policy("shanghai-2025"), closed)
>>> len(region.hospitals) - len(gp.tiny_town().hospitals)
-1
"""

from gridplan.scenario.edits.change import Change
from gridplan.scenario.edits.close_hospital import CloseHospital
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.places import CloseLink, CloseRoads, NewBranch, OpenBranch
from gridplan.scenario.edits.policy_edits import PolicyTables, UsePolicy, WithRules
from gridplan.scenario.edits.staff import Staff
from gridplan.scenario.edits.travel_edits import Speeds, TravelFactor
from gridplan.scenario.scenario import apply

__all__ = [
    "Change", "Population", "OpenBranch", "NewBranch", "CloseHospital", "CloseLink", "CloseRoads", "Staff", "Speeds", "TravelFactor",
    "WithRules", "PolicyTables", "UsePolicy", "apply",
]  # fmt: skip

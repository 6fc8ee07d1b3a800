"""`gp.rules`: the rules of a policy, one frozen value each, and what a policy is written with.

>>> import gridplan as gp
>>> looser = gp.policy("shanghai-2025").with_rule(gp.rules.DistrictCap(3))
"""

from gridplan.geography.sources import TravelSettings as TravelSettings
from gridplan.policies.programme_rules import *  # noqa: F403
from gridplan.policies.rules import *  # noqa: F403  (each rule joins by its own list)

"""One file per rule: its frozen value, its ranges, its sentence. Found by the folder's listing, when first asked for.

`from gridplan.policies.rules import DistrictCap` finds a rule by the name of its class; `RULES` are all of them, in the
order in which policies list them (`Rule.rank`). The file of the same name in `optimise/rules/` says what the rule
demands of a plan, the one in `judging/rules/` judges it, the one in `tests/rules/` proves it (CONTRIBUTING.md leads
through them).
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

from gridplan.policies.rule import Cap as Cap
from gridplan.policies.rule import Override as Override
from gridplan.policies.rule import Rule as Rule

if TYPE_CHECKING:  # so that editors and type checkers know them too
    from gridplan.policies.rules.ban import Ban as Ban
    from gridplan.policies.rules.candidates import Candidates as Candidates
    from gridplan.policies.rules.capacity import Capacity as Capacity
    from gridplan.policies.rules.change_price import ChangePrice as ChangePrice
    from gridplan.policies.rules.connected_parts import ConnectedParts as ConnectedParts
    from gridplan.policies.rules.county_communities import CountyCommunities as CountyCommunities
    from gridplan.policies.rules.district_cap import DistrictCap as DistrictCap
    from gridplan.policies.rules.eligibility import Eligibility as Eligibility
    from gridplan.policies.rules.full_coverage import FullCoverage as FullCoverage
    from gridplan.policies.rules.grid_leads import GridLeads as GridLeads
    from gridplan.policies.rules.grid_shape import GridShape as GridShape
    from gridplan.policies.rules.grids import Grids as Grids
    from gridplan.policies.rules.group_weights import GroupWeights as GroupWeights
    from gridplan.policies.rules.home_first import HomeFirst as HomeFirst
    from gridplan.policies.rules.hospital_cap import HospitalCap as HospitalCap
    from gridplan.policies.rules.lead_rank import LeadRank as LeadRank
    from gridplan.policies.rules.least_partners import LeastPartners as LeastPartners
    from gridplan.policies.rules.least_share import LeastShare as LeastShare
    from gridplan.policies.rules.most_changes import MostChanges as MostChanges
    from gridplan.policies.rules.no_provincial_leads import NoProvincialLeads as NoProvincialLeads
    from gridplan.policies.rules.no_worse import NoWorse as NoWorse
    from gridplan.policies.rules.pair_scores import PairScores as PairScores
    from gridplan.policies.rules.pin import Pin as Pin
    from gridplan.policies.rules.priority import Priority as Priority
    from gridplan.policies.rules.special_leads import SpecialLeads as SpecialLeads
    from gridplan.policies.rules.travel_standard import TravelStandard as TravelStandard
    from gridplan.policies.rules.urban_groups import UrbanGroups as UrbanGroups
    from gridplan.policies.rules.visit_demand import VisitDemand as VisitDemand
    from gridplan.policies.rules.willing_private import WillingPrivate as WillingPrivate

    RULES: tuple[type[Rule], ...]


@cache
def declared() -> tuple[type[Rule], ...]:
    """Every rule that has a file here, in the order of `rank`."""
    files = sorted(found.name for found in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in files]
    kinds = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
    ]
    return tuple(sorted(kinds, key=lambda kind: (kind.rank, kind.key)))


def __getattr__(name: str) -> Any:
    if name == "RULES":
        return declared()
    if name == "__all__":
        return sorted(["RULES", "Cap", "Override", "Rule", *(kind.__name__ for kind in declared())])
    for kind in () if name.startswith("_") else declared():
        if kind.__name__ == name:
            return kind
    raise AttributeError(f"module {__name__!r} has no rule {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})

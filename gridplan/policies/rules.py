"""One frozen value per rule, with its clause and what it means for a plan.

| rule           | id        | in one line                                                        |
|----------------|-----------|--------------------------------------------------------------------|
| FullCoverage   | SH-1      | every unit has exactly one partner in each layer                   |
| DistrictCap    | SH-2      | at most so many counted partners per district                      |
| HospitalCap    | SH-3      | at most so many districts per counted hospital, home included      |
| Candidates     | SH-4      | who may be a partner; whose pairs count; which layers there are    |
| Priority       | SH-5      | the price, in minutes per resident, of a pair's priority           |
| Eligibility    | SH-6      | whether a pair needs a basis                                       |
| Pin, Ban       | PIN, BAN  | a pair that must, or must not, be in the plan                      |
| Capacity       | CAPACITY  | a hospital serves no more residents than it can                    |
| TravelStandard | STANDARD  | minutes that no resident should exceed: a limit or a price         |
| LeastPartners  | PARTNERS  | at least so many counted partners per district                     |
| LeastShare     | SHARE     | each partner serves at least this share of its district            |
| ConnectedParts | PARTS     | the units of a district that one partner serves hang together      |
| MostChanges    | SH-9      | at most so many new and ended counted pairs against today          |
| ChangePrice    | CHANGE    | the price, in person-minutes, of each new or ended pair            |
| Grids          | ZJ-1      | urban districts are divided into grids; how many                   |
| GridLeads      | ZJ-2      | who may lead a grid, inside it                                     |
| SpecialLeads   | ZJ-3      | TCM and maternal-and-child hospitals may lead too                  |
| WillingPrivate | ZJ-4      | private institutions only where they are willing                   |
| NoProvincialLeads | ZJ-5   | provincial hospitals never lead                                    |
| GridShape      | ZJ-6      | grids hang together, are balanced, lie within reach                |
| UrbanGroups    | CD-1      | kinds of district whose grids are urban hospital groups            |
| CountyCommunities | CD-2   | kinds of district that are one grid each                           |
| GroupWeights   | CD-5      | how many times the people of a group count in the goal travel      |

A rule is declared here, constrained in `optimise/` and judged in `plan/judges.py`; a test demands all three (CONTRIBUTING.md leads through it).
"""

from __future__ import annotations

from gridplan.policies.changes_rules import ChangePrice, MostChanges
from gridplan.policies.clauses import (
    Candidates,
    DistrictCap,
    Eligibility,
    FullCoverage,
    HospitalCap,
    Priority,
)
from gridplan.policies.grids_rules import (
    CountyCommunities,
    GridLeads,
    Grids,
    GridShape,
    NoProvincialLeads,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.policies.options import (
    Ban,
    Capacity,
    ConnectedParts,
    GroupWeights,
    LeastPartners,
    LeastShare,
    Pin,
    TravelStandard,
)
from gridplan.policies.rule import Cap, Override, Rule

__all__ = [
    "RULES", "Ban", "Candidates", "Cap", "Capacity", "ChangePrice", "ConnectedParts", "CountyCommunities", "DistrictCap",
    "Eligibility", "FullCoverage", "GridLeads", "GridShape", "Grids", "GroupWeights", "HospitalCap", "LeastPartners", "LeastShare",
    "MostChanges", "NoProvincialLeads", "Override", "Pin", "Priority", "Rule", "SpecialLeads", "TravelStandard",
    "UrbanGroups", "WillingPrivate",
]  # fmt: skip

RULES: tuple[type[Rule], ...] = (
    FullCoverage, DistrictCap, HospitalCap, Candidates, Priority, Eligibility,
    Pin, Ban, Capacity, TravelStandard, LeastPartners, LeastShare, ConnectedParts, MostChanges,
    ChangePrice, GroupWeights,
    Grids, GridLeads, SpecialLeads, WillingPrivate, NoProvincialLeads, GridShape, UrbanGroups, CountyCommunities,
)  # fmt: skip

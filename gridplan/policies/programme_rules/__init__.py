"""Rules of the programme (`of = "programme"`): what hangs on a plan once it exists. A plan ignores them.

| rule       | id    | in one line                                                               |
|------------|-------|---------------------------------------------------------------------------|
| Posts      | SH-11 | who manages which district hospital, and which experts it keeps there      |
| Alliances  | SH-12 | which leading department allies with which district, outer suburbs first   |
| Signatures | LZ-4  | what each grid is known for, otherwise than its neighbours                 |
| Exchange   | LZ-2  | who goes upstream for so many days, who joins the family doctor teams      |
| GroupGuarantee | CD-5-all | named groups have an institution within the standard, before all others |
| Hubs       | CD-4  | which strong departments reach grids far away by telemedicine              |
| Tiers      | JG-1  | which share of which cases each tier should carry                          |
| Members    | JG-5  | who belongs to a consortium, which kinds it lacks, beds for the old        |
| Referral   | SH-13 | the chain 1+1+1: community centre, district hospital, partner               |
| Release    | LZ-1  | which expert slots go to which primary institution                         |
| SharedCentres | LZ-3 | which hospital hosts which shared centre                                 |
| Scorecard  | SH-14 | seven heads of indicators, measured or not                                 |
| Support    | CD-6  | which weak specialties are supported, so many a year                       |
"""

from __future__ import annotations

from gridplan.policies.programme_rules.alliances import Alliances
from gridplan.policies.programme_rules.exchange import Exchange
from gridplan.policies.programme_rules.group_guarantee import GroupGuarantee
from gridplan.policies.programme_rules.hubs import Hubs
from gridplan.policies.programme_rules.members import Members
from gridplan.policies.programme_rules.posts import Posts
from gridplan.policies.programme_rules.referral import Referral
from gridplan.policies.programme_rules.release import Release
from gridplan.policies.programme_rules.scorecard import Scorecard
from gridplan.policies.programme_rules.shared_centres import SharedCentres
from gridplan.policies.programme_rules.signatures import Signatures
from gridplan.policies.programme_rules.support import Support
from gridplan.policies.programme_rules.tiers import Tiers
from gridplan.policies.rule import Rule

__all__ = [
    "PROGRAMME_RULES",
    "Alliances",
    "Exchange",
    "GroupGuarantee",
    "Hubs",
    "Members",
    "Posts",
    "Referral",
    "Release",
    "Scorecard",
    "SharedCentres",
    "Signatures",
    "Support",
    "Tiers",
]

PROGRAMME_RULES: tuple[type[Rule], ...] = (
    Posts, Alliances, Signatures, Exchange, Tiers, Members, GroupGuarantee, Referral, Hubs, Release, SharedCentres, Support, Scorecard,
)  # fmt: skip

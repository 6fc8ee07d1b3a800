"""Who could be chosen for support, and the floors of districts, as the tables tell: what the judge of all lists stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from gridplan.inputs.disciplines import disciplines
from gridplan.judging.programme.claims import Claimed
from gridplan.policies.programme_rules import Support

WEAK = 1
Department = tuple[str, str]  # hospital, discipline


def weak_departments(claimed: Claimed, running: Collection[Department]) -> list[Department]:
    """The departments of receivers that are known to be weak, that somebody needs, and that are not supported yet."""
    codes = {code for code, one in disciplines().items() if one.weight or claimed.has_need(code)}
    return [
        (hospital, code)
        for (hospital, code), level in claimed.levels.items()
        if level <= WEAK
        and hospital in claimed.general_receivers
        and code in codes
        and (hospital, code) not in running
    ]


def home_of(claimed: Claimed, key: Department) -> str:
    """The district of a department."""
    return str(claimed.of_hospital[key[0]]["district_id"])


def floors_of(rule: Support, claimed: Claimed, weak: Iterable[Department]) -> dict[str, int]:
    """District → chosen in a year at least: the floor, or what its weak departments come to in a year."""
    of = Counter(home_of(claimed, key) for key in weak)
    return {d: min(rule.district_least, n // rule.years) for d, n in of.items()}

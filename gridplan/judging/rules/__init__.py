"""One judge per rule, in a file of the rule's name: the function of that name, found by the folder's listing.

A judge looks at the tables alone and shares nothing with the model. It yields a `Breach` for everything that is wrong.
Where a rule has a number, `slack` says how much room the plan leaves.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import RULES, Rule
from gridplan.words.text import Text

Judge = Callable[[Any, PlanTables], Iterator[Breach]]


@cache
def judges() -> dict[type[Rule], Judge]:
    """The judge of each rule that has a file here, in the order of the rules."""
    files = {found.name for found in pkgutil.iter_modules(__path__)}
    return {kind: getattr(_file(kind), kind.key) for kind in RULES if kind.key in files}


def slack_of(rule: Rule, tables: PlanTables) -> Text:
    """How much room a rule with a number leaves: the fullest place against its limit."""
    slack = getattr(_file(type(rule)), "slack", None)
    return Text("", "") if slack is None else slack(rule, tables)


def _file(kind: type[Rule]) -> Any:
    return importlib.import_module(f"{__name__}.{kind.key}")

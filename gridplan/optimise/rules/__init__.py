"""One file per rule, of the rule's name: what it sets, its rows, how it gives way, how it is left out (`CONSTRAINT`).

Found by the folder's listing, in the order of the rules.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from gridplan.optimise.constraint import Constraint
from gridplan.policies.rules import RULES, Rule


@cache
def constraints() -> Mapping[type[Rule], Constraint]:
    """What each rule is to the model; rules without a file here are not known to it."""
    files = {found.name for found in pkgutil.iter_modules(__path__)}
    return {
        kind: importlib.import_module(f"{__name__}.{kind.key}").CONSTRAINT
        for kind in RULES
        if kind.key in files
    }


def constraint_of(rule_id: str) -> Constraint:
    """What the rule with that id is to the model."""
    return next(constraint for kind, constraint in constraints().items() if kind.id == rule_id)


def rows() -> tuple[Callable[[Any], None], ...]:
    """Every function that writes rows of a rule."""
    return tuple(write for constraint in constraints().values() for write in constraint.rows)

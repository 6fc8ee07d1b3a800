"""SH-1 in the model: row (1) is always there, so the rule adds nothing to it."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

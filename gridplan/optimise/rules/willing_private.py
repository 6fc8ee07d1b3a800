"""ZJ-4 in the model: who may lead stands in the pair table already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

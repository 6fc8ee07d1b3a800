"""SH-4 in the model: layers and candidates stand in the pair table already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

"""SH-5 in the model: the prices of priorities stand in the costs of the goals already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

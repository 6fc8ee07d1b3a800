"""CD-2 in the model: one grid per county community stands in the numbers of `Problem.grids` already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

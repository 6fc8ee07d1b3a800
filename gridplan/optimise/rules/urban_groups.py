"""CD-1 in the model: the form of each district stands in `Problem.grids` already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint

CONSTRAINT = Constraint()

"""`gp.errors`: everything that is raised on purpose; those caught most often stand in `gp.*` too."""

from gridplan.words.errors import (
    ArgumentError,
    BrokenPlanError,
    DataError,
    GridplanError,
    InfeasibleError,
    NoPlanInTimeError,
    NoSolverError,
    PolicyError,
    ScenarioError,
    SolveError,
)

__all__ = [
    "GridplanError", "ArgumentError", "DataError", "PolicyError", "ScenarioError", "SolveError", "NoSolverError", "InfeasibleError",
    "NoPlanInTimeError", "BrokenPlanError",
]  # fmt: skip

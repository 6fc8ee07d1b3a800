"""Engines: which solves which problem (`choose.py`), and a folder for each; folder = engine = the word in the plan.

`solve` is loaded when it is first used, so that an engine can be imported by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gridplan.optimise.engines.choose import Engine as Engine
    from gridplan.optimise.engines.choose import solve as solve

__all__ = ["Engine", "solve"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from gridplan.optimise.engines import choose

        return getattr(choose, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

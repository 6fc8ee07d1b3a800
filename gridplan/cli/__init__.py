"""The door: each command is a thin call of the Python interface.

Exit codes: 0 fine · 1 errors in the data, or a broken rule · 2 wrong use · 3 the policy cannot work here ·
4 no plan in time, or no solver.
"""

from __future__ import annotations

import os
import sys

from gridplan.cli import data, futures, plans, reasons, runs
from gridplan.cli.frame import app

__all__ = ["app", "data", "futures", "main", "plans", "reasons", "runs"]


def main() -> None:
    """Entry point of the `gridplan` command."""
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # typer's: it would look through every package
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Chinese on any Windows console or pipe
    app()

"""The door: each command is a thin call of the Python interface.

Exit codes: 0 fine · 1 errors in the data, or a broken rule · 2 wrong use · 3 the policy cannot work here ·
4 no plan in time, or no solver.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys
from types import FrameType, ModuleType
from typing import Any

from gridplan.cli import data, desk, futures, plans, programme, reasons, runs
from gridplan.cli.frame import BROKEN, app
from gridplan.cli.output import lost, say_all, told_apart

__all__ = ["app", "data", "desk", "futures", "main", "plans", "programme", "reasons", "runs"]


def main() -> None:
    """Entry point of the `gridplan` command."""
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # typer's: it would look through every package
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # the map takes those that its names need
    sys.modules.setdefault("requests", _Later("requests"))  # folium loads it; no page of ours needs it
    gc.set_threshold(1_000_000)  # looking for rings of objects: a tenth of the time of a plan, and none found
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Chinese on any Windows console or pipe
    sys.stdout = told_apart(sys.stdout)
    _end_like_ctrl_c()
    try:
        say_all(app)
    except OSError as fault:
        if fault.errno != errno.EPIPE:  # the reader has gone, as with `| head`
            print(lost(fault, sys.argv[1:]), file=sys.stderr)
        sys.exit(BROKEN)
    finally:
        gc.freeze()  # else Python looks through every object once more at its end: a second for nothing


class _Later(ModuleType):
    """A module that is loaded when something in it is asked for, in place of when somebody imports it."""

    def __getattr__(self, name: str) -> Any:
        del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _end_like_ctrl_c() -> None:
    """A machine that shuts down, or a terminal that is closed, ends a command as Ctrl-C does: what is found is kept."""

    def ask(number: int, frame: FrameType | None) -> None:
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, ask)

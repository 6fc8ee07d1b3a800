"""One `gridplan plan`, watched stage by stage: run as a script, with the path of the gridplan to be watched in PYTHONPATH.

It imports nothing of this repository but what it watches, so that it can watch any revision. A stage that a revision does
not have under its name of today counts as "rest". It prints one line of JSON: "seconds" of processor time by stage, and the
most "megabytes" that the process held.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

STAGES = (
    ("read", "gridplan.geography.reading", "read"),
    ("check", "gridplan.doctor.doctor", "check"),
    ("prepare", "gridplan.plans.make", "prepare"),
    ("solve", "gridplan.optimise.engines.choose", "solve"),
    ("solve", "gridplan.optimise.what_if.solve_again", "solve_again"),
    ("verify", "gridplan.judging.verify", "verify"),
    ("tables", "gridplan.plans.folder.store", "write_tables"),  # until the folder was written otherwise
    ("tables", "gridplan.plans.folder.store", "write_plan_tables"),
    ("tables", "gridplan.plans.folder.store", "write_record"),
    ("areas", "gridplan.show.shared.areas", "drawn_areas"),
    ("map", "gridplan.show.map.draw_map", "draw_areas"),
    ("map", "gridplan.show.map.draw_map", "PlanMap.save"),
    ("workbook", "gridplan.show.workbook.workbook", "write_workbook"),
    ("report", "gridplan.show.report.report", "report"),
    ("form", "gridplan.show.form.form", "write_form"),
)
NAMES = ("import", *dict.fromkeys(stage for stage, _, _ in STAGES), "rest")


def spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def megabytes() -> float:
    """The most memory that this process held, as Linux tells it: what `getrusage` says begins at what the parent held."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(float(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("VmHWM"))


class Watch:
    """Processor seconds of each stage, without the stages inside it."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(NAMES, 0.0)
        self.inside = ["import"]
        self.since = 0.0  # what the interpreter took to start counts as import

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Until the end, what is spent belongs to that stage."""
        self.turn()
        self.inside.append(name)
        try:
            yield
        finally:
            self.turn()
            self.inside.pop()

    def turn(self) -> None:
        """Write down what the stage of now has spent."""
        now = spent()
        self.seconds[self.inside[-1]] += now - self.since
        self.since = now

    def over(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        @wraps(function)
        def watched(*args: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*args, **named)

        return watched


def watch_all(watch: Watch) -> None:
    """Put a watch over every stage, wherever its function was imported to."""
    for name, module_name, path in STAGES:
        with contextlib.suppress(ImportError, AttributeError):
            holder: Any = importlib.import_module(module_name)
            *classes, last = path.split(".")
            for one in classes:
                holder = getattr(holder, one)
            plain = getattr(holder, last)
            watched = watch.over(name, plain)
            setattr(holder, last, watched)
            for module in [m for key, m in sys.modules.items() if key.startswith("gridplan")]:
                for key in [key for key, value in vars(module).items() if value is plain]:
                    setattr(module, key, watched)


def main() -> None:
    """Plan the region folder given first into the folder given second."""
    watch = Watch()
    cli = importlib.import_module("gridplan.cli")
    watch_all(watch)
    sys.argv = ["gridplan", "plan", sys.argv[1], "--policy", "shanghai-2025", "--out", sys.argv[2]]
    with watch.stage("rest"), contextlib.redirect_stdout(sys.stderr):
        try:
            cli.main()
        except SystemExit as end:
            if end.code:
                raise
    print(json.dumps({"seconds": watch.seconds, "megabytes": megabytes()}))


if __name__ == "__main__":
    main()

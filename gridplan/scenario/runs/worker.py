"""What a worker does: hold a region and solve scenarios of it, one after the other.

Regions travel once per worker. A task names the region that it needs; a worker that does not hold it says so, and gets
the task again with the region beside it. Local processes find it in a file when they start.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import pickle
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.inputs.region import Region
from gridplan.plans.make import plan
from gridplan.policies.policy import Policy
from gridplan.scenario.runs.case import Settings
from gridplan.scenario.runs.row import programme_record, refused_rows, solved_rows
from gridplan.scenario.scenario import Scenario, apply
from gridplan.words.errors import GridplanError
from gridplan.words.findings import Findings

HELD = 2  # regions that a worker holds: one city's scenarios follow each other
Rows = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Base:
    """What all scenarios of a region start from, made once: the region, the policy, what the doctor found.

    Parameters
    ----------
    name : what tasks call it by.
    region : or the region folder to read it from.
    findings : of the doctor; None until a worker has asked.
    """

    name: str
    region: Region | Path
    policy: Policy
    settings: Settings
    findings: Findings | None = None

    def ready(self) -> Base:
        """The same with the region read and checked."""
        region = read(self.region) if isinstance(self.region, Path) else self.region
        return replace(
            self, region=region, findings=self.findings if self.findings is not None else check(region)
        )


@dataclass(frozen=True)
class Task:
    """A scenario of a base, which is sent along only where the worker lacks it."""

    base: str
    scenario: Scenario
    most_seconds: float | None = None
    sent: Base | None = None


class Missing:
    """The answer of a worker that does not hold the region of its task."""


_held: dict[str, Base] = {}  # of this worker process; filled by `start` and by tasks that bring a base


def start(held: Path | None, doomed: Sequence[Path] = ()) -> None:
    """What a local process does first: leave Ctrl-C to its parent, and hold the region that lies in a file.

    Parameters
    ----------
    doomed : folders to delete where the parent is killed.
    """
    for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(doomed,), daemon=True).start()
    if held is not None:
        _hold(pickle.loads(held.read_bytes()))


def _end_with_parent(doomed: Sequence[Path]) -> None:
    """Wait for the parent's end, by its sentinel, and end this process: a parent that is killed cannot say good-bye."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        for folder in doomed:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def work(task: Task) -> Rows | Missing:
    """Solve one scenario: its rows, or `Missing` where the region has to be sent."""
    if task.base not in _held and task.sent is None:
        return Missing()
    began = time.perf_counter()
    try:
        with _watched(task.most_seconds):
            base = _held[task.base] if task.base in _held else _hold(task.sent)
            return solve_case(base, task.scenario)
    except GridplanError as error:  # the region itself cannot be read
        return refused_rows(error, round(time.perf_counter() - began, 3))


def solve_case(base: Base, scenario: Scenario) -> Rows:
    """The rows of one scenario; what gridplan refuses is a row with its reason."""
    began = time.perf_counter()
    assert isinstance(base.region, Region) and base.findings is not None, "a base is made ready first"
    try:
        region, policy = apply(base.region, base.policy, scenario)
        known = base.findings if region is base.region else None
        made = plan(
            region, policy, engine=base.settings.engine, seconds=base.settings.seconds, gap=base.settings.gap,
            threads=1, checked=known,
        )  # fmt: skip
        hung = programme_record(made, base.settings.seconds) if base.settings.programme else None
        return solved_rows(made, round(time.perf_counter() - began, 3), hung)
    except GridplanError as error:
        return refused_rows(error, round(time.perf_counter() - began, 3))


@contextmanager
def _watched(seconds: float | None) -> Iterator[None]:
    """End this process where the work takes longer: by a watchdog that needs no Python, as solvers may hold it."""
    if seconds is None:
        yield
        return
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _hold(base: Base | None) -> Base:
    assert base is not None
    while len(_held) >= HELD:
        _held.pop(next(iter(_held)))
    _held[base.name] = base.ready()
    return _held[base.name]

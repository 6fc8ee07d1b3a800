"""Run one model in a process of its own, and watch its memory from outside."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psutil

from benchmarks.models import MODELS, Run
from gridplan.optimise.problem import Problem

LOOK_SECONDS = 0.02
Maker = Callable[[], Problem]


@dataclass(frozen=True)
class Measured:
    """A run, and the most memory its process held (MB, looked at every 20 ms), less what it held before."""

    run: Run
    peak_mb: float


def measure(name: str, make: Maker, seconds: float) -> Measured:
    """Make the problem and solve it in a fresh process.

    Parameters
    ----------
    make : picklable; the problem stands before the clock starts.

    Raises
    ------
    RuntimeError : the process ended without an answer, or with an error.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_work, args=(name, make, seconds, theirs))
    child.start()
    theirs.close()
    try:
        _answer(ours, name)  # ready: the problem stands, no model yet
        memory = psutil.Process(child.pid).memory_info
        before = peak = memory().rss
        ours.send("go")
        while not ours.poll(LOOK_SECONDS):
            peak = max(peak, memory().rss)
        run = _answer(ours, name)
    finally:
        child.join()
    return Measured(run, (peak - before) / 2**20)


def _answer(pipe: Connection, name: str) -> Run:
    try:
        answer: Run | Exception = pipe.recv()
    except EOFError:
        raise RuntimeError(f"{name}: the process ended without an answer") from None
    if isinstance(answer, Exception):
        raise RuntimeError(f"{name}: {answer}") from answer
    return answer


def _work(name: str, make: Maker, seconds: float, pipe: Connection) -> None:
    made = make()
    pipe.send("ready")
    pipe.recv()
    try:
        with _silent():
            run = MODELS[name](made, seconds)
    except (ValueError, RuntimeError, MemoryError) as failed:
        pipe.send(failed)
        return
    pipe.send(run)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Solvers write banners past Python; they would stand in the table."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)

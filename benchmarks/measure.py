"""Run one model in a process of its own, and watch its memory from outside."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psutil

from benchmarks.city import City, problem
from benchmarks.models import MODELS, Run

LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Measured:
    """A run, and the most memory its process held (MB, looked at every 20 ms), less what it held before."""

    run: Run
    peak_mb: float


def measure(name: str, city: City, seconds: float) -> Measured:
    """Make the city and solve it in a fresh process.

    Raises
    ------
    RuntimeError : the process ended without an answer.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_work, args=(name, city, seconds, theirs))
    child.start()
    theirs.close()
    try:
        _answer(ours, child.pid)  # ready: the city stands, no model yet
        memory = psutil.Process(child.pid).memory_info
        before = peak = memory().rss
        ours.send("go")
        while not ours.poll(LOOK_SECONDS):
            peak = max(peak, memory().rss)
        run = _answer(ours, child.pid)
    finally:
        child.join()
    return Measured(run, (peak - before) / 2**20)


def _answer(pipe: Connection, pid: int | None) -> Run:
    try:
        answer: Run = pipe.recv()
    except EOFError:
        raise RuntimeError(f"the measured process {pid} ended without an answer") from None
    return answer


def _work(name: str, city: City, seconds: float, pipe: Connection) -> None:
    made = problem(city)
    pipe.send("ready")
    pipe.recv()
    pipe.send(MODELS[name](made, seconds))

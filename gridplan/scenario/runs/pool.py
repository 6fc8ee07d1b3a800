"""Many tasks on workers: local processes, or any executor; a worker that dies costs its own scenario only."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gridplan.files.whole import told
from gridplan.scenario.runs.case import Case
from gridplan.scenario.runs.row import failed_rows
from gridplan.scenario.runs.worker import Base, Missing, Rows, Task, start, work
from gridplan.words.errors import SolveError
from gridplan.words.text import Text

AHEAD = 2  # tasks per local process that are sent ahead, so that none waits
IN_FLIGHT = 256  # tasks that are with a given executor at once, unless it is said how many
DIED = ("KilledWorker", "WorkerDied", "TerminatedWorkerError")  # as the errors of clusters are called


@dataclass(frozen=True)
class Crew:
    """Who works.

    Parameters
    ----------
    executor : any executor, or None for local processes.
    workers : how many processes; with an executor, how many tasks are with it at once.
    bases : what tasks start from, by name.
    most_seconds : after so long a local process is ended.
    scratch : where the region lies for the processes while they work; by default in the temporary folder.
    doomed : what the processes delete when this one is killed, as nobody else would: a run that nobody asked to keep.
    """

    executor: Executor | None
    workers: int | None
    bases: Mapping[str, Base]
    most_seconds: float | None
    scratch: Path | None = None
    doomed: Path | None = None

    @property
    def processes(self) -> int:
        """Local processes: one per core, as each solves with one thread."""
        return self.workers if self.workers is not None and self.executor is None else usable_cores()

    def task(self, case: Case) -> Task:
        """The task of a case; a region that is a folder is only named, so it goes along."""
        base = self.bases[case.city]
        sent = base if isinstance(base.region, Path) else None
        return Task(base.name, case.scenario, None if self.executor is not None else self.most_seconds, sent)


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def solve_all(cases: list[Case], crew: Crew) -> Generator[tuple[Case, Rows], None, None]:
    """Each case with its rows, as they are finished; every case once.

    Where a pool breaks, the cases that were with it are solved one at a time: the one that breaks its process again
    gets a row that says so, the others are solved as if nothing had happened.
    """
    waiting = deque(cases)
    if crew.executor is not None:
        width = crew.workers or IN_FLIGHT
        suspects = yield from _on(crew.executor, width, waiting, crew)
        yield from _one_by_one(suspects, crew)
    while waiting:  # local processes; also what an executor that broke has left over
        width = min(crew.processes, len(waiting))
        with local_pool(width, crew) as pool:
            suspects = yield from _on(pool, AHEAD * width, waiting, crew)
        yield from _one_by_one(suspects, crew)


def _on(
    pool: Executor, width: int, waiting: deque[Case], crew: Crew
) -> Generator[tuple[Case, Rows], None, list[tuple[Case, float]]]:
    """Solve what waits, `width` at a time; returns the cases that were with the pool when it broke, and for how long."""
    running: dict[Future[Rows | Missing], tuple[Case, Task, float]] = {}
    suspects: list[tuple[Case, float]] = []

    def submit(case: Case, task: Task) -> None:
        try:
            running[pool.submit(work, task)] = case, task, time.perf_counter()
        except BrokenExecutor:
            suspects.append((case, 0.0))

    try:
        while (waiting or running) and not suspects:
            while waiting and len(running) < width and not suspects:
                case = waiting.popleft()
                submit(case, crew.task(case))
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                case, task, since = running.pop(future)
                error = future.exception()
                if isinstance(error, BrokenExecutor):
                    suspects.append((case, time.perf_counter() - since))
                elif error is not None:
                    yield case, failure(error)
                elif isinstance(rows := future.result(), Missing):
                    submit(case, replace(task, sent=crew.bases[case.city]))
                else:
                    yield case, rows
        return suspects + [(case, time.perf_counter() - since) for case, _, since in running.values()]
    finally:
        for future in running:
            future.cancel()


def _one_by_one(suspects: list[tuple[Case, float]], crew: Crew) -> Iterator[tuple[Case, Rows]]:
    """Cases one at a time, so that the one that breaks the process is known; the next gets another process."""
    waiting, mine = deque(case for case, _ in suspects), replace(crew, executor=None)
    while waiting:
        with local_pool(1, mine) as pool:
            broken = yield from _on(pool, 1, waiting, mine)
        for case, spent in broken:
            late = crew.most_seconds is not None and spent >= crew.most_seconds
            yield (
                case,
                failed_rows("gave_up", _late(spent), round(spent, 3)) if late else died(round(spent, 3)),
            )


@contextmanager
def local_pool(processes: int, crew: Crew) -> Iterator[ProcessPoolExecutor]:
    """Processes that hold the region when they start; ended at once where the caller is interrupted or killed.

    Raises
    ------
    SolveError : no process can start.
    """
    whole = [base for base in crew.bases.values() if not isinstance(base.region, Path)]
    context = multiprocessing.get_context("spawn")
    with TemporaryDirectory(prefix="gridplan-", dir=crew.scratch) as scratch:
        held = _left_for_workers(Path(scratch), whole[0]) if len(whole) == 1 else None
        doomed = [Path(scratch), *([crew.doomed] if crew.doomed is not None else [])]
        pool = ProcessPoolExecutor(processes, mp_context=context, initializer=start, initargs=(held, doomed))
        try:
            _greet(pool)
            yield pool
        except BaseException:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _left_for_workers(scratch: Path, base: Base) -> Path:
    """The region in a file: a process that dies while it is handed a large one would leave this one waiting for ever."""
    file = scratch / "base.pickle"
    with told(file):
        file.write_bytes(pickle.dumps(base, protocol=pickle.HIGHEST_PROTOCOL))
    return file


def _greet(pool: ProcessPoolExecutor) -> None:
    """See that a process starts, before a scenario is blamed for it."""
    try:
        pool.submit(os.getpid).result()
    except BrokenExecutor:
        raise SolveError(
            Text("no local process can start", "无法启动本地进程"),
            Text(
                'in a script, call gp.scenarios below `if __name__ == "__main__":`',
                '在脚本中，请在 `if __name__ == "__main__":` 之下调用 gp.scenarios',
            ),
        ) from None


def failure(error: BaseException) -> Rows:
    """The row of a scenario whose worker raised what gridplan does not raise on purpose."""
    name = type(error).__name__
    if name in DIED:
        return died(None)
    if isinstance(error, MemoryError):
        what = Text("the worker ran out of memory", "进程内存不足")
        return failed_rows("died", what, float("nan"))
    return failed_rows("failed", Text(f"{name}: {error}", f"{name}：{error}"), float("nan"))


def died(seconds: float | None) -> Rows:
    """The row of a scenario that took its worker down, alone as well."""
    what = Text(
        "its worker died each time, most often for lack of memory; run again with fewer workers",
        "运行它的进程每次都中断，多因内存不足；请减少进程数后重试",
    )
    return failed_rows("died", what, float("nan") if seconds is None else seconds)


def _late(seconds: float) -> Text:
    return Text(
        f"it had not ended after {seconds:.0f} s and was stopped", f"运行 {seconds:.0f} 秒仍未结束，已停止"
    )

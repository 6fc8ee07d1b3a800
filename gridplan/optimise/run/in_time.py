"""What cannot be interrupted, within a clock: it works in a thread of its own and is left there where it does not end."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import TypeVar

from gridplan.optimise.run.interrupt import stopped_by

T = TypeVar("T")
# A solver that looks at its clock looks now and then; this is how much later than asked it may be.
LATE, SHARE = 1.0, 1.05
AT_EXIT = 5.0  # the programme's end waits so long for one left behind: it would break off where that one asks Python


def in_time(work: Callable[[], T], seconds: float | None) -> T | None:
    """What `work` gives, or None where it has not ended a second after its clock; it may then not be used any more.

    HiGHS asks nobody in its presolve, and was seen not to end there. A thread in it cannot be ended from outside:
    it goes on until it next looks at `stopped()`, or the programme ends, but nobody waits for it.

    Parameters
    ----------
    work : something that is expected to keep to `seconds`, and looks at `stopped()` where it can.
    seconds : None where there is no clock: `work` is done here.

    Raises
    ------
    BaseException : what `work` raises.
    """
    if seconds is None:
        return work()
    future: Future[T] = Future()
    left = threading.Event()

    def go() -> None:
        with stopped_by(left):
            try:
                future.set_result(work())
            except BaseException as fault:  # noqa: BLE001 - raised where the result is asked for
                future.set_exception(fault)

    worker = threading.Thread(target=copy_context().run, args=(go,), daemon=True, name="gridplan in time")
    worker.start()
    try:
        wait({future}, max(0.0, seconds) * SHARE + LATE)
    finally:  # Ctrl-C twice, too
        left.set()
        if not future.done():
            atexit.register(worker.join, AT_EXIT)
    return future.result() if future.done() else None

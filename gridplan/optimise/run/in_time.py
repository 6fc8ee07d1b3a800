"""What cannot be interrupted, within a clock: it works in a thread of its own and is left there where it does not end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
# A solver that looks at its clock looks now and then; this is how much later than asked it may be.
LATE, SHARE = 1.0, 1.05


def in_time(work: Callable[[], T], seconds: float | None) -> T | None:
    """What `work` gives, or None where it has not ended a second after its clock; it may then not be used any more.

    HiGHS asks nobody in its presolve, and was seen not to end there. A thread in it cannot be ended from outside:
    it goes on until it ends by itself or the programme does, but nobody waits for it.

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
    came: list[T] = []
    broke: list[BaseException] = []

    def go() -> None:
        try:
            came.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised again where it is waited for
            broke.append(fault)

    thread = threading.Thread(target=copy_context().run, args=(go,), daemon=True, name="gridplan in time")
    thread.start()
    try:
        thread.join(max(0.0, seconds) * SHARE + LATE)
    finally:
        if thread.is_alive():
            thread.join(LATE)  # Ctrl-C twice: what looks at `stopped()` ends now
    if broke:
        raise broke[0]
    return came[0] if came else None

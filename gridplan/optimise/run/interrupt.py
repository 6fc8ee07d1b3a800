"""Ctrl-C while solving: the first one ends the search with the best plan so far, the second one ends the programme."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

_STOP: ContextVar[threading.Event | None] = ContextVar("stop", default=None)
_LEFT: ContextVar[threading.Event | None] = ContextVar("left", default=None)


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Where Ctrl-C sets the event instead of raising, so that every clock and solver inside ends.

    Only where Ctrl-C would raise KeyboardInterrupt: in the main thread, with Python's own way of handling it.
    Inside another such block there is one event for both.
    """
    around = _STOP.get()
    if around is not None:
        yield around
        return
    stop = threading.Event()
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    if ours:
        signal.signal(signal.SIGINT, ask)
    token = _STOP.set(stop)
    try:
        yield stop
    finally:
        _STOP.reset(token)
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def stopped_by(left: threading.Event) -> Iterator[None]:
    """Where the search is asked to stop by this event, too: nobody waits for it any more."""
    token = _LEFT.set(left)
    try:
        yield
    finally:
        _LEFT.reset(token)


def stopped() -> bool:
    """Whether the search around was asked to stop."""
    return any(event is not None and event.is_set() for event in (_STOP.get(), _LEFT.get()))

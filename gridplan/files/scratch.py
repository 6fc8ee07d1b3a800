"""Folders in the machine's temporary folder that do not outlive their run, even where nothing is left of it to clear up.

A folder is locked as long as its run lives. Whoever makes the next one takes away those whose lock is free: what a run
left that was killed together with all its processes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp

PREFIX, LOCK = "gridplan-", "lock"
PATIENCE = 5.0  # seconds for another run that is just looking whether the lock is free


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in the temporary folder for as long as the block lasts."""
    from filelock import FileLock

    sweep()
    folder = Path(mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / LOCK, thread_local=False)
    lock.acquire(timeout=PATIENCE)
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Take away what runs have left that live no more."""
    from filelock import FileLock, Timeout

    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        if not (folder / LOCK).is_file() or not _mine(folder):
            continue
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # its run lives, or another one is clearing up
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _mine(folder: Path) -> bool:
    try:
        return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError:  # it has just gone
        return False

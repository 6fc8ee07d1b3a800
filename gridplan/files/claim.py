"""A folder belongs to one run at a time: a lock that dies with its process, and a work folder for what is half done.

Beside a folder `OUT` stands `.OUT.gridplan/` while a run writes to it (inside it, where nothing may be written beside).
It holds the lock, who holds it, and what is not yet in its place. A run that is killed leaves it; the next one finds
the lock free, so nobody has to guess whether a process still lives.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gridplan.files.whole import WORK, resolved, told
from gridplan.words.errors import DataError
from gridplan.words.text import Text

LOCK, OWNER = "lock", "owner.json"
MOST_BYTES = 255  # of a name, on nearly every disk
PATIENCE = 0.05  # seconds between two looks at a lock
_HELD: ContextVar[dict[Path, Claim] | None] = ContextVar("claims", default=None)


@dataclass(frozen=True)
class Claim:
    """A folder that this run may write to, and the work folder of it."""

    folder: Path
    work: Path


def work_folder(folder: Path) -> Path:
    """Where what is half done for a folder is kept: beside it, or in it where beside is another disk or may not be written to."""
    folder = resolved(folder)
    above = folder.parent
    name = f".{folder.name}{WORK}"
    if len(os.fsencode(name)) > MOST_BYTES:
        known = hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:16]
        name = f".{known}{WORK}"
    inside = folder.is_dir() and (
        folder == above or not os.access(above, os.W_OK) or above.stat().st_dev != folder.stat().st_dev
    )
    return folder / WORK if inside else above / name


@contextmanager
def claimed(folder: Path, wait: float = 0.0) -> Iterator[Claim]:
    """Hold a folder (it need not exist) for as long as the block lasts; inside another such block, that one's claim.

    What a killed run has left is still in the work folder; the caller mends it (`swap.mend`). It is gone afterwards.

    Parameters
    ----------
    wait : seconds to wait for a run that holds it.

    Raises
    ------
    DataError : another run holds it (which, since when), or no lock can be made there.
    """
    with told(folder):
        folder = resolved(folder)
        work = work_folder(folder)
    held = _HELD.get() or {}
    if folder in held:
        yield held[folder]
        return
    until = time.monotonic() + wait
    missing = [above for above in work.parents if not above.exists()]  # the nearest first
    while (lock := _taken(work)) is None:
        if time.monotonic() >= until:
            raise _busy(folder, work)
        time.sleep(PATIENCE)
    token = _HELD.set({**held, folder: Claim(folder, work)})
    try:
        with told(work):
            _sign(work)
        yield Claim(folder, work)
    finally:
        _HELD.reset(token)
        _leave(work, lock)
        for above in missing:
            with suppress(OSError):  # a folder was made in it
                above.rmdir()


def is_mine(folder: Path) -> bool:
    """Whether this run holds a folder already: what lies in its work folder is then what it is doing itself."""
    return resolved(folder) in (_HELD.get() or {})


def _taken(work: Path) -> Any | None:
    """The lock of a work folder, held; None where another run holds it.

    The one who leaves deletes the lock, so whoever waited may get a lock that no longer stands there: the file must be
    the same one before and after.
    """
    from filelock import FileLock, Timeout  # only those that write need it

    path = work / LOCK
    with told(work):
        while True:
            try:
                work.mkdir(parents=True, exist_ok=True)
                path.touch()
                before = path.stat().st_ino
                lock = FileLock(path)
                lock.acquire(timeout=0)
            except Timeout:
                return None
            except FileNotFoundError:
                if not work.parent.is_dir():
                    raise
                continue  # the run before has just left
            if path.exists() and path.stat().st_ino == before:
                return lock
            lock.release()


def _sign(work: Path) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    text = json.dumps({"process": os.getpid(), "host": platform.node(), "since": since})
    (work / OWNER).write_text(text, encoding="utf-8", newline="\n")


def _leave(work: Path, lock: Any) -> None:
    """Take the work folder away and let the lock go; where a file of it is open elsewhere, it stays for the next run."""
    for entry in [*work.iterdir()] if work.is_dir() else ():
        if entry.name != LOCK:
            removed(entry)
    with suppress(OSError):  # elsewhere than on POSIX a lock that is held cannot be deleted
        (work / LOCK).unlink()
    with suppress(OSError):
        work.rmdir()
    lock.release()
    with suppress(OSError):
        if os.name == "nt":
            (work / LOCK).unlink()
            work.rmdir()


def removed(path: Path) -> None:
    """A file or a folder, deleted; what cannot be deleted stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def owner_of(work: Path) -> Text:
    """Who signed a work folder, as a message says it."""
    try:
        owner = json.loads((work / OWNER).read_text(encoding="utf-8"))
        process, since, host = owner["process"], str(owner["since"]).replace("T", " ")[:19], owner["host"]
    except (OSError, ValueError, KeyError, TypeError):  # it is just being written
        return Text("process unknown", "进程不明")
    where = Text("", "") if host == platform.node() else Text(f" on {host}", f"，在 {host} 上")
    return Text(f"process {process}{where.en} since {since}", f"进程 {process}{where.zh}，自 {since}")


def _busy(folder: Path, work: Path) -> DataError:
    who = owner_of(work)
    return DataError(
        Text(
            f"another run is using {folder} ({who.en})",
            f"另一次运行正在使用 {folder}（{who.zh}）",
        ),
        Text("wait until it has ended, or give another folder", "请等待其结束，或另选文件夹"),
    )

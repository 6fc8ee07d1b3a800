"""A folder changes as a whole: at every moment it is the old one or the new one, however the run ends.

Two ways. Where the system can, two folders change places in one step (`exchange`). Elsewhere, and where the folder
cannot be renamed (it is a disk of its own, or somebody works in it), a journal says what is to be done before it is
done: a run that is killed meanwhile is completed by the next one, before it reads or writes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from gridplan.files.claim import LOCK, OWNER, Claim, claimed, is_mine, removed, work_folder
from gridplan.files.exchange import exchange
from gridplan.files.whole import NEW, WORK, told, write_whole
from gridplan.words.errors import DataError
from gridplan.words.progress import note
from gridplan.words.text import Text

JOURNAL = "journal.json"
Own = Callable[[str], bool]
LONG_ENOUGH = 20.0  # seconds that a reader waits for a swap that is under way


def replaced(claim: Claim, own: Own) -> None:
    """Put `work/new` in the place of the folder: own files are replaced or removed, those of others stay.

    Parameters
    ----------
    own : whether a name in the folder ("map.html", "region/units.csv") is one of gridplan's own.
    """
    made, out = claim.work / NEW, claim.folder
    with told(out):
        if not out.exists():
            made.rename(out)
            return
        shutil.copymode(out, made)
        if _may_move(claim):
            _bring(out, made, own)
            if exchange(made, out):
                return
            for name in _files(out):  # what was brought along stands in the folder already
                if not own(name):
                    (made / name).unlink(missing_ok=True)
        out.mkdir(exist_ok=True)
    fresh = set(_files(made))
    put(claim, gone=[name for name in _files(out) if own(name) and name not in fresh])


def put(claim: Claim, gone: Iterable[str] = ()) -> None:
    """Put the files of `work/new` into the folder, and take `gone` away: by a journal, all of it or nothing."""
    files = list(_files(claim.work / NEW))
    plan = {"files": sorted(files, key=lambda name: (name == "plan.json", name)), "gone": sorted(gone)}
    write_whole(claim.work / JOURNAL, lambda path: path.write_text(json.dumps(plan), encoding="utf-8"))
    with told(claim.folder):
        _do(claim, plan)


def mend(folder: Path) -> None:
    """Complete what a killed run had begun to put into a folder, and clear away what it left; say so.

    Every command that reads or writes a folder asks this first. A run that is still at work is left alone; where it is
    putting files in their places at this very moment, it is waited for.

    Raises
    ------
    DataError : a swap that was begun cannot be completed.
    """
    try:
        work = work_folder(folder)
        if not work.is_dir() or is_mine(folder):
            return
    except (OSError, ValueError):  # no such name can be: whoever reads the folder says so
        return
    try:
        with claimed(folder, wait=LONG_ENOUGH if (work / JOURNAL).is_file() else 0.0) as claim:
            mended(claim)
    except DataError:
        if (work / JOURNAL).is_file():
            raise


def mended(claim: Claim) -> None:
    """The same for a folder that is claimed."""
    work = claim.work
    if (work / JOURNAL).is_file():
        with told(claim.folder):
            _do(claim, _read(work / JOURNAL))
        note(
            Text(
                f"a run that was ended in the middle had begun to write {claim.folder}; it has been completed now",
                f"此前一次运行在写入 {claim.folder} 时中断，现已补全",
            )
        )
    left = [entry for entry in work.iterdir() if entry.name not in (LOCK, OWNER)]
    if left:
        for entry in left:
            removed(entry)
        note(
            Text(
                f"removed what a run that was ended in the middle had left beside {claim.folder}",
                f"已清除此前中断的运行在 {claim.folder} 旁留下的文件",
            )
        )


def _do(claim: Claim, plan: Any) -> None:
    """What a journal says; done already or not, it comes out the same."""
    made, out = claim.work / NEW, claim.folder
    out.mkdir(exist_ok=True)
    for name in plan["gone"]:
        (out / name).unlink(missing_ok=True)
        _clear_up(out, name)
    for name in plan["files"]:
        if (made / name).is_file():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).replace(out / name)
    (claim.work / JOURNAL).unlink(missing_ok=True)
    removed(made)


def _clear_up(out: Path, name: str) -> None:
    """The folders that are empty after a file has gone."""
    for folder in list(Path(name).parents)[:-1]:
        with suppress(OSError):
            (out / folder).rmdir()


def _read(journal: Path) -> dict[str, list[str]]:
    try:
        plan = json.loads(journal.read_text(encoding="utf-8"))
        return {"files": [str(n) for n in plan["files"]], "gone": [str(n) for n in plan["gone"]]}
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(
            Text(f"{journal} is damaged", f"{journal} 已损坏"),
            Text("delete the folder it is in, and plan again", "请删除它所在的文件夹，并重新制定方案"),
        ) from None


def _may_move(claim: Claim) -> bool:
    """Whether the folder may be another one afterwards: nobody works in it, and it is no disk of its own."""
    here, out = Path.cwd(), claim.folder
    return out not in (here, *here.parents) and claim.work.parent != out and not os.path.ismount(out)


def _files(folder: Path) -> Iterator[str]:
    """The files in a folder, as names with /; a link is a file, wherever it leads. Work folders are none of it."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            if not entry.name.endswith(WORK):
                yield from (f"{entry.name}/{name}" for name in _files(entry))
        else:
            yield entry.name


def _bring(out: Path, made: Path, own: Own) -> None:
    """Bring along what is not ours: by a second link to the same file, by a copy where that cannot be."""
    for folder in (p for p in out.rglob("*") if p.is_dir() and not p.is_symlink()):
        name = folder.relative_to(out).as_posix()
        if not (made / name).exists() and not any(own(f"{name}/{file}") for file in _files(folder)):
            (made / name).mkdir(parents=True)
            shutil.copystat(folder, made / name)
    for name in _files(out):
        if own(name) or os.path.lexists(made / name):
            continue
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(out / name, made / name, follow_symlinks=False)
        except (OSError, NotImplementedError):
            shutil.copy2(out / name, made / name, follow_symlinks=False)

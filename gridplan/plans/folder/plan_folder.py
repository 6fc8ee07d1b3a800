"""A plan folder that is there: who may write to it, what somebody edited by hand, files that are added or drawn again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gridplan.files.claim import Claim, claimed
from gridplan.files.swap import mended, put, replaced
from gridplan.files.whole import NEW, WORK, resolved, told, why
from gridplan.plans.folder.own_files import RECORD, changed, hash_of, hashes, is_own, own_files
from gridplan.plans.folder.record import read_record
from gridplan.plans.folder.store import write_json
from gridplan.words.errors import DataError
from gridplan.words.progress import note
from gridplan.words.text import Text

EDITED = ".edited"  # the folder beside OUT that keeps what somebody edited by hand
TABLES = (".csv", ".toml", ".xlsx", ".docx")
MOMENT = 120.0  # seconds after plan.json in which an older gridplan wrote its last table


def refuse_others(out: Path) -> None:
    """Only a plan folder or an empty one may be replaced; what stands above it must be a folder one may write to.

    A link is followed: what it leads to is meant.

    Raises
    ------
    DataError : `out` is a file, a folder that holds something else than a plan, or nothing that can be made.
    """
    try:
        there = resolved(out)
        exists = there.exists()
        above = there if there.is_dir() else next((p for p in there.parents if p.exists()), Path())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise _cannot(
                out,
                Text(f"{above} is no folder that may be written to", f"{above} 不是可写的文件夹"),
            )
        if not exists or (there.is_dir() and ((there / RECORD).is_file() or not _others(there))):
            return
    except OSError as fault:  # names that are too long, links in a ring, no permission to look
        raise _cannot(out, why(fault)) from None
    what = Text(f"{out} exists and is not a plan folder", f"{out} 已存在，且不是方案文件夹")
    raise DataError(what, Text("give another folder, or empty this one", "请换一个文件夹，或先清空它"))


def _others(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if not entry.name.endswith(WORK)]


def _cannot(out: Path, why: Text) -> DataError:
    return DataError(
        Text(f"{out} cannot be made: {why.en}", f"无法建立 {out}：{why.zh}"),
        Text("give another folder", "请换一个文件夹"),
    )


@contextmanager
def held(out: str | Path, wait: float = 0.0) -> Iterator[Claim]:
    """Hold a plan folder for as long as a plan for it is made and written, so that two runs cannot meet in it.

    What a killed run left is completed or cleared away first.

    Raises
    ------
    DataError : as `refuse_others`; or another run holds it.
    """
    out = Path(out)
    refuse_others(out)
    with claimed(out, wait) as claim:
        mended(claim)
        refuse_others(out)  # it may have become another while we waited
        yield claim


def fill(claim: Claim, write: Callable[[Path], object]) -> None:
    """Put a whole new plan into a folder that is held: what `write` puts into the folder that it is given.

    Raises
    ------
    DataError : the disk is full, or a file of the folder may not be replaced; the folder is as it was.
    """
    made = _staged(claim, write)
    _set_aside(claim.folder, own_files(claim.folder) if claim.folder.is_dir() else (), made)
    replaced(claim, is_own)


def add_files(
    folder: str | Path,
    write: Callable[[Path], object],
    instead_of: Callable[[str], bool] = lambda name: False,
) -> list[str]:
    """Add files to a plan folder, or draw some again: what `write` puts into the folder that it is given.

    The list in plan.json is renewed with them, all in one step. What somebody edited by hand is kept aside first.

    Parameters
    ----------
    instead_of : own files ("programme/support.csv") that go where `write` makes them no more; by default none.

    Returns
    -------
    Their names.

    Raises
    ------
    DataError : it is no plan folder, another run holds it, or the disk is full; the folder is as it was.
    """
    folder = Path(folder)
    with claimed(folder, wait=10.0) as claim:
        mended(claim)
        record = read_record(claim.folder)
        made = _staged(claim, write)
        names = [*own_files(made)]
        gone = [name for name in own_files(claim.folder) if instead_of(name) and name not in names]
        _set_aside(claim.folder, [*names, *gone], made)
        with told(claim.work):
            if "files" in record:
                known = {n: h for n, h in {**record["files"], **hashes(made)}.items() if n not in gone}
                write_json(made / RECORD, {**record, "files": dict(sorted(known.items()))})
        put(claim, gone)
    return names


def _staged(claim: Claim, write: Callable[[Path], object]) -> Path:
    made = claim.work / NEW
    with told(claim.folder):
        made.mkdir()
        write(made)
    return made


def _set_aside(out: Path, names: Iterable[str], made: Path) -> None:
    """Copy what was edited by hand since it was written to `OUT.edited/`, before it is replaced; say so."""
    mine = [name for name in _edited(out, set(names)) if not _same(out / name, made / name)]
    if not mine:
        return
    aside = out.with_name(out.name + EDITED)
    kept = []
    with told(aside):
        for name in mine:
            to = _free(aside / name, out / name)
            if not to.exists():
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(out / name, to)
            kept.append(to.relative_to(aside).as_posix())
    note(
        Text(
            f"edited by hand since {out.name} was written, so kept in {aside}: {', '.join(kept)}",
            f"{out.name} 写出后有人手工修改过以下文件，已移至 {aside}：{'、'.join(kept)}",
        )
    )


def _edited(out: Path, names: set[str]) -> list[str]:
    """Which own files are not as they were written; of a folder without a list, tables that are newer than its plan."""
    if not names or not (out / RECORD).is_file():
        return []
    listed = _listed(out / RECORD)
    if listed is not None:
        return sorted(name for name in changed(out, listed) if name in names)
    written = (out / RECORD).stat().st_mtime + MOMENT
    there = [n for n in names if n.endswith(TABLES) and (out / n).is_file()]
    return sorted(n for n in there if (out / n).stat().st_mtime > written)


def _listed(record: Path) -> Mapping[str, str] | None:
    """The list of a plan.json, None where there is none that can be read."""
    try:
        content: Any = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    files = content.get("files") if isinstance(content, dict) else None
    return {str(k): str(v) for k, v in files.items()} if isinstance(files, dict) else None


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and hash_of(one) == hash_of(other)


def _free(wanted: Path, source: Path) -> Path:
    """A name that is free, or that holds the very same already: assignment.csv, assignment-2.csv …"""
    number, path = 1, wanted
    while path.exists() and not _same(source, path):
        number += 1
        path = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return path

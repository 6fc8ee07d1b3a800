"""One file, whole: written beside, seen onto the disk, then swapped in; a disk that refuses is one clear message."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridplan.words.errors import DataError
from gridplan.words.text import Text, both

WORK, NEW = ".gridplan", "new"  # what the work folder of a folder ends with; where in it new files wait
PART = ".part"  # what a file is called until it is whole
MOST_OF_NAME = 50  # characters of a name that are kept in it
HALF = re.compile(rf"\.(.+)\.\d+{re.escape(PART)}", re.DOTALL)
WHY = {
    errno.ENOSPC: Text("the disk is full", "磁盘已满"),
    getattr(errno, "EDQUOT", -1): Text("the disk quota is used up", "磁盘配额已用完"),
    errno.EFBIG: Text("it would be larger than files may be here", "文件超过此处允许的大小"),
    errno.EROFS: Text("the disk may only be read", "磁盘为只读"),
    errno.EACCES: Text("no permission", "没有权限"),
    errno.EPERM: Text("no permission", "没有权限"),
    errno.ENOENT: Text("it is not there, or its folder is not", "文件或其所在文件夹不存在"),
    errno.EEXIST: Text("a file of that name is in the way", "已有同名文件"),
    errno.ENOTDIR: Text("what stands above it is a file, not a folder", "上级是文件，不是文件夹"),
    errno.EISDIR: Text("it is a folder", "它是文件夹"),
    errno.ELOOP: Text("it is a link that leads to itself", "链接指向自身"),
    errno.ENAMETOOLONG: Text("its name is too long", "名称过长"),
    errno.EIO: Text("the disk or the terminal does not answer", "磁盘或终端无响应"),
}
ROOM = Text(
    "make room or give another place; nothing half-written is left",
    "请腾出空间或另选位置；未留下不完整的文件",
)
ELSEWHERE = Text("give another place; nothing half-written is left", "请另选位置；未留下不完整的文件")
HINTS = {
    errno.ENOENT: Text(
        "the folder was moved or deleted meanwhile: put it back or give another place, and run the command again",
        "文件夹在此期间被移动或删除：请恢复该文件夹或另选位置，再重新运行",
    ),
    errno.EACCES: ELSEWHERE,
    errno.EPERM: ELSEWHERE,
    errno.EROFS: ELSEWHERE,
    errno.ENOTDIR: ELSEWHERE,
    errno.EISDIR: ELSEWHERE,
    errno.ELOOP: ELSEWHERE,
    errno.ENAMETOOLONG: Text("give a shorter name", "请改用较短的名称"),
}


def why(fault: OSError) -> Text:
    """The cause of an error of the system, in words."""
    said = str(fault.strerror or fault)
    return WHY.get(fault.errno or 0, both(said))


def resolved(path: Path) -> Path:
    """A path with its links followed.

    Raises
    ------
    OSError : they lead in a ring; older Pythons raise RuntimeError for that, newer ones nothing. Or the folder that one
        stands in has gone.
    """
    try:
        there = path.resolve()
    except RuntimeError:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None
    try:
        there.stat()
    except OSError as fault:
        if fault.errno == errno.ELOOP:
            raise
    return there


def not_written(path: Path | str, fault: OSError, hint: Text | None = None) -> DataError:
    """The error of a file that cannot be written: which, why, and by default what to do about that.

    It names the file that the system names, where it is another.
    """
    cause, name = why(fault), in_its_place(Path(path))
    named = name if fault.filename is None else in_its_place(Path(os.fsdecode(fault.filename)))
    if name in named.parents:
        name = named
    at = "" if named == name else f"{named}: "
    return DataError(
        Text(f"{name} cannot be written: {at}{cause.en}", f"{name} 无法写入：{at}{cause.zh}"),
        hint or HINTS.get(fault.errno or 0, ROOM),
    )


def not_used(fault: OSError) -> DataError:
    """The error of a file or folder that the system does not let us use, where nobody knows more about it."""
    cause = why(fault)
    where = str(in_its_place(Path(os.fsdecode(fault.filename)))) if fault.filename else ""
    what = Text(
        f"{where or 'a file'} cannot be used: {cause.en}", f"{where or '有文件'} 无法使用：{cause.zh}"
    )
    full = fault.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1), errno.EFBIG)
    look = Text("look at its permissions", "请检查其权限")
    return DataError(what, ROOM if full else HINTS.get(fault.errno or 0, look))


def in_its_place(path: Path) -> Path:
    """A file that is half done, as it will be called when it is in its place: the name that people know.

    What else lies in a work folder, people know by the folder that it is for.
    """
    half = HALF.fullmatch(path.name)
    if half is not None:
        path = path.with_name(half[1] + ("…" if len(half[1]) == MOST_OF_NAME else ""))
    parts = path.parts
    for n, part in enumerate(parts):
        if part.endswith(WORK):
            whose = part.removesuffix(WORK).removeprefix(".")
            rest = parts[n + 2 :] if parts[n + 1 : n + 2] == (NEW,) else ()
            return Path(*parts[:n], whose, *rest)
    return path


@contextmanager
def told(path: Path, hint: Text | None = None) -> Iterator[None]:
    """A disk that is full or may not be written to is one clear message.

    Raises
    ------
    DataError : in the place of an OSError.
    """
    try:
        yield
    except OSError as fault:
        raise not_written(path, fault, hint) from None


def write_whole(path: Path, write: Callable[[Path], object], hint: Text | None = None) -> None:
    """Write beside, make sure that it is on the disk, then swap in: whatever happens, a file is whole or not there.

    A link is followed: the file that it leads to is replaced, the link stays.

    Raises
    ------
    DataError : the disk is full, or the folder may not be written to.
    """
    with told(path, hint):
        target = resolved(path) if path.is_symlink() else path
        if target.exists() and not target.is_file() and not target.is_dir():
            write(target)  # a device or a pipe takes the bytes; it must not be replaced by a file
            return
        part = target.with_name(f".{target.name[:MOST_OF_NAME]}.{os.getpid()}{PART}")
        try:
            write(part)
            synced(part)
            part.replace(target)
        except OSError as fault:
            raise not_written(path, _without_part(fault, part), hint) from None
        finally:
            part.unlink(missing_ok=True)


def synced(file: Path) -> None:
    """See that a file is on the disk, not only in the machine's memory."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _without_part(fault: OSError, part: Path) -> OSError:
    """The same fault, not named after the file beside."""
    if fault.filename is not None and Path(fault.filename) == part:
        return OSError(fault.errno, fault.strerror)
    return fault

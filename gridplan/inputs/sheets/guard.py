"""The guard around third-party readers: whatever they raise on a damaged file is one fault of that file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridplan.files.whole import why
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.errors import GridplanError
from gridplan.words.text import Text, both

LONGEST_CAUSE = 160


@contextmanager
def guarded_reading(file: str) -> Iterator[None]:
    """A block in which a file is read by others' code.

    Raises
    ------
    FileFault : in the place of any exception that is not one of ours; it names the file and the cause.
    """
    try:
        yield
    except (FileFault, GridplanError):
        raise
    except OSError as error:
        cause = why(error)
        raise FileFault(
            "unreadable-file",
            Text(f"{_short(file)} cannot be read: {cause.en}.", f"{_short(file)} 无法读取：{cause.zh}。"),
            Text(
                "Look at its name and place; close it in other programs; look at its permissions.",
                "请核对文件名和位置，在其他程序中关闭它，并检查权限。",
            ),
        ) from error
    except Exception as error:  # which kinds others raise is not ours to know
        cause = _cause(error)
        raise FileFault(
            "unreadable-file",
            Text(f"{_short(file)} cannot be read: {cause.en}.", f"{_short(file)} 无法读取：{cause.zh}。"),
            Text("It is damaged; export it again from its source.", "文件已损坏，请从原软件重新导出。"),
        ) from error


def _cause(error: Exception) -> Text:
    if isinstance(error, RecursionError):
        return Text("it is nested too deeply", "嵌套过深")
    if isinstance(error, UnicodeEncodeError):  # a lone surrogate, as JSON may spell it
        before = " ".join(error.object[max(0, error.start - 20) : error.start].split())
        return Text(f"it holds half a character (after '{before}')", f"含有不完整的字符（在“{before}”之后）")
    if isinstance(error, MemoryError):
        return Text("it does not fit into memory", "内存不足")
    said = " ".join(str(error).split())[:LONGEST_CAUSE].rstrip(".")
    return both(f"{type(error).__name__}: {said}" if said else type(error).__name__)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_CAUSE else f"{name[:LONGEST_CAUSE]}…"


def refuse_large(path: Path, most: int) -> None:
    """A file is looked at before it is read.

    Raises
    ------
    FileFault : it is larger than `most` bytes.
    """
    if path.stat().st_size > most:
        size = f"{most // 2**20} MB"
        raise FileFault(
            "too-large",
            Text(f"{path.name} is larger than {size}.", f"{path.name} 超过 {size}。"),
            Text("Cut it to the region first.", "请先裁剪到规划范围。"),
        )

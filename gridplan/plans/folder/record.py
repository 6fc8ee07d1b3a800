"""plan.json read back: whether it is there, of a form that is known, and whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gridplan.words.errors import DataError
from gridplan.words.text import Text, both

FORM = 1  # of plan.json; raised when its keys change meaning
PUT_BACK = Text(
    "put the file back as gridplan wrote it, or plan again", "请恢复 gridplan 写出的文件，或重新制定方案"
)
NUMBER = (int, float)
MOST_BYTES = 512 * 2**20
# What is read from plan.json: a kind, several, a table of parts, or a list (not empty) of one.
SHAPE: Mapping[str, Any] = {
    "region": dict,
    "policy": dict,
    "travel": {"method": str, "settings": dict},
    "provenance": {"region_sha256": str, "tables_sha256": dict},
    "layers": [
        {
            "layer": str,
            "engine": str,
            "seconds": NUMBER,
            "preference_minutes": (*NUMBER, type(None)),
            "goals": [
                {
                    "goal": str,
                    "text": {"en": str, "zh": str},
                    "unit": str,
                    "value": NUMBER,
                    "reached": NUMBER,
                    "bound": NUMBER,
                }
            ],
        }
    ],
}


def _whole(digits: str) -> int | float:
    """A whole number; one that is absurdly long is a number all the same."""
    return int(digits) if len(digits) < 20 else float(digits)


def _misshapen(shape: Any, value: Any, path: str) -> Iterator[str]:
    """The parts that are missing or of another kind: layers.0.goals.0.value."""
    if isinstance(shape, Mapping):
        if not isinstance(value, dict):
            yield path
            return
        for key, inner in shape.items():
            yield from _misshapen(inner, value.get(key, ...), f"{path}.{key}" if path else key)
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            yield path
            return
        for number, item in enumerate(value):
            yield from _misshapen(shape[0], item, f"{path}.{number}")
    elif not isinstance(value, shape):
        yield path


def read_record(folder: Path) -> dict[str, Any]:
    """What plan.json holds, every part that is read from it there and of its kind.

    Raises
    ------
    DataError : it is missing, not readable, or damaged; the parts are named.
    """
    path = folder / "plan.json"
    try:
        if not path.is_file():
            raise _no_folder(folder)
        if path.stat().st_size > MOST_BYTES:
            raise _broken(Text(": it is too large", "：文件过大"))
        record = json.loads(path.read_text(encoding="utf-8"), parse_int=_whole)
    except OSError as fault:
        raise _broken(both(f": {fault.strerror}")) from None
    except RecursionError:
        raise _broken(Text(": it is nested too deeply", "：嵌套过深")) from None
    except DataError:
        raise
    except ValueError as fault:
        line = getattr(fault, "lineno", None)
        raise _broken(Text(f", line {line}", f"，第 {line} 行") if line else both("")) from None
    form = record.get("form") if isinstance(record, dict) else None
    if form != FORM:
        what = Text(
            f"plan.json is of form {form!r}, but form {FORM} is read",
            f"plan.json 的格式版本（form）为 {form!r}，可读的是 {FORM}",
        )
        raise DataError(what, PUT_BACK)
    if wrong := list(_misshapen(SHAPE, record, "")):
        what = Text(
            "plan.json is damaged: parts are missing or cannot be so", "plan.json 已损坏：缺少内容或内容有误"
        )
        raise DataError(what, PUT_BACK, wrong)
    return dict(record)


def _no_folder(folder: Path) -> DataError:
    """There is no plan.json: the folder is not there, is no folder, or holds something else."""
    if folder.is_dir():
        what = Text(
            f"{folder} has no plan.json: it is no plan folder", f"{folder} 中没有 plan.json，不是方案文件夹"
        )
    elif folder.exists():
        what = Text(f"{folder} is a file, not a plan folder", f"{folder} 是文件，不是方案文件夹")
    elif folder.is_symlink():
        what = Text(f"{folder} is a link that leads to nothing", f"{folder} 是无效的链接")
    else:
        what = Text(f"there is no folder {folder}", f"没有文件夹 {folder}")
    hint = Text(
        "give the folder that `gridplan plan … --out` wrote", "请给出 `gridplan plan … --out` 写出的文件夹"
    )
    return DataError(what, hint)


def _broken(where: Text) -> DataError:
    return DataError(Text(f"plan.json cannot be read{where.en}", f"plan.json 无法读取{where.zh}"), PUT_BACK)

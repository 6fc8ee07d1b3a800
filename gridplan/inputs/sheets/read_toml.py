"""TOML of a user → plain tables. The one door for region.toml, profiles and scenarios."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.guard import guarded_reading, refuse_large
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

MOST_BYTES = 4 * 2**20
MOST_DOTS = 32  # a.b.c…: tables within tables; a parser takes the square of their number
MOST_DEEP = 64
LARGEST = 2**63  # of whole numbers, as the standard has it
NAME = r"(?:[\w\-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
DOTTED = re.compile(r"(?<![\w.\-'\"])(?:" + NAME + f"){{{MOST_DOTS}}}")


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    FileFault : it cannot be opened, is too large, or is no valid TOML.
    """
    with guarded_reading(str(path)):
        refuse_large(path, MOST_BYTES)
        text = decode(path.read_bytes(), path.name)[0]
    return parse_toml(text, path.name)


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """The same of a text; `file` is named in messages."""
    if DOTTED.search(text):
        raise _invalid(file, Text("it is nested too deeply", "嵌套过深"))
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise _invalid(file, Text("it is nested too deeply", "嵌套过深")) from None
    except ValueError as fault:  # of which TOMLDecodeError is one; a number of thousands of digits is another
        raise _invalid(file, Text(str(fault), str(fault))) from None
    _refuse_absurd(content, file, "", 0)
    return content


def _refuse_absurd(value: Any, file: str, key: str, depth: int) -> None:
    """Numbers beyond 64 bits, and tables so deep that nobody wrote them."""
    if depth > MOST_DEEP:
        raise _invalid(file, Text("it is nested too deeply", "嵌套过深"))
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_absurd(inner, file, f"{key}.{name}" if key else name, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_absurd(inner, file, key, depth + 1)
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise _invalid(file, Text(f"{key} is too large a number", f"{key} 数值过大"))


def _invalid(file: str, why: Text) -> FileFault:
    return FileFault(
        "invalid-toml",
        Text(f"{file}: not valid TOML: {why.en}", f"{file}：不是有效的 TOML：{why.zh}"),
        Text("mend the line named", "请改正该行"),
    )

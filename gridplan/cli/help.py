"""Help in two languages, folded by how wide letters are: typer's own boxes load twice as much as the whole help needs."""

from __future__ import annotations

import os
import re
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from typer._coercion import build_runtime_param
from typer.core import TyperCommand, TyperGroup

UNFOLDED = 10_000  # columns that the library thinks it has; what is folded is folded here
ROW = re.compile(
    r" {2,}\S.*? {2,}(?=\S)| *"
)  # what stands before the text: an option with its column, or an indent
NUMBER = re.compile("[0-9]{1,15}")
WIDE = "\u2e80-\u9fff\uff00-\uffef"
PIECE = (
    rf" +|[{WIDE}](?=[、。，；：？！）」”])[、。，；：？！）」”]+|[{WIDE}]|[^ {WIDE}]+[、。，；：？！）」”]*"
)


def fold(text: str, width: int) -> str:
    """The same text in lines of at most `width` columns: a Chinese character takes two, and a line may end after it.

    A word that alone is wider stays whole.
    """
    return "\n".join(line for long in text.splitlines() for line in _folded(long, width))


def _folded(line: str, width: int) -> list[str]:
    match = ROW.match(line)
    assert match is not None  # the second half matches nothing, too
    indent = " " * cell_len(match[0])
    lines, now = [], match[0]
    for piece in re.findall(PIECE, line[match.end() :]):  # compiled when help is asked for
        if cell_len(now + piece.rstrip()) > width and now.strip() and now != indent:
            lines.append(now.rstrip())
            now = indent
        if piece.strip() or now != indent:
            now += piece
    return [*lines, now.rstrip()]


def columns() -> int:
    """Columns of the terminal, 100 at most: longer lines are hard to read."""
    return min(shutil.get_terminal_size().columns, 100)


class PlainValue:
    """What typer would make of a value through pydantic, without loading it: paths, whole numbers, words and one of several words.

    All else goes to typer, and so does whatever is refused, so that refusals are its own.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as its parameter wants it."""
        kind, info = param.type_descriptor.annotation, param.type_descriptor.parameter_info
        if (param.multiple or param.nargs == -1) and not value:
            return ()
        if not param.multiple and param.nargs == 1:
            if value is None or type(value) is kind:
                return value
            plain = kind is Path and type(value) is str and not (info.exists or info.resolve_path)
            if plain and (not Path(value).exists() or os.access(value, os.R_OK)):
                return Path(value)
            if kind in (int, float) and type(value) is str and NUMBER.fullmatch(value):
                number = kind(value)
                if (info.min is None or number >= info.min) and (info.max is None or number <= info.max):
                    return number
            if isinstance(kind, type) and issubclass(kind, StrEnum) and value in list(kind):
                return kind(value)
        return build_runtime_param(param.type_descriptor).coerce(value, param=param, ctx=ctx)


class Command(TyperCommand):
    """A command whose help is folded here, and listed with its sentence in both languages."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _read_plainly(self.params)

    def get_help(self, ctx: Any) -> str:
        return fold(super().get_help(ctx), columns())

    def get_short_help_str(self, limit: int = 0) -> str:
        return " ".join((self.help or "").partition("\n\n")[0].split())

    def get_help_option(self, ctx: Any) -> Any:
        return _both(super().get_help_option(ctx))


class Commands(TyperGroup):
    """All commands; their help is folded here."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _read_plainly(self.params)

    def get_help(self, ctx: Any) -> str:
        return fold(super().get_help(ctx), columns())

    def get_help_option(self, ctx: Any) -> Any:
        return _both(super().get_help_option(ctx))


def _read_plainly(params: list[Any]) -> None:
    for param in params:
        param._runtime_param = PlainValue()


def _both(option: Any) -> Any:
    if option is not None:
        _read_plainly([option])
        option.help = "Show this page. 显示本页。"
    return option

"""Help in two languages, folded by how wide letters are: typer's own boxes load twice as much as the whole help needs."""

from __future__ import annotations

import re
import shutil
from typing import Any

from rich.cells import cell_len
from typer.core import TyperCommand, TyperGroup

UNFOLDED = 10_000  # columns that the library thinks it has; what is folded is folded here
ROW = re.compile(
    r" {2,}\S.*? {2,}(?=\S)| *"
)  # what stands before the text: an option with its column, or an indent
WIDE = "\u2e80-\u9fff\uff00-\uffef"
PIECE = re.compile(
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
    for piece in PIECE.findall(line[match.end() :]):
        if cell_len(now + piece.rstrip()) > width and now.strip() and now != indent:
            lines.append(now.rstrip())
            now = indent
        if piece.strip() or now != indent:
            now += piece
    return [*lines, now.rstrip()]


def columns() -> int:
    """Columns of the terminal, 100 at most: longer lines are hard to read."""
    return min(shutil.get_terminal_size().columns, 100)


class Command(TyperCommand):
    """A command whose help is folded here, and listed with its sentence in both languages."""

    def get_help(self, ctx: Any) -> str:
        return fold(super().get_help(ctx), columns())

    def get_short_help_str(self, limit: int = 0) -> str:
        return " ".join((self.help or "").partition("\n\n")[0].split())

    def get_help_option(self, ctx: Any) -> Any:
        return _both(super().get_help_option(ctx))


class Commands(TyperGroup):
    """All commands; their help is folded here."""

    def get_help(self, ctx: Any) -> str:
        return fold(super().get_help(ctx), columns())

    def get_help_option(self, ctx: Any) -> Any:
        return _both(super().get_help_option(ctx))


def _both(option: Any) -> Any:
    if option is not None:
        option.help = "Show this page. 显示本页。"
    return option

"""What a command says, and where it goes: a full disk under it is one sentence, in the language of the command."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from gridplan.words.text import Language, Text, preferred_language


class OutputLostError(OSError):
    """What a command says cannot be written, whereas files that it writes may be whole."""


class Output(io.TextIOWrapper):
    """Standard output whose faults are told from those of files."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as fault:
            raise _lost(fault) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as fault:
            raise _lost(fault) from None


def _lost(fault: OSError) -> OSError:
    """A reader that has gone (`| head`) is no fault of the output."""
    return fault if fault.errno == errno.EPIPE else OutputLostError(fault.errno, fault.strerror)


def told_apart(stream: TextIO) -> TextIO:
    """Standard output as `Output`; another stream (a test's, a notebook's) as it is."""
    if stream is not sys.__stdout__ or not isinstance(stream, io.TextIOWrapper):
        return stream
    return Output(
        stream.buffer,
        encoding="utf-8",
        errors="replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def say_all(command: Callable[[], object]) -> None:
    """Run a command and see that what it says is out: at Python's own end nobody would hear of a full disk."""
    try:
        command()
    finally:
        try:
            if sys.stdout is not None:  # where it is closed (`>&-`) there is none, and nothing is said
                sys.stdout.flush()
        except OSError:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())  # nor may it be tried again
            raise


def lost(fault: OSError, words: Sequence[str]) -> str:
    """The sentence about it, for a command of these words."""
    from gridplan.files.whole import why

    cause = why(fault)
    return Text(f"the output cannot be written: {cause.en}", f"输出无法写入：{cause.zh}").say(asked(words))


def asked(words: Sequence[str]) -> Language:
    """The language that a command line asks for (`--lang zh`, `--lang=zh`), else the machine's."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        given = following if word == "--lang" else word.removeprefix("--lang=")
        if given == "zh":
            return "zh"
        if given == "en":
            return "en"
    return preferred_language()

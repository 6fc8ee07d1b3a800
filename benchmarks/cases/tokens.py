"""Numbers of a text file one by one, each with its line, so that an error says where."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np


class FormatError(ValueError):
    """A file that is not of the format asked for: file, line, what was expected."""


class Tokens:
    """The numbers of a file, in order, whatever the line breaks."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise FormatError(f"{file}: not a text file") from None
        except OSError as failed:
            raise FormatError(f"{file}: cannot be read ({failed.strerror})") from None
        self._words = [(word, n) for n, line in enumerate(text.splitlines(), 1) for word in line.split()]
        self._at = 0

    def __len__(self) -> int:
        return len(self._words)

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._words)

    def number(self, what: str) -> float:
        """The next number; `what` it is, for the error."""
        if self.over:
            raise FormatError(f"{self.file}: ends before {what}")
        word, _ = self._words[self._at]
        try:
            value = float(word)
        except ValueError:
            raise self.wrong(f"{what}: expected a number, got {word!r}") from None
        if not np.isfinite(value):
            raise self.wrong(f"{what}: expected a number, got {word!r}")
        self._at += 1
        return value

    def whole(self, what: str, least: int = 0, most: int = 10**9) -> int:
        """The next number, a whole one in a range."""
        value = self.number(what)
        if value != int(value) or not least <= value <= most:
            self._at -= 1
            raise self.wrong(f"{what}: expected a whole number from {least} to {most}, got {value:g}")
        return int(value)

    def table(self, rows: int, columns: int, what: str, least: float | None = None) -> np.ndarray:
        """The next rows × columns numbers; one by one only where one of them is wrong."""
        words = [word for word, _ in self._words[self._at : self._at + rows * columns]]
        with suppress(ValueError):
            read = np.array(words, dtype=float)
            if (
                len(read) == rows * columns
                and np.isfinite(read).all()
                and (least is None or (read >= least).all())
            ):
                self._at += len(read)
                return read.reshape(rows, columns)
        out = np.empty((rows, columns))
        for r in range(rows):
            for c in range(columns):
                out[r, c] = self.number(f"{what}, row {r + 1} of {rows}, column {c + 1} of {columns}")
                if least is not None and out[r, c] < least:
                    self._at -= 1
                    raise self.wrong(f"{what}, row {r + 1}: expected ≥ {least:g}, got {out[r, c]:g}")
        return out

    def end(self) -> None:
        """Nothing may follow."""
        if not self.over:
            raise self.wrong(f"expected the end of the file, got {self._words[self._at][0]!r}")

    def wrong(self, why: str) -> FormatError:
        """The error at the next number."""
        line = self._words[min(self._at, len(self._words) - 1)][1]
        return FormatError(f"{self.file}, line {line}: {why}")

"""Notes: what reading notices, gathered so that all of it is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from gridplan.words.findings import Finding
from gridplan.words.text import Text

SHOWN_HEADERS = 12
ALIKE = 0.7  # less alike than this, a word is no guess at another
LEAST_BEGINNING = 4
LOOKALIKES = str.maketrans("lIoO", "1100")


class FileFault(Exception):
    """A file that cannot be used at all."""

    def __init__(self, code: str, what: Text, hint: Text) -> None:
        self.code, self.what, self.hint = code, what, hint
        super().__init__(what.en)


@dataclass
class Notes:
    """The findings of reading; `broken` once no Region can be made."""

    findings: list[Finding] = field(default_factory=list)
    broken: bool = False

    def fault(self, code: str, table: str, what: Text, hint: Text, id: str = "") -> None:
        """Something without which no Region can be made."""
        self.broken = True
        self._add("error", code, table, what, hint, id=id)

    def error(
        self, code: str, table: str, what: Text, hint: Text, row: int | None = None, id: str = ""
    ) -> None:
        """A wrong cell or row: the Region is made, no plan."""
        self._add("error", code, table, what, hint, row, id)

    def warn(
        self, code: str, table: str, what: Text, hint: Text, row: int | None = None, id: str = ""
    ) -> None:
        """What a planner should know and the plan can live with."""
        self._add("warning", code, table, what, hint, row, id)

    def _add(
        self,
        severity: Literal["error", "warning"],
        code: str,
        table: str,
        what: Text,
        hint: Text,
        row: int | None = None,
        id: str = "",
    ) -> None:
        self.findings.append(Finding(severity, code, table, what, hint, row, id))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant: the one with 1 for l and 0 for O, one that `word` goes on from
    (310101 for 310101001), else the most alike; "" where none is. Codes that differ in a digit are not alike.
    """
    words = list(known)
    if (straight := word.translate(LOOKALIKES)) in words:
        return straight
    if begun := [w for w in words if len(w) >= LEAST_BEGINNING and word.startswith(w)]:
        return max(begun, key=len)
    if word.isdigit():
        return ""
    near = difflib.get_close_matches(word, words, n=len(words) or 1, cutoff=ALIKE)
    return max(near, key=lambda w: _alike(word, w), default="")


def _alike(word: str, other: str) -> tuple[float, int]:
    """How alike two words are; of equally alike ones, those with more letters in the same place."""
    ratio = difflib.SequenceMatcher(None, other, word).ratio()
    return ratio, sum(a == b for a, b in zip(word, other, strict=False))


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """ "Did you mean …?" for the nearest known word, else the list of known words."""
    words = list(known)
    if near := nearest(word, words):
        return Text(f"did you mean '{near}'?", f"是否想写“{near}”？")
    return Text(f"known: {listed(words)}", f"可用：{listed(words)}")


def listed(words: Iterable[str]) -> str:
    """The first dozen words, the rest counted."""
    shown = list(words)
    more = f" … (+{len(shown) - SHOWN_HEADERS})" if len(shown) > SHOWN_HEADERS else ""
    return ", ".join(shown[:SHOWN_HEADERS]) + more

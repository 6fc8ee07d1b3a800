"""Notes: what reading notices, gathered so that all of it is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from gridplan.findings import Finding
from gridplan.text import Text

SHOWN_HEADERS = 12


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


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """ "Did you mean …?" for the nearest known word, else the list of known words."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return Text(f"did you mean '{near[0]}'?", f"是否想写“{near[0]}”？")
    return Text(f"known: {listed(words)}", f"可用：{listed(words)}")


def listed(words: Iterable[str]) -> str:
    """The first dozen words, the rest counted."""
    shown = list(words)
    more = f" … (+{len(shown) - SHOWN_HEADERS})" if len(shown) > SHOWN_HEADERS else ""
    return ", ".join(shown[:SHOWN_HEADERS]) + more

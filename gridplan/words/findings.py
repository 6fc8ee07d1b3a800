"""Findings: what is wrong with the data, all at once, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gridplan.words.html import card, html_row, html_table
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import PLACES, both_words

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
Severity = Literal["error", "warning"]

SEVERITY_WORDS = {"error": Text("error", "错误"), "warning": Text("warning", "提醒")}
HEADINGS = {
    "severity": Text("severity", "程度"),
    "code": Text("code", "代码"),
    "table": Text("table", "表"),
    "row": Text("row", "行"),
    "id": Text("id", "编号"),
    "what": Text("what", "问题"),
    "hint": Text("hint", "建议"),
}


@dataclass(frozen=True)
class Finding:
    """One fault: how bad, where, what, and what to do about it.

    Parameters
    ----------
    severity : Severity
        "error" stops a plan, "warning" travels with it.
    code : str
        Short constant name of the fault, the same in both languages ("swapped-lon-lat").
    table : str
        The table it is in ("hospitals"), or "region" for the folder itself.
    what, hint : Text
        One sentence each.
    row : int or None, default None
        The row as a spreadsheet numbers it (the header is row 1), None where it has none.
    id : str, default ""
        The id of the offender, empty where it has none.

    Examples
    --------
    >>> import gridplan as gp
    >>> from gridplan.words.text import both
    >>> fault = gp.results.Finding("warning", "old", "units", both("old people"), both("ask again"))
    >>> print(fault.line().splitlines()[0])
    warning: units: old people
    """

    severity: Severity
    code: str
    table: str
    what: Text
    hint: Text
    row: int | None = None
    id: str = ""

    def line(self, lang: Language = "en") -> str:
        """The finding as a line of text: where, what, hint."""
        row = "" if self.row is None else (f", row {self.row}" if lang == "en" else f"第 {self.row} 行")
        who = f" ({self.id})" if self.id else ""
        mark = "hint" if lang == "en" else "建议"
        severity = SEVERITY_WORDS[self.severity].say(lang)
        what, hint = f"{who}: {self.what.say(lang)}", self.hint.say(lang)
        table = self.table if lang == "en" else both_words(PLACES, self.table).zh
        return f"{severity}: {table}{row}{visible(what)}\n  {mark}: {visible(hint)}"


def visible(text: str) -> str:
    """Text whose names cannot move the cursor of a terminal, break the line or turn its direction."""
    return CONTROL.sub("?", text)


class Findings(tuple[Finding, ...]):
    """An ordered bundle of findings; errors first."""

    def __new__(cls, items: Iterable[Finding] = ()) -> Findings:
        return super().__new__(cls, sorted(items, key=lambda f: f.severity != "error"))

    def __iter__(self) -> Iterator[Finding]:
        return super().__iter__()

    @property
    def errors(self) -> Findings:
        """Only what stops a plan."""
        return Findings(f for f in self if f.severity == "error")

    @property
    def warnings(self) -> Findings:
        """Only what travels with a plan."""
        return Findings(f for f in self if f.severity == "warning")

    def to_frame(self, lang: Language = "en") -> pd.DataFrame:
        """A row per finding: severity, code, table, row, id, what, hint (column names are constant)."""
        rows = [(f.severity, f.code, f.table, f.row, f.id, f.what.say(lang), f.hint.say(lang)) for f in self]
        frame = pd.DataFrame(rows, columns=list(HEADINGS))
        return frame.astype({"row": "Int64"})

    def report(self, lang: Language = "en") -> str:
        """All findings as text, errors first; a single sentence where there is none."""
        if not self:
            return "No findings." if lang == "en" else "没有发现问题。"
        return "\n".join(f.line(lang) for f in self)

    def __str__(self) -> str:
        return self.report()

    def _repr_html_(self) -> str:
        errors = len(self.errors)
        if not self:
            return card(Text("No findings.", "没有发现问题。"))
        rows = [
            html_row(
                (
                    SEVERITY_WORDS[f.severity],
                    both_words(PLACES, f.table),
                    "" if f.row is None else str(f.row),
                    f.id,
                    f.what,
                    f.hint,
                )
            )
            for f in self
        ]
        head = Text(
            f"{errors} error(s), {len(self) - errors} warning(s)",
            f"错误 {errors} 处，提醒 {len(self) - errors} 处",
        )
        shown = ("severity", "table", "row", "id", "what", "hint")
        return card(head, html_table([HEADINGS[name] for name in shown], rows))

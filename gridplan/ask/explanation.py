"""Explanation: an answer to one question about a plan, as sentences in both languages and as a table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.text import Language, Text, both


@dataclass(frozen=True, eq=False)
class Explanation:
    """What was asked, the answer in a few sentences, and a row per alternative.

    Parameters
    ----------
    title : Text
        What the question is about.
    lines : tuple[Text, ...]
        The answer, a sentence each.
    table : DataFrame
        A row per alternative; columns have constant names, `what` and `what_zh` say each row in words.
    lang : Language, default "en"
        The language in which it prints.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> len(gp.tight(plan).table)
    3
    """

    title: Text
    lines: tuple[Text, ...]
    table: pd.DataFrame
    lang: Language = "en"

    def say(self, lang: Language | None = None) -> str:
        """Title, sentences, and the rows of the table in words."""
        spoken = lang or self.lang
        rows = self.table["what_zh" if spoken == "zh" else "what"]
        return "\n".join(
            [
                self.title.say(spoken),
                *(f"  {line.say(spoken)}" for line in self.lines),
                *(f"  - {r}" for r in rows),
            ]
        )

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table.copy()

    def __str__(self) -> str:
        return self.say()

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        figures = [str(column) for column in self.table.columns if column not in ("what", "what_zh")]
        headings = [Text("in words", "说明"), *(both(column) for column in figures)]
        rows = [
            html_row((Text(row["what"], row["what_zh"]), *(row[column] for column in figures)))
            for row in self.table.to_dict("records")
        ]
        lines = "".join(said(line, "li") for line in self.lines)
        return card(self.title, f"<ul>{lines}</ul>" if lines else "", html_table(headings, rows))

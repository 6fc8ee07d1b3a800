"""A table for people: bilingual headings, plain cells. Workbook and report share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from gridplan.words.text import Shown, Text, halves, shown_now
from gridplan.words.vocabulary import both_words

Kind = Literal["text", "long", "people", "minutes", "number", "share"]


@dataclass(frozen=True)
class Column:
    """A heading in both languages, and what the cells are: text, persons, minutes, numbers or shares.

    `only`: the language in which the cells are, where the table has a column for each; "both" where one language has no
    need of the column.
    """

    heading: Text
    kind: Kind = "text"
    only: Shown | None = None


@dataclass(frozen=True)
class Table:
    """A table with its title; a cell is text, a number or None."""

    title: Text
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]


def in_shown(table: Table) -> Table:
    """The table without the columns of a language that is not shown."""
    spoken = shown_now()
    keep = [n for n, column in enumerate(table.columns) if spoken == "both" or column.only in (None, spoken)]
    rows = [tuple(row[n] for n in keep) for row in table.rows]
    return Table(table.title, tuple(table.columns[n] for n in keep), rows)


def two(text: Text) -> str:
    """Both languages in one cell, Chinese first; once where they are the same."""
    return " ".join(part for part in halves(text) if part)


def word(words: Mapping[Any, Text], key: Any) -> str:
    """A word of a closed list in both languages, "" where there is none."""
    return "" if pd.isna(key) else two(both_words(words, key))


def cell(value: Any) -> Any:
    """A plain value for a cell: None for what is missing or endless, Python numbers for numpy's."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value

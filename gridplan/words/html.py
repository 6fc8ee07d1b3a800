"""Pieces of HTML that both languages share: reports, and tables in notebooks. Every text is escaped here; nothing runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from gridplan.words.text import Text, halves

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # signs that turn the direction of writing
TURNS = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
)  # and letters from the right
# Notebooks set tables of numbers, to the right on one line; these few rules are for tables of words and reach nothing else.
CARD_STYLE = (
    ".gridplan th,.gridplan td{text-align:left!important;vertical-align:top!important;white-space:normal!important}"
    ".gridplan .n{text-align:right!important}.gridplan .en{opacity:.7;font-size:.9em}.gridplan p{margin:2px 0}"
)


def said(text: Text, tag: str = "span") -> str:
    """Chinese, then English smaller; once where both are the same, or where one language is asked for."""
    first, second = halves(text)
    english = f' <span class="en" lang="en">{_straight(second)}</span>' if second else ""
    return f"<{tag}>{_straight(first)}{english}</{tag}>"


def shown(value: Any) -> str:
    """A name from the data, "" where there is none; one that could turn what stands around it is kept to itself."""
    text = escape(text_of(value))
    return f"<bdi>{text}</bdi>" if TURNS.search(text) else text


def _straight(sentence: str) -> str:
    """A sentence in which no name can turn the direction of the rest."""
    return escape(TURNING.sub("\ufffd", sentence))


def section(title: Text, *parts: str) -> str:
    """A section under its heading."""
    return f"<section>{said(title, 'h2')}{''.join(parts)}</section>"


def card(title: Text, *parts: str) -> str:
    """What a notebook shows of an object: a line in bold, then its tables."""
    return (
        f'<div class="gridplan"><style>{CARD_STYLE}</style><p><b>{said(title)}</b></p>{"".join(parts)}</div>'
    )


def html_table(headings: Sequence[Text], rows: Iterable[str]) -> str:
    """A table of rows that are HTML already."""
    return grouped_table(headings, [rows])


def grouped_table(headings: Sequence[Text], groups: Iterable[Iterable[str]]) -> str:
    """The same in groups of rows; on paper a group stays on one page where it can."""
    head = "".join(f'<th scope="col">{said(text)}</th>' for text in headings)
    bodies = "".join(f"<tbody>{''.join(rows)}</tbody>" for rows in groups)
    return f"<table><thead><tr>{head}</tr></thead>{bodies}</table>"


def html_row(values: Iterable[Any]) -> str:
    """A row of plain values: a Text in both languages, numbers to the right, anything else as text."""
    return f"<tr>{''.join(_cell(value) for value in values)}</tr>"


def _cell(value: Any) -> str:
    if isinstance(value, Text):
        return f"<td>{said(value, 'div')}</td>"
    if isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value):
        return f'<td class="n">{round(value, 4):,}</td>'
    return f"<td>{shown(value)}</td>"


def figures(cells: Iterable[str]) -> str:
    """Cells of figures that are written already, to the right."""
    return "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)


def chip(colour: str, number: int) -> str:
    """A partner's or lead's number on its colour."""
    return (
        f'<svg class="chip" viewBox="0 0 18 18" aria-hidden="true"><rect width="18" height="18" rx="3" '
        f'fill="{colour}"/><text x="9" y="13" text-anchor="middle">{number}</text></svg>'
    )


def text_of(value: Any) -> str:
    """A text, "" where there is none."""
    return "" if pd.isna(value) else str(value)


def count(value: Any) -> str:
    """A number of persons."""
    return "–" if pd.isna(value) else f"{float(value):,.0f}"


def minutes(value: Any) -> str:
    """Minutes with one decimal."""
    return "–" if pd.isna(value) else f"{float(value):.1f}"

"""Pieces of a page of HTML that both languages share; every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from gridplan.text import Text


def said(text: Text, tag: str = "span") -> str:
    """Chinese, then English smaller; once where both are the same."""
    english = "" if text.en == text.zh else f' <span class="en" lang="en">{escape(text.en)}</span>'
    return f"<{tag}>{escape(text.zh)}{english}</{tag}>"


def section(title: Text, *parts: str) -> str:
    """A section under its heading."""
    return f"<section>{said(title, 'h2')}{''.join(parts)}</section>"


def html_table(headings: Sequence[Text], rows: Iterable[str]) -> str:
    """A table of rows that are HTML already."""
    head = "".join(f'<th scope="col">{said(text)}</th>' for text in headings)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


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

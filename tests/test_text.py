"""A sentence in two languages, written in one line."""

from __future__ import annotations

import pytest

from gridplan.words.text import Text, both, two_halves


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("人口：普查 / Residents: census", Text("Residents: census", "人口：普查")),
        ("Residents: census / 人口：普查", Text("Residents: census", "人口：普查")),
        ("区界：甲 / 乙", both("区界：甲 / 乙")),
        ("roads / rails", both("roads / rails")),
        ("人口/census", both("人口/census")),
    ],
)
def test_both_halves_are_told_apart_where_there_are_two(line: str, text: Text) -> None:
    assert two_halves(line) == text

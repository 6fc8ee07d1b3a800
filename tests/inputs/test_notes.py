"""What may have been meant by a word that is not known."""

from __future__ import annotations

import pytest

from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import nearest


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("dataum", ["name", "datum"], "datum"),
        ("31010l", ["310120", "310101"], "310101"),  # l for 1
        ("SH0O2", ["SH042", "SH002"], "SH002"),  # O for 0
        (
            "310101001000",
            ["310110", "310101"],
            "310101",
        ),  # the code of a street begins with that of its district
        ("510185", ["510184", "510182"], ""),  # another code, not a slip
        ("SH999", ["SH039", "SH002"], ""),
        ("municpal", ["provincial", "municipal"], "municipal"),
        ("x", [], ""),
    ],
)
def test_what_was_meant(word, known, meant):
    assert nearest(word, known) == meant


def test_rows_are_told_in_ranges_and_the_rest_counted():
    assert row_ranges([5, 3, 4, 9]) == "3–5, 9"
    assert row_ranges(range(2, 60, 2)) == "2, 4, 6, 8, 10, 12, 14, 16, 18, 20 … (+19)"

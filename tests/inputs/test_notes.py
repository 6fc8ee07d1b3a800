"""What may have been meant by a word that is not known."""

from __future__ import annotations

import pytest

from gridplan.doctor.doctor import check
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.sheets.condense import condensed, row_ranges
from gridplan.inputs.sheets.notes import nearest
from gridplan.words.findings import Finding
from gridplan.words.text import both


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


@pytest.mark.parametrize(("rows", "lines"), [(3, 3), (4, 1), (9, 1)])
def test_more_than_three_alike_are_one_line_with_their_rows(rows, lines):
    alike = [
        Finding("warning", "odd", "units", both("odd"), both("look"), n + 2, f"U{n}") for n in range(rows)
    ]
    other = Finding("warning", "odd", "units", both("even"), both("look"), 99)
    told = condensed([*alike, other], {})
    assert len(told) == lines + 1
    if lines == 1:
        assert told[0].what.en == f"odd The same in {rows - 1} more rows: 3–{rows + 1}." and told[0].row == 2


def test_an_unknown_word_says_where_it_can_be_taught():
    hospitals = tiny_town().hospitals.assign(tier="镇上的")
    (finding,) = [f for f in check(tiny_town().with_tables(hospitals=hospitals)) if f.code == "unknown-word"]
    assert '[words.tier] "镇上的" =' in finding.hint.en and "[words.tier]" in finding.hint.zh

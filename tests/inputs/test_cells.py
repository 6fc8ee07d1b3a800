"""Text of a cell → id, number, word."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplan.inputs.aliases import HEADERS
from gridplan.inputs.aliases import WORDS as OTHERS
from gridplan.inputs.column import plain
from gridplan.inputs.schema import ASSIGNMENT, RATES, TABLES
from gridplan.inputs.sheets.cells import (
    as_text,
    clean_grade,
    clean_id,
    clean_number,
    clean_text,
    clean_word,
    guarded,
)


@pytest.mark.parametrize(
    "text",
    [
        "310101",
        "310101.0",
        " 310101 ",
        "３１０１０１",
        "310101\u3000",
        "3.10101E5",
        "3.10101e+05",
        "'310101",
        "310101.00",
    ],
)
def test_an_id_is_text_however_a_spreadsheet_shows_it(text):
    assert clean_id(text) == "310101"


def test_an_id_keeps_its_leading_zeros_and_letters():
    assert [clean_id(t) for t in ("012345", "SH-01", "T1", "1e5")] == ["012345", "SH-01", "T1", "1e5"]


def test_an_id_whose_digits_excel_has_dropped_is_not_guessed():
    assert clean_id("3.10118E+11") is None


@pytest.mark.parametrize("text", ["", "—", "-", "NA", "n/a", " － ", "nan", "\u3000"])
def test_blanks_are_blank(text):
    assert clean_id(text) == "" and clean_text(text) == "" and math.isnan(clean_number(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1234", 1234), ("1,234", 1234), ("１２３．５", 123.5), ("-3", -3), ("1e3", 1000), (" 7 ", 7)],
)
def test_numbers(text, number):
    assert clean_number(text) == number


@pytest.mark.parametrize("text", ["12万", "about 5", "1,23", "1_000", "inf", "12人", "5%", "0x10", "1e999"])
def test_what_is_no_number_is_not_made_one(text):
    assert clean_number(text) is None


def test_persons_are_whole():
    assert clean_number("12.5", whole=True) is None and clean_number("12.0", whole=True) == 12


@pytest.mark.parametrize(
    ("table", "column", "text", "word"),
    [
        ("hospitals", "tier", "市级", "municipal"),
        ("hospitals", "tier", "区属", "district"),
        ("hospitals", "category", "中西医结合", "integrated_tcm"),
        ("hospitals", "category", "Integrated TCM", "integrated_tcm"),
        ("hospitals", "ownership", "社会办", "private"),
        ("branches", "status", "在建", "planned"),
        ("branches", "relation", "院区", "campus"),
        ("branches", "relation", "协作分院", "affiliate"),
        ("partnerships", "basis", "对口支援", "counterpart"),
        ("districts", "kind", "远郊", "outer_suburban"),
        ("districts", "kind", "Outer Suburban", "outer_suburban"),
        ("districts", "kind", "somewhere", "somewhere"),
    ],
)
def test_words_of_the_closed_lists(table, column, text, word):
    assert clean_word(text, TABLES[table].column(column)) == word


@pytest.mark.parametrize(
    ("text", "grade"),
    [("三级甲等", "3A"), ("三甲", "3A"), ("三级乙等医院", "3B"), ("二级", "2"), ("3A", "3A"), ("—", "")],
)
def test_grades(text, grade):
    assert clean_grade(text) == grade


def test_every_alias_leads_to_a_column_and_every_word_to_a_closed_list():
    columns = {(t.name, c.name): c for t in (*TABLES.values(), ASSIGNMENT, RATES) for c in t}
    assert {(t, c) for t, names in HEADERS.items() for c in names} <= set(columns)
    for name, words in OTHERS.items():
        closed = next(c.words for (_, column), c in columns.items() if column == name)
        assert set(words) <= set(closed)


def test_no_word_means_two_things():
    for words in OTHERS.values():
        all_words = [plain(w) for group in words.values() for w in group.split()]
        assert len(all_words) == len(set(all_words))


@given(st.text())
def test_a_guarded_name_is_itself_again_after_reading(name):
    clean = clean_text(name)
    assert clean_text(guarded(clean)) == clean


@given(st.integers(0, 10**15))
def test_whole_numbers_survive_being_floats(number):
    assert clean_id(as_text(float(number))) == str(number)

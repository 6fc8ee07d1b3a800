"""Colours that neighbours and colour-blind readers can tell apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplan.show.palette import FILLS, MARKS, PRIORITY_LINES, apart, partner_colours
from gridplan.vocabulary import CATEGORIES, PRIORITIES


def test_any_two_fills_differ_for_colour_blind_eyes_too() -> None:
    assert min(apart(one, other) for one, other in combinations(FILLS, 2)) > 10


def test_distance_is_that_of_cielab() -> None:
    """White and black are 100 apart for every eye, whatever it sees of colour."""
    assert apart("#FFFFFF", "#000000") == pytest.approx(100, abs=0.5)
    assert apart("#123456", "#123456") == 0


def test_dark_text_is_readable_on_every_fill() -> None:
    """Contrast 3:1, what WCAG asks of large or bold text, and of marks."""
    ink = 0.024  # relative luminance of the ink
    for fill in FILLS:
        red, green, blue = (int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
        light = sum(w * c**2.2 for w, c in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True))
        assert (light + 0.05) / (ink + 0.05) >= 3, fill


def test_every_category_has_a_shape_and_a_letter_of_its_own() -> None:
    assert set(MARKS) == set(CATEGORIES)
    assert (
        len({mark.path for mark in MARKS.values()})
        == len({mark.letter for mark in MARKS.values()})
        == len(MARKS)
    )


def test_every_priority_has_a_line_that_differs_without_its_colour() -> None:
    assert set(PRIORITY_LINES) == set(PRIORITIES)
    assert len({line.dashes for line in PRIORITY_LINES.values()}) == len(PRIORITY_LINES)


@st.composite
def maps(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    """Partners, and which of them touch."""
    ids = [f"H{n:02}" for n in range(draw(st.integers(1, 30)))]
    one = st.sampled_from(ids)
    return ids, draw(st.lists(st.tuples(one, one), max_size=60))


@given(maps())
def test_neighbours_differ_where_the_fills_suffice(drawn: tuple[list[str], list[tuple[str, str]]]) -> None:
    ids, touching = drawn
    near = {one: {b for pair in touching for a, b in (pair, pair[::-1]) if a == one} - {one} for one in ids}
    colours = partner_colours(ids, touching)
    assert list(colours) == ids
    for one in ids:
        for other in near[one]:
            if min(len(near[one]), len(near[other])) < len(FILLS):
                assert colours[one] != colours[other]


def test_no_colour_is_used_twice_while_there_are_others() -> None:
    ids = [f"H{n}" for n in range(len(FILLS))]
    assert len(set(partner_colours(ids, []).values())) == len(FILLS)


def test_the_order_of_neighbours_does_not_matter() -> None:
    ids, touching = ["A", "B", "C", "D"], [("A", "B"), ("B", "C"), ("C", "D"), ("A", "D")]
    assert partner_colours(ids, touching) == partner_colours(ids, touching[::-1])

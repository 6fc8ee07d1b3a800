"""Colours that neighbours and colour-blind readers can tell apart."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplan.show.shared.palette import (
    FILLS,
    MARKS,
    NOBODY,
    PRIORITY_LINES,
    RAMPS,
    Ramp,
    apart,
    partner_colours,
)
from gridplan.words.vocabulary import CATEGORIES, PRIORITIES


def test_any_two_fills_differ_for_colour_blind_eyes_too() -> None:
    assert min(apart(one, other) for one, other in combinations(FILLS, 2)) > 8
    assert min(apart(fill, NOBODY) for fill in FILLS) > 4


def test_distance_is_that_of_oklab() -> None:
    """White and black are 100 apart for every eye, whatever it sees of colour; red and green are near to some."""
    assert apart("#FFFFFF", "#000000") == pytest.approx(100, abs=0.5)
    assert apart("#123456", "#123456") == 0
    assert apart("#C85A3C", "#7D7D2D") < 8 < apart("#3C5AC8", "#C85A3C")


@pytest.mark.parametrize("ramp", RAMPS.values(), ids=list(RAMPS))
def test_classes_beside_each_other_differ_for_every_eye(ramp: Ramp) -> None:
    assert len(ramp.colours) == len(ramp.breaks) + 1
    assert list(ramp.breaks) == sorted(set(ramp.breaks))
    assert min(apart(low, high) for low, high in pairwise(ramp.colours)) > 4


@pytest.mark.parametrize("key", ["minutes", "capacity"])
def test_more_is_darker(key: str) -> None:
    distances = [apart(colour, "#000000") for colour in RAMPS[key].colours]
    assert distances == sorted(distances, reverse=True)


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

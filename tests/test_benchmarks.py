"""A comparison is only worth something when both sides solve the same problem."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.city import City, problem
from benchmarks.models import gridplan, naive


@pytest.mark.parametrize("seed", range(3))
def test_both_models_prove_the_same_optimum(seed: int) -> None:
    made = problem(City(units=40, hospitals=6, districts=5, seed=seed))
    ours, theirs = gridplan(made, 30), naive(made, 30)
    assert ours.value == pytest.approx(theirs.value, rel=1e-6)
    assert ours.gap <= 1e-6
    assert theirs.gap <= 1e-6


def test_a_city_is_the_same_every_time() -> None:
    one, other = (problem(City(units=40, hospitals=6, districts=5, seed=7)) for _ in range(2))
    assert np.array_equal(one.minutes, other.minutes)
    assert np.array_equal(one.people, other.people)
    assert np.array_equal(one.priority, other.priority)


@pytest.mark.parametrize("sizes", [(3, 5, 4), (40, 0, 4), (40, 1, 4)])
def test_a_city_that_cannot_be_is_refused(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"at least|too few"):
        City(*sizes)

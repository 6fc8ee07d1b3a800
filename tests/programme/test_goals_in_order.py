"""Goals in strict order: when the search of one may end, and what later goals may still choose."""

from __future__ import annotations

import numpy as np
import pytest

from gridplan.optimise.model.assembly import Programme as Assembly
from gridplan.optimise.programme.goals_in_order import Aim, solve_in_order


def choice(first, second):
    """One of three decisions; what each costs under two goals."""
    model = Assembly()
    x = model.columns(3)
    model.row(x, 1.0, low=1.0, high=1.0)
    aims = [Aim("first", np.array(first, dtype=float)), Aim("second", np.array(second, dtype=float))]
    return solve_in_order(model, aims, x, x[:0])


@pytest.mark.parametrize(
    ("first", "second", "on"),
    [([1, 2, 3], [9, 0, 0], 0), ([1, 1, 3], [9, 5, 0], 1), ([1, 1 + 1e-3, 3], [9, 0, 0], 0), ([0, 0, 0], [3, 2, 1], 2)],
    ids=["only one is best", "two are as good", "the second best is near", "all are as good"],
)  # fmt: skip
def test_later_goals_choose_among_decisions_that_are_as_good_and_no_others(first, second, on):
    found = choice(first, second)
    assert found.values.argmax() == on
    assert [r.value for r in found.reached] == [first[on], second[on]]
    assert all(r.gap <= 1e-6 for r in found.reached)


@pytest.mark.parametrize(("asked", "above"), [(1.5, True), (2.0, False), (4.0, False)])
def test_whether_the_least_is_above_a_number(asked, above):
    """Two of five, at least: the least is 2, and the relaxed programme says 1.75."""
    model = Assembly()
    x = model.columns(5)
    model.row(x, np.array([4.0, 4.0, 4.0, 4.0, 4.0]), low=7.0)
    answer = model.solve(np.ones(5), None, asked=asked)
    assert (answer.bound > asked) == above

"""A model that does not fit the clock is said before it is built: cut to cheap hospitals, with a bound on the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.cases.city import City, problem
from gridplan.optimise.model import narrowed as narrow
from gridplan.optimise.model.solve_reference import find
from gridplan.optimise.problem import Problem
from gridplan.words.errors import NoPlanInTimeError
from gridplan.words.progress import Step


def town(seed: int = 1) -> Problem:
    return problem(City(60, 12, 4, seed, 3.0))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cut_model_gives_a_plan_of_the_whole_problem_and_a_bound_below_its_optimum(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    p, said = town(seed), list[Step]()
    truth = find(p)
    monkeypatch.setattr(narrow, "MOST_PAIRS", 60 * 6)
    found = find(p, progress=said.append)
    assert truth is not None and found is not None
    assert found.bound <= truth.value * (1 + 1e-9) and truth.value <= found.value * (1 + 1e-9)
    assert found.bound < found.value and "6 cheapest hospitals" in said[0].text.en


def test_size_is_said_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrow, "BUILD", 10.0)
    with pytest.raises(
        NoPlanInTimeError, match=r"720 pairs would make a model of some 2 MB, built in .* s"
    ) as late:
        find(town(), seconds=5)
    assert "give more seconds" in str(late.value) and "no plan can be below" in str(late.value)


def test_where_the_cut_model_has_no_plan_the_whole_one_is_not_called_impossible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two hospitals near everybody, too small for all."""
    p = town()
    p = replace(p, capacity=np.where(np.arange(12) < 2, 1.0, p.people.sum()), district_cap=np.full(4, 3))
    near = np.where(p.hospital < 2, 0.0, p.stages[0].cost)
    p = replace(p, stages=(replace(p.stages[0], cost=near),))
    assert find(p) is not None
    monkeypatch.setattr(narrow, "MOST_PAIRS", 60 * 2)
    with pytest.raises(NoPlanInTimeError, match="2 cheapest hospitals"):
        find(p)


def test_what_fits_is_left_whole() -> None:
    assert narrow.narrowed(town(), 60.0) is None and narrow.narrowed(town(), None) is None
    size = narrow.size_of(town())
    assert (size.pairs, size.units) == (720, 60) and size.room(1e9) > size.pairs

"""Parts that hang together at a size that the exact model does not reach: every rule kept, the bound below the optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.cases.city import City, problem
from gridplan.optimise.engines import choose as engines
from gridplan.optimise.engines.connected import connected as parts
from gridplan.optimise.engines.connected.mend import Mender
from gridplan.optimise.model.separators import fragments
from gridplan.optimise.problem import Problem
from gridplan.optimise.run.clock import Clock
from gridplan.words.errors import SolveError


def city(ratio: float | None = 2.0, seed: int = 1, units: int = 240) -> Problem:
    return problem(City(units, 10, 6, seed, ratio, contiguous=True))


def keeps(p: Problem, serves: np.ndarray) -> bool:
    load = np.bincount(serves, weights=p.people, minlength=len(p.hospital_ids))
    pairs = np.unique(np.stack([p.district, serves]), axis=1)
    few = (np.bincount(pairs[0]) <= p.district_cap).all() and (
        np.bincount(pairs[1], minlength=len(p.hospital_ids)) <= p.hospital_cap
    ).all()
    return bool((load <= p.capacity).all() and few and next(fragments(p, serves), None) is None)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("ratio", [None, 3.0, 1.8])
def test_plans_keep_every_rule_and_bounds_are_below_the_optimum(
    ratio: float | None, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = city(ratio, seed, 90)
    exact = engines.solve(p, engine="highs")
    monkeypatch.setattr(parts, "EXACT", 0)
    found = engines.solve(p, engine="connected", seconds=20)
    assert found.engine == "connected" and keeps(p, found.serves)
    assert found.bound * (1 - 1e-9) <= exact.value <= found.value * (1 + 1e-9)


def test_a_problem_too_large_for_the_exact_model_gets_the_whole_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the exact model does not use is not left lying: at 60 s the search used to end after 48."""
    given = []

    def noting(p: Problem, seconds: float | None, *rest: object) -> object:
        given.append(seconds)
        return parts_columns(p, seconds, *rest)

    parts_columns = parts.solve_by_columns
    monkeypatch.setattr(parts, "solve_by_columns", noting)
    engines.solve(city(3.0, 1, 60), engine="connected", seconds=40)
    monkeypatch.setattr(parts, "EXACT", 0)
    engines.solve(city(3.0, 1, 60), engine="connected", seconds=40)
    assert given[0] == pytest.approx(32, abs=2) and given[1] == pytest.approx(40, abs=2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_torn_plan_is_mended_and_gets_no_dearer_by_work(seed: int) -> None:
    p, rng = city(3.0, seed), np.random.default_rng(seed)
    whole = engines.solve(p, engine="connected", seconds=5).serves
    torn = whole.copy()
    for u in rng.choice(len(torn), 25, replace=False).tolist():
        mates = np.unique(whole[p.district == p.district[u]])
        torn[u] = rng.choice(mates)
    mender = Mender(p)
    assert next(fragments(p, torn), None) is not None
    made = mender.mended(torn, Clock(10))
    assert made is not None and keeps(p, made)
    assert mender.value(made) <= mender.value(torn)


def test_only_the_engine_for_parts_and_the_reference_take_them() -> None:
    p = city()
    for name in engines.FAST:
        if name != "connected":
            with pytest.raises(SolveError, match="cannot solve this"):
                engines.solve(p, engine=name)
    assert engines.choose(p)[0] == "connected"
    with pytest.raises(SolveError, match="no parts have to hang together"):
        engines.solve(replace(p, neighbours=None), engine="connected")


def test_a_large_fragment_is_bridged_where_the_part_beside_it_has_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """5 rows of 9 units; the first hospital is near in the middle columns, the second everywhere, on both sides of it."""
    n, columns = 45, np.arange(45) % 9
    middle = (columns >= 3) & (columns <= 5)
    minutes = np.stack([np.where(middle, 0.5, 3.0), np.ones(n)], axis=1).ravel()
    right = [(u, u + 1) for u in range(n) if columns[u] < 8]
    down = [(u, u + 9) for u in range(n - 9)]
    plain = problem(City(n, 2, 1, contiguous=True))
    p = replace(
        plain, people=np.ones(n, dtype=np.int64), demand=np.ones(n), minutes=minutes, capacity=np.array([20.0, 45.0]),
        neighbours=np.array(right + down), stages=(replace(plain.stages[0], cost=minutes),),
    )  # fmt: skip
    torn = np.where(middle, 0, 1)
    mender = Mender(p)
    mended, joined = mender.mended(torn, Clock(10)), mender._worked(torn, Clock(10))
    assert mended is not None and keeps(p, mended) and joined is not None
    assert mender.value(mended) <= mender.value(joined)
    bridged = mender._bridged(torn)
    assert bridged is not None and (bridged != torn).sum() == 3, "a bridge across three columns"
    assert all(bridged[parts[0][0]] == 0 for parts in fragments(p, bridged)), (
        "the second hospital's part is whole"
    )

    def gives_up(serves: np.ndarray, clock: Clock) -> np.ndarray | None:
        return None if (serves == torn).all() else serves

    monkeypatch.setattr(mender, "_worked", gives_up)
    made = mender.mended(torn, Clock(10))
    assert made is not None and (made == bridged).all(), "the bridged plan counts where joining finds none"

"""A `Problem` straight from arrays, for those who come with a matrix instead of a region and a policy.

>>> import numpy as np
>>> from gridplan.optimise.arrays import from_arrays
>>> from gridplan.optimise.engines import solve
>>> minutes = np.array([[0.0, 9.0, 5.0], [9.0, 0.0, 5.0], [4.0, 8.0, 1.0]])
>>> solve(from_arrays(minutes, leads=1)).goals[-1].value  # the p-median with p = 1
11.0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import GOALS

Numbers = Any  # a number, a sequence of numbers or an array


def from_arrays(
    minutes: Numbers,
    *,
    leads: Numbers | None = None,
    people: Numbers | None = None,
    district: Numbers | None = None,
    capacity: Numbers | None = None,
    use: Numbers | None = None,
    opening_price: Numbers | None = None,
    hospital_cap: Numbers | None = None,
    allowed: Numbers | None = None,
    pinned: Numbers | None = None,
    unit_ids: Numbers | None = None,
    hospital_ids: Numbers | None = None,
) -> Problem:
    """A problem of n units and m hospitals; with one district it is a problem of many leads in one region.

    ================================== =============================================================
    p-median                           `leads=p`
    capacitated p-median               `leads=p, capacity=Q, use=demand`
    single-source facility location    `capacity=Q, use=demand, opening_price=f`
    generalised assignment             `capacity=b, use=r` with r per pair
    ================================== =============================================================

    Parameters
    ----------
    minutes : (n, m) cost per person, inf or NaN where the unit cannot go there; or a scipy sparse matrix, whose stored
        entries (zeros too) are the pairs.
    leads : the most partners that count, one number or one per district; no cap where None.
    people : (n,) whole numbers ≥ 0, what the cost is multiplied with; 1 where None.
    district : (n,) 0 … D − 1; one district where None.
    capacity : one number or (m,), inf where none.
    use : capacity that a unit uses, (n,) or (n, m); its people where None. Units without people use none.
    opening_price : added for each hospital that a district uses: one number, (m,) or (D, m), ≥ 0.
    hospital_cap : the most districts of a hospital, one number or (m,); no cap where None.
    allowed, pinned : (m,) or (D, m), hospitals that may, or must, be partners.
    unit_ids, hospital_ids : names; u0, u1, … and h0, h1, … where None. Equal costs go to the hospital that stands first.

    Raises
    ------
    ValueError : the arrays do not fit together; says which, where and what is expected.
    """
    unit, hospital, cost, (n, m) = _pairs(minutes)
    persons = _whole("people", np.ones(n, dtype=np.int64) if people is None else people, (n,))
    home = _whole("district", np.zeros(n, dtype=np.int64) if district is None else district, (n,))
    districts = int(home.max()) + 1
    shape = (districts, m)
    may = np.broadcast_to(_flags("allowed", allowed, True, shape), shape).copy()
    must = np.broadcast_to(_flags("pinned", pinned, False, shape), shape).copy()
    if (must & ~may).any():
        raise ValueError(f"pinned: hospital {int(np.argwhere(must & ~may)[0][1])} is not allowed there")
    price = None if opening_price is None else _numbers("opening_price", opening_price, shape)
    return Problem(
        layer="general",
        unit_ids=_ids("unit_ids", unit_ids, "u", n),
        district_ids=_ids("district_ids", None, "d", districts),
        hospital_ids=_ids("hospital_ids", hospital_ids, "h", m),
        people=persons,
        demand=persons.astype(float),
        district=home,
        unit=unit,
        hospital=hospital,
        minutes=cost,
        counted=np.ones(m, dtype=bool),
        priority=np.ones(shape, dtype=np.int64),
        allowed=may,
        pinned=must,
        existing=np.zeros(shape, dtype=bool),
        district_cap=_caps("leads", leads, districts),
        hospital_cap=_caps("hospital_cap", hospital_cap, m),
        capacity=np.full(m, np.inf) if capacity is None else _numbers("capacity", capacity, (m,)),
        within=np.ones(len(cost), dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(len(cost)),
        least_partners=0,
        least_share=0.0,
        stages=(Stage("travel", GOALS["travel"], cost, pair_price=price),),
        use=None if use is None else _use(use, unit, hospital, persons, (n, m)),
    )


def _pairs(minutes: Numbers) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[int, int]]:
    """Kept pairs sorted by unit, then hospital."""
    from scipy import sparse  # heavy

    if sparse.issparse(minutes):
        stored = minutes.tocsr().copy()
        stored.sum_duplicates()
        unit = np.repeat(np.arange(stored.shape[0]), np.diff(stored.indptr))
        hospital, cost, shape = stored.indices.astype(np.int64), stored.data.astype(float), stored.shape
        there = np.isfinite(cost)
        unit, hospital, cost = unit[there], hospital[there], cost[there]
    else:
        dense = np.asarray(minutes, dtype=float)
        if dense.ndim != 2 or not dense.size:
            raise ValueError(f"minutes: expected a matrix of units × hospitals, got shape {dense.shape}")
        unit, hospital = np.nonzero(np.isfinite(dense))
        cost, shape = dense[unit, hospital], dense.shape
    if (cost < 0).any():
        at = int(np.argmax(cost < 0))
        raise ValueError(
            f"minutes: negative ({cost[at]:g}) at unit {unit[at]}, hospital {hospital[at]}; expected ≥ 0"
        )
    nowhere = np.flatnonzero(np.bincount(unit, minlength=shape[0]) == 0)
    if len(nowhere):
        raise ValueError(f"minutes: unit {nowhere[0]} reaches no hospital ({len(nowhere)} such units)")
    return unit, hospital, cost, (int(shape[0]), int(shape[1]))


def _use(
    given: Numbers, unit: np.ndarray, hospital: np.ndarray, people: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    array = np.asarray(given, dtype=float)
    per_pair = array.ndim == 2
    used = _numbers("use", array, shape if per_pair else shape[:1])
    used = used[unit, hospital] if per_pair else used[unit]
    if not np.isfinite(used).all():
        raise ValueError("use: not a number where a pair needs one")
    return np.where(people[unit] > 0, used, 0.0)


def _numbers(name: str, given: Numbers, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers ≥ 0 of a shape; a single one, or one per hospital, stands for all."""
    array = np.asarray(given, dtype=float)
    try:
        array = np.broadcast_to(array, shape).copy()
    except ValueError:
        raise ValueError(f"{name}: got shape {array.shape}, expected {shape}") from None
    wrong = np.argwhere(~(array >= 0))
    if len(wrong):
        at = tuple(wrong[0].tolist())
        raise ValueError(f"{name}: {array[at]:g} at {at}, expected a number ≥ 0")
    return array


def _whole(name: str, given: Numbers, shape: tuple[int, ...]) -> np.ndarray:
    array = _numbers(name, given, shape)
    wrong = np.flatnonzero(array != np.floor(array))
    if len(wrong):
        raise ValueError(f"{name}: {array[wrong[0]]:g} at {wrong[0]}, expected whole numbers")
    return array.astype(np.int64)


def _caps(name: str, given: Numbers | None, size: int) -> np.ndarray:
    return np.full(size, NO_CAP) if given is None else _whole(name, given, (size,))


def _flags(name: str, given: Numbers | None, default: bool, shape: tuple[int, int]) -> np.ndarray:
    if given is None:
        return np.array(default)
    array = np.asarray(given)
    if array.dtype != bool or array.shape not in (shape, shape[1:]):
        raise ValueError(
            f"{name}: got {array.dtype} of shape {array.shape}, expected bool of shape {shape[1:]} or {shape}"
        )
    return array


def _ids(name: str, given: Numbers | None, letter: str, size: int) -> np.ndarray:
    if given is None:
        return np.array([f"{letter}{i}" for i in range(size)], dtype=object)
    ids = np.array([str(one) for one in given], dtype=object)
    if len(ids) != size or len(set(ids)) != size:
        raise ValueError(
            f"{name}: expected {size} different names, got {len(ids)} ({len(set(ids))} different)"
        )
    return ids

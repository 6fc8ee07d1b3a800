"""Small random problems for hypothesis, straight from arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import both
from tests.rules import having

RULES = (
    "strict", "unreachable", "exempt", "use", "pair_price", "goals", "tolerance", "empty", *having("drawn"),
)  # fmt: skip
# Rules that most of the tests draw.
USUAL = ("district_cap", "hospital_cap", "ban", "eligibility", "pin", "capacity", "travel_standard")
GOALS = (
    "coverage",
    "deviations",
    "priority",
    "travel",
    "worst",
    "inequality",
    "balance",
    "changes",
    "partners",
)


@st.composite
def problems(
    draw: st.DrawFn,
    rules: tuple[str, ...] = RULES,
    first: str = "",
    among: tuple[str, ...] = GOALS,
    always: tuple[str, ...] = (),
    least_districts: int = 1,
    most_districts: int = 3,
) -> Problem:
    """Up to 5 units, 3 districts and 3 hospitals, with the rules named, each on or off.

    Parameters
    ----------
    first : a goal that is listed for certain, "any" for any list of goals.
    among : the goals that may be listed.
    always : rules that are on for certain.
    """
    on = {rule: draw(st.booleans()) for rule in rules} | dict.fromkeys(always, True)
    n, hospitals = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    districts = draw(st.integers(least_districts, most_districts))
    district = np.array([draw(st.integers(0, districts - 1)) for _ in range(n)])
    district[: min(n, districts)] = np.arange(min(n, districts))
    districts = int(district.max()) + 1
    people = np.array([draw(st.integers(0 if u >= districts else 1, 9)) for u in range(n)], dtype=np.int64)
    if on.get("empty"):  # whole districts too
        people *= np.array([draw(st.booleans()) for _ in range(n)])
    reach = np.ones((n, hospitals), dtype=bool)
    if on.get("unreachable"):
        reach = np.array(
            draw(st.lists(st.booleans(), min_size=n * hospitals, max_size=n * hospitals))
        ).reshape(n, hospitals)
    unit, hospital = np.nonzero(reach)
    minutes = np.array([draw(st.integers(0, 400)) for _ in unit], dtype=float) / 4
    shape = (districts, hospitals)
    priority = np.array([draw(st.integers(1, 5)) for _ in range(districts * hospitals)]).reshape(shape)
    pair_priority = priority[district[unit], hospital]
    prices = np.array([0, 5, 10, 15, 30])
    names: tuple[str, ...] = ("priority", "travel") if on.get("strict") else ("travel",)
    if on.get("goals") or first:
        names = tuple(draw(st.lists(st.sampled_from(among), min_size=1, max_size=4, unique=True)))
        names = names if first in ("", "any", *names) else (first, *names)
    cost = minutes + (0 if on.get("strict") else prices[pair_priority - 1])
    fixed = np.array([float(draw(st.integers(0, 300))) for _ in range(districts * hospitals)])
    travel = Stage(
        "travel",
        both("travel"),
        cost,
        pair_price=fixed.reshape(shape) if on.get("pair_price") else None,
    )
    use = np.array([float(draw(st.integers(0, 20))) for _ in unit]) if on.get("use") else None
    minded = on.get("most_changes") or on.get("change_price") or "changes" in names
    existing = _flags(draw, shape, 0.5 if minded else 0.0)
    p = Problem(
        layer="general",
        unit_ids=np.array([f"u{i}" for i in range(n)], dtype=object),
        district_ids=np.array([f"d{i}" for i in range(districts)], dtype=object),
        hospital_ids=np.array([f"h{i}" for i in range(hospitals)], dtype=object),
        people=people,
        demand=people.astype(float),
        district=district,
        unit=unit,
        hospital=hospital,
        minutes=minutes,
        counted=_flags(draw, (hospitals,), 0.7 if on.get("exempt") else 1.0),
        priority=priority,
        allowed=np.ones(shape, dtype=bool),
        pinned=np.zeros(shape, dtype=bool),
        existing=existing,
        present=~existing & _flags(draw, shape, 0.4 if minded else 0.0),
        district_cap=np.full(districts, NO_CAP),
        hospital_cap=np.full(hospitals, NO_CAP),
        capacity=np.full(hospitals, np.inf),
        within=np.ones(len(unit), dtype=bool),
        standard=np.inf,
        excess_price=np.zeros(len(unit)),
        least_partners=0,
        least_share=0.0,
        use=None if use is None else np.where(people[unit] > 0, use, 0.0),
        stages=_stages(
            names, travel, pair_priority, minutes > draw(st.integers(10, 90)), on.get("capacity", False)
        ),
        ties=travel,
        tolerance=draw(st.sampled_from([0.0, 0.1, 0.5])) if on.get("tolerance") else 0.0,
        caps_bend="deviations" in names,
    )
    for key, proof in having("drawn").items():
        p = proof.drawn(draw, p) if on.get(key) else p
    return p


def _stages(
    names: tuple[str, ...], travel: Stage, priority: np.ndarray, beyond: np.ndarray, capacity: bool
) -> tuple[Stage, ...]:
    nothing = np.zeros(len(priority))
    made = {
        "travel": (travel,),
        "priority": tuple(
            Stage(f"residents_through_{k}", both(str(k)), (priority >= k).astype(float), unit="residents")
            for k in (5, 4, 3, 2)
        ),
        "coverage": (Stage("coverage", both("coverage"), beyond.astype(float), unit="residents"),),
        "deviations": (Stage("deviations", both("over"), nothing, kind="deviations", unit="pairs"),),
        "worst": (Stage("worst", both("worst"), nothing, kind="worst", unit="minutes"),),
        "inequality": (Stage("inequality", both("between"), nothing, kind="inequality", unit="minutes"),),
        "balance": (
            Stage("balance", both("load"), nothing, kind="balance", unit="share of capacity" if capacity else "residents"),
        ),
        "changes": (Stage("changes", both("changes"), nothing, kind="changes", unit="pairs"),),
        "partners": (Stage("partners", both("partners"), nothing, kind="partners", unit="pairs"),),
    }  # fmt: skip
    return tuple(stage for name in names for stage in made[name])


def _flags(draw: st.DrawFn, shape: tuple[int, ...], share: float) -> np.ndarray:
    if share in (0.0, 1.0):
        return np.full(shape, share == 1.0)
    size = int(np.prod(shape))
    return np.array([draw(st.integers(1, 10)) <= share * 10 for _ in range(size)]).reshape(shape)

"""Small random layers of grids for hypothesis, straight from arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from gridplan.optimise.grid_arrays import FREE, GridArrays
from gridplan.optimise.problem import NO_CAP, Problem
from gridplan.optimise.stages import Stage
from gridplan.words.text import both
from gridplan.words.vocabulary import GRID

GRID_RULES = (
    "connected",
    "balance",
    "weights",
    "numbers",
    "city_numbers",
    "pins",
    "bans",
    "capacity",
    "limit",
    "unreachable",
    "empty",
    "campuses",
    "across",
    "links",
    "order",
)


@st.composite
def grid_problems(draw: st.DrawFn, rules: tuple[str, ...] = GRID_RULES, units: int = 6) -> Problem:
    """Up to 6 units, 2 districts and 4 leads on a path, a lattice or any graph, with the rules named, each on or off."""
    on = {rule: rule in rules and draw(st.booleans()) for rule in GRID_RULES}
    n, leads = draw(st.integers(2, units)), draw(st.integers(1, 4))
    districts = draw(st.integers(1, 2))
    district = np.array([min(u * districts // n, districts - 1) for u in range(n)])
    least_people = 0 if on["empty"] else 1
    people = np.array([draw(st.integers(least_people, 9)) for _ in range(n)], dtype=np.int64)
    home = np.array([draw(st.integers(0, districts - 1)) for _ in range(leads)])
    area = np.zeros(districts, dtype=int) if on["across"] else np.arange(districts)
    edges = np.array(draw(_graph(n, on["links"])), dtype=int).reshape(-1, 2)
    edges = edges[area[district[edges[:, 0]]] == area[district[edges[:, 1]]]]
    roots = [
        (draw(st.sampled_from(np.flatnonzero(area[district] == area[home[h]]).tolist())), h)
        for h in range(leads)
        for _ in range(draw(st.integers(1, 2)) if on["campuses"] else 1)
    ]
    roots = sorted(set(roots))
    root_unit, root_hospital = np.array([u for u, _ in roots]), np.array([h for _, h in roots])
    reach = np.array(
        [[not on["unreachable"] or draw(st.integers(0, 9)) for _ in range(leads)] for _ in range(n)]
    )
    unit, hospital = np.nonzero(reach)
    minutes = np.array([draw(st.integers(0, 80)) for _ in unit], dtype=float) / 4
    allowed = area[:, None] == area[home][None, :]
    if on["bans"]:
        allowed &= np.array([[draw(st.integers(0, 5)) > 0 for _ in range(leads)] for _ in range(districts)])
    pinned = np.zeros_like(allowed)
    if on["pins"]:
        pinned = allowed & np.array([[draw(st.integers(0, 3)) == 0] * leads for _ in range(districts)])
        pinned &= (np.arange(districts)[:, None] == home[None, :]) & (
            np.array([draw(st.booleans()) for _ in range(leads)])[None, :]
        )
    standard = float(draw(st.integers(8, 20))) if on["limit"] else np.inf
    least_in, most_in = np.ones(districts, dtype=int), np.full(districts, FREE)
    if on["numbers"]:
        most_in = np.array([draw(st.integers(1, 3)) for _ in range(districts)])
        least_in = np.array([draw(st.integers(1, int(most))) for most in most_in])
    elif on["across"]:
        least_in = np.array([draw(st.integers(0, 1)) for _ in range(districts)])
    least = draw(st.integers(1, 4)) if on["city_numbers"] else 1
    grids = GridArrays(
        neighbours=edges,
        root_unit=root_unit,
        root_hospital=root_hospital,
        home=home,
        connected=on["connected"],
        loose=_islands(n, edges, root_unit),
        least=least,
        most=least + draw(st.integers(0, 2)) if on["city_numbers"] else FREE,
        least_in=least_in,
        most_in=most_in,
        area=area,
        balance=draw(st.sampled_from([0.0, 0.15, 0.3, 0.5])) if on["balance"] else None,
        weight=np.array(
            [draw(st.sampled_from([1.0, 2.0, 3.0, np.nan])) if on["weights"] else 1.0 for _ in range(leads)]
        ),
        rank=np.array([draw(st.integers(1, 3)) for _ in range(leads)]) if on["order"] else None,
    )
    shape = (districts, leads)
    return Problem(
        layer=GRID,
        unit_ids=np.array([f"u{i}" for i in range(n)], dtype=object),
        district_ids=np.array([f"d{i}" for i in range(districts)], dtype=object),
        hospital_ids=np.array([f"h{i}" for i in range(leads)], dtype=object),
        people=people,
        demand=people.astype(float),
        district=district,
        unit=unit,
        hospital=hospital,
        minutes=minutes,
        counted=np.zeros(leads, dtype=bool),
        priority=np.full(shape, 5),
        allowed=allowed,
        pinned=pinned,
        existing=np.zeros(shape, dtype=bool),
        district_cap=np.full(districts, NO_CAP),
        hospital_cap=np.full(leads, NO_CAP),
        capacity=np.array(
            [float(draw(st.integers(3, 40))) if on["capacity"] else np.inf for _ in range(leads)]
        ),
        within=(minutes <= standard) | (people[unit] == 0),
        standard=standard,
        excess_price=np.zeros(len(unit)),
        least_partners=0,
        least_share=0.0,
        stages=(Stage("travel", both("travel"), minutes),),
        grids=grids,
    )


@st.composite
def _graph(draw: st.DrawFn, n: int, links: bool) -> list[tuple[int, int]]:
    """A path, a lattice two units wide, or any graph; with links, some edges more."""
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    kind = draw(st.sampled_from(["path", "lattice", "any"]))
    if kind == "path":
        chosen = {(u, u + 1) for u in range(n - 1)}
    elif kind == "lattice":
        chosen = {(u, v) for u, v in pairs if v - u == 2 or (v - u == 1 and u % 2 == 0)}
    else:
        chosen = {pair for pair in pairs if draw(st.booleans())}
    more = draw(st.lists(st.sampled_from(pairs), max_size=2)) if links else []
    return sorted(chosen | set(more))


def _islands(n: int, edges: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Units on islands where no lead has a campus."""
    near = set(roots.tolist())
    for _ in range(n):
        near |= {int(b) for a, b in edges if a in near} | {int(a) for a, b in edges if b in near}
    return np.array([u not in near for u in range(n)], dtype=bool)

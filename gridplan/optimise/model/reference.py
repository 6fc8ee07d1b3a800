"""The compact reference model: one function per numbered row of FORMULATION.md, those of a rule in its own file (`rules/`).

With `relax=True` every rule may give way at a price (its slack), which is how conflicts.py finds out which
rules clash; without it the model is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gridplan.optimise.constraint import Slack
from gridplan.optimise.model.pulp_door import Model, Sense, Terms
from gridplan.optimise.problem import Problem
from gridplan.optimise.rules import rows

Sum = list[tuple[Any, float]]


@dataclass
class Reference:
    """A model under construction: x for each usable kept pair, y for each district and hospital.

    `places` are the same x by unit and hospital. `ended` is 1 − y for each partnership of today, where changes count. `over` is by how much each cap is exceeded,
    where the caps bend. `goals` are the terms of the goals written so far, by name (`goal_rows.py`). `z` is 1 where a hospital leads a grid. `apart` is 1 where parts of a district may stand apart.
    """

    problem: Problem
    relax: bool = False
    model: Model = field(init=False)
    x: dict[int, Any] = field(init=False, default_factory=dict)
    places: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    y: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    ended: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    over: list[Any] = field(init=False, default_factory=list)
    goals: dict[str, list[tuple[Any, float]]] = field(init=False, default_factory=dict)
    z: dict[int, Any] = field(init=False, default_factory=dict)
    apart: dict[int, Any] = field(init=False, default_factory=dict)
    slacks: list[Slack] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        p = self.problem
        self.model = Model(f"gridplan_{p.layer}")
        choices = _choices(p) if self.relax else p.allowed
        for d, h in np.argwhere(choices).tolist():
            self.y[d, h] = self.model.binary(f"y[{p.district_ids[d]},{p.hospital_ids[h]}]")
        within = choices[p.pair_district, p.hospital] if self.relax else p.usable
        whole = self.relax or p.coupled or len(p.all_stages) > 1
        for k in np.flatnonzero(within & p.decided[p.unit]).tolist():
            name = f"x[{p.unit_ids[p.unit[k]]},{p.hospital_ids[p.hospital[k]]}]"
            self.x[k] = self.model.binary(name) if whole else self.model.continuous(name, 1.0)
            self.places[int(p.unit[k]), int(p.hospital[k])] = self.x[k]
        for d, h in np.argwhere(p.existing & p.changeable & p.minds_changes).tolist():
            self.ended[d, h] = self.model.continuous(f"ended[{p.district_ids[d]},{p.hospital_ids[h]}]", 1.0)
        for h in range(len(p.hospital_ids)) if p.grids is not None else ():
            self.z[h] = self.model.binary(f"z[{p.hospital_ids[h]}]")
        for write in all_rows():
            write(self)

    def row(
        self, terms: Terms, sense: Sense, limit: float, name: str, rule: str, d: int = -1, h: int = -1, u: int = -1,
        step: float = 1.0, weight: float = 1.0, kind: str = "", per: Any = None,
    ) -> None:  # fmt: skip
        """Add a row of a rule; when relaxing, with a slack that lets it give way at a price."""
        terms = list(terms)
        if self.relax:
            slack = self.model.continuous(f"slack[{name}]")
            terms.append((slack, -step if sense == "<=" else step))
            self.slacks.append(Slack(slack, rule, d, h, u, limit, step, weight, kind, per))
        self.model.add(terms, sense, 0.0 if per is not None else limit, name)

    def bend(self, name: str) -> list[tuple[Any, float]]:
        """The term by which a cap may be exceeded, where the caps bend."""
        if not self.problem.caps_bend:
            return []
        self.over.append(self.model.continuous(f"over[{name}]"))
        return [(self.over[-1], -1.0)]

    def counted_pairs(self) -> list[tuple[int, int]]:
        """(d, h) of every pair that counts toward the caps."""
        return [(d, h) for d, h in self.y if self.problem.counted[h]]

    def changes(self) -> dict[tuple[int, int], Any]:
        """The variable that is 1 where a pair is new, or ended, against today."""
        new = self.problem.changeable & ~self.problem.existing
        return {pair: y for pair, y in self.y.items() if new[pair]} | self.ended


def cover(ref: Reference) -> None:
    """Σ_h x_uh = 1 for every unit u                                                   (1) SH-1

    Units of a district where nobody lives are settled afterwards, if they can go anywhere at all.
    """
    p = ref.problem
    lost = np.bincount(p.unit[p.usable], minlength=len(p.unit_ids)) == 0
    asked = p.decided | (lost & (not ref.relax))
    of_unit: dict[int, list[tuple[Any, float]]] = {u: [] for u in np.flatnonzero(asked).tolist()}
    for k, x in ref.x.items():
        of_unit[int(p.unit[k])].append((x, 1.0))
    for u, terms in of_unit.items():
        ref.model.add(terms, "==", 1.0, f"cover[{p.unit_ids[u]}]")


def serve(ref: Reference) -> None:
    """x_uh ≤ y_{d(u)h} for every kept pair                                            (2)"""
    p, district = ref.problem, ref.problem.pair_district
    for k, x in ref.x.items():
        h = int(p.hospital[k])
        name = f"serve[{p.unit_ids[p.unit[k]]},{p.hospital_ids[h]}]"
        ref.model.add([(x, 1.0), (ref.y[int(district[k]), h], -1.0)], "<=", 0.0, name)


def serves_somebody(ref: Reference) -> None:
    """y_dh ≤ Σ_{u in d, P_u > 0} x_uh unless pinned: a listed pair serves a resident (11)

    In a layer of grids units where nobody lives count as well.
    """
    p = ref.problem
    for (d, h), residents in served(ref, 0 if p.grids is None else -1).items():
        if not p.pinned[d, h]:
            name = f"serves_somebody[{p.district_ids[d]},{p.hospital_ids[h]}]"
            ref.model.add([(ref.y[d, h], 1.0), *((x, -1.0) for x, _ in residents)], "<=", 0.0, name)


def ended_pairs(ref: Reference) -> None:
    """y_dh + e_dh = 1 for every partnership of today                                 (14)"""
    p = ref.problem
    for (d, h), ended in ref.ended.items():
        kept = [(ref.y[d, h], 1.0)] if (d, h) in ref.y else []
        ref.model.add(
            [*kept, (ended, 1.0)], "==", 1.0, f"ended_pairs[{p.district_ids[d]},{p.hospital_ids[h]}]"
        )


def all_rows() -> tuple[Callable[[Any], None], ...]:
    """What every model has, and the rows of each rule."""
    return cover, serve, *rows(), serves_somebody, ended_pairs


def by_place(ref: Reference) -> dict[tuple[int, int], Any]:
    """x by (unit, hospital), where there are leads."""
    p = ref.problem
    return {(int(p.unit[k]), int(p.hospital[k])): var for k, var in ref.x.items()} if ref.z else {}


def campuses_of(p: Problem, h: int) -> set[int]:
    """Units with a campus of the hospital."""
    assert p.grids is not None
    return set(p.grids.root_unit[p.grids.root_hospital == h].tolist())


def _choices(p: Problem) -> np.ndarray:
    """(D, H) pairs that exist where every rule may give way: all, but grids stay inside their area."""
    return np.ones_like(p.allowed) if p.grids is None else p.grids.in_reach


def served(ref: Reference, more_than: int) -> dict[tuple[int, int], list[tuple[Any, float]]]:
    """Each pair's units with more residents than that."""
    p, district = ref.problem, ref.problem.pair_district
    served: dict[tuple[int, int], list[tuple[Any, float]]] = {pair: [] for pair in ref.y}
    for k, x in ref.x.items():
        if p.people[p.unit[k]] > more_than:
            served[int(district[k]), int(p.hospital[k])].append((x, float(p.people[p.unit[k]])))
    return served

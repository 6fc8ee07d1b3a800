"""The compact reference model: one function per numbered row of FORMULATION.md.

With `relax=True` every rule may give way at a price (its slack), which is how conflicts.py finds out which
rules clash; without it the model is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gridplan.optimise.model.grid_rows import balanced, connected, inside, leads, number_of_grids
from gridplan.optimise.model.pulp_door import Model, Sense, Terms
from gridplan.optimise.model.separators import add_cut, near_separators
from gridplan.optimise.problem import NO_CAP, Problem


@dataclass(frozen=True)
class Slack:
    """How far one rule gives way at one place.

    Parameters
    ----------
    rule : id of the rule ("SH-3").
    district, hospital, unit : indices of the place, -1 where it has none.
    limit : what the rule allows there.
    step : what one unit of the variable means in the unit of the limit.
    weight : price of one unit of the variable.
    kind : which of the rule's rows it is, where a place has more than one ("least", "most").
    per : what the limit is a multiple of, a variable; None where it is a number.
    """

    variable: Any
    rule: str
    district: int
    hospital: int
    unit: int
    limit: float
    step: float
    weight: float
    kind: str = ""
    per: Any = None


@dataclass
class Reference:
    """A model under construction: x for each usable kept pair, y for each district and hospital.

    `ended` is 1 − y for each partnership of today, where changes count. `over` is by how much each cap is exceeded,
    where the caps bend. `goals` are the terms of the goals written so far, by name (`goal_rows.py`). `z` is 1 where a hospital leads a grid. `apart` is 1 where parts of a district may stand apart.
    """

    problem: Problem
    relax: bool = False
    model: Model = field(init=False)
    x: dict[int, Any] = field(init=False, default_factory=dict)
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
        for k in np.flatnonzero(within).tolist():
            name = f"x[{p.unit_ids[p.unit[k]]},{p.hospital_ids[p.hospital[k]]}]"
            self.x[k] = self.model.binary(name) if whole else self.model.continuous(name, 1.0)
        for d, h in np.argwhere(p.existing & p.minds_changes).tolist():
            self.ended[d, h] = self.model.continuous(f"ended[{p.district_ids[d]},{p.hospital_ids[h]}]", 1.0)
        for h in range(len(p.hospital_ids)) if p.grids is not None else ():
            self.z[h] = self.model.binary(f"z[{p.hospital_ids[h]}]")
        for write in ROWS:
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

    def link(self, u: int) -> Any:
        """Where connected parts give way: a 0/1 variable, 1 where a bridge or ferry must reach the unit."""
        link = self.model.binary(f"link[{self.problem.unit_ids[u]}]")
        place = int(self.problem.district[u])
        self.slacks.append(Slack(link, "ZJ-6", place, -1, u, 0.0, 1.0, 1.0, "link"))
        return link

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
        return {pair: y for pair, y in self.y.items() if not self.problem.existing[pair]} | self.ended


def cover(ref: Reference) -> None:
    """Σ_h x_uh = 1 for every unit u                                                   (1) SH-1"""
    p = ref.problem
    of_unit: dict[int, list[tuple[Any, float]]] = {u: [] for u in range(len(p.unit_ids))}
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


def district_cap(ref: Reference) -> None:
    """Σ_h g_h · y_dh ≤ K_d + o_d for every district d; o_d = 0 unless the caps bend    (3) SH-2, SH-4"""
    p = ref.problem
    for d, cap in enumerate(p.district_cap.tolist()):
        if cap != NO_CAP:
            terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[0] == d]
            if terms:
                name = f"district_cap[{p.district_ids[d]}]"
                ref.row([*terms, *ref.bend(name)], "<=", cap, name, "SH-2", d=d)


def hospital_cap(ref: Reference) -> None:
    """Σ_d g_h · y_dh ≤ M_h + o_h for every hospital h, its home district included     (4) SH-3, SH-4"""
    p = ref.problem
    for h, cap in enumerate(p.hospital_cap.tolist()):
        if cap != NO_CAP:
            terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[1] == h]
            if terms:
                name = f"hospital_cap[{p.hospital_ids[h]}]"
                ref.row([*terms, *ref.bend(name)], "<=", cap, name, "SH-3", h=h)


def eligible(ref: Reference) -> None:
    """y_dh ≤ E_dh: pairs without a basis, or banned, do not exist in the exact model  (5) SH-6, BAN"""
    p = ref.problem
    for (d, h), y in ref.y.items():
        if not p.allowed[d, h]:
            rule = "SH-6" if p.grids is None and p.priority[d, h] > p.worst_priority else "BAN"
            ref.row(
                [(y, 1.0)], "<=", 0.0, f"eligible[{p.district_ids[d]},{p.hospital_ids[h]}]", rule, d=d, h=h
            )


def capacity(ref: Reference) -> None:
    """Σ_u r_uh · x_uh ≤ U_h for every hospital h with a stated capacity               (6) CAPACITY"""
    p, use = ref.problem, ref.problem.pair_use
    of_hospital: dict[int, list[tuple[Any, float]]] = {}
    for k, x in ref.x.items():
        of_hospital.setdefault(int(p.hospital[k]), []).append((x, float(use[k])))
    mean = float(p.district_people.mean())
    for h, terms in sorted(of_hospital.items()):
        if np.isfinite(p.capacity[h]):
            ref.row(
                terms,
                "<=",
                float(p.capacity[h]),
                f"capacity[{p.hospital_ids[h]}]",
                "CAPACITY",
                h=h,
                step=mean,
            )


def travel_limit(ref: Reference) -> None:
    """t_uh · x_uh ≤ T: pairs beyond the limit do not exist in the exact model         (7) STANDARD"""
    p = ref.problem
    share = p.people / np.maximum(1.0, p.district_people[p.district])
    for k, x in ref.x.items():
        if not p.within[k]:
            u, h = int(p.unit[k]), int(p.hospital[k])
            name = f"travel_limit[{p.unit_ids[u]},{p.hospital_ids[h]}]"
            over = float(p.minutes[k]) - p.standard
            price = float(share[u] * over / max(1.0, p.standard))
            d = int(p.district[u])
            ref.row([(x, over)], "<=", 0.0, name, "STANDARD", d=d, h=h, u=u, step=over, weight=price)


def pinned(ref: Reference) -> None:
    """y_dh = 1 for every pinned pair                                                  (9) PIN"""
    p = ref.problem
    for d, h in np.argwhere(p.pinned).tolist():
        ref.row(
            [(ref.y[d, h], 1.0)], ">=", 1.0, f"pin[{p.district_ids[d]},{p.hospital_ids[h]}]", "PIN", d=d, h=h
        )


def least_partners(ref: Reference) -> None:
    """Σ_h g_h · y_dh ≥ least for every district d                                    (10) PARTNERS"""
    p = ref.problem
    for d in range(len(p.district_ids)) if p.least_partners else ():
        terms = [(ref.y[pair], 1.0) for pair in ref.counted_pairs() if pair[0] == d]
        ref.row(terms, ">=", p.least_partners, f"least_partners[{p.district_ids[d]}]", "PARTNERS", d=d)


def serves_somebody(ref: Reference) -> None:
    """y_dh ≤ Σ_{u in d, P_u > 0} x_uh unless pinned: a listed pair serves a resident (11)

    In a layer of grids units where nobody lives count as well.
    """
    p = ref.problem
    for (d, h), residents in _served(ref, 0 if p.grids is None else -1).items():
        if not p.pinned[d, h]:
            name = f"serves_somebody[{p.district_ids[d]},{p.hospital_ids[h]}]"
            ref.model.add([(ref.y[d, h], 1.0), *((x, -1.0) for x, _ in residents)], "<=", 0.0, name)


def least_share(ref: Reference) -> None:
    """Σ_{u in d} P_u · x_uh ≥ s · P_d · y_dh for every pair                          (12) SHARE"""
    p = ref.problem
    for (d, h), residents in _served(ref, 0).items() if p.least_share else ():
        needed = p.least_share * float(p.district_people[d])
        terms = [*residents, (ref.y[d, h], -needed)]
        name = f"least_share[{p.district_ids[d]},{p.hospital_ids[h]}]"
        ref.row(terms, ">=", 0.0, name, "SHARE", d=d, h=h, step=max(1.0, needed))


def connected_parts(ref: Reference) -> None:
    """x_ah + x_bh ≤ 1 + Σ_s x_sh, s the units that separate a from b                 (21) PARTS

    Here for two units that touch in common all that the first of them touches; other separators are added between
    solves, as they are needed (`separators.py`).
    """
    p = ref.problem
    if p.neighbours is None:
        return
    for d in np.unique(p.district[p.neighbours]).tolist() if ref.relax else ():
        ref.apart[d] = ref.model.binary(f"apart[{p.district_ids[d]}]")
        ref.slacks.append(Slack(ref.apart[d], "PARTS", d, -1, -1, 0.0, 1.0, 1.0))
    for a, b, separator in near_separators(p):
        for h in range(len(p.hospital_ids)):
            add_cut(ref, h, a, b, separator)


def ended_pairs(ref: Reference) -> None:
    """y_dh + e_dh = 1 for every partnership of today                                 (14)"""
    p = ref.problem
    for (d, h), ended in ref.ended.items():
        kept = [(ref.y[d, h], 1.0)] if (d, h) in ref.y else []
        ref.model.add(
            [*kept, (ended, 1.0)], "==", 1.0, f"ended_pairs[{p.district_ids[d]},{p.hospital_ids[h]}]"
        )


def most_changes(ref: Reference) -> None:
    """Σ_{y⁰_dh = 0} g_h · y_dh + Σ_{y⁰_dh = 1} g_h · e_dh ≤ C                        (15) SH-9"""
    p = ref.problem
    if p.most_changes != NO_CAP:
        terms = [(changed, 1.0) for (_, h), changed in ref.changes().items() if p.counted[h]]
        if terms:
            ref.row(terms, "<=", p.most_changes, "most_changes", "SH-9")


ROWS: tuple[Callable[[Reference], None], ...] = (
    cover, serve, district_cap, hospital_cap, eligible, capacity, travel_limit, pinned, least_partners,
    serves_somebody, least_share, connected_parts, ended_pairs, most_changes, leads, inside, connected, number_of_grids, balanced,
)  # fmt: skip


def _choices(p: Problem) -> np.ndarray:
    """(D, H) pairs that exist where every rule may give way: all, but grids stay inside their area."""
    return np.ones_like(p.allowed) if p.grids is None else p.grids.in_reach


def _served(ref: Reference, more_than: int) -> dict[tuple[int, int], list[tuple[Any, float]]]:
    """Each pair's units with more residents than that."""
    p, district = ref.problem, ref.problem.pair_district
    served: dict[tuple[int, int], list[tuple[Any, float]]] = {pair: [] for pair in ref.y}
    for k, x in ref.x.items():
        if p.people[p.unit[k]] > more_than:
            served[int(district[k]), int(p.hospital[k])].append((x, float(p.people[p.unit[k]])))
    return served

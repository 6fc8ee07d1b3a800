"""ZJ-2 in the model: who may lead stands in the pair table already."""

from __future__ import annotations

from gridplan.optimise.constraint import Constraint
from gridplan.optimise.model.reference import Reference, by_place, campuses_of


def leads(ref: Reference) -> None:
    """y_dh ≤ z_h ≤ Σ_d y_dh: h leads a grid where it serves a district               (20) ZJ-2"""
    p = ref.problem
    of_lead: dict[int, list[int]] = {h: [] for h in ref.z}
    for d, h in ref.y if ref.z else ():
        of_lead[h].append(d)
        ref.model.add(
            [(ref.y[d, h], 1.0), (ref.z[h], -1.0)],
            "<=",
            0.0,
            f"leads[{p.district_ids[d]},{p.hospital_ids[h]}]",
        )
    for h, z in ref.z.items():
        terms = [(z, 1.0), *((ref.y[d, h], -1.0) for d in of_lead[h])]
        ref.model.add(terms, "<=", 0.0, f"leads_somewhere[{p.hospital_ids[h]}]")


def inside(ref: Reference) -> None:
    """z_h ≤ Σ_{s campus of h} x_sh: a grid holds a unit with a campus of its lead    (20) ZJ-2"""
    p, x = ref.problem, by_place(ref)
    for h, z in ref.z.items():
        roots = [(x[s, h], -1.0) for s in campuses_of(p, h) if (s, h) in x]
        ref.model.add([(z, 1.0), *roots], "<=", 0.0, f"inside[{p.hospital_ids[h]}]")


CONSTRAINT = Constraint(
    rows=(leads, inside),
)

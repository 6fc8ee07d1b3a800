"""A row per hospital that may be chosen in a layer: its districts against the cap, its people and minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from gridplan.plans.measures import mean_minutes, people, people_beyond, worst_minutes
from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Capacity, HospitalCap
from gridplan.words.text import Text

SPONSOR = Text("sponsor", "办医主体")


class HospitalRow(NamedTuple):
    """What one hospital does in one layer.

    `most` is its cap (SH-3), None where none binds it; `names` the districts it serves; minutes are None where it
    serves nobody, `beds` and `capacity` (residents) where the table does not state them; `sponsor` (办医主体) is "" there.
    """

    hospital_id: str
    name: str
    category: str
    home: str
    names: tuple[str, ...]
    counted: int
    most: int | None
    people: int
    mean_minutes: float | None
    worst_minutes: float | None
    beyond: int
    beds: float | None
    capacity: float | None
    sponsor: str

    @property
    def per_bed(self) -> float | None:
        """Residents served per bed; None where no beds are stated."""
        return self.people / self.beds if self.beds else None

    @property
    def load(self) -> float | None:
        """Share of the capacity that is taken; None where none is stated."""
        return self.people / self.capacity if self.capacity else None


@once
def hospital_rows(plan: Plan, layer: str) -> list[HospitalRow]:
    """Every candidate of a layer in the order of the region's table, those without a pair too."""
    cap, able = plan.policy.rule(HospitalCap), plan.candidates
    inside = plan.region.hospitals["hospital_id"].isin(able.loc[able["layer"] == layer, "hospital_id"])
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    names = plan.region.districts.set_index("district_id")["name"]
    measures = (
        people(plan, "hospital_id", layer), mean_minutes(plan, "hospital_id", layer),
        worst_minutes(plan, "hospital_id", layer), people_beyond(plan, 60, "hospital_id", layer),
    )  # fmt: skip
    figures = pd.concat(measures, axis="columns").set_axis(
        ["people", "mean", "worst", "beyond"], axis="columns"
    )
    of = figures.astype(float).to_dict("index")
    counts = cap is not None and caps_count(plan, layer)
    served: dict[str, list[tuple[str, int]]] = {}
    for p in zip(pairs["hospital_id"], pairs["district_id"], pairs["counted"], strict=True):
        served.setdefault(p[0], []).append((p[1], int(p[2])))
    room, rows = capacity_of(plan), []
    for h in plan.region.hospitals[inside].itertuples():
        mine = served.get(h.hospital_id, [])
        capped = counts and h.category in plan.policy.candidates.counted
        one = of.get(h.hospital_id, {"people": 0, "mean": None, "worst": None, "beyond": 0})
        rows.append(
            HospitalRow(
                hospital_id=h.hospital_id,
                name=_text(h.name),
                category=h.category,
                home=_text(names.get(h.district_id)),
                names=tuple(_text(names.get(d)) or str(d) for d, _ in mine),
                counted=sum(counted for _, counted in mine),
                most=cap.limit(h.hospital_id) if cap is not None and capped else None,
                people=int(one["people"] or 0),
                mean_minutes=_number(one["mean"]),
                worst_minutes=_number(one["worst"]),
                beyond=int(one["beyond"] or 0),
                beds=_number(h.beds),
                capacity=_number(room.get(h.hospital_id)),
                sponsor=_text(getattr(h, "sponsor", "")),
            )
        )
    return rows


def capacity_of(plan: Plan) -> Mapping[str, float]:
    """hospital_id → residents that it may serve: as the policy counts capacity, else as the table states it; NaN where nobody does."""
    rule, table = plan.policy.rule(Capacity), plan.region.hospitals
    stated = table["capacity_people"].astype(float)
    if rule is not None:
        stated = table[rule.source].astype(float) * (rule.people_per_bed or 1.0)
    return dict(zip(table["hospital_id"], stated, strict=True))


def caps_count(plan: Plan, layer: str) -> bool:
    """Whether pairs of the layer count toward the caps."""
    return bool(set(plan.policy.partner_layers.get(layer, ())) & set(plan.policy.candidates.counted))


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)

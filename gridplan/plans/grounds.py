"""On what ground a pair stands or ended, in figures: who is near, how near, what the next would be, which places are left.

Worked out from the tables of a plan, without solving; `gp.explain` solves again and says what another choice would cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Cap, DistrictCap, HospitalCap
from gridplan.words.amount import people_text
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

SAME = 0.05  # minutes: less is no difference to anybody, one decimal is printed
Key = tuple[str, str, str]  # layer, district, hospital


@dataclass(frozen=True)
class Ground:
    """One pair that the plan has or that it ended.

    Parameters
    ----------
    people : residents of the district that it serves; of an ended pair those who would be nearer to it than they are now.
    minutes : their mean minutes to it; NaN where there are none.
    other : the mean minutes of the same residents to the next nearest that the district may choose; of an ended pair to
        whoever serves them in the plan. NaN where there is none.
    full : the caps that are full in the plan, by id, with those who hold the places; of an ended pair alone.
    left : places left in the plan, of the hospital and of the district; None where no cap counts.
    """

    people: int
    minutes: float
    other: float
    full: Mapping[str, tuple[str, ...]]
    left: tuple[int | None, int | None]

    @property
    def near(self) -> Text:
        """Who is near, how near, and how much nearer than the next; "" where nobody is."""
        if not self.people or np.isnan(self.minutes):
            return Text("", "")
        who, more = people_text(self.people), Text("", "")
        if not np.isnan(self.other):
            less = self.other - self.minutes
            if less >= SAME:
                more = Text(f", {less:.1f} less than the next nearest", f"，较次近少 {less:.1f} 分钟")
            elif less <= -SAME:
                more = Text(
                    f", {-less:.1f} more than the nearest, which comes after it in priority",
                    f"，较最近者多 {-less:.1f} 分钟（按优先次序）",
                )
        return Text(
            f"serves {who.en} of the district, {self.minutes:.1f} minutes on average{more.en}",
            f"该区 {who.zh}就近，人均 {self.minutes:.1f} 分钟{more.zh}",
        )

    @property
    def places(self) -> Text:
        """How many places the hospital and the district have left."""
        hospital, district = self.left
        parts = [
            Text(f"the {noun.en} has {n} place(s) left", f"{noun.zh}名额余 {n}")
            for noun, n in ((Text("hospital", "医院"), hospital), (Text("district", "该区"), district))
            if n is not None
        ]
        return Text(", ".join(p.en for p in parts), "，".join(p.zh for p in parts))


@once
def grounds(plan: Plan) -> dict[Key, Ground]:
    """The ground of every pair that the plan has, and of every pair of today that it does not have."""
    return {
        key: ground
        for result in plan.layers
        if result.layer != GRID
        for key, ground in _layer(plan, result.layer)
    }


def _layer(plan: Plan, layer: str) -> Iterator[tuple[Key, Ground]]:
    table = plan.pair_table[plan.pair_table["layer"] == layer]
    pairs = plan.pairs[plan.pairs["layer"] == layer]
    rows = plan.assignment[plan.assignment["layer"] == layer]
    ids = list(dict.fromkeys(table["hospital_id"]))
    column = pd.Index(plan.travel.hospital_ids).get_indexer(pd.Index(ids))
    row = pd.Index(plan.travel.unit_ids).get_indexer(pd.Index(rows["unit_id"]))
    minutes = plan.travel.minutes[np.ix_(row, column)]
    people, now = rows["people"].to_numpy(), rows["minutes"].to_numpy(dtype=float)
    at = {h: n for n, h in enumerate(ids)}
    served = rows["hospital_id"].map(at).to_numpy(dtype=int)
    district, listed = (
        rows["district_id"].to_numpy(),
        set(zip(pairs["district_id"], pairs["hospital_id"], strict=True)),
    )
    open_to = {
        d: np.array([at[h] for h in part["hospital_id"]], dtype=int)
        for d, part in table[table["allowed"]].groupby("district_id")
    }
    room = _Room(plan, table, listed)
    for pair in table[
        table["existing"] | pd.MultiIndex.from_frame(table[["district_id", "hospital_id"]]).isin(list(listed))
    ].itertuples():
        d, h = pair.district_id, at[pair.hospital_id]
        here, inside = district == d, (d, pair.hospital_id) in listed
        if inside:
            mine = np.flatnonzero(here & (served == h) & (people > 0))
            others = open_to[d][open_to[d] != h] if d in open_to else np.array([], dtype=int)
            other = minutes[np.ix_(mine, others)].min(axis=1, initial=np.inf)
        else:
            mine = np.flatnonzero(here & (minutes[:, h] < now - 1e-9) & (people > 0))
            other = now[mine]
        weight, own = people[mine], minutes[mine, h]
        known = np.isfinite(other)
        yield (
            (layer, d, pair.hospital_id),
            Ground(
                int(weight.sum()),
                _mean(own, weight),
                _mean(other, weight) if known.all() else np.nan,
                {} if inside or not pair.counted else room.full(d, pair.hospital_id),
                room.left(d, pair.hospital_id) if pair.counted else (None, None),
            ),
        )


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float(values @ weight / weight.sum()) if weight.sum() else np.nan


class _Room:
    """Places of the caps in a plan: how many are taken, and by whom."""

    def __init__(self, plan: Plan, table: pd.DataFrame, listed: set[tuple[str, str]]) -> None:
        counted = table[table["counted"]]
        self.held = [
            pair
            for pair in zip(counted["district_id"], counted["hospital_id"], strict=True)
            if pair in listed
        ]
        policy = plan.policy.on(plan.region)
        self.caps: tuple[Cap | None, Cap | None] = policy.rule(HospitalCap), policy.rule(DistrictCap)

    def left(self, d: str, h: str) -> tuple[int | None, int | None]:
        hospital, district = self.caps
        return (
            None if hospital is None else max(0, hospital.limit(h) - len(self._of(1, h))),
            None if district is None else max(0, district.limit(d) - len(self._of(0, d))),
        )

    def full(self, d: str, h: str) -> dict[str, tuple[str, ...]]:
        """The caps that have no place left for the pair."""
        found = {}
        for cap, place, key in zip(self.caps, (1, 0), (h, d), strict=True):
            if cap is not None and len(holders := self._of(place, key)) >= cap.limit(key):
                found[cap.id] = holders
        return found

    def _of(self, place: int, key: str) -> tuple[str, ...]:
        return tuple(pair[1 - place] for pair in self.held if pair[place] == key)

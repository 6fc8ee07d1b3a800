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
from gridplan.plans.today import preference, score_minutes
from gridplan.policies.rules import Cap, DistrictCap, HospitalCap
from gridplan.words.amount import people_text
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

SAME = 0.05  # minutes: less is no difference to anybody, one decimal is printed
NAMED = 2  # nearer hospitals are named
NOT_NEARER = {
    "priority": Text("behind it with the priority counted", "计入优先级后次之"),
    "": Text("where other rules of the policy do not let them go", "另受政策其他规则限制"),
}
Key = tuple[str, str, str]  # layer, district, hospital


@dataclass(frozen=True)
class Nearer:
    """Residents whom a pair serves though another hospital that their district may choose is nearer, by the cause.

    Parameters
    ----------
    cause : "priority": with the priority counted, the nearer one comes after it; "SH-3", "SH-2" or both: its places or the
        district's are taken; "" any other rule.
    people : residents.
    hospitals : names and ids of the nearer ones, the one of most residents first.
    """

    cause: str
    people: int
    hospitals: tuple[str, ...]

    @property
    def text(self) -> Text:
        """How many, which hospital, and why not that."""
        names = self.hospitals[:NAMED]
        more = Text(" and others", "等") if len(self.hospitals) > NAMED else Text("", "")
        which = Text(f"{', '.join(names)}{more.en}", f"{'、'.join(names)}{more.zh}")
        why = NOT_NEARER.get(self.cause) or Text(
            f"where no place is left ({self.cause})", f"名额已满（{self.cause.replace(', ', '、')}）"
        )
        who = people_text(self.people)
        return Text(f"{who.en} are nearer to {which.en}, {why.en}", f"{who.zh}更近 {which.zh}，{why.zh}")


@dataclass(frozen=True)
class Ground:
    """One pair that the plan has, or that is there today and not in the plan.

    Parameters
    ----------
    people : residents of the district that it serves; of a pair not in the plan those who would be nearer to it than they are now.
    minutes : their mean minutes to it; NaN where there are none.
    other : the mean minutes of the same residents to the next nearest that the district may choose, or where that is less
        to the nearest of all; of a pair not in the plan to whoever serves them in the plan. NaN where there is none.
    full : the caps that are full in the plan, by id, with those who hold the places; of a pair not in the plan alone.
    left : places left in the plan, of the hospital and of the district; None where no cap counts.
    nearer : of those whom it serves, who has a nearer one, by the cause that it does not serve them.
    """

    people: int
    minutes: float
    other: float
    full: Mapping[str, tuple[str, ...]]
    left: tuple[int | None, int | None]
    nearer: tuple[Nearer, ...] = ()

    @property
    def near(self) -> Text:
        """Who is near, how near, and how much nearer than the next, or what keeps them from a nearer one; "" where nobody is."""
        if not self.people or np.isnan(self.minutes):
            return Text("", "")
        who, more, less = people_text(self.people), Text("", ""), self.other - self.minutes
        if less >= SAME:
            more = Text(f", {less:.1f} less than the next nearest", f"，较次近少 {less:.1f} 分钟")
        elif less <= -SAME:
            why = [one.text for one in self.nearer]
            english, chinese = "; ".join(text.en for text in why), "；".join(text.zh for text in why)
            more = Text(
                f", {-less:.1f} more than to the nearest" + (f" ({english})" if why else ""),
                f"，较最近者多 {-less:.1f} 分钟" + (f"（{chinese}）" if why else ""),
            )
        served = "由其服务" if less <= -SAME else "就近"
        return Text(
            f"serves {who.en} of the district, {self.minutes:.1f} minutes on average{more.en}",
            f"该区 {who.zh}{served}，人均 {self.minutes:.1f} 分钟{more.zh}",
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
    """The ground of every pair that the plan has, and of every pair of today, agreed or an open campus, that it does not have."""
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
    open_to: dict[
        str, dict[str, tuple[int, bool]]
    ] = {}  # district, hospital → priority, whether the caps count it
    for d, h, priority, counted, allowed in zip(
        *(table[name] for name in ("district_id", "hospital_id", "priority", "counted", "allowed")),
        strict=True,
    ):
        if allowed:
            open_to.setdefault(d, {})[h] = priority, counted
    room = _Room(plan, table, listed)
    nearer = _Nearer(plan, open_to, at, minutes, listed, room)
    ours = np.array(
        [pair in listed for pair in zip(table["district_id"], table["hospital_id"], strict=True)], dtype=bool
    )
    for pair in table[table["existing"] | table["present"] | ours].itertuples():
        d, h = pair.district_id, at[pair.hospital_id]
        here, inside = district == d, (d, pair.hospital_id) in listed
        if inside:
            mine = np.flatnonzero(here & (served == h) & (people > 0))
            others = np.array([at[one] for one in open_to.get(d, ()) if at[one] != h], dtype=int)
            other = minutes[np.ix_(mine, others)].min(axis=1, initial=np.inf)
        else:
            mine = np.flatnonzero(here & (minutes[:, h] < now - 1e-9) & (people > 0))
            other = now[mine]
        weight, own = people[mine], minutes[mine, h]
        known = np.isfinite(other)
        farther = inside and known.all() and (other - own) @ weight <= -SAME * weight.sum() < 0
        other = np.minimum(own, other) if farther else other
        yield (
            (layer, d, pair.hospital_id),
            Ground(
                int(weight.sum()),
                _mean(own, weight),
                _mean(other, weight) if known.all() else np.nan,
                {} if inside or not pair.counted else room.full(d, pair.hospital_id),
                room.left(d, pair.hospital_id) if pair.counted else (None, None),
                nearer.of(d, pair.hospital_id, mine, weight) if farther else (),
            ),
        )


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float(values @ weight / weight.sum()) if weight.sum() else np.nan


class _Nearer:
    """What keeps residents from a hospital that is nearer than the one that serves them."""

    def __init__(
        self,
        plan: Plan,
        open_to: Mapping[str, Mapping[str, tuple[int, bool]]],
        at: Mapping[str, int],
        minutes: np.ndarray,
        listed: set[tuple[str, str]],
        room: _Room,
    ) -> None:
        self.region, self.open_to, self.at, self.minutes = plan.region, open_to, at, minutes
        self.listed, self.room = listed, room

    def of(self, d: str, h: str, mine: np.ndarray, people: np.ndarray) -> tuple[Nearer, ...]:
        """Those of the units `mine`, which h serves, who have a nearer one, by cause, most residents first."""
        ids, policy = list(self.open_to.get(d, ())), self.room.policy
        if h not in ids:
            return ()
        own, t = ids.index(h), self.minutes[np.ix_(mine, np.array([self.at[one] for one in ids]))]
        dearer = score_minutes(policy, pd.DataFrame({"district_id": d, "hospital_id": ids}))
        place = preference(policy, t, np.array([self.open_to[d][one][0] for one in ids]), dearer)
        nearest = t.argmin(axis=1)
        found: dict[str, dict[str, int]] = {}
        for u in np.flatnonzero(t[:, own] - t.min(axis=1) > 1e-9):
            n = int(nearest[u])
            behind = place[u, n] > place[u, own]
            named = found.setdefault("priority" if behind else self._full(d, ids[n]), {})
            named[ids[n]] = named.get(ids[n], 0) + int(people[u])
        made = (Nearer(cause, sum(named.values()), self._names(named)) for cause, named in found.items())
        return tuple(sorted(made, key=lambda one: (-one.people, one.cause)))

    def _names(self, people: Mapping[str, int]) -> tuple[str, ...]:
        return tuple(self.region.label("hospital", h) for h in sorted(people, key=lambda h: (-people[h], h)))

    def _full(self, d: str, h: str) -> str:
        """The caps that leave no place for the pair, "" where it is listed or none is full."""
        counted = self.open_to[d][h][1]
        return ", ".join(sorted(self.room.full(d, h))) if counted and (d, h) not in self.listed else ""


class _Room:
    """Places of the caps in a plan: how many are taken, and by whom."""

    def __init__(self, plan: Plan, table: pd.DataFrame, listed: set[tuple[str, str]]) -> None:
        counted = table[table["counted"]]
        self.held = [
            pair
            for pair in zip(counted["district_id"], counted["hospital_id"], strict=True)
            if pair in listed
        ]
        self.policy = policy = plan.policy.on(plan.region)
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

"""Problem: one layer of region, travel and policy as arrays, with the letters of FORMULATION.md: units u, hospitals h …"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from gridplan.optimise.grid_arrays import GridArrays
from gridplan.optimise.stages import Stage
from gridplan.policies.goals import GOALS

NO_CAP = np.iinfo(np.int64).max
# Fields that every problem has, or that `Problem.in_use` tells by itself; `standard` says what `within` holds already.
GROUND = frozenset({
    "layer", "unit_ids", "district_ids", "hospital_ids", "people", "district", "unit", "hospital", "minutes", "labels",
    "priority", "worst_priority", "standard", "existing", "present", "stages", "ties", "tolerance", "numbers",
    "travel_people",
})  # fmt: skip
# What the others are where no rule has touched them; else their default.
IDLE: Mapping[str, Any] = {
    "counted": True, "allowed": True, "pinned": False, "within": True, "district_cap": NO_CAP, "hospital_cap": NO_CAP,
    "capacity": np.inf, "excess_price": 0.0, "least_partners": 0, "least_share": 0.0,
    "most_travel": np.inf,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Problem:
    """One layer, ready to solve.

    Parameters
    ----------
    layer : "general", "tcm" or "merged".
    unit_ids, district_ids, hospital_ids : (n,), (D,), (H,) ids, sorted, so that the order of a file does not matter.
    people : (n,) residents P_u.
    demand : (n,) D_u, people weighted by group (CD-5), P_u where no group is; what the goal "travel" counts.
    district : (n,) index of each unit's district.
    unit, hospital : (K,) indices of the kept (reachable) pairs, sorted by unit, then hospital.
    minutes : (K,) t_uh.
    counted : (H,) g_h, whether a hospital's pairs count toward the caps.
    priority, allowed, pinned : (D, H) priority 1–5; whether the pair may be chosen; whether it must be.
    existing : (D, H) y⁰, whether the pair is a partnership today.
    present : (D, H) whether an open campus is there without one: to choose or to leave the pair is no change; none where None.
    district_cap, hospital_cap : (D,), (H,) K_d and M_h, NO_CAP where none.
    capacity : (H,) U_h in residents, inf where none.
    within : (K,) whether the pair keeps the travel limit.
    standard : the travel limit in minutes, inf where none.
    excess_price : (K,) minutes that a priced travel standard, or the rank of a grid's lead, adds.
    least_partners : counted partners a district needs, 0 where none.
    least_share : share of a district's residents that each partner serves, 0 where none.
    most_changes : counted pairs that may be new or ended, NO_CAP where no bound.
    change_price : person-minutes of each new or ended pair in the goal "travel".
    worst_priority : the weakest priority that may be chosen (SH-6); `allowed` has it already.
    stages : goals in order.
    tolerance : share by which a later goal may worsen an earlier one.
    caps_bend : whether the caps may be exceeded, since a goal counts by how much.
    ties : least travel, by which ties end where the goals leave any.
    labels : id → name and id, for messages.
    grids : what makes it a layer of grids; None in layers of partners.
    use : (K,) r_uh, capacity that a pair uses; the unit's residents where None.
    neighbours : (E, 2) units of one district that touch, each pair once; None where parts need not hang together.
    most_travel : (D,) most person-minutes of the residents counted in `travel_people`, inf where a district has no limit.
    travel_people : (n,) residents who count under it.
    numbers : what rules without a field of their own ask, by the name that the rule's file in `rules/` gives it.
    """

    layer: str
    unit_ids: np.ndarray
    district_ids: np.ndarray
    hospital_ids: np.ndarray
    people: np.ndarray
    demand: np.ndarray
    district: np.ndarray
    unit: np.ndarray
    hospital: np.ndarray
    minutes: np.ndarray
    counted: np.ndarray
    priority: np.ndarray
    allowed: np.ndarray
    pinned: np.ndarray
    existing: np.ndarray
    district_cap: np.ndarray
    hospital_cap: np.ndarray
    capacity: np.ndarray
    within: np.ndarray
    standard: float
    excess_price: np.ndarray
    least_partners: int
    least_share: float
    most_changes: int = NO_CAP
    change_price: float = 0.0
    worst_priority: int = 5
    stages: tuple[Stage, ...] = ()
    tolerance: float = 0.0
    caps_bend: bool = False
    ties: Stage | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    grids: GridArrays | None = None
    use: np.ndarray | None = None
    neighbours: np.ndarray | None = None
    most_travel: np.ndarray | None = None
    travel_people: np.ndarray | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    present: np.ndarray | None = None

    def in_use(self) -> frozenset[str]:
        """What ties the plan beyond who reaches whom at what cost: names of fields and of `numbers`.

        A field that no rule has touched is not in use; one that is added to the class later is, as soon as it differs
        from its default. "stages" stands for more than one goal (with the one that ends ties), "goal_worst" for a goal
        of the kind "worst", "pair_price" and "existing" for prices of pairs and of changes against today.
        """
        used = {f.name for f in fields(self) if f.name not in GROUND and self._is_set(f.name, f.default)}
        used |= {f"goal_{stage.kind}" for stage in self.stages if stage.kind != "sum"} | set(self.numbers)
        several = len(self.all_stages) > 1
        told = {
            "stages": several,
            "tolerance": several and self.tolerance > 0,
            "pair_price": any(stage.pair_price is not None for stage in self.all_stages),
            "existing": self.minds_changes,
        }
        return frozenset(used | {name for name, on in told.items() if on})

    def _is_set(self, name: str, default: Any) -> bool:
        value, idle = getattr(self, name), self.people if name == "demand" else IDLE.get(name, default)
        return value is not None and (idle is None or not np.all(value == idle))

    def label(self, key: str) -> str:
        """Name and id, where the name is known."""
        return self.labels.get(key, key)

    @property
    def pair_district(self) -> np.ndarray:
        """(K,) district of each kept pair's unit."""
        return self.district[self.unit]

    @property
    def pair_use(self) -> np.ndarray:
        """(K,) capacity that a kept pair uses."""
        return self.people[self.unit] if self.use is None else self.use

    @property
    def usable(self) -> np.ndarray:
        """(K,) whether a kept pair may carry a unit: its district may choose the hospital, within the travel limit."""
        return self.allowed[self.pair_district, self.hospital] & self.within

    @property
    def district_people(self) -> np.ndarray:
        """(D,) residents of each district."""
        return np.bincount(self.district, weights=self.people, minlength=len(self.district_ids))

    @property
    def decided(self) -> np.ndarray:
        """(n,) units that the model decides on: all of a layer of grids, else those of districts with residents."""
        here: np.ndarray = (self.district_people > 0)[self.district] | (self.grids is not None)
        return here

    @property
    def changeable(self) -> np.ndarray:
        """(D, H) pairs of which it is a change that they are new, or ended."""
        return np.ones_like(self.existing, dtype=bool) if self.present is None else ~self.present

    def changed(self, listed: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
        """(D, H) pairs that are changes where these are listed, against today or what was listed before."""
        changed: np.ndarray = (listed != (self.existing if before is None else before)) & self.changeable
        return changed

    @property
    def minds_changes(self) -> bool:
        """Whether a pair that is new or ended against today costs or counts."""
        counted = any(stage.kind == "changes" for stage in self.stages)
        return self.change_price > 0 or self.most_changes != NO_CAP or counted

    @property
    def coupled(self) -> bool:
        """Whether something beyond its partners ties the units of a district together, as grids do.

        A goal that is no sum over units does, and so does a tolerance: who uses it up is not for each unit to say.
        """
        kept = self.least_partners > 0 or self.least_share > 0 or self.minds_changes or self.caps_bend
        goals = self.grids is not None or any(stage.kind != "sum" for stage in self.stages)
        shared = self.tolerance > 0 and len(self.all_stages) > 1
        return (
            bool(np.isfinite(self.capacity).any())
            or kept
            or goals
            or shared
            or self.neighbours is not None
            or self.most_travel is not None
            or bool(self.numbers)  # nobody knows what a rule without a field of its own ties together
        )

    @property
    def all_stages(self) -> tuple[Stage, ...]:
        """The goals in order, and least travel to end the ties that they leave.

        They leave none where travel is the last of them, or an earlier one that later ones may not worsen.
        """
        travel = [n for n, stage in enumerate(self.stages, start=1) if stage.goal == "travel"]
        settled = bool(travel) and (travel[-1] == len(self.stages) or self.tolerance == 0)
        return self.stages if settled or self.ties is None else (*self.stages, self.ties)

    def weight(self, stage: Stage) -> np.ndarray:
        """(n,) what a unit counts in a goal that is a sum over units."""
        return self.demand if stage.goal == "travel" else self.people

    def preference(self, stage: Stage) -> np.ndarray:
        """(K,) by what a unit ranks its hospitals in a goal: the cost, but 0 where its residents weigh nothing."""
        weightless = (self.weight(stage) == 0) & (self.people > 0)
        return np.where(weightless[self.unit], 0.0, stage.cost)

    def with_numbers(self, **told: Any) -> Problem:
        """The problem with what a rule sets: its fields, and under any other name its `numbers`; None takes one away."""
        own = {name: value for name, value in told.items() if name in self.__dataclass_fields__}
        more = {**self.numbers, **{name: value for name, value in told.items() if name not in own}}
        kept = {name: value for name, value in more.items() if value is not None}
        return replace(self, **own, numbers=kept) if told else self

    def without_preference(self) -> Problem:
        """The same problem without prices of priorities as its only goal, for what the priorities cost."""
        stage = Stage("travel", GOALS["travel"], self.minutes + self.excess_price, self.change_price)
        return replace(self, stages=(stage,), ties=None)

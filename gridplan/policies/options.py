"""The rules that a planner may ask for besides: all off by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


@dataclass(frozen=True)
class _Pair(Rule):
    """One district and one hospital, and why.

    Parameters
    ----------
    layer : "partners", or "grid": a pin names a hospital and its own district, and the hospital leads; a banned one
        leads no grid with units of the district. A hospital may stand in both layers; a pin or ban speaks of one.
    """

    district_id: str = ""
    hospital_id: str = ""
    reason: str = ""
    layer: str = "partners"
    many = True

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("district_id", "hospital_id"):
            object.__setattr__(
                self, name, str(getattr(self, name)).strip()
            )  # ids are text, even where one is a number

    def concerns(self, layer: str) -> bool:
        """Partners or grids, as `layer` says."""
        return (self.layer == GRID) == (layer == GRID)

    def _because(self) -> Text:
        return Text(f" ({self.reason})", f"（{self.reason}）") if self.reason else Text("", "")


@dataclass(frozen=True)
class Pin(_Pair):
    """A pair that must be in the plan; it counts and is listed even if it serves nobody. A pinned lead leads a grid."""

    id = "PIN"
    key = "pin"
    title = Text("Pinned pair", "指定结对")

    def sentence(self) -> Text:
        why = self._because()
        if self.layer == GRID:
            return Text(
                f"{self.hospital_id} leads a grid in district {self.district_id}{why.en}.",
                f"{self.hospital_id} 须在 {self.district_id} 区牵头网格{why.zh}。",
            )
        return Text(
            f"District {self.district_id} partners with {self.hospital_id}{why.en}.",
            f"{self.district_id} 区须与 {self.hospital_id} 合作{why.zh}。",
        )


@dataclass(frozen=True)
class Ban(_Pair):
    """A pair that must not be in the plan; a banned lead leads no grid there."""

    id = "BAN"
    key = "ban"
    title = Text("Banned pair", "禁止结对")

    def sentence(self) -> Text:
        why = self._because()
        if self.layer == GRID:
            return Text(
                f"{self.hospital_id} leads no grid in district {self.district_id}{why.en}.",
                f"{self.hospital_id} 不得在 {self.district_id} 区牵头网格{why.zh}。",
            )
        return Text(
            f"District {self.district_id} does not partner with {self.hospital_id}{why.en}.",
            f"{self.district_id} 区不得与 {self.hospital_id} 合作{why.zh}。",
        )


@dataclass(frozen=True)
class Capacity(Rule):
    """A hospital serves at most its stated capacity, in residents. Blank = no limit. Off by default.

    Parameters
    ----------
    source : "capacity_people" (the column as it is) or "beds".
    people_per_bed : residents per bed, needed with "beds".
    """

    source: str = "capacity_people"
    people_per_bed: float | None = None
    id = "CAPACITY"
    key = "capacity"
    title = Text("Capacity", "承载能力")

    def sentence(self) -> Text:
        if self.source == "beds":
            return Text(
                f"A hospital serves at most {self.people_per_bed:g} residents per bed.",
                f"每家医院服务人口不超过每床 {self.people_per_bed:g} 人。",
            )
        return Text("A hospital serves at most its stated capacity.", "每家医院服务人口不超过其承载能力。")


@dataclass(frozen=True)
class TravelStandard(Rule):
    """Minutes that no resident should exceed. Off by default.

    Parameters
    ----------
    minutes : the standard.
    price : None makes it a limit; otherwise each minute beyond costs this many minutes per resident.
    """

    minutes: float = 60.0
    price: float | None = None
    id = "STANDARD"
    key = "travel_standard"
    title = Text("Travel standard", "出行时间标准")

    def sentence(self) -> Text:
        if self.price is None:
            return Text(
                f"No resident travels more than {self.minutes:g} minutes.",
                f"任何居民出行不超过 {self.minutes:g} 分钟。",
            )
        return Text(
            f"Each minute beyond {self.minutes:g} costs {self.price:g} minutes more per resident.",
            f"超过 {self.minutes:g} 分钟后，每多 1 分钟按每人 {self.price:g} 分钟加价。",
        )


@dataclass(frozen=True)
class LeastPartners(Rule):
    """At least `least` counted partners per district. Off by default."""

    least: int = 1
    of = "partners"
    id = "PARTNERS"
    key = "least_partners"
    title = Text("Least partners per district", "每区最少合作医院")

    def sentence(self) -> Text:
        return Text(
            f"A district partners with at least {self.least} counted hospitals.",
            f"每个区至少与 {self.least} 家计数医院合作。",
        )


@dataclass(frozen=True)
class LeastShare(Rule):
    """Each listed partner serves at least `share` of its district's residents, in every layer. Off by default."""

    share: float = 0.1
    of = "partners"
    id = "SHARE"
    key = "least_share"
    title = Text("Least share per partner", "每家合作医院最低份额")

    def sentence(self) -> Text:
        return Text(
            f"Each partner serves at least {100 * self.share:g}% of its district's residents.",
            f"每家合作医院至少服务所在合作区 {100 * self.share:g}% 的居民。",
        )


@dataclass(frozen=True)
class ConnectedParts(Rule):
    """The units of a district that one partner serves hang together. Off by default.

    Units touch where they share a border, or by a bridge or ferry of the table `links`. Where the district itself falls
    into pieces (islands), what a partner serves hangs together within each piece.
    """

    of = "partners"
    id = "PARTS"
    key = "connected_parts"
    title = Text("Connected parts", "服务片区连片")

    def sentence(self) -> Text:
        return Text(
            "The units of a district that one partner serves hang together.",
            "同一区内由同一合作医院服务的单元须连成一片。",
        )


@dataclass(frozen=True)
class GroupWeights(Rule):
    """People of a group count so many times in the goal "travel". Off by default.

    Clause: chengdu-2018, CD-5 (重点人群).
    Residents, not weights, are what loads, capacities, shares and every other goal count. Whoever is in two groups
    gains from both: a unit counts people + Σ (weight − 1) × group.

    Parameters
    ----------
    weights : column of the units ("people_65plus") → weight from 0; 1 is everybody else's.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {"people_65plus": 2.0})
    id = "CD-5"
    key = "group_weights"
    title = Text("Weights for groups of people", "重点人群权重")
    whole = "weights"

    def __post_init__(self) -> None:
        super().__post_init__()
        ordered = {group: float(weight) for group, weight in sorted(self.weights.items())}
        object.__setattr__(self, "weights", ordered)

    def sentence(self) -> Text:
        listed = [f"{group} {weight:g} times" for group, weight in self.weights.items()]
        chinese = [f"{group} × {weight:g}" for group, weight in self.weights.items()]
        return Text(
            f"In the goal travel people count by group: {', '.join(listed)}; everybody else once.",
            f"在出行目标中居民按人群加权：{'、'.join(chinese)}，其余按 1 计。",
        )

    def __hash__(self) -> int:
        return hash((type(self), tuple(self.weights.items())))

"""One frozen value per rule, with its clause and what it means for a plan.

| rule           | id        | in one line                                                        |
|----------------|-----------|--------------------------------------------------------------------|
| FullCoverage   | SH-1      | every unit has exactly one partner in each layer                   |
| DistrictCap    | SH-2      | at most so many counted partners per district                      |
| HospitalCap    | SH-3      | at most so many districts per counted hospital, home included      |
| Candidates     | SH-4      | who may be a partner; whose pairs count; which layers there are    |
| Priority       | SH-5      | the price, in minutes per resident, of a pair's priority           |
| Eligibility    | SH-6      | whether a pair needs a basis                                       |
| Pin, Ban       | PIN, BAN  | a pair that must, or must not, be in the plan                      |
| Capacity       | CAPACITY  | a hospital serves no more residents than it can                    |
| TravelStandard | STANDARD  | minutes that no resident should exceed: a limit or a price         |
| LeastPartners  | PARTNERS  | at least so many counted partners per district                     |
| LeastShare     | SHARE     | each partner serves at least this share of its district            |

A rule is declared here, constrained in `optimise/` and judged in `plan/verify.py`; a test demands all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar

from gridplan.errors import PolicyError
from gridplan.findings import Finding, Findings
from gridplan.policy.values import value_faults
from gridplan.text import Text, both
from gridplan.vocabulary import CATEGORIES, OWNERSHIPS, TIERS

PRICES = (0.0, 5.0, 10.0, 15.0, 30.0)


@dataclass(frozen=True)
class Rule:
    """Base of all rules: an id as findings and maps show it, a key as profiles write it, a sentence."""

    id: ClassVar[str]
    key: ClassVar[str]
    title: ClassVar[Text]
    many: ClassVar[bool] = False

    def __post_init__(self) -> None:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        faults = [
            Finding("error", "policy-value", "policy", Text(f"{self.key}.{name} {en}", f"{self.key}.{name} {zh}"), both(hint))
            for name, en, zh, hint in value_faults(type(self), values)
        ]
        if faults:
            raise PolicyError(Text(f"{type(self).__name__} cannot be so", f"{self.title.zh}不能这样写"), findings=Findings(faults))

    def sentence(self) -> Text:
        """What the rule demands, with its numbers, in both languages."""
        raise TypeError(f"{type(self).__name__} has no sentence")


@dataclass(frozen=True)
class Override:
    """Another cap for one district or hospital, and why."""

    most: int
    reason: str


@dataclass(frozen=True)
class Cap(Rule):
    """A cap on counted pairs, with overrides that carry a reason.

    Parameters
    ----------
    most : counted pairs allowed, 1 or more.
    override : id → Override(most, reason).
    """

    most: int = 1
    override: Mapping[str, Override] = field(default_factory=dict)

    def limit(self, key: str) -> int:
        """The cap that holds for one id."""
        return self.override[key].most if key in self.override else self.most

    def _overridden(self) -> Text:
        if not self.override:
            return Text("", "")
        rows = [f"{key}: {o.most} ({o.reason})" for key, o in sorted(self.override.items())]
        return Text("; except " + "; ".join(rows), "；例外：" + "；".join(rows))

    def __hash__(self) -> int:
        return hash((type(self), self.most, tuple(sorted(self.override.items(), key=lambda kv: kv[0]))))


@dataclass(frozen=True)
class FullCoverage(Rule):
    """Each unit is assigned to exactly one partner of its district, in each layer.

    Clause: shanghai-2025, SH-1 (覆盖辖区内常住人口).
    """

    id = "SH-1"
    key = "full_coverage"
    title = Text("Full coverage", "网格化全覆盖")

    def sentence(self) -> Text:
        return Text(
            "Every resident has exactly one partner hospital in each layer.",
            "每个居民在每一层恰有一家合作医院。",
        )


@dataclass(frozen=True)
class DistrictCap(Cap):
    """At most `most` counted partners per district.

    Clause: shanghai-2025, SH-2 (原则上每个区可与不超过2家市级综合医院组建区域医联体).
    Exempt categories (SH-4) count toward nothing. An override needs a reason, which is printed with the plan.
    """

    most: int = 2
    id = "SH-2"
    key = "district_cap"
    title = Text("Cap per district", "每区合作医院上限")

    __hash__ = Cap.__hash__

    def sentence(self) -> Text:
        more = self._overridden()
        return Text(
            f"A district partners with at most {self.most} counted hospitals{more.en}.",
            f"每个区至多与 {self.most} 家计数医院合作{more.zh}。",
        )


@dataclass(frozen=True)
class HospitalCap(Cap):
    """At most `most` districts per counted hospital, its home district included when paired.

    Clause: shanghai-2025, SH-3 (每家市级综合医院不超过3个区，含本部所在区).
    """

    most: int = 3
    id = "SH-3"
    key = "hospital_cap"
    title = Text("Cap per hospital", "每院合作区上限")

    __hash__ = Cap.__hash__

    def sentence(self) -> Text:
        more = self._overridden()
        return Text(
            f"A counted hospital partners with at most {self.most} districts, its own included{more.en}.",
            f"每家计数医院至多与 {self.most} 个区合作，含本部所在区{more.zh}。",
        )


@dataclass(frozen=True)
class Candidates(Rule):
    """Who may be a partner, and whose pairs count toward the caps.

    Clause: shanghai-2025, SH-4 (市级中医类医院不受数量限制); specialist and maternal-and-child hospitals work
    through alliances (SH-12).

    Parameters
    ----------
    tiers, ownerships : what a candidate must be. Military hospitals are left out unless "military" is added.
    counted : categories of the layer "general"; their pairs count toward the caps.
    exempt : categories of a layer of their own; their pairs count toward neither cap.
    exempt_layer : name of that layer.
    merge_layers : True puts both into one layer "merged", for those who read the clause so.
    """

    tiers: tuple[str, ...] = ("municipal",)
    ownerships: tuple[str, ...] = ("public",)
    counted: tuple[str, ...] = ("general",)
    exempt: tuple[str, ...] = ("tcm", "integrated_tcm")
    exempt_layer: str = "tcm"
    merge_layers: bool = False
    id = "SH-4"
    key = "candidates"
    title = Text("Candidates and layers", "候选医院与分层")

    @property
    def layers(self) -> dict[str, tuple[str, ...]]:
        """Layer name → categories of its candidates."""
        if self.merge_layers:
            return {"merged": self.counted + self.exempt}
        layers = {"general": self.counted, self.exempt_layer: self.exempt}
        return {name: categories for name, categories in layers.items() if categories}

    def sentence(self) -> Text:
        def words(table: Mapping[str, Text], keys: tuple[str, ...]) -> Text:
            return Text(", ".join(table[k].en for k in keys), "、".join(table[k].zh for k in keys))

        who = words(TIERS, self.tiers), words(OWNERSHIPS, self.ownerships)
        counted, exempt = words(CATEGORIES, self.counted), words(CATEGORIES, self.exempt)
        if not self.exempt:
            layer = Text("All pairs count toward the caps.", "所有结对都计入上限。")
        elif self.merge_layers:
            layer = Text(
                f"{exempt.en} hospitals stand in the same layer and count toward no cap.",
                f"{exempt.zh}医院同在一层，不计入上限。",
            )
        else:
            layer = Text(
                f"{exempt.en} hospitals form a layer of their own and count toward no cap.",
                f"{exempt.zh}医院另成一层，不计入上限。",
            )
        return Text(
            f"Partners are {who[0].en} hospitals, {who[1].en}; {counted.en} ones are counted. {layer.en}",
            f"合作医院为{who[0].zh}、{who[1].zh}医院；{counted.zh}医院计数。{layer.zh}",
        )


@dataclass(frozen=True)
class Priority(Rule):
    """What a pair's priority (1 home or open campus … 5 no basis) costs, in minutes per resident served through it.

    Clause: shanghai-2025, SH-5 (优先考虑分院所在区；院区/院区建设规划).
    With the goal "priority" before "travel" it is a strict order instead: fewest residents through 5, then
    through 4 or 5, and so on.
    """

    prices: tuple[float, ...] = PRICES
    id = "SH-5"
    key = "priority"
    title = Text("Priority of a pair", "结对优先次序")

    def sentence(self) -> Text:
        if not any(self.prices):
            return Text("The priority of a pair has no price in minutes.", "结对优先级不折算为分钟。")
        listed = ", ".join(f"{n}: {price:g}" for n, price in enumerate(self.prices, start=1))
        return Text(
            f"A pair's priority costs minutes per resident ({listed}).",
            f"结对优先级按每位居民折算分钟（{listed}）。",
        )


@dataclass(frozen=True)
class Eligibility(Rule):
    """Whether a pair needs a basis: "prefer" lets priorities 4 and 5 in at their price, "strict" only 1 to 3.

    Clause: shanghai-2025, SH-6 (基础条件).
    """

    mode: str = "prefer"
    id = "SH-6"
    key = "eligibility"
    title = Text("Basis of a pair", "结对基础条件")

    @property
    def worst_priority(self) -> int:
        """The weakest priority that may be chosen."""
        return 3 if self.mode == "strict" else 5

    def sentence(self) -> Text:
        if self.mode == "strict":
            return Text("A pair needs a basis: only priorities 1 to 3 may be chosen.", "结对须有基础：只可选优先级 1 至 3。")
        return Text(
            "A pair should have a basis; priorities 4 and 5 are possible at their price.",
            "结对宜有基础；优先级 4、5 可选，但须计价。",
        )


@dataclass(frozen=True)
class _Pair(Rule):
    """One district and one hospital, and why."""

    district_id: str = ""
    hospital_id: str = ""
    reason: str = ""
    many = True

    def _because(self) -> Text:
        return Text(f" ({self.reason})", f"（{self.reason}）") if self.reason else Text("", "")


@dataclass(frozen=True)
class Pin(_Pair):
    """A pair that must be in the plan; it counts and is listed even if it serves nobody."""

    id = "PIN"
    key = "pin"
    title = Text("Pinned pair", "指定结对")

    def sentence(self) -> Text:
        why = self._because()
        return Text(
            f"District {self.district_id} partners with {self.hospital_id}{why.en}.",
            f"{self.district_id} 区须与 {self.hospital_id} 合作{why.zh}。",
        )


@dataclass(frozen=True)
class Ban(_Pair):
    """A pair that must not be in the plan."""

    id = "BAN"
    key = "ban"
    title = Text("Banned pair", "禁止结对")

    def sentence(self) -> Text:
        why = self._because()
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
    id = "SHARE"
    key = "least_share"
    title = Text("Least share per partner", "每家合作医院最低份额")

    def sentence(self) -> Text:
        return Text(
            f"Each partner serves at least {self.share:.0%} of its district's residents.",
            f"每家合作医院至少服务所在合作区 {self.share:.0%} 的居民。",
        )


RULES: tuple[type[Rule], ...] = (
    FullCoverage, DistrictCap, HospitalCap, Candidates, Priority, Eligibility,
    Pin, Ban, Capacity, TravelStandard, LeastPartners, LeastShare,
)  # fmt: skip

"""The rules that shanghai-2025 itself writes: SH-1 to SH-6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from gridplan.inputs.region import Region
from gridplan.policies.rule import Cap, Override, Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, OWNERSHIPS, TIERS

PRICES = (0.0, 5.0, 10.0, 15.0, 30.0)


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
            "Every resident has exactly one hospital, partner or grid lead, in each layer.",
            "每个居民在每一层恰有一家医院（合作医院或牵头医院）。",
        )


@dataclass(frozen=True)
class DistrictCap(Cap):
    """At most `most` counted partners per district.

    Clause: shanghai-2025, SH-2 (原则上每个区可与不超过2家市级综合医院组建区域医联体).
    Exempt categories (SH-4) count toward nothing. An override needs a reason, which is printed with the plan.

    Parameters
    ----------
    more_above_people, more_above_km2 : a district with more residents, or more area in km², may have one partner
        more (可根据区域面积、常住人口适当调整); off where None. An override stands above it, and what a district
        does not state adjusts nothing.
    """

    most: int = 2
    more_above_people: float | None = None
    more_above_km2: float | None = None
    of = "partners"
    id = "SH-2"
    key = "district_cap"
    title = Text("Cap per district", "每区合作医院上限")

    __hash__ = Cap.__hash__

    def sentence(self) -> Text:
        more, except_ = self._adjusting(), self._overridden()
        return Text(
            f"A district partners with at most {self.most} counted hospitals{more.en}{except_.en}.",
            f"每个区至多与 {self.most} 家计数医院合作{more.zh}{except_.zh}。",
        )

    def on(self, region: Region) -> Self:
        """The cap with an override, and its reason in numbers, for each district above a threshold."""
        above = {d.district_id: self._above(d.people, d.area_km2) for d in region.districts.itertuples()}
        more = {d: Override(self.most + 1, why) for d, why in above.items() if why and d not in self.override}
        return replace(self, override={**self.override, **more}) if more else self

    def _above(self, people: float, km2: float) -> str:
        """The thresholds that a district is above, in figures; "" where none. NaN is above nothing."""
        why = []
        if self.more_above_people is not None and people > self.more_above_people:
            why.append(f"{people:,.0f} > {self.more_above_people:,.0f}")
        if self.more_above_km2 is not None and km2 > self.more_above_km2:
            why.append(f"{km2:,.1f} km² > {self.more_above_km2:,.1f} km²")
        return ", ".join(why)

    def _adjusting(self) -> Text:
        above = []
        if self.more_above_people is not None:
            count = f"{self.more_above_people:,.0f}"
            above.append(Text(f"{count} residents", f"常住人口超过 {count} 人"))
        if self.more_above_km2 is not None:
            above.append(
                Text(f"{self.more_above_km2:,.1f} km2", f"面积超过 {self.more_above_km2:,.1f} 平方公里")
            )
        if not above:
            return Text("", "")
        english, chinese = " or ".join(text.en for text in above), "或".join(text.zh for text in above)
        return Text(f", one more above {english}", f"，{chinese}的可增加 1 家")


@dataclass(frozen=True)
class HospitalCap(Cap):
    """At most `most` districts per counted hospital, its home district included when paired.

    Clause: shanghai-2025, SH-3 (每家市级综合医院不超过3个区，含本部所在区).
    """

    most: int = 3
    of = "partners"
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
    of = "partners"
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
                f"{exempt.en} hospitals form a layer of their own ({self.exempt_layer}) and count toward no cap.",
                f"{exempt.zh}医院另成一层（{self.exempt_layer}），不计入上限。",
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
    of = "partners"
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
    of = "partners"
    id = "SH-6"
    key = "eligibility"
    title = Text("Basis of a pair", "结对基础条件")

    @property
    def worst_priority(self) -> int:
        """The weakest priority that may be chosen."""
        return 3 if self.mode == "strict" else 5

    def sentence(self) -> Text:
        if self.mode == "strict":
            return Text(
                "A pair needs a basis: only priorities 1 to 3 may be chosen.",
                "结对须有基础：只可选优先级 1 至 3。",
            )
        return Text(
            "A pair should have a basis; priorities 4 and 5 are possible at their price.",
            "结对宜有基础；优先级 4、5 可选，但须计价。",
        )

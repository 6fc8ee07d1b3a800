"""Cap per district (SH-2): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from gridplan.inputs.region import Region
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.rule import Cap, Override
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class DistrictCap(Cap):
    """At most `most` counted partners per district.

    Clause: shanghai-2025, SH-2 (原则上每个区可与不超过2家市级综合医院组建区域医联体).
    Exempt categories (SH-4) count toward nothing. An override needs a reason, which is printed with the plan.

    Parameters
    ----------
    most : int, default 2
        Counted partners of a district, 1 or more.
    override : Mapping[str, Override], optional
        District id → `Override(most, reason)`; the reason is printed with the plan.
    more_above_people, more_above_km2 : float or None, default None
        A district with more residents, or more area in km², may have one partner more (可根据区域面积、常住人口适当调整); off where
        None. An override stands above it, and what a district does not state adjusts nothing.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.DistrictCap(2).sentence().en)
    A district partners with at most 2 counted hospitals.
    """

    most: int = 2
    more_above_people: float | None = None
    more_above_km2: float | None = None
    of = "partners"
    id = "SH-2"
    key = "district_cap"
    title = Text("Cap per district", "每区合作医院上限")
    rank = 20
    ranges = numbers(
        most=Range(1, whole=True),
        more_above_people=Range(0, none=True),
        more_above_km2=Range(0, none=True),
    )

    __hash__ = Cap.__hash__

    def sentence(self) -> Text:
        more, except_ = self._adjusting(), self._overridden()
        return Text(
            f"A district partners with at most {self.most} counted hospitals{more.en}{except_.en}.",
            f"每个区至多与 {self.most} 家计入上限的医院合作{more.zh}{except_.zh}。",
        )

    def on(self, region: Region) -> Self:
        """The cap with an override, and its reason in numbers, for each district above a threshold."""
        table = region.districts
        facts = zip(table["district_id"], table["people"], table["area_km2"], strict=True)
        above = {district: self._above(people, km2) for district, people, km2 in facts}
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

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """More pins of counted hospitals than a district may have."""
        for (_, district), rows in (
            case.partners.groupby(["layer", "district_id"]) if case.cap(DistrictCap) else ()
        ):
            pins, most = int((rows["pinned"] & rows["counted"]).sum()), self.limit(str(district))
            if pins > most:
                label = case.region.label("district", district)
                yield self.refusal(
                    str(district),
                    Text(
                        f"{label} has {pins} pinned partners, cap {most}",
                        f"{label}指定了 {pins} 家，上限 {most}",
                    ),
                    Text(f"let it take {pins}, or drop a pin", f"允许 {pins} 家，或去掉一项指定"),
                    case.where("pin"),
                )

    def notes(self, case: Case) -> Iterator[Finding]:
        """Districts without an area, where the cap is adjusted for area."""
        areas = case.region.districts.set_index("district_id")["area_km2"]
        for district in areas.index[areas.isna()] if self.more_above_km2 is not None else ():
            label = case.region.label("district", district)
            what = Text(
                f"{self.id}: {label} states no area, so its cap is not adjusted for area",
                f"{self.id}：{label}未填面积，上限不按面积调整",
            )
            hint = Text("fill in area_km2", "请填写 area_km2")
            yield Finding("warning", "area-not-stated", "districts", what, hint, id=district)

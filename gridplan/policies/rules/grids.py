"""Grids cover the urban districts (ZJ-1): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.policies.goals import PARTNERS_ONLY
from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text


@dataclass(frozen=True)
class Grids(Rule):
    """Urban districts are divided into grids, each unit in exactly one; county consortia are left out and said so.

    Clause: zhejiang-2020, ZJ-1 (若干网格，网格化全覆盖；不含县域医共体).
    A district runs a county consortium where its `consortium` says "county", or says nothing and its kind is
    "county"; with CD-2 on, that rule says which districts do, and they are one grid each.

    Parameters
    ----------
    least, most : int or None, default None
        Grids in the city; None = free.
    least_per_district, most_per_district : int, optional
        Grids led from each urban district; None = no upper limit. 0 lets a district do without a lead of its own,
        where grids reach across borders.
    number : Mapping[str, int], optional
        district_id → exactly so many grids there.
    across_districts : bool, default False
        Whether a grid may reach into other districts than its lead's.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Grids(least=4, most=6).sentence().en)
    Every unit of an urban district is in one grid; grids in the city: 4 to 6, in a district: at least...
    """

    least: int | None = None
    most: int | None = None
    least_per_district: int = 1
    most_per_district: int | None = None
    number: Mapping[str, int] = field(default_factory=dict)
    across_districts: bool = False
    of = "grids"
    id = "ZJ-1"
    key = "grids"
    title = Text("Grids cover the urban districts", "网格全覆盖城区")
    rank = 1010
    ranges = numbers(
        least=Range(1, whole=True, none=True),
        most=Range(1, whole=True, none=True),
        least_per_district=Range(0, whole=True),
        most_per_district=Range(1, whole=True, none=True),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        fixed = {str(key): int(n) for key, n in sorted(self.number.items(), key=lambda kv: str(kv[0]))}
        object.__setattr__(self, "number", fixed)

    def __hash__(self) -> int:
        plain = (
            self.least,
            self.most,
            self.least_per_district,
            self.most_per_district,
            self.across_districts,
        )
        return hash((type(self), plain, tuple(self.number.items())))

    def sentence(self) -> Text:
        city, each = (
            _between(self.least, self.most),
            _between(self.least_per_district or None, self.most_per_district),
        )
        border = (
            Text("grids may cross district borders", "网格可跨区")
            if self.across_districts
            else Text("a grid stays in its district", "网格不跨区")
        )
        fixed = ", ".join(f"{key}: {n}" for key, n in self.number.items())
        exactly = Text(f"; exactly {fixed}", f"；其中 {fixed}") if fixed else Text("", "")
        return Text(
            f"Every unit of an urban district is in one grid; grids in the city: {city.en}, in a district: "
            f"{each.en}{exactly.en}; {border.en}; districts with a county consortium are not divided.",
            f"城区每个单元恰在一个网格内；全市网格数：{city.zh}，每区：{each.zh}{exactly.zh}；{border.zh}；"
            "实行县域医共体的区县不划分。",
        )

    def misfits(self, case: Case) -> Iterator[Finding]:
        """Some district is planned, in a form that has a number of grids, by goals that speak of grids."""
        for goal in PARTNERS_ONLY if not case.partner_layers else ():
            if goal in case.goals:
                what = Text(
                    f"the goal {goal} speaks of partners, but the policy plans grids alone",
                    f"目标 {goal} 针对合作医院，但政策只划分网格",
                )
                hint = Text("take it out of goals", "请从 goals 中去掉")
                yield self.refusal(goal, what, hint, case.where("goals"))
        if (case.forms == "left_out").all():
            yield self.refusal(
                self.key,
                Text("every district is left out as a county consortium: nothing to plan", "所有区县均为县域医共体而不在其列，无可规划"),
                Text("add [county_communities], or set consortium to urban", "请加入 [county_communities]，或将 consortium 改为 urban"),
            )  # fmt: skip
        for district in self.number:
            if case.forms.get(district, "urban") != "urban":
                label = case.region.label("district", district)
                yield self.refusal(
                    district,
                    Text(f"{label} is not divided into grids", f"{label}不划分网格"),
                    Text("drop it: a county community is one grid", "请去掉：县域医疗共同体为一个网格"),
                    case.where(f"{self.key}.number.{district}"),
                )

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """As many grids as asked need as many leads, each with a unit of its own."""
        if case.grids is not None:
            yield from self._numbers(case, case.grids)

    def _numbers(self, case: Measured, grids: GridCounts) -> Iterator[Finding]:
        lows, highs = 0.0, 0.0
        for district in grids.planned:
            low, high = grids.bounds(district)
            leads = grids.leads(district)
            room = grids.possible(leads)
            lows, highs = lows + low, highs + min(high, room)
            label = case.region.label("district", district)
            pins = [h for h in leads if h in grids.pinned]
            if len(pins) > high or grids.possible(pins) < len(pins):
                names = listed(case.region.label("hospital", h) for h in pins)
                most = int(min(high, grids.possible(pins)))
                yield self.refusal(district,
                    Text(f"{label}: {len(pins)} leads are pinned, {most} can lead: {names}", f"{label}：指定 {len(pins)} 家牵头，至多 {most} 家：{names}"),
                    Text("drop a pin, or allow more grids; two in one unit cannot both lead", "请去掉一项指定，或增加网格数；同一单元内只能有一家牵头"),
                )  # fmt: skip
            elif low > room:
                yield self._too_many(case, grids, district, label, low, room)
        for asked, bound, short in ((self.most, lows, False), (self.least, highs, True)):
            if asked is not None and (bound < asked if short else bound > asked):
                yield self._city(case, asked, int(bound), short)

    def _too_many(
        self, case: Measured, grids: GridCounts, district: str, label: str, low: int, room: int
    ) -> Finding:
        n, units = len(grids.leads(district)), int((case.region.units["district_id"] == district).sum())
        what = Text(
            f"{label} must have {_n(low, 'grid')}, but has {_n(n, 'hospital')} that may lead, in {_n(units, 'unit')}",
            f"{label}须有 {low} 个网格，但可牵头医院只有 {n} 家，单元 {units} 个",
        )
        if room < n:
            what = Text(
                f"{label} must have {low} grids, but of its {n} hospitals that may lead {room} can side by side: the "
                "others stand in one unit with another",
                f"{label}须有 {low} 个网格，但 {n} 家可牵头医院中至多 {room} 家可同时牵头：其余与他院同在一个单元",
            )
        hint = Text("ask for fewer grids, or add hospitals that may lead", "请减少网格数，或增加可牵头的医院")
        if self.across_districts and district not in self.number:
            hint = Text(
                "write least_per_district = 0, or add hospitals that may lead",
                "请写 least_per_district = 0，或增加可牵头的医院",
            )
        key = f"number.{district}" if district in self.number else "least_per_district"
        return self.refusal(district, what, hint, case.where(f"{self.key}.{key}"))

    def _city(self, case: Measured, asked: int, bound: int, short: bool) -> Finding:
        what = (
            Text(f"at least {asked} grids are asked in the city, {bound} are possible", f"全市至少要 {asked} 个网格，至多可有 {bound} 个")
            if short
            else Text(f"at most {asked} grids are allowed in the city, the districts need {bound}", f"全市至多 {asked} 个网格，各区合计至少需 {bound} 个")
        )  # fmt: skip
        hint = (
            Text(f"ask for {bound} or fewer", f"请减至 {bound} 个以内")
            if short
            else Text(f"allow {bound} or more", f"请放宽到 {bound} 个以上")
        )
        key = "least" if short else "most"
        return self.refusal(key, what, hint, case.where(f"{self.key}.{key}"))

    def notes(self, case: Case) -> Iterator[Finding]:
        """Districts that get no grids."""
        people = case.region.units.groupby("district_id")["people"].sum()
        for district in case.forms.index[case.forms == "left_out"]:
            label, residents = case.region.label("district", district), people.get(district, 0)
            what = Text(
                f"{self.id}: {label} runs a county consortium and is left out of the grids ({residents:,.0f} residents).",
                f"{self.id}：{label}实行县域医共体，不划入网格（{residents:,.0f} 人）。",
            )
            hint = Text(
                "To plan it as one grid, add [county_communities] (CD-2); to divide it, set its consortium to urban.",
                "如作为一个网格规划，请加入 [county_communities]（CD-2）；如划分网格，请将 consortium 写为 urban。",
            )
            yield Finding("warning", "district-left-out", "districts", what, hint, id=district)


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _between(least: int | None, most: int | None) -> Text:
    if least is None and most is None:
        return Text("free", "不限")
    if least == most:
        return Text(f"{most}", f"{most} 个")
    if most is None:
        return Text(f"at least {least}", f"至少 {least} 个")
    if least is None:
        return Text(f"at most {most}", f"至多 {most} 个")
    return Text(f"{least} to {most}", f"{least} 至 {most} 个")

"""The rules for grids inside a city (网格): zhejiang-2020, ZJ-1 to ZJ-6, and chengdu-2018, CD-1 and CD-2.

With `Grids` on, a plan has the layer "grid": every unit of the districts planned has one grid lead (牵头医院), which
stands in its own grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, KINDS, OWNERSHIPS, TIERS, both_words


@dataclass(frozen=True)
class Grids(Rule):
    """Urban districts are divided into grids, each unit in exactly one; county consortia are left out and said so.

    Clause: zhejiang-2020, ZJ-1 (若干网格，网格化全覆盖；不含县域医共体).
    A district runs a county consortium where its `consortium` says "county", or says nothing and its kind is
    "county"; with CD-2 on, that rule says which districts do, and they are one grid each.

    Parameters
    ----------
    least, most : grids in the city; None = free.
    least_per_district, most_per_district : grids led from each urban district; None = no upper limit. 0 lets a
        district do without a lead of its own, where grids reach across borders.
    number : district_id → exactly so many grids there.
    across_districts : whether a grid may reach into other districts than its lead's.
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


@dataclass(frozen=True)
class GridLeads(Rule):
    """Who may lead a grid: municipal tertiary public hospitals, or the hospital that represents the area's level.

    Clause: zhejiang-2020, ZJ-2 (市级三级公立医院或代表区域水平的医院牵头).

    Parameters
    ----------
    tiers, ownerships, categories : what a lead must be; ZJ-3 adds categories, ZJ-4 willing private hospitals.
    tertiary : tiers of which only tertiary hospitals (grade 3…) lead.
    """

    tiers: tuple[str, ...] = ("municipal", "district")
    ownerships: tuple[str, ...] = ("public",)
    categories: tuple[str, ...] = ("general",)
    tertiary: tuple[str, ...] = ("municipal",)
    of = "grids"
    id = "ZJ-2"
    key = "grid_leads"
    title = Text("Who leads a grid", "网格牵头医院")

    def sentence(self) -> Text:
        who, own = any_of(TIERS, self.tiers), any_of(OWNERSHIPS, self.ownerships)
        what, high = any_of(CATEGORIES, self.categories), any_of(TIERS, self.tertiary)
        only = (
            Text(f"; {high.en} ones must be tertiary", f"，其中{high.zh}医院须为三级")
            if self.tertiary
            else Text("", "")
        )
        return Text(
            f"One lead per grid, inside it: tier {who.en}, ownership {own.en}, category {what.en}{only.en}.",
            f"每个网格一家牵头医院，位于网格内：层级为{who.zh}，所有制为{own.zh}，类别为{what.zh}{only.zh}。",
        )


@dataclass(frozen=True)
class SpecialLeads(Rule):
    """TCM and maternal-and-child hospitals may lead too, with a grid's duties.

    Clause: zhejiang-2020, ZJ-3 (支持中医医院、妇幼保健院牵头).
    """

    categories: tuple[str, ...] = ("tcm", "integrated_tcm", "maternal_child")
    of = "grids"
    id = "ZJ-3"
    key = "special_leads"
    title = Text("TCM and maternal-and-child leads", "中医、妇幼牵头")

    def sentence(self) -> Text:
        who = any_of(CATEGORIES, self.categories)
        return Text(f"Grids may also be led by {who.en} hospitals.", f"网格也可由{who.zh}医院牵头。")


@dataclass(frozen=True)
class WillingPrivate(Rule):
    """Private institutions join, or lead, only where they are marked willing (hospitals.willing = yes).

    Clause: zhejiang-2020, ZJ-4 (社会办医疗机构自愿参加).
    """

    of = "grids"
    id = "ZJ-4"
    key = "willing_private"
    title = Text("Private institutions, where willing", "社会办医自愿加入")

    def sentence(self) -> Text:
        return Text(
            "Private institutions join a grid, or lead it, only where marked willing.",
            "社会办医疗机构仅在注明自愿时加入或牵头网格。",
        )


@dataclass(frozen=True)
class NoProvincialLeads(Rule):
    """Provincial hospitals do not lead grids; they are shown as higher-level partners.

    Clause: zhejiang-2020, ZJ-5 (省级医院原则上不牵头).
    """

    of = "grids"
    id = "ZJ-5"
    key = "no_provincial_leads"
    title = Text("Provincial hospitals do not lead", "省级医院不牵头")

    def sentence(self) -> Text:
        return Text("A provincial hospital never leads a grid.", "省级医院不牵头网格。")


@dataclass(frozen=True)
class GridShape(Rule):
    """Grids hang together, are balanced against what their leads can carry, and lie within reach.

    Clause: zhejiang-2020, ZJ-6 (分区包段).
    Connected: every connected part of a grid holds a campus of its lead; units touch where they share a border, or by
    a bridge or ferry of the table links. Units on an island where no hospital could lead are exempt, and reported.

    Parameters
    ----------
    connected : whether grids hang together.
    balance : a grid's residents stand within ± this share of its fair part; None = not asked. The fair part of
        the residents of the district (of the city, with grids across districts) is in proportion to `balance_by`
        among the leads chosen.
    balance_by : "equal", "beds" or "capacity_people".
    minutes : no resident of a grid travels longer; None = no limit.
    """

    connected: bool = True
    balance: float | None = None
    balance_by: str = "equal"
    minutes: float | None = None
    of = "grids"
    id = "ZJ-6"
    key = "grid_shape"
    title = Text("Shape of grids", "网格形态")

    def sentence(self) -> Text:
        parts = []
        if self.connected:
            parts.append(
                Text(
                    "each part of a grid hangs together around a campus of its lead",
                    "网格每一片都与牵头医院的院区连通",
                )
            )
        if self.balance is not None:
            by = BALANCED_BY[self.balance_by]
            parts.append(
                Text(
                    f"residents within ±{100 * self.balance:g}% of the fair part {by.en}",
                    f"居民数在{by.zh}应担份额的 ±{100 * self.balance:g}% 以内",
                )
            )
        if self.minutes is not None:
            parts.append(
                Text(
                    f"nobody travels more than {self.minutes:g} minutes to the lead",
                    f"到牵头医院不超过 {self.minutes:g} 分钟",
                )
            )
        if not parts:
            return Text("The shape of grids is free.", "网格形态不限。")
        chinese = "，".join(p.zh for p in parts)
        english = "; ".join(p.en for p in parts)
        return Text(f"{english[0].upper()}{english[1:]}.", f"{chinese}。")


@dataclass(frozen=True)
class UrbanGroups(Rule):
    """Districts of these kinds are divided into grids whose form is the urban hospital group.

    Clause: chengdu-2018, CD-1 (城市医疗集团).
    """

    kinds: tuple[str, ...] = ("central", "suburban")
    of = "grids"
    id = "CD-1"
    key = "urban_groups"
    title = Text("Urban hospital groups", "城市医疗集团")

    def sentence(self) -> Text:
        kinds = any_of(KINDS, self.kinds)
        return Text(
            f"Grids of {kinds.en} districts are urban hospital groups.", f"{kinds.zh}的网格为城市医疗集团。"
        )


@dataclass(frozen=True)
class CountyCommunities(Rule):
    """Districts of these kinds are one grid each, a county medical community led by a hospital of the district.

    Clause: chengdu-2018, CD-2 (县域医疗共同体：县、乡、村). What a district's `consortium` says stands above its kind.

    Parameters
    ----------
    kinds : kinds of district.
    tiers : what the lead of a county community must be; `GridLeads` holds as well.
    """

    kinds: tuple[str, ...] = ("outer_suburban", "county")
    tiers: tuple[str, ...] = ("district",)
    of = "grids"
    id = "CD-2"
    key = "county_communities"
    title = Text("County medical communities", "县域医疗共同体")

    def sentence(self) -> Text:
        kinds, who = any_of(KINDS, self.kinds), any_of(TIERS, self.tiers)
        return Text(
            f"Each {kinds.en} district is one grid, a county medical community led by a hospital there, tier {who.en}.",
            f"{kinds.zh}每区（县）为一个网格，组成县域医疗共同体，由当地{who.zh}医院牵头。",
        )


BALANCED_BY = {
    "equal": Text("(equal grids)", "（各网格相等）"),
    "beds": Text("by the lead's beds", "（按牵头医院床位）"),
    "capacity_people": Text("by the lead's capacity", "（按牵头医院承载能力）"),
}


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


def any_of(words: Mapping[str, Text], keys: tuple[str, ...]) -> Text:
    """Several words of a closed list as people say them: a, b or c; none where there are none."""
    known = [both_words(words, key) for key in keys] or [Text("none", "无")]
    *most, last = (word.en for word in known)
    return Text(f"{', '.join(most)} or {last}" if most else last, "、".join(word.zh for word in known))

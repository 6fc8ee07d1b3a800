"""How near care is in programme.html: by tier and by district, before and after, and how unequal."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.programmes.programme import Programme
from gridplan.programmes.way.access import stated_supply
from gridplan.programmes.way.access_change import access_change, access_inequality
from gridplan.words.html import html_row, html_table, said, section
from gridplan.words.text import Text
from gridplan.words.vocabulary import ACCESS_TIERS

TIERS = (
    Text("tier", "层级"), Text("when", "时点"), Text("mean", "均值"), Text("Gini", "基尼系数"), Text("Theil", "泰尔指数"),
    Text("of it between districts", "其中区间差异"),
)  # fmt: skip
WHEN = {
    "before": Text("before: all that is near", "之前：就近可及"),
    "after": Text("after: under the plan", "之后：按方案"),
}
TITLE = Text("How near care is, before and after", "可及性：之前与之后")
NOTE = Text(
    "Access is what each unit reaches per 1,000 residents when all share what they reach (floating catchments, 2SFCA: 15, 30 and "
    "60 minutes). Before: all that is near. After: the institutions of the chains, the lead of the grid, the partner.",
    "可及性为各单元每千名居民可及的供给（两步移动搜索法 2SFCA，15、30、60 分钟）。之前：就近全部机构；之后：转诊链中的基层机构、网格牵头医院、合作医院。",
)


def inequality_table(programme: Programme) -> str:
    """How near care is and how unequal, by tier, before and after; "" where nothing states what it supplies."""
    table = access_change(programme)
    if table.empty:
        return ""
    rows = (
        html_row((ACCESS_TIERS[r.tier], WHEN[r.when], f"{r.mean:,.2f}", f"{r.gini:.3f}", f"{r.theil:.3f}", f"{r.theil_between:.3f}"))
        for r in access_inequality(table).itertuples()
    )  # fmt: skip
    known = "".join(said(_stated(programme, tier), "p") for tier in dict.fromkeys(table["tier"]))
    return said(TITLE, "h3") + said(NOTE, "p") + known + html_table(TIERS, rows)


def access_sections(programme: Programme) -> Iterator[str]:
    """A table by tier and one by district; nothing where nothing states what it supplies."""
    table = access_change(programme)
    if table.empty:
        return
    region, tiers = programme.plan.region, list(dict.fromkeys(table["tier"]))
    weighted = table.assign(**{w: table[w] * table["people"] for w in WHEN})
    sums = weighted.groupby(["district_id", "tier"])[[*WHEN, "people"]].sum(min_count=1)
    headings = [Text("district", "区")]
    for tier in tiers:
        name = ACCESS_TIERS[tier]
        headings += [
            Text(f"{name.en}, {w.en.split(':')[0]}", f"{name.zh}，{w.zh.split('：')[0]}")
            for w in WHEN.values()
        ]
    lines = []
    for district in region.districts["district_id"]:
        cells: list[str] = []
        for tier in tiers:
            one = sums.loc[(district, tier)] if (district, tier) in sums.index else None
            for when in WHEN:
                value = (
                    float("nan") if one is None or not one["people"] > 0 else float(one[when] / one["people"])
                )
                cells.append("–" if value != value else f"{value:,.2f}")
        lines.append(html_row((region.label("district", district), *cells)))
    yield section(TITLE, inequality_table(programme) + html_table(tuple(headings), lines))


def _stated(programme: Programme, tier: str) -> Text:
    """How many places of a tier state what they supply; the others supply nothing here."""
    known, there = stated_supply(programme.plan, tier)
    name = ACCESS_TIERS[tier]
    return Text(
        f"{name.en}: {known} of {there} state what they supply; the others count as nothing.",
        f"{name.zh}：{there} 家中 {known} 家填写了供给能力，其余按 0 计。",
    )

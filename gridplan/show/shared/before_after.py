"""Before and after (现状 → 方案) as pages show it: the same figures in report, map, workbook and form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from gridplan.plans.against_today import against_text, against_today
from gridplan.plans.plan import Plan
from gridplan.show.shared.bilingual_table import Column, Table, cell, two, word
from gridplan.words.html import figures, html_table, said
from gridplan.words.text import Text
from gridplan.words.vocabulary import LAYERS, both_words

ALL = Text("all", "全市")
PARTNERS = Text("partners, today → plan", "合作医院数，现状 → 方案")
MINUTES = Text("mean minutes, today → plan", "人均出行时间（分钟），现状 → 方案")
BEYOND = Text("beyond 60 min, today → plan", "超过 60 分钟人口，现状 → 方案")
MOVED = Text("travel less / more, residents", "缩短 / 延长人口")
NOTE = Text(
    "Minutes, losses and gains are of residents who have a partner today; districts without one show – before the arrow, "
    "their residents are in no mean of today. An open campus without an agreement counts as a partner today.",
    "出行时间与增减均按现有合作医院的居民计算；现无合作医院的区，箭头前为“–”，不计入现状均值。已开放院区未签约的，视为现有合作。",
)


@lru_cache(maxsize=1)  # report, workbook, map and form of one plan ask for the same
def told(plan: Plan) -> tuple[pd.DataFrame, list[Text]]:
    """The table of before and after, and a sentence per layer of partners; both empty for grids alone."""
    if not plan.policy.partner_layers:
        return pd.DataFrame(), []
    table = against_today(plan)
    return table, [against_text(plan, table, layer) for layer in plan.policy.partner_layers]


def shifts(row: Any) -> tuple[str, str, str, str]:
    """Partners, mean minutes, residents beyond 60 minutes: before → after; and residents with less and more minutes.

    After: of the residents who have a partner today, where there are any; else of all.
    """
    nobody = row.people == row.people_without
    after = row.minutes if nobody else row.minutes_same
    beyond = row.beyond if nobody else row.beyond_same
    return (
        f"{row.partners_today} → {row.partners}",
        f"{_minutes(row.minutes_today)} → {_minutes(after)}",
        f"{'–' if nobody else format(row.beyond_today, ',')} → {beyond:,}",
        "–" if nobody else f"{row.winners:,} / {row.losers:,}",
    )


def _minutes(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1f}"


def before_after_html(plan: Plan, table: pd.DataFrame) -> str:
    """A row per district, the city's first: partners, minutes, residents beyond, who travels less and more, by layer."""
    layers = list(plan.policy.partner_layers)
    headings = [Text("district", "区")]
    for layer in layers:
        name = both_words(LAYERS, layer)
        headings += [
            Text(f"{name.en}: {h.en}", f"{name.zh}：{h.zh}") for h in (PARTNERS, MINUTES, BEYOND, MOVED)
        ]
    names = plan.region.district_names
    rows = []
    for district in ["", *plan.region.districts["district_id"]]:
        mine = table[table["district_id"] == district].set_index("layer")
        cells = [text for layer in layers for text in shifts(mine.loc[layer])]
        rows.append(f'<tr><th scope="row">{said(names.get(district, ALL))}</th>{figures(cells)}</tr>')
    return f'<div class="glance">{html_table(headings, rows)}{said(NOTE, "p")}</div>'


def before_after_table(plan: Plan) -> Table:
    """The sheet of before and after: every figure as a number of its own, the city's rows first."""
    columns = (
        Column(Text("layer", "服务类别")), Column(Text("district id", "区编号")), Column(Text("district", "区")),
        Column(Text("residents", "常住人口"), "people"),
        Column(Text("residents without a partner today", "现无合作医院人口"), "people"),
        Column(Text("partners today", "现状合作医院数"), "number"), Column(Text("partners in the plan", "方案合作医院数"), "number"),
        Column(Text("mean minutes today", "现状人均出行时间（分钟）"), "minutes"),
        Column(Text("mean minutes of the same residents in the plan", "方案人均出行时间，同一居民（分钟）"), "minutes"),
        Column(Text("mean minutes of all residents in the plan", "方案人均出行时间，全部居民（分钟）"), "minutes"),
        Column(Text("beyond 60 min today", "现状超过 60 分钟人口"), "people"),
        Column(Text("beyond 60 min in the plan, same residents", "方案超过 60 分钟人口，同一居民"), "people"),
        Column(Text("beyond 60 min in the plan, all", "方案超过 60 分钟人口，全部"), "people"),
        Column(Text("residents who travel less", "出行缩短人口"), "people"),
        Column(Text("residents who travel more", "出行延长人口"), "people"),
        Column(Text("person-minutes saved", "缩短合计（人·分钟）"), "people"),
        Column(Text("person-minutes added", "延长合计（人·分钟）"), "people"),
    )  # fmt: skip
    table, _ = told(plan)
    city = table["district_id"] == ""
    rows = [
        (word(LAYERS, r.layer), r.district_id, two(ALL) if not r.district_id else cell(r.district),
         *(cell(value) for value in list(r)[4:]))
        for r in pd.concat([table[city], table[~city]]).itertuples()
    ]  # fmt: skip
    return Table(Text("Before and after", "现状与方案"), columns, rows)

"""A resident's way in programme.html: tables of its parts with names in place of ids, headings in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.policies.programme_rules.indicators import indicators
from gridplan.programmes.programme import Programme
from gridplan.words.html import html_row, html_table, said, section
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import (
    CARE_TIERS,
    CASES,
    HEADS,
    INSTITUTIONS,
    SERVICES,
    TIERS_OF_CARE,
    listed_words,
)

MOST_ROWS = 200  # of a table on the page; the rest is in the file
HEADINGS = {
    "lead_id": Text("grid lead", "网格牵头医院"), "district_id": Text("district", "区"), "people": Text("residents", "常住人口"),
    "people_65plus": Text("65 and more", "65 岁及以上"), "beds": Text("beds for the old", "医养床位"),
    "per_1000": Text("beds per 1,000 of 65 and more", "每千名 65 岁及以上床位"), "missing_beds": Text("beds missing", "缺床位"),
    "missing": Text("kinds missing", "缺少的机构类型"), "unit_id": Text("unit", "单元"), "group": Text("group", "人群"),
    "reason": Text("why", "原因"), "nearest": Text("minutes to the nearest", "最近机构（分钟）"),
    "tier": Text("tier", "层级"), "id": Text("institution", "机构"), "load": Text("a year", "年负荷"), "capacity": Text("capacity", "能力"),
    "overflow": Text("beyond capacity", "超出能力"),
    "case": Text("class of case", "病种类别"), "visits": Text("visits a year", "年诊疗人次"),
    "head": Text("head", "类别"), "indicator_id": Text("indicator", "指标"), "value": Text("value", "数值"),
    "floor": Text("scores 0 at", "0 分值"), "target": Text("scores 100 at", "目标值"), "score": Text("score", "得分"),
    "self_score": Text("self-assessment", "自评"), "outside_score": Text("outside assessment", "外评"), "source": Text("from", "来源"),
    "measured": Text("measured", "已测"), "indicators": Text("indicators", "指标数"),
    "hospital_id": Text("hospital", "医院"), "discipline": Text("discipline", "学科"), "week_slots": Text("slots a week", "每周专家号"),
    "released": Text("for primary care", "向基层释放"), "members": Text("institutions", "基层机构数"),
    "early_days": Text("first days for primary care", "基层优先天数"), "service": Text("service", "共享服务"),
    "host_id": Text("host", "承办医院"), "institution_id": Text("institution", "机构"), "minutes": Text("minutes", "分钟"),
    "volume": Text("residents", "居民"),
}  # fmt: skip
NOUNS = {
    "lead_id": "hospital",
    "district_id": "district",
    "unit_id": "unit",
    "hospital_id": "hospital",
    "host_id": "hospital",
    "institution_id": "institution",
}
SOURCES = {
    "plan": Text("the plan", "方案测算"),
    "outside": Text("from outside", "外部填报"),
    "nobody": Text("not measured", "未测"),
}
REASONS = {
    "distance": Text("beyond the standard", "超过时间标准"),
    "capacity": Text("those within it are full", "标准内机构已满"),
    "none": Text("no institution in the district", "本区无机构"),
}
SECTIONS = {
    "case_mix": Text("Tiers of care: visits a year", "分级诊疗：年诊疗人次"),
    "care": Text("Members by kind, and beds for the old", "各类机构成员与医养床位"),
    "unserved": Text("Guaranteed, and not served", "应保障而未覆盖的人群"),
    "tier_loads": Text("What each tier carries", "各级承担的转诊"),
    "links": Text("Hubs of telemedicine", "远程医疗协作网"),
    "released": Text("Expert slots for primary care", "向基层释放的专家号"),
    "heads": Text("Scorecard: seven heads", "监测评价：七个方面"),
    "scorecard": Text("Scorecard: indicators", "监测评价：指标"),
    "hosts": Text("Who hosts which shared centre", "共享中心承办单位"),
}


def way_sections(programme: Programme) -> Iterator[str]:
    """A section per table that is shown whole; nothing where it is not there."""
    for name, title in SECTIONS.items():
        table = programme.tables.get(name)
        if table is not None and len(table):
            yield section(title, _table(programme, name, table))


def _table(programme: Programme, name: str, table: pd.DataFrame) -> str:
    columns = list(table.columns)
    rows = [
        html_row([_cell(programme, column, row) for column in columns])
        for row in table.head(MOST_ROWS).to_dict("records")
    ]
    made = html_table([HEADINGS[column] for column in columns], rows)
    if len(table) > MOST_ROWS:
        made += said(
            Text(
                f"{len(table) - MOST_ROWS} more rows in {name}.csv.",
                f"其余 {len(table) - MOST_ROWS} 行见 {name}.csv。",
            ),
            "p",
        )
    return made


def _cell(programme: Programme, column: str, row: dict[str, Any]) -> Text | str | int | float:
    """What a cell says: the name in place of an id."""
    value = row[column]
    if column in NOUNS and value:
        return both(programme.plan.region.label(NOUNS[column], str(value)))
    if column == "id":
        noun = "institution" if row["tier"] == "down" else "hospital"
        return both(programme.plan.region.label(noun, str(value)))
    if column == "tier":
        return (TIERS_OF_CARE | CARE_TIERS)[str(value)] if "id" not in row else TIERS_OF_CARE[str(value)]
    if column == "head":
        return HEADS[str(value)]
    if column == "indicator_id":
        return indicators()[str(value)].name
    if column == "source":
        return SOURCES[str(value)]
    if column == "case":
        return CASES[str(value)]
    if column == "service":
        return SERVICES[str(value)]
    if column == "reason":
        return REASONS[str(value)]
    if column == "missing":
        return listed_words(INSTITUTIONS, str(value).split())
    if column == "discipline":
        return discipline_name(str(value))
    return value if isinstance(value, int | float) else str(value)

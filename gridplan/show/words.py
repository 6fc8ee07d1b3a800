"""Every word that the map itself says, in both languages. assets/*.js have none of their own."""

from __future__ import annotations

from gridplan.text import Text

NOT_PUBLIC = Text(
    "Internal working map, not to be published without review",
    "内部工作用图，未经审核不得公开",
)
WORDS = {
    "layers": Text("Layers and legend", "图层与图例"),
    "partners": Text("Partner hospitals", "合作医院"),
    "partner": Text("partner", "合作医院"),
    "hospital": Text("hospital", "医院"),
    "form": Text("grids", "网格形态"),
    "role": Text("role in the grids", "网格中的角色"),
    "unit": Text("units", "单元"),
    "units": Text("Units by partner", "各单元的合作医院"),
    "districts": Text("Districts", "区界"),
    "pairs": Text("Pairs, by priority", "结对关系（按优先级）"),
    "candidates": Text("Candidate hospitals", "候选医院"),
    "branches": Text("Branches of candidates", "候选医院的院区与分院"),
    "others": Text("Other hospitals", "其他医院"),
    "findings": Text("Findings about the data", "数据提醒"),
    "city": Text("whole city", "全市"),
    "centre": Text("centre", "中心城区"),
    "district": Text("district", "所在区"),
    "paired": Text("district", "合作区"),
    "people": Text("residents", "常住人口"),
    "people_served": Text("residents served", "服务人口"),
    "minutes": Text("minutes", "出行分钟"),
    "mean_minutes": Text("mean minutes", "人均分钟"),
    "priority": Text("priority", "优先级"),
    "cap": Text("counted partners", "计数合作医院"),
    "districts_served": Text("districts served", "合作区"),
    "of": Text("of at most", "上限"),
    "no_cap": Text("no cap", "不限"),
    "exempt": Text("outside the caps", "不计入上限"),
    "category": Text("category", "类别"),
    "tier": Text("tier", "级别"),
    "ownership": Text("ownership", "性质"),
    "home": Text("home district", "本部所在区"),
    "of_hospital": Text("branch of", "所属医院"),
    "relation": Text("kind of branch", "类型"),
    "status": Text("status", "状态"),
    "kind": Text("kind", "区类别"),
    "change": Text("relation", "关系"),
    "with_number": Text("partner, with its number", "合作医院及其编号"),
    "not_partner": Text("candidate without a pair", "候选，未结对"),
    "not_candidate": Text("not a candidate", "非候选"),
    "minute": Text("min", "分钟"),
    "district_unit": Text("districts", "区"),
    "north": Text("N", "北"),
    "planned_mark": Text("planned campus", "规划院区"),
    "campus_mark": Text("open campus or branch", "已开放的院区、分院"),
}
# What is said otherwise where the layer of grids is on show.
GRID_WORDS = {
    "partners": Text("Grid leads", "网格牵头医院"),
    "partner": Text("grid lead", "牵头医院"),
    "units": Text("Units by grid lead", "各单元的牵头医院"),
    "candidates": Text("Hospitals that may lead", "可牵头的医院"),
    "branches": Text("Their campuses and branches", "其院区与分院"),
    "districts_served": Text("its grid", "所牵头网格"),
    "with_number": Text("grid lead, with its number", "牵头医院及其编号"),
    "not_partner": Text("may lead, leads no grid", "可牵头，未牵头"),
    "not_candidate": Text("may not lead", "不可牵头"),
}

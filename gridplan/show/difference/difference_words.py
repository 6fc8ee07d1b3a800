"""Every word that a page of differences says beside those of the map, in both languages."""

from __future__ import annotations

from gridplan.words.text import Text

DIFFERENCE_WORDS = {
    "difference": Text("what changes between plans", "方案对比"),
    "before": Text("before", "原方案"),
    "after": Text("after", "新方案"),
    "base": Text("base", "基准"),
    "layout": Text("how the maps stand", "地图排列"),
    "beside": Text("side by side", "并排"),
    "swipe": Text("swipe", "卷帘"),
    "one": Text("one map", "单图"),
    "divider": Text("divider between before and after", "前后分隔线"),
    "scenarios": Text("Scenarios, against the base", "情景（与基准相比）"),
    "scenario": Text("scenario", "情景"),
    "what_changes": Text("What changes", "变化概况"),
    "by_district": Text("By district", "分区变化"),
    "partners_change": Text("partners", "合作医院"),
    "moved": Text("residents who change", "更换医院人口"),
    "moved_short": Text("change", "更换"),
    "moved_units": Text("units that change", "更换医院的单元"),
    "pairs_changed": Text("Pairs", "结对增减"),
    "added": Text("pairs added", "新增结对"),
    "dropped": Text("pairs dropped", "撤销结对"),
    "no_pairs": Text("no pair is added or dropped", "结对没有增减"),
    "nothing_changes": Text("This is the base itself.", "当前所示即基准方案。"),
    "worst_minutes": Text("longest, min", "最长分钟"),
    "beyond": Text("residents beyond", "超时人口"),
    "pair_count": Text("pairs", "结对"),
    "changed_mark": Text("unit that changes its hospital", "更换医院的单元"),
    "sooner": Text("better", "改善"),
    "later": Text("worse", "变差"),
    "paint_partner": Text("hospital", "所属医院"),
    "paint_minutes": Text("minutes", "出行分钟"),
    "paint_change": Text("change in minutes", "分钟增减"),
    "more_minutes": Text("change", "增减"),
    "lead": Text("hospital", "医院"),
    "unchanged": Text("no change", "无变化"),
    "maps": Text("map, moves with its neighbour", "地图（两图联动）"),
    "changes_only": Text("only districts that change", "只列有变化的区"),
}

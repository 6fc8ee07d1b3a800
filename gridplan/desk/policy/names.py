"""What the fields of a policy are called in its form. A field that has no name here goes by the one it has in profiles."""

from __future__ import annotations

from collections.abc import Mapping

from gridplan.policies.rules.visit_demand import PLACES
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, KINDS, OWNERSHIPS, TIERS, TRAVEL_METHODS

FIELDS: Mapping[str, Text] = {
    "most": Text("at most", "至多"),
    "least": Text("at least", "至少"),
    "override": Text("exceptions, each with its reason", "例外（须写明理由）"),
    "more_above_people": Text("one more above so many residents", "常住人口超过此数可增加 1 家"),
    "more_above_km2": Text("one more above so many km²", "面积超过此数（平方公里）可增加 1 家"),
    "tiers": Text("run by", "隶属关系"),
    "ownerships": Text("ownership", "所有制"),
    "counted": Text("categories that count towards the caps", "计入上限的类别"),
    "exempt": Text("categories without a cap", "不计入上限的类别"),
    "exempt_layer": Text("name of those without a cap", "不计入上限者的名称"),
    "merge_layers": Text("both together, one partner for all", "两类合并，共用合作医院"),
    "prices": Text("minutes for each rank, the first rank first", "各次序的折算分钟，依次填写"),
    "counterpart_years": Text("years that counterpart support must have lasted", "对口支援须满的年数"),
    "counterpart_as_of": Text("counted back from the year", "计算年数的基准年份"),
    "clinics": Text("outpatient clinics count as campuses", "门诊部视为院区"),
    "campuses_present": Text("open campuses count as partners of today", "已开放院区视为现有合作"),
    "mode": Text("how", "方式"),
    "district_id": Text("district", "区"),
    "hospital_id": Text("hospital", "医院"),
    "reason": Text("reason", "理由"),
    "layer": Text("of", "适用于"),
    "most_minutes": Text("minutes of a pair that scored 0", "0 分结对折算的分钟数"),
    "scores": Text("scores from 0 to 100 by district and hospital", "各对（区、医院）得分（0 至 100）"),
    "places": Text("visits", "就诊范围"),
    "source": Text("capacity is taken from", "承载能力依据"),
    "people_per_bed": Text("residents per bed", "每床服务人口"),
    "minutes": Text("minutes", "分钟"),
    "price": Text("each minute beyond costs so many more; blank: not allowed", "每超 1 分钟折算的分钟数，留空为不得超过"),
    "share": Text("share, from 0 to 1", "比例（0 至 1）"),
    "kinds": Text("kinds of districts", "区的类别"),
    "person_minutes": Text("person-minutes of each change", "每项变动折算的人·分钟"),
    "weights": Text("groups (columns people_…) and how often each counts", "人群（people_… 列）及权重"),
    "least_per_district": Text("grids of a district, at least", "每区网格数，至少"),
    "most_per_district": Text("grids of a district, at most", "每区网格数，至多"),
    "number": Text("districts with a number of their own", "单独规定网格数的区"),
    "across_districts": Text("grids may cross districts", "网格可跨区"),
    "categories": Text("categories", "类别"),
    "tertiary": Text("run by, for tertiary hospitals", "三级医院的隶属关系"),
    "beside": Text("hospitals of a neighbouring district may lead", "相邻区的医院可牵头"),
    "beds": Text("beds that make a hospital large", "视为大型医院的床位数"),
    "strict": Text("as a strict order", "严格按次序"),
    "connected": Text("hangs together", "须连片"),
    "balance": Text("may differ from the mean by this share", "与平均值的允许偏差（比例）"),
    "balance_by": Text("balanced by", "均衡依据"),
    "detour": Text("way ÷ straight line", "绕行系数（路程 ÷ 直线距离）"),
    "speed_km_h": Text("speed in km/h by kind of district", "各类区的时速（公里/小时）"),
    "method": Text("minutes are made from", "出行时间的来源"),
    "walk_km_h": Text("walking, km/h", "步行速度（公里/小时）"),
    "snap_km": Text("furthest from a road, km", "距道路最远（公里）"),
}  # fmt: skip
OPTIONS: Mapping[str, Mapping[str, Text]] = {
    "places": PLACES,
    "layer": {"partners": Text("partners", "合作医院"), "grid": Text("grids", "网格")},
    "mode": {"prefer": Text("prefer", "优先"), "strict": Text("strict: no pair without a basis", "严格：无基础不结对")},
    "source": {"capacity_people": Text("the hospitals' capacity_people", "医院表的承载人口"), "beds": Text("beds", "床位")},
    "balance_by": {"equal": Text("equal residents", "人口相等"), "beds": Text("beds", "床位"), "capacity_people": Text("capacity", "承载能力")},
    "method": {"auto": Text("the best that is there", "自动选择"), **TRAVEL_METHODS},
    "tiers": TIERS, "tertiary": TIERS, "ownerships": OWNERSHIPS,
    "counted": CATEGORIES, "exempt": CATEGORIES, "categories": CATEGORIES, "kinds": KINDS,
}  # fmt: skip
GOALS: Mapping[str, Text] = {
    "coverage": Text("Fewest residents beyond the travel standard", "超过出行时间标准的居民最少"),
    "deviations": Text("Fewest pairs above the caps", "超出上限的结对最少"),
    "priority": Text("Priority as a strict order", "严格按优先次序"),
    "travel": Text("Least travel of all residents together", "全体居民出行合计最少"),
    "worst": Text("Least minutes of whoever travels longest", "出行最久者所需时间最短"),
    "inequality": Text("Least difference between districts", "各区差距最小"),
    "balance": Text("Least load of the fullest hospital", "最忙医院的负荷最小"),
    "changes": Text("Fewest changes against today", "与现状相比变动最少"),
    "partners": Text("Fewest pairs in all", "结对总数最少"),
}


def name_of(field: str) -> Text:
    """What a field is called."""
    return FIELDS.get(field, Text(field, field))


def option_of(field: str, word: str) -> Text:
    """A word that a field may hold."""
    return OPTIONS.get(field, {}).get(word, Text(word, word))

"""Every domain word once: the closed lists that tables, rules, maps and messages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gridplan.words.text import Text, both

# Closed lists, in the order a planner would list them. Keys are what canonical tables hold.
KINDS = {
    "central": Text("central", "中心城区"),
    "suburban": Text("suburban", "近郊区"),
    "outer_suburban": Text("outer suburban", "远郊区"),
    "county": Text("county", "县"),
}
TIERS = {
    "provincial": Text("provincial", "省级"),
    "municipal": Text("municipal", "市级"),
    "district": Text("district", "区级"),
    "primary": Text("primary", "基层"),
}
CATEGORIES = {
    "general": Text("general", "综合"),
    "tcm": Text("TCM", "中医"),
    "integrated_tcm": Text("integrated TCM", "中西医结合"),
    "maternal_child": Text("maternal and child", "妇幼保健"),
    "specialist": Text("specialist", "专科"),
}
OWNERSHIPS = {
    "public": Text("public", "公立"),
    "private": Text("private", "民营"),
    "military": Text("military", "军队"),
    "enterprise": Text("enterprise", "企业"),
}
VOLUNTARY = ("private", "enterprise")  # who takes part by its own will (ZJ-4, SH-20)
STATUSES = {"open": Text("open", "运行"), "planned": Text("planned", "规划")}
RELATIONS = {
    "campus": Text("campus", "院区"),
    "affiliate": Text("affiliate", "协作分院"),
    "clinic": Text("outpatient clinic", "门诊部"),
}
BASES = {
    "custody": Text("custody", "托管"),
    "counterpart": Text("counterpart support", "对口支援"),
    "affiliate": Text("affiliate", "协作分院"),
    "other": Text("other", "其他"),
}
DATUMS = {
    "wgs84": Text("WGS 84", "WGS 84"),
    "cgcs2000": Text("CGCS2000", "国家大地坐标系 2000"),
    "gcj02": Text("GCJ-02", "GCJ-02（高德、腾讯）"),
    "bd09": Text("BD-09", "BD-09（百度）"),
}
GRID = "grid"  # the layer of units and their grid leads; the others are layers of partners
LAYERS = {
    "general": Text("general", "综合"),
    "tcm": Text("TCM", "中医"),
    "merged": Text("merged", "合并"),
    GRID: Text("grid", "网格"),
}
# What a district runs (CD-1, CD-2, ZJ-1), and with it the form of its grids.
CONSORTIA = {
    "urban": Text("urban hospital group", "城市医疗集团"),
    "county": Text("county medical community", "县域医疗共同体"),
}
# What a hospital is in a grid (ZJ-2, ZJ-4, ZJ-5, SH-8); those of JOINED belong to it.
ROLES = {
    "lead": Text("grid lead", "牵头医院"),
    "member": Text("member", "成员单位"),
    "willing": Text("member by its own will", "自愿加入（社会办医）"),
    "supporter": Text("technical supporter", "技术支持单位"),
    "alliance": Text("specialist alliances", "专科联盟"),
    "higher": Text("higher-level partner", "上级合作医院"),
    "outside": Text("not joined", "未加入"),
}
JOINED = ("lead", "member", "willing")
# ZJ-7: what the members of a consortium share.
SHARED_CENTRES = Text(
    "human resources, finance, public health, information and logistics",
    "人力资源、财务、公共卫生、信息、后勤",
)
INSTITUTIONS = {
    "community_centre": Text("community health centre", "社区卫生服务中心"),
    "centre_branch": Text("branch of a community health centre", "社区卫生服务分中心"),
    "station": Text("community health station", "社区卫生服务站"),
    "township": Text("township hospital", "乡镇卫生院"),
    "village": Text("village clinic", "村卫生室"),
    "nursing": Text("nursing home", "护理院"),
    "rehabilitation": Text("rehabilitation hospital", "康复医院"),
    "day_care": Text("day care for the old", "日间照护（医养结合）"),
    "maternal_child": Text("maternal and child health centre", "妇幼保健机构"),
    "cdc": Text("centre for disease control", "疾病预防控制中心"),
}
SERVICES = {
    "lab": Text("laboratory", "检验"),
    "imaging": Text("imaging", "影像"),
    "ecg": Text("ECG", "心电"),
    "pathology": Text("pathology", "病理"),
    "disinfection": Text("disinfection and sterile supply", "消毒供应"),
    "purchasing": Text("purchasing of drugs and supplies", "药品耗材采购"),
    "hr": Text("human resources", "人力资源"),
    "finance": Text("finance", "财务"),
    "public_health": Text("public health", "公共卫生"),
    "information": Text("information", "信息"),
    "logistics": Text("logistics", "后勤"),
}
SUPPRESSED = 3.0  # visits of a blank cell of flows: the middle of 1 to 5
PRIMARY = ("community_centre", "township")  # of these, staff go upstream and residents sign
WILLING = {"yes": Text("yes", "是"), "no": Text("no", "否")}
REGIONAL_CENTRES = WILLING  # whether a hospital is the regional medical centre (区域性医疗中心, SH-8)
EFFECTS = WILLING  # whether counterpart support has shown effect (取得成效, SH-6)
# SH-12: whose key specialty a department is, and with it how far it reaches.
KEY_SPECIALTIES = {
    "national": Text("national key specialty", "国家临床重点专科"),
    "city": Text("city key specialty", "省市临床重点专科"),
    "tcm": Text("TCM specialty of strength", "中医优势专科"),
    "district": Text("district key specialty", "区重点专科"),
}
# JG-1: what a tier carries of the chain.
TIERS_OF_CARE = {
    "district": Text("district hospital, referred up", "区级医院（上转）"),
    "municipal": Text("municipal hospital, referred further up", "市级医院（再上转）"),
    "down": Text("primary care, sent down to its beds", "基层床位（下转）"),
}
CASES = {
    "chronic": Text("stable chronic illness", "慢性病稳定期"),
    "common": Text("common and frequent illness", "常见病、多发病"),
    "acute": Text("emergencies and critical illness", "急危重症"),
    "complex": Text("complex illness", "疑难复杂疾病"),
    "recovery": Text("recovery, old age, late cancer", "康复、老年、晚期肿瘤"),
}
CARE_TIERS = {
    "primary": Text("primary care", "基层"),
    "district": Text("district hospitals", "区级医院"),
    "municipal": Text("municipal hospitals", "市级医院"),
    "nursing": Text("nursing and rehabilitation", "护理康复机构"),
}
ACCESS_TIERS = {
    "primary": Text("primary care, visits a year per 1,000", "基层（每千人年诊疗人次）"),
    "district": Text("district hospitals, beds per 1,000", "区级医院（每千人床位）"),
    "municipal": Text("municipal hospitals, beds per 1,000", "市级医院（每千人床位）"),
}
HEADS = {
    "grid": Text("grid layout", "网格化布局"),
    "order": Text("order of care-seeking", "就医秩序"),
    "effect": Text("effectiveness of service", "服务效能"),
    "primary": Text("gains of primary and district care", "基层服务能力提升"),
    "operations": Text("operations", "运营管理"),
    "safeguards": Text("safeguards", "保障机制"),
    "satisfaction": Text("satisfaction", "满意度"),
}
LEVELS_OF_DEPARTMENT = {
    0: Text("none", "无"),
    1: Text("weak", "薄弱"),
    2: Text("standard", "达标"),
    3: Text("strong", "强"),
}
LINKS = {"bridge": Text("bridge", "桥隧"), "ferry": Text("ferry", "轮渡")}
# SH-5: what gives a pair its priority. 1 is the strongest.
PRIORITIES = {
    1: Text("home district or open campus", "本部所在区或已开放院区"),
    2: Text("planned campus", "规划院区"),
    3: Text("affiliate, custody or counterpart support", "分院协作、托管、对口支援"),
    4: Text("another existing partnership", "其他既有合作"),
    5: Text("no basis yet", "尚无合作基础"),
}
OUTCOMES = {
    "optimal": Text("proven optimal", "已证明最优"),
    "feasible": Text("best found", "已找到的最好方案"),
}
CHANGES = {
    "kept": Text("kept", "保留"),
    "present": Text("kept (open campus, no agreement)", "保留（已有院区，未签约）"),
    "new": Text("new", "新建"),
    "adjusted": Text("adjusted", "调整"),
    "ended": Text("ended", "撤销"),
    "left": Text("open campus, no longer a partner (no agreement)", "已有院区，不再结对（未签约）"),
}

# Adcodes that older tables still carry: the name then, and the code and name now (GB/T 2260 history).
FORMER_ADCODES = {
    "310230": ("崇明县", "310151", "崇明区"),
    "310225": ("南汇县", "310115", "浦东新区"),
    "310119": ("南汇区", "310115", "浦东新区"),
    "310108": ("闸北区", "310106", "静安区"),
    "310103": ("卢湾区", "310101", "黄浦区"),
}

# The tables of a region, and where else a finding may be.
NOUNS = {
    "districts": Text("districts", "区"),
    "units": Text("units", "单元"),
    "hospitals": Text("hospitals", "医院"),
    "branches": Text("branches", "院区、分院"),
    "partnerships": Text("partnerships", "现有合作"),
    "travel": Text("travel", "出行时间"),
    "roads": Text("roads", "道路"),
    "links": Text("links", "桥隧、轮渡"),
    "departments": Text("departments", "科室"),
    "staff": Text("staff", "人员（只计人数）"),
    "needs": Text("needs", "专科需求"),
    "custody": Text("custody", "托管"),
    "slots": Text("expert slots", "专家号源"),
    "services": Text("shared centres", "共享中心"),
    "flows": Text("flows of visits", "就诊流向"),
    "support": Text("support for weak specialties", "薄弱专业扶持"),
    "institutions": Text("primary institutions", "基层机构"),
}
PLACES = NOUNS | {
    "region": Text("region", "地区"),
    "policy": Text("policy", "政策"),
    "assignment": Text("assignment", "分配表"),
}

# The files of a plan folder: their columns are a promise (docs/plan-folder.md).
ASSIGNMENT_COLUMNS = ["layer", "unit_id", "district_id", "people", "hospital_id", "minutes"]
PAIR_COLUMNS = ["layer", "district_id", "hospital_id", "priority", "counted", "people", "change"]
GRID_COLUMNS = [
    "hospital_id", "form", "district_id", "districts", "units", "people", "fair_people", "deviation",
    "mean_minutes", "worst_minutes", "members", "parts", "loose_units",
]  # fmt: skip
MEMBER_COLUMNS = ["hospital_id", "district_id", "unit_id", "lead_id", "role", "rule"]
CHANGE_COLUMNS = [
    "layer", "district_id", "district", "hospital_id", "hospital", "change", "people", "reason", "reason_zh",
]  # fmt: skip
SPECIALIST, SPECIAL = (
    "specialist",
    ("specialist", "maternal_child"),
)  # custody of such district hospitals is kept
# The files of a programme (OUT/programme/): a promise too.
CUSTODY_COLUMNS = ["managed_id", "hospital_id", "district_id", "basis", "managers", "from_year", "until_year"]
DEPLOYMENT_COLUMNS = [
    "hospital_id", "managed_id", "discipline", "phase", "from_year", "until_year", "days_per_week", "level_today",
    "people", "minutes",
]  # fmt: skip
ALLIANCE_COLUMNS = ["hospital_id", "discipline", "reach", "district_id", "people", "coordinated"]
SIGNATURE_COLUMNS = ["lead_id", "discipline", "level", "lifted_by"]
UPSTREAM_COLUMNS = ["institution_id", "hospital_id", "discipline", "persons", "days", "minutes"]
TEAM_COLUMNS = ["institution_id", "hospital_id", "discipline", "teams"]
CHAIN_COLUMNS = [
    "unit_id", "institution_id", "share", "managed_id", "hospital_id", "minutes_1", "minutes_2", "minutes_3", "broken",
]  # fmt: skip
LOAD_COLUMNS = ["institution_id", "load", "capacity", "overflow"]
GUARANTEE_COLUMNS = ["unit_id", "group", "institution_id", "people", "minutes"]
UNSERVED_COLUMNS = ["unit_id", "group", "people", "reason", "nearest"]
RELEASED_COLUMNS = ["hospital_id", "discipline", "week_slots", "released", "members", "early_days"]
SLOT_COLUMNS = ["hospital_id", "discipline", "institution_id", "slots"]
LINK_COLUMNS = ["hospital_id", "lead_id", "discipline", "people"]
SPOKE_COLUMNS = ["lead_id", "discipline", "people"]
HOST_COLUMNS = ["service", "host_id", "institution_id", "minutes", "volume"]
SCORE_COLUMNS = [
    "head", "indicator_id", "value", "floor", "target", "score", "self_score", "outside_score", "source",
]  # fmt: skip
HEAD_COLUMNS = ["head", "score", "measured", "indicators"]
CASE_MIX_COLUMNS = ["district_id", "case", "tier", "visits"]
TIER_LOAD_COLUMNS = ["tier", "id", "load", "capacity", "overflow"]
CONTACT_COLUMNS = ["district_id", "share", "binding"]
INSTITUTION_MEMBER_COLUMNS = ["institution_id", "kind", "district_id", "unit_id", "lead_id", "role", "beds"]
CARE_COLUMNS = [
    "lead_id",
    "district_id",
    "people",
    "people_65plus",
    "beds",
    "per_1000",
    "missing_beds",
    "missing",
]
SUPPORT_COLUMNS = ["hospital_id", "discipline", "year_started", "until_year", "people", "rank"]
RUNNING_COLUMNS = ["hospital_id", "discipline", "year_started", "until_year", "state"]
MISSED_COLUMNS = [
    "hospital_id", "discipline", "people", "year_started", "displaced_id", "displaced_discipline", "margin", "limits",
]  # fmt: skip
GAP_COLUMNS = [
    "district_id", "discipline", "level_before", "level_after", "people_before", "people_with_posts",
    "people_with_alliances", "people_after",
]  # fmt: skip
PROGRAMME_COLUMNS = {
    "custody": CUSTODY_COLUMNS,
    "deployment": DEPLOYMENT_COLUMNS,
    "alliances": ALLIANCE_COLUMNS,
    "signatures": SIGNATURE_COLUMNS,
    "upstream": UPSTREAM_COLUMNS,
    "teams": TEAM_COLUMNS,
    "case_mix": CASE_MIX_COLUMNS,
    "members": INSTITUTION_MEMBER_COLUMNS,
    "care": CARE_COLUMNS,
    "guarantee": GUARANTEE_COLUMNS,
    "unserved": UNSERVED_COLUMNS,
    "chains": CHAIN_COLUMNS,
    "loads": LOAD_COLUMNS,
    "tier_loads": TIER_LOAD_COLUMNS,
    "first_contact": CONTACT_COLUMNS,
    "links": LINK_COLUMNS,
    "far": SPOKE_COLUMNS,
    "released": RELEASED_COLUMNS,
    "slots": SLOT_COLUMNS,
    "hosts": HOST_COLUMNS,
    "support": SUPPORT_COLUMNS,
    "running": RUNNING_COLUMNS,
    "missed": MISSED_COLUMNS,
    "gaps": GAP_COLUMNS,
    "scorecard": SCORE_COLUMNS,
    "heads": HEAD_COLUMNS,
}
PHASE_COLUMNS = ["phase", *CHANGE_COLUMNS[:-2]]
TRAVEL_COLUMNS = ["unit_id", "hospital_id", "minutes"]

# Ways of making minutes that gridplan has itself; anything else is a router's.
TRAVEL_METHODS = {
    "straight_line": Text("straight line", "直线距离"),
    "table": Text("table of minutes", "出行时间表"),
    "roads": Text("roads", "路网"),
}


def listed_words(words: Mapping[str, Text], keys: Iterable[str]) -> Text:
    """Several words of a closed list, one after the other, in both languages."""
    known = [both_words(words, key) for key in keys]
    return Text(", ".join(word.en for word in known), "、".join(word.zh for word in known))


def both_words(words: Mapping[str, Text], key: str) -> Text:
    """The word of a closed list in both languages; a key that is not in it (an exempt layer's own name) as it is."""
    return words.get(key, both(key))


def any_of(words: Mapping[str, Text], keys: tuple[str, ...]) -> Text:
    """Several words of a closed list as people say them: a, b or c; none where there are none."""
    known = [both_words(words, key) for key in keys] or [Text("none", "无")]
    *most, last = (word.en for word in known)
    return Text(f"{', '.join(most)} or {last}" if most else last, "、".join(word.zh for word in known))


def layer_title(layer: str) -> Text:
    """A layer as headings and sentences name it: 综合类结对, 中医类结对, 网格层."""
    name = both_words(LAYERS, layer)
    return Text(f"Layer: {name.en}", "网格层" if layer == GRID else f"{name.zh}类结对")

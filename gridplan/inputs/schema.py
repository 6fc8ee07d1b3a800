"""What the tables hold, as data: columns, types, units, ranges, and the Chinese and English names they go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gridplan.inputs.aliases import WORDS
from gridplan.inputs.column import Column, Table, degree, must, persons, plain, table_of, word
from gridplan.words import vocabulary

DISTRICTS = table_of(
    "districts",
    "区",
    "district_id",
    [
        must("district_id"),
        must("name", "text"),
        Column("name_en", "text"),
        word("kind", vocabulary.KINDS),
        persons("people", required=True, filled=True, high=1e8),
        Column("area_km2", "number", unit="km2", low=0, high=2e6),
        Column("consortium", "word", words=vocabulary.CONSORTIA),
    ],
    required=True,
)
UNITS = table_of(
    "units",
    "单元",
    "unit_id",
    [
        must("unit_id"),
        must("name", "text"),
        persons("people", required=True, filled=True),
        persons("people_65plus"),
        persons("people_0_14"),
        Column("district_id", "id"),
        degree("lon"),
        degree("lat"),
    ],
    required=True,
)
HOSPITALS = table_of(
    "hospitals",
    "医院",
    "hospital_id",
    [
        must("hospital_id"),
        must("name", "text"),
        Column("name_en", "text"),
        word("tier", vocabulary.TIERS),
        word("category", vocabulary.CATEGORIES),
        Column("specialty", "text"),
        Column("grade", "text"),
        word("ownership", vocabulary.OWNERSHIPS),
        must("district_id"),
        degree("lon"),
        degree("lat"),
        Column("beds", "whole", unit="beds", low=0, high=20000),
        persons("capacity_people", high=1e8),
        Column("willing", "word", words=vocabulary.WILLING),
        Column("regional_centre", "word", words=vocabulary.REGIONAL_CENTRES),
        Column("sponsor", "text"),
        Column("referrals_capacity", "whole", low=0, high=1e8),
    ],
    required=True,
)
BRANCHES = table_of(
    "branches",
    "院区",
    "branch_id",
    [
        must("branch_id"),
        must("hospital_id"),
        must("name", "text"),
        must("district_id"),
        word("status", vocabulary.STATUSES),
        word("relation", vocabulary.RELATIONS),
        degree("lon", required=False, filled=False),
        degree("lat", required=False, filled=False),
    ],
)
PARTNERSHIPS = table_of(
    "partnerships",
    "结对关系",
    "",
    [
        must("hospital_id"),
        must("district_id"),
        word("basis", vocabulary.BASES),
        Column("since", "text"),
        Column("effect", "word", words=vocabulary.EFFECTS),
    ],
    spatial=False,
)
_MINUTES = Column("minutes", "number", required=True, filled=True, unit="minutes", low=0, high=10000)
TRAVEL = table_of("travel", "出行时间", "", [must("unit_id"), must("hospital_id"), _MINUTES], spatial=False)
ROADS = table_of(
    "roads",
    "道路",
    "",
    [
        degree("from_lon"),
        degree("from_lat"),
        degree("to_lon"),
        degree("to_lat"),
        _MINUTES,
        Column("km_h", "number", unit="km/h", low=0, high=1000),
    ],
)
LINKS = table_of(
    "links",
    "桥隧与轮渡",
    "",
    [must("from_unit"), must("to_unit"), word("way", vocabulary.LINKS), Column("name", "text")],
    spatial=False,
)
_DISCIPLINE, _SOURCE = must("discipline", "discipline"), Column("source", "text")
DEPARTMENTS = table_of(
    "departments",
    "科室",
    "",
    [
        must("hospital_id"),
        _DISCIPLINE,
        Column("level", "whole", low=0, high=3),
        Column("beds", "whole", unit="beds", low=0, high=20000),
        Column("visits", "whole", low=0, high=1e8),
        persons("places", high=500),
        Column("key", "word", words=vocabulary.KEY_SPECIALTIES),
        Column("since", "text"),
        _SOURCE,
    ],
    spatial=False,
)
STAFF = table_of(
    "staff",
    "人员",
    "",
    [
        must("hospital_id"),
        replace(_DISCIPLINE, required=False, filled=False),
        persons("eligible", high=500),
        Column("days_per_week", "number", low=0, high=3500),
        persons("managers", high=500),
        _SOURCE,
    ],
    spatial=False,
)  # counts, never persons
NEEDS = table_of(
    "needs",
    "专科需求",
    "",
    [Column("district_id", "id"), Column("unit_id", "id"), _DISCIPLINE, persons("people", True, True, 1e8)],
    spatial=False,
)  # by unit or by district; of a unit, what is said of itself holds
INSTITUTIONS = table_of(
    "institutions", "基层机构", "institution_id",
    [
        must("institution_id"), must("name", "text"), word("kind", vocabulary.INSTITUTIONS),
        Column("ownership", "word", words=vocabulary.OWNERSHIPS), must("district_id"), degree("lon"), degree("lat"),
        Column("visits_capacity", "whole", low=0, high=1e8), Column("beds", "whole", unit="beds", low=0, high=20000),
        Column("home_beds", "whole", unit="beds", low=0, high=20000), Column("willing", "word", words=vocabulary.WILLING),
        Column("office", "text"), persons("gps", high=2000), Column("teams", "whole", low=0, high=1000), Column("source", "text"),
    ],
)  # fmt: skip
CUSTODY = table_of(
    "custody", "托管", "",
    [must("hospital_id"), must("managed_id"), Column("since", "text"), Column("until", "text"), _SOURCE],
    spatial=False,
)  # fmt: skip
SUPPORT = table_of(
    "support",
    "薄弱专业扶持",
    "",
    [
        must("hospital_id"),
        _DISCIPLINE,
        Column("year_started", "whole", required=True, filled=True, low=1990, high=2100),
    ],
    spatial=False,
)
SLOTS = table_of(
    "slots", "专家号源", "",
    [
        must("hospital_id"), _DISCIPLINE, Column("week_slots", "whole", low=0, high=100000),
        Column("window_days", "whole", low=0, high=366), _SOURCE,
    ],
    spatial=False,
)  # fmt: skip
SERVICES = table_of(
    "services", "共享中心", "",
    [
        must("hospital_id"), word("service", vocabulary.SERVICES), Column("has", "word", words=vocabulary.WILLING),
        Column("capacity", "whole", low=0, high=1e8), _SOURCE,
    ],
    spatial=False,
)  # fmt: skip
FLOWS = table_of(
    "flows", "就诊流向", "",
    [
        must("unit_id"), must("place_id"), Column("class", "text"), Column("year", "text"),
        Column("visits", "whole", required=True, low=0, high=1e8, withheld=True),
    ],
    spatial=False,
)  # fmt: skip
ASSIGNMENT = table_of(
    "assignment",
    "分配",
    "",
    [
        Column("layer", "word", words=vocabulary.LAYERS),
        Column("unit_id", "id"),
        Column("unit", "text"),
        Column("district_id", "id"),
        Column("district", "text"),
        persons("people"),
        Column("hospital_id", "id"),
        Column("hospital", "text"),
        replace(_MINUTES, required=False),
    ],
    spatial=False,
)  # made or edited by hand; no table of a region
RATES = table_of(
    "rates",
    "人口变动率",
    "",
    [
        must("district_id"),
        must("group", "text"),
        Column("births", "number", low=0, high=1),
        Column("growth", "number", low=-1, high=1),
        Column("survival", "number", low=0, high=1),
        Column("ageing", "number", low=0, high=1),
        Column("ages_to", "text"),
        Column("migration", "number", low=-1, high=1),
    ],
    spatial=False,
)  # for projections; no table of a region
TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (
        DISTRICTS, UNITS, HOSPITALS, BRANCHES, PARTNERSHIPS, TRAVEL, ROADS, LINKS,
        DEPARTMENTS, STAFF, NEEDS, CUSTODY, SUPPORT, INSTITUTIONS, SLOTS, SERVICES, FLOWS,
    )
}  # fmt: skip
# What a programme needs and no plan reads.
PROGRAMME_TABLES = (
    "departments",
    "staff",
    "needs",
    "custody",
    "support",
    "institutions",
    "slots",
    "services",
    "flows",
)

_LEVELS = {"一": "1", "二": "2", "三": "3", "1": "1", "2": "2", "3": "3"}
_GRADES = {"": "", "甲": "A", "乙": "B", "丙": "C", "特": "S"}
_NO_GRADE = ("级", "级综合", "级未定等", "级未评", "级无等次")

# 三级甲等, 三甲, 三级甲等医院 → 3A; 三级 → 3.
GRADE_WORDS = {
    f"{level}{mark}{suffix}": number + letter
    for level, number in _LEVELS.items()
    for grade, letter in _GRADES.items()
    for mark in ((f"级{grade}等", f"级{grade}", grade) if grade else _NO_GRADE)
    for suffix in ("", "医院")
} | dict.fromkeys(("未定级", "未评级", "未定等", "未评", "无", "无等级", "无等次", "未评定", "未定级别"), "")
OTHER_WORDS: Mapping[str, Mapping[str, str]] = {
    column: {plain(word): canonical for canonical, words in others.items() for word in words.split()}
    for column, others in WORDS.items()
}

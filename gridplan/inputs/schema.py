"""What the tables hold, as data: columns, types, units, ranges, and the Chinese and English names they go by.

Headers and words are compared after `plain()`: full width made half, lower case, without blanks, `_` and `-`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gridplan import vocabulary
from gridplan.text import Text

Kind = Literal["id", "text", "whole", "number", "degree", "word"]
NUMERIC: tuple[Kind, ...] = ("whole", "number", "degree")


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Parameters
    ----------
    name : canonical header.
    kind : "id" and "text" are text; "whole" is a whole number, "number" any, "degree" a coordinate (all kept as
        float64, NaN where not stated); "word" is one of `words`.
    aliases : other headers it goes by, the best first.
    required : whether the table is refused without it (shapes stand in for coordinates).
    filled : whether a blank cell is a fault (the doctor's).
    unit : what its numbers count ("persons", "km2", "minutes", "beds", "km/h", "degrees").
    low, high : the range that is believed; beyond it a number is a fault (the doctor's).
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    words: Mapping[str, Text] | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One table of a region: its name, its id column ("" where it has none) and its columns."""

    name: str
    title: Text
    key: str
    columns: tuple[Column, ...]
    required: bool = False
    spatial: bool = True

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def column(self, name: str) -> Column | None:
        """The column of that name; any `people_…` of the units is a group of persons."""
        found = next((c for c in self.columns if c.name == name), None)
        if found is None and self.name == "units" and name.startswith("people_"):
            return _persons(name)
        return found

    @property
    def names(self) -> list[str]:
        """The canonical names, in order."""
        return [column.name for column in self.columns]


def plain(word: str) -> str:
    """A header or word as it is compared: NFKC, lower case, no blanks, no `_`, no `-`."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_-\u200b\ufeff")


def _persons(name: str, *aliases: str, required: bool = False, filled: bool = False, high: float = 2e7) -> Column:
    return Column(name, "whole", aliases, required, filled, unit="persons", low=0, high=high)


def _degree(name: str, *aliases: str, filled: bool = False, required: bool = False) -> Column:
    limit = 180 if name.endswith("lon") else 90
    return Column(name, "degree", aliases, required, filled, unit="degrees", low=-limit, high=limit)


def _word(name: str, words: Mapping[str, Text], *aliases: str) -> Column:
    return Column(name, "word", aliases, required=True, filled=True, words=words)


_LON = ("longitude", "lng", "long", "经度", "东经", "wgs84_lon", "x", "x坐标", "point_x", "lon_wgs84")
_LAT = ("latitude", "纬度", "北纬", "wgs84_lat", "y", "y坐标", "point_y", "lat_wgs84")
_PEOPLE = ("常住人口", "常住人口数", "人口数_合计", "常住人口_合计", "人口", "人口数", "总人口", "population", "population_2020",
           "pop_2020", "people_2020", "pop", "residents", "人数", "常住人口数量")  # fmt: skip
_NAME_EN = ("english_name", "英文名", "英文名称", "英文")
_DISTRICT = ("adcode", "区划代码", "行政区划代码", "行政区代码", "区代码", "区县代码", "区编号", "home_adcode", "district_code",
             "所属区代码", "所在区代码", "county_code", "所属区", "所在区", "所属区县", "所在区县", "行政区", "区县", "区", "辖区",
             "district", "district_zh", "district_name", "adname")  # fmt: skip
_HOSPITAL = ("医院编号", "医院代码", "医院id", "机构编号", "机构代码", "所属医院", "总院", "医院", "医院名称", "hospital")
_UNIT = ("单元编号", "单元代码", "网格编号", "网格代码", "街道代码", "乡镇代码", "街镇代码", "unit", "unit_code", "town_code")

DISTRICTS = Table(
    "districts",
    Text("districts", "区"),
    "district_id",
    (
        Column("district_id", "id", ("adcode", "区划代码", "行政区划代码", "行政区代码", "区代码", "区县代码", "区编号",
                                     "district_code", "code", "代码", "编号", "id"), required=True, filled=True),
        Column("name", "text", ("名称", "区名", "区县", "区名称", "name_zh", "行政区", "区", "中文名", "district_name",
                                "district", "county"), required=True, filled=True),
        Column("name_en", "text", _NAME_EN),
        _word("kind", vocabulary.KINDS, "类型", "区类型", "城区类型", "区位", "圈层", "类别"),
        _persons("people", *_PEOPLE, required=True, filled=True, high=1e8),
        Column("area_km2", "number", ("面积", "面积_km2", "土地面积", "行政区域面积", "陆地面积", "area", "area_sqkm",
                                      "面积平方公里"), unit="km2", low=0, high=2e6),
    ),
    required=True,
)  # fmt: skip
UNITS = Table(
    "units",
    Text("units", "单元"),
    "unit_id",
    (
        Column("unit_id", "id", (*_UNIT, "code", "代码", "编号", "id", "gridcode", "grid_id"),
               required=True, filled=True),
        Column("name", "text", ("名称", "街道", "乡镇", "镇", "街镇", "街道乡镇", "乡镇街道", "街道名称", "乡镇名称", "网格",
                                "网格名称", "单元名称", "居委会", "社区", "name_zh", "town", "subdistrict", "unit_name"),
               required=True, filled=True),
        _persons("people", *_PEOPLE, required=True, filled=True),
        _persons("people_65plus", "65岁及以上人口", "65岁以上人口", "65岁及以上", "65岁以上", "老年人口", "pop_65plus", "pop65",
                 "people_65", "人口_65岁及以上"),
        _persons("people_0_14", "0-14岁人口", "0-14岁", "0~14岁人口", "0至14岁人口", "14岁及以下人口", "少儿人口", "儿童人口",
                 "pop_0_14", "人口_0-14岁"),
        Column("district_id", "id", _DISTRICT),
        _degree("lon", *_LON, filled=True, required=True),
        _degree("lat", *_LAT, filled=True, required=True),
    ),
    required=True,
)  # fmt: skip
HOSPITALS = Table(
    "hospitals",
    Text("hospitals", "医院"),
    "hospital_id",
    (
        Column("hospital_id", "id", ("医院编号", "医院代码", "医院id", "机构编号", "机构代码", "组织机构代码", "hospital_code",
                                     "code", "代码", "编号", "id"), required=True, filled=True),
        Column("name", "text", ("医院名称", "机构名称", "名称", "医疗机构名称", "单位名称", "name_zh", "医院", "中文名",
                                "hospital_name", "hospital"), required=True, filled=True),
        Column("name_en", "text", _NAME_EN),
        _word("tier", vocabulary.TIERS, "隶属", "隶属关系", "行政隶属", "层级", "医院层级", "管理层级"),
        _word("category", vocabulary.CATEGORIES, "类别", "医院类别", "机构类别", "医院类型", "机构类型", "类型", "type"),
        Column("specialty", "text", ("专科", "专科类别", "专科方向", "专业", "speciality")),
        Column("grade", "text", ("等级", "级别", "医院等级", "医院级别", "等次", "级别等次", "level")),
        _word("ownership", vocabulary.OWNERSHIPS, "产权", "所有制", "所有制形式", "办医主体", "举办主体", "经济类型", "性质",
              "公立民营"),
        Column("district_id", "id", _DISTRICT, required=True, filled=True),
        _degree("lon", *_LON, filled=True, required=True),
        _degree("lat", *_LAT, filled=True, required=True),
        Column("beds", "whole", ("床位数", "床位", "编制床位", "核定床位", "开放床位", "实有床位", "bed", "床位数量"),
               unit="beds", low=0, high=20000),
        _persons("capacity_people", "服务能力", "可服务人口", "服务人口上限", "承载人口", "capacity", high=1e8),
    ),
    required=True,
)  # fmt: skip
BRANCHES = Table(
    "branches",
    Text("branches", "院区"),
    "branch_id",
    (
        Column("branch_id", "id", ("院区编号", "院区代码", "分院编号", "分院代码", "branch_code", "code", "代码", "编号", "id"),
               required=True, filled=True),
        Column("hospital_id", "id", _HOSPITAL, required=True, filled=True),
        Column("name", "text", ("院区名称", "分院名称", "院区", "分院", "名称", "name_zh", "branch_name_zh", "branch_name"),
               required=True, filled=True),
        Column("district_id", "id", _DISTRICT, required=True, filled=True),
        _word("status", vocabulary.STATUSES, "状态", "运行状态", "建设状态", "开放状态"),
        _word("relation", vocabulary.RELATIONS, "关系", "院区关系", "性质", "类型", "与本部关系"),
        _degree("lon", *_LON),
        _degree("lat", *_LAT),
    ),
)  # fmt: skip
PARTNERSHIPS = Table(
    "partnerships",
    Text("partnerships", "结对关系"),
    "",
    (
        Column("hospital_id", "id", _HOSPITAL, required=True, filled=True),
        Column("district_id", "id", _DISTRICT, required=True, filled=True),
        _word("basis", vocabulary.BASES, "基础", "合作基础", "合作方式", "合作形式", "合作类型", "关系", "方式"),
        Column("since", "text", ("起始", "起始年份", "起始时间", "开始时间", "签约时间", "年份", "year", "start")),
    ),
    spatial=False,
)
TRAVEL = Table(
    "travel",
    Text("travel", "出行时间"),
    "",
    (
        Column("unit_id", "id", (*_UNIT, "origin", "origin_id", "from_id", "from"), required=True, filled=True),
        Column("hospital_id", "id", (*_HOSPITAL, "destination", "destination_id", "to_id", "to"),
               required=True, filled=True),
        Column("minutes", "number", ("分钟", "时间", "出行时间", "车程", "用时", "time", "travel_time", "time_min", "duration"),
               required=True, filled=True, unit="minutes", low=0, high=10000),
    ),
    spatial=False,
)  # fmt: skip
ROADS = Table(
    "roads",
    Text("roads", "道路"),
    "",
    (
        _degree("from_lon", "起点经度", filled=True, required=True),
        _degree("from_lat", "起点纬度", filled=True, required=True),
        _degree("to_lon", "终点经度", filled=True, required=True),
        _degree("to_lat", "终点纬度", filled=True, required=True),
        Column("minutes", "number", ("分钟", "时间", "time"), required=True, filled=True, unit="minutes", low=0, high=10000),
        Column("km_h", "number", ("速度", "车速", "限速", "speed", "maxspeed", "speed_kph"),
               unit="km/h", low=0, high=1000),
    ),
)  # fmt: skip
TABLES: Mapping[str, Table] = {
    t.name: t for t in (DISTRICTS, UNITS, HOSPITALS, BRANCHES, PARTNERSHIPS, TRAVEL, ROADS)
}

# Units written into a header that would make its numbers mean something else.
WRONG_UNITS: Mapping[str, tuple[str, ...]] = {
    "persons": ("万", "千人", "百人", "亿", "thousand", "million", "10k", "10000", "1000", "k"),
    "km2": ("公顷", "亩", "平方米", "hectare", "ha", "m2", "sqm"),
    "minutes": ("小时", "秒", "hour", "second", "h", "s", "hr"),
    "beds": ("百张", "千张", "万张"),
    "degrees": ("度分秒", "dms"),
    "km/h": ("m/s", "mph", "米/秒"),
}

_LEVELS = {"一": "1", "二": "2", "三": "3", "1": "1", "2": "2", "3": "3"}
_GRADES = {"": "", "甲": "A", "乙": "B", "丙": "C", "特": "S"}
GRADE_WORDS = {
    f"{level}{mark}{suffix}": number + letter
    for level, number in _LEVELS.items()
    for grade, letter in _GRADES.items()
    for mark in ([f"级{grade}等", f"级{grade}", grade] if grade else ["级", "级综合", "级未定等", "级未评", "级无等次"])
    for suffix in ("", "医院")
}

# Other words for the words of the closed lists, by column; written as `plain()` leaves them.
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        **dict.fromkeys(("中心城区", "中心", "主城区", "核心区", "城区", "市区", "urban"), "central"),
        **dict.fromkeys(("近郊", "近郊区", "郊区", "suburb"), "suburban"),
        **dict.fromkeys(("远郊", "远郊区", "outersuburb"), "outer_suburban"),
        **dict.fromkeys(("县", "县城", "县市", "县级市"), "county"),
    },
    "tier": {
        **dict.fromkeys(("省级", "省属", "省部级", "省", "部属", "province"), "provincial"),
        **dict.fromkeys(("市级", "市属", "市", "市直", "委属", "委属委管", "大学附属", "city"), "municipal"),
        **dict.fromkeys(("区级", "区属", "区", "区县级", "区县属", "县级", "县属", "county"), "district"),
        **dict.fromkeys(("基层", "社区", "街道", "乡镇", "社区卫生服务中心", "一级", "primarycare", "community"), "primary"),
    },
    "category": {
        **dict.fromkeys(("综合", "综合医院", "综合性医院", "generalhospital"), "general"),
        **dict.fromkeys(("中医", "中医医院", "中医院", "traditionalchinesemedicine"), "tcm"),
        **dict.fromkeys(("中西医结合", "中西医结合医院", "中西医", "integrated"), "integrated_tcm"),
        **dict.fromkeys(("妇幼保健", "妇幼", "妇幼保健院", "妇产", "妇产科", "maternal", "maternalandchild"), "maternal_child"),
        **dict.fromkeys(("专科", "专科医院", "specialty", "specialized"), "specialist"),
    },
    "ownership": {
        **dict.fromkeys(("公立", "公办", "国有", "政府办", "政府", "公立医院"), "public"),
        **dict.fromkeys(("民营", "私立", "社会办", "私营", "非公立", "民办", "民营医院", "社会办医"), "private"),
        **dict.fromkeys(("军队", "部队", "军队医院", "武警", "军", "army"), "military"),
    },
    "status": {
        **dict.fromkeys(("开放", "运行", "已开放", "运营", "已运行", "运行中", "已建", "已建成", "启用", "已启用", "使用中",
                         "营业", "opened", "running"), "open"),
        **dict.fromkeys(("规划", "在建", "规划中", "建设中", "拟建", "筹建", "筹建中", "未开放", "plan",
                         "underconstruction"), "planned"),
    },
    "relation": {
        **dict.fromkeys(("院区", "一体化院区", "同一法人", "本部院区", "直属院区"), "campus"),
        **dict.fromkeys(("协作", "协作分院", "分院", "合作", "合作分院", "托管分院", "协议分院", "affiliated"), "affiliate"),
    },
    "basis": {
        **dict.fromkeys(("托管", "委托管理", "managed"), "custody"),
        **dict.fromkeys(("对口支援", "对口", "对口帮扶", "帮扶", "counterpartsupport"), "counterpart"),
        **dict.fromkeys(("协作", "协作分院", "分院", "分院协作", "affiliated"), "affiliate"),
        **dict.fromkeys(("其他", "其它", "其他合作", "合作", "技术合作"), "other"),
    },
}  # fmt: skip
MILITARY_TIERS = ("military", "军队", "部队", "军队医院", "武警")
TOTAL_WORDS = ("合计", "总计", "总和", "小计", "全市", "全市合计", "total", "sum", "subtotal")

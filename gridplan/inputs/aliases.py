"""The other names of columns and words, Chinese and English, as data: add what planners write in their files.

Headers and words are compared as `schema.plain()` leaves them, so case, blanks, `_` and `-` do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from gridplan.words.text import Text

_LON = "longitude lng long 经度 东经 x x坐标 坐标x 横坐标 东坐标 point_x 中心经度 中心点经度 lon_x coord_x easting"
_LAT = "latitude 纬度 北纬 y y坐标 坐标y 纵坐标 北坐标 point_y 中心纬度 中心点纬度 lat_y coord_y northing"
_PEOPLE = (
    "常住人口 常住人口数 人口数_合计 常住人口_合计 人口 人口数 总人口 population "
    "population_2020 pop_2020 people_2020 pop residents 人数 常住人口数量 年末常住人口 户籍人口 实有人口 服务人口 居民数 居民 常住 total_population"
)
_DISTRICT = (
    "adcode 区划代码 行政区划代码 行政区代码 区代码 区县代码 区编号 区划编码 行政区划编码 区县编码 home_adcode district_code "
    "所属区代码 所在区代码 county_code 所属区 所在区 所属区县 所在区县 行政区 区县 区 辖区 所在行政区 所属行政区 所在县区 所属县区 "
    "县区 县市区 区县名称 所在地区 所在区域 所属辖区 市区县 县(市区) 县(市、区) 区(县、市) 区(市、县) 地区 县 "
    "区划 行政区划 行政区划名称 隶属区 隶属区县 隶属区(县) 所属区(县) 所在区(县) district district_zh district_name adname county"
)
_HOSPITAL = (
    "医院编号 医院代码 医院编码 医院id 机构编号 机构代码 机构编码 所属医院 总院 医院 医院名称 医疗机构 医疗机构名称 机构名称 牵头医院 合作医院 "
    "支援医院 hospital hospital_name"
)
_UNIT = "单元编号 单元代码 单元编码 街道编码 街道编号 乡镇编码 街镇编码 网格编码 网格编号 网格代码 街道代码 乡镇代码 街镇代码 unit unit_code town_code"
_DISCIPLINE = "诊疗科目 科目代码 科室代码 科目 科室 学科 专业 诊疗科目代码 discipline_code department"
_SOURCE = "来源 数据来源 出处"
_ID = "code 代码 编码 编号 id"
_NAME_EN = "english_name 英文名 英文名称 英文"

# Headers of a column, by table, the best first; no blanks inside a header.
HEADERS: Mapping[str, Mapping[str, str]] = {
    "districts": {
        "district_id": (
            "adcode 区划代码 行政区划代码 行政区代码 区代码 区县代码 区编号 区划编码 行政区划编码 区县编码 district_code "
            + _ID
        ),
        "name": (
            "名称 区名 区县 区名称 name_zh 行政区 区 中文名 district_name district county 县区 县市区 区县名称 行政区名称 地区 "
            "辖区 行政区划 行政区划名称"
        ),
        "name_en": _NAME_EN,
        "kind": "类型 区类型 城区类型 区位 圈层 类别 性质 区域类型 区县类型 区域 分区 type zone ring",
        "people": _PEOPLE,
        "area_km2": "面积 面积_km2 土地面积 行政区域面积 陆地面积 辖区面积 区域面积 area area_sqkm",
        "consortium": "医联体形式 医联体类型 医共体 联合体形式",
    },
    "units": {
        "unit_id": f"{_UNIT} {_ID} gridcode grid_id",
        "name": (
            "名称 街道 乡镇 镇 街镇 街道乡镇 乡镇街道 街道名称 乡镇名称 网格 网格名称 单元名称 居委会 "
            "社区 name_zh town subdistrict unit_name 镇街 镇街名称 街镇名称 街道(乡镇) 街道(镇) 乡镇(街道) 镇(街道) 街道/乡镇 乡镇/街道 "
            "街道、乡镇 乡镇街道名称 街道乡镇名称 乡镇(街道)名称 村居 村(居) 居(村)委会 社区名称 村居名称 所属街道 街道名 镇名 乡镇名 "
            "街镇名 镇街名 社区名 村名 街道办 街道办事处 街道办事处(镇) 街道办事处(乡镇) town_name township subdistrict_name"
        ),
        "people": _PEOPLE,
        "people_65plus": (
            "65岁及以上人口 65岁以上人口 65岁及以上 65岁以上 老年人口 pop_65plus pop65 people_65 "
            "人口_65岁及以上 65岁及以上老年人口 65岁及以上常住人口 65岁及以上人口数 65岁+ 65+ 老龄人口 老年人口65 "
            "65岁及以上老人 65岁及以上老人数 65岁以上老人 65岁以上老人数 六十五岁及以上 六十五岁以上 六十五岁及以上老人数 pop65+ population_65plus"
        ),
        "people_0_14": (
            "0-14岁人口 0-14岁 0~14岁人口 0至14岁人口 14岁及以下人口 少儿人口 儿童人口 pop_0_14 人口_0-14岁"
        ),
        "district_id": _DISTRICT,
        "lon": _LON,
        "lat": _LAT,
    },
    "hospitals": {
        "hospital_id": "医院编号 医院代码 医院编码 医院id 机构编号 机构代码 机构编码 组织机构代码 hospital_code "
        + _ID,
        "name": (
            "医院名称 机构名称 名称 医疗机构名称 单位名称 name_zh 医院 中文名 hospital_name hospital 医疗机构 机构 单位 医院全称 "
            "机构全称 全称"
        ),
        "name_en": _NAME_EN,
        "tier": (
            "隶属 隶属关系 行政隶属 层级 医院层级 管理层级 行政隶属关系 主管部门 主管单位 主管 管理级别 隶属级别 办医层级 医院隶属关系 举办层级 "
            "affiliation administrative_level admin_level"
        ),
        "category": (
            "类别 医院类别 机构类别 医院类型 机构类型 类型 type 医疗机构类别 医疗机构类型 机构分类 医院分类 分类"
        ),
        "specialty": "专科 专科类别 专科方向 专业 speciality",
        "grade": "等级 级别 医院等级 医院级别 等次 级别等次 level 评审等级 机构等级 医疗机构等级 机构级别 医院评审等级 等级等次",
        "ownership": (
            "产权 所有制 所有制形式 办医主体 举办主体 经济类型 性质 公立民营 经营性质 办医性质 医院性质 机构性质 公立/民营 公立或民营 "
            "所有制性质 举办性质 是否公立"
        ),
        "district_id": _DISTRICT,
        "lon": _LON,
        "lat": _LAT,
        "beds": (
            "床位数 床位 编制床位 编制床位数 核定床位 核定床位数 开放床位 开放床位数 实有床位 实有床位数 实际开放床位数 bed 床位数量 床位总数"
        ),
        "capacity_people": "服务能力 可服务人口 服务人口上限 承载人口 capacity",
        "willing": "自愿 自愿加入 是否自愿 意愿",
        "regional_centre": "区域性医疗中心 区域医疗中心 是否区域性医疗中心 regional_center regional_medical_centre",
        "referrals_capacity": "年接诊上转能力 年上转接诊能力 接收上转能力 上转接诊能力",
        "sponsor": "办医主体 举办主体 举办单位 主办单位 sponsored_by",
    },
    "branches": {
        "branch_id": "院区编号 院区代码 院区编码 分院编号 分院代码 分院编码 branch_code " + _ID,
        "hospital_id": _HOSPITAL,
        "name": "院区名称 分院名称 院区 分院 名称 name_zh branch_name_zh branch_name",
        "district_id": _DISTRICT,
        "status": "状态 运行状态 建设状态 开放状态",
        "relation": "关系 院区关系 性质 类型 与本部关系",
        "lon": _LON,
        "lat": _LAT,
    },
    "partnerships": {
        "hospital_id": _HOSPITAL + " 派出医院 派驻医院 支援单位 帮扶医院 帮扶单位 市级医院 三级医院 上级医院",
        "district_id": _DISTRICT
        + " 受援区 受援区县 受援县 受援县区 受援县(市区) 受援地区 受援地 结对区 结对区县 合作区 合作区县 对口区 对口支援区 帮扶区 被帮扶区 被支援区 服务区 服务区县",
        "basis": "基础 合作基础 合作方式 合作形式 合作类型 关系 方式 帮扶方式 合作模式 帮扶形式 支援方式 结对形式 结对方式 支援形式 形式 合作关系 帮扶关系 类型",
        "since": "起始 起始年份 起始时间 开始时间 签约时间 年份 year start",
        "effect": "成效 是否取得成效 取得成效 支援成效 effective",
    },
    "travel": {
        "unit_id": _UNIT
        + " origin origin_id from_id from 起点 起点名称 起点编号 出发地 出发点 街道 街道名称 乡镇 镇街 街镇 街道乡镇 单元 单元名称",
        "hospital_id": _HOSPITAL + " destination destination_id to_id to 终点 终点名称 终点编号 目的地",
        "minutes": "分钟 时间 出行时间 车程 用时 耗时 通行时间 行程时间 出行时长 时长 time travel_time time_min duration travel_time_p50",
    },
    "departments": {
        "hospital_id": _HOSPITAL,
        "discipline": _DISCIPLINE,
        "level": "能力等级 科室等级 能力 学科等级 能力级别",
        "beds": "床位数 床位 开放床位 编制床位",
        "visits": "诊疗人次 年诊疗人次 门诊量 就诊人次",
        "places": "进修名额 可接收进修人数 轮训名额",
        "key": "重点专科级别 重点专科 重点学科 key_specialty reach",
        "since": "起始 起始年份 设立年份 year",
        "source": _SOURCE,
    },
    "staff": {
        "hospital_id": _HOSPITAL,
        "discipline": _DISCIPLINE,
        "eligible": "高年资主治及以上人数 高年资主治以上人数 可派专家 可派人数 符合条件人数 experts",
        "days_per_week": "每周可派天数 可下沉天数 每周天数 days",
        "managers": "可派管理人员 管理人员 可派管理人员数",
        "source": _SOURCE,
    },
    "needs": {
        "district_id": _DISTRICT,
        "unit_id": "单元编号 单元代码 单元id 街道代码 乡镇代码 街镇代码 unit_code",
        "discipline": _DISCIPLINE,
        "people": "患者数 年患者数 需求人数 患者 patients 人数",
    },
    "institutions": {
        "institution_id": "机构编号 机构代码 机构编码 机构id " + _ID,
        "name": "机构名称 名称 机构 name_zh 机构名 单位名称",
        "kind": "类型 机构类型 类别 机构类别 type",
        "ownership": "产权 所有制 所有制形式 办医主体 举办主体 经济类型 性质",
        "district_id": _DISTRICT,
        "lon": _LON,
        "lat": _LAT,
        "visits_capacity": "年诊疗能力 诊疗能力 年诊疗人次能力",
        "beds": "床位 床位数 开放床位",
        "home_beds": "家庭病床 家庭病床数",
        "willing": "自愿加入 自愿",
        "office": "转诊办公室 双向转诊部门 转诊专员",
        "gps": "全科医生 全科医生数 全科儿科医生",
        "teams": "家庭医生团队 家庭医生团队数 团队数",
        "source": _SOURCE,
    },
    "custody": {
        "hospital_id": "托管方 受托方 托管医院 托管方编号 市级医院 " + _HOSPITAL,
        "managed_id": "受托医院 被托管医院 被托管方 区级医院 managed managed_hospital",
        "since": "起始 起始年份 起始时间 托管起始 start",
        "until": "截止 截止年份 截止时间 到期 end",
        "source": _SOURCE,
    },
    "flows": {
        "unit_id": _UNIT,
        "place_id": "就诊机构 就诊机构编号 机构编号 医院编号 就诊地 destination to_id",
        "class": "类别 就诊类别 就诊类型",
        "year": "年度 年份",
        "visits": "人次 就诊人次 诊疗人次",
    },
    "slots": {
        "hospital_id": _HOSPITAL,
        "discipline": _DISCIPLINE,
        "week_slots": "每周专家号 周专家号 专家号 每周号源 周号源 slots",
        "window_days": "预约期天数 预约期 预约天数 号源预约期",
        "source": _SOURCE,
    },
    "services": {
        "hospital_id": _HOSPITAL,
        "service": "共享中心 中心 服务 共享服务",
        "has": "已有 现有 是否已有 已设",
        "capacity": "能力 服务能力 可服务人口",
        "source": _SOURCE,
    },
    "support": {
        "hospital_id": _HOSPITAL,
        "discipline": _DISCIPLINE,
        "year_started": "起始年度 起始年份 入选年度 扶持起始年度 start_year",
    },
    "rates": {
        "district_id": _DISTRICT,
        "group": "人群 年龄组 年龄段 队列 cohort age_group",
        "births": "出生率 birth_rate",
        "growth": "增长率 自然增长率 growth_rate",
        "survival": "存活率 生存率 survival_rate",
        "ageing": "进入下一年龄组的比例 老化率 ageing_rate aging",
        "ages_to": "下一年龄组 进入年龄组",
        "migration": "净迁入率 迁移率 migration_rate",
    },
    "assignment": {
        "layer": "服务类别 层 层次 分层 医院层",
        "unit_id": "单元编号 单元代码 单元id 网格编号 网格代码 街道代码 乡镇代码 街镇代码 unit_code town_code",
        "unit": (
            "单元 单元名称 街道 乡镇 街镇 街道乡镇 乡镇街道 街道名称 乡镇名称 网格 网格名称 居委会 社区 "
            "unit_name town subdistrict"
        ),
        "district_id": "区编号 区代码 adcode 区划代码 行政区划代码 行政区代码 区县代码 district_code",
        "district": "区 区名 区名称 所属区 所在区 区县 所属区县 所在区县 行政区 辖区 district_name",
        "people": _PEOPLE + " 居民 居民数 居民人数",
        "hospital_id": "医院编号 医院代码 医院id 机构编号 机构代码 合作医院编号 hospital_code",
        "hospital": (
            "医院 医院名称 合作医院 合作医院名称 牵头医院 牵头医院名称 机构名称 机构 partner_hospital partner hospital_name"
        ),
        "minutes": "分钟 分钟数 时间 出行时间 出行分钟 车程 用时 time travel_time time_min duration",
    },
    "roads": {
        "from_lon": "起点经度",
        "from_lat": "起点纬度",
        "to_lon": "终点经度",
        "to_lat": "终点纬度",
        "minutes": "分钟 时间 time",
        "km_h": "速度 车速 限速 speed maxspeed speed_kph",
    },
    "links": {
        "from_unit": "起点单元 起点 起 from from_id 单元一",
        "to_unit": "终点单元 终点 止 to to_id 单元二",
        "way": "方式 类型 连接方式 kind type",
        "name": "名称 线路 桥名 航线",
    },
}

# Words of the closed lists, by column.
WORDS: Mapping[str, Mapping[str, str]] = {
    "layer": {
        "general": "综合类结对 综合层 综合医院 综合类 generallayer",
        "tcm": "中医类结对 中医层 中医医院 中医类 中医药 tcmlayer",
        "merged": "合并类结对 合并层 mergedlayer",
    },
    "kind": {
        "central": "中心城区 中心 主城区 主城 核心区 城区 市区 中心区 老城区 urban downtown innercity",
        "suburban": "近郊 近郊区 郊区 城郊 城郊区 suburb",
        "outer_suburban": "远郊 远郊区 outersuburb",
        "county": "县 县城 县市 县级市 县域 远郊县 市辖县 下辖县",
    },
    "tier": {
        "provincial": "省级 省属 省部级 省 部属 省直 省直属 省管 省卫生健康委 province",
        "municipal": (
            "市级 市属 市 市直 市直属 市直管 市管 地市级 市级医院 市卫生健康委 市卫健委 委属 委管 委直属 委属委管 大学附属 高校附属 city"
        ),
        "district": (
            "区级 区属 区 区直 区直属 区管 区县级 区县属 县级 县属 县直 县直属 县管 县 县区级 县区属 县市级 区县 county"
        ),
        "primary": "基层 社区 街道 乡镇 镇属 街道属 乡镇级 社区卫生服务中心 乡镇卫生院 一级 primarycare community",
    },
    "category": {
        "general": "综合 综合医院 综合性医院 综合类 综合类医院 综合性 generalhospital",
        "tcm": "中医 中医医院 中医院 中医类 中医类医院 民族医 民族医院 traditionalchinesemedicine",
        "integrated_tcm": "中西医结合 中西医结合医院 中西医 integrated",
        "maternal_child": "妇幼保健 妇幼 妇幼类 妇幼健康 妇幼保健院 妇幼保健计划生育服务中心 妇产 妇产科 maternal maternalandchild",
        "specialist": "专科 专科医院 专科类 专科类医院 specialty specialized",
    },
    "ownership": {
        "public": "公立 公办 国有 政府办 政府 政府举办 公立医院 公立非营利 公立非营利性 全民 全民所有制 事业单位 是",
        "private": "民营 私立 社会办 社会力量 社会力量举办 私营 非公立 民办 民营医院 社会办医 社会资本 股份制 营利性 民营营利 个人 否",
        "military": "军队 部队 军队医院 武警 军 army",
        "enterprise": "企业 企业医院 企业办 国企 国有企业 厂矿 职工医院 company",
    },
    "status": {
        "open": "开放 运行 已开放 运营 已运行 运行中 已建 已建成 启用 已启用 使用中 营业 opened running",
        "planned": "规划 在建 规划中 建设中 拟建 筹建 筹建中 未开放 plan underconstruction",
    },
    "relation": {
        "campus": "院区 一体化院区 同一法人 本部院区 直属院区",
        "affiliate": "协作 协作分院 分院 合作 合作分院 托管分院 协议分院 affiliated",
        "clinic": "门诊 门诊部 诊所 门诊所 outpatient outpatients outpatientclinic outpatientdepartment",
    },
    "consortium": {
        "urban": "城市医疗集团 医疗集团 城市医联体",
        "county": "县域医共体 医共体 县域医疗共同体 县域医疗卫生共同体",
    },
    "willing": {"yes": "是 愿意 自愿 true 1 y", "no": "否 不愿意 false 0 n"},
    "regional_centre": {"yes": "是 区域性医疗中心 true 1 y", "no": "否 false 0 n"},
    "service": {
        "lab": "检验 检验中心 化验 临床检验 laboratory",
        "imaging": "影像 影像中心 放射 医学影像",
        "ecg": "心电 心电中心 心电图",
        "pathology": "病理 病理中心",
        "disinfection": "消毒供应 消毒供应中心 消毒 cssd",
        "purchasing": "采购 药品耗材采购 药品采购",
        "hr": "人力资源 人事 humanresources",
        "finance": "财务",
        "public_health": "公共卫生 公卫 publichealth",
        "information": "信息 信息化 it",
        "logistics": "后勤",
    },
    "has": {"yes": "是 有 已有 true 1 y", "no": "否 无 不能 false 0 n"},
    "effect": {"yes": "是 有 有成效 取得成效 true 1 y", "no": "否 无 无成效 未取得成效 false 0 n"},
    "key": {
        "national": "国家 国家级 国家临床重点专科 国家重点专科",
        "city": "市 市级 省 省级 省市 市级临床重点专科 上海市临床重点专科 省级临床重点专科 市级重点专科 municipal provincial",
        "tcm": "中医 中医优势 优势专科 中医重点专科 中医药",
        "district": "区 区级 区级重点专科",
    },
    "way": {"bridge": "桥 桥梁 大桥 隧道 隧桥 桥隧 tunnel", "ferry": "轮渡 渡轮 渡口 渡船 船 boat"},
    "basis": {
        "custody": "托管 委托管理 全面托管 医院托管 managed",
        "counterpart": "对口支援 对口 对口帮扶 帮扶 结对帮扶 对口协作 支援 counterpartsupport",
        "affiliate": "协作 协作分院 分院 分院协作 紧密型医联体 医联体分院 affiliated",
        "other": "其他 其它 其他合作 合作 技术合作 技术协作 专科联盟 松散型医联体 远程协作",
    },
}
DOUBTFUL_TIERS = ("委属", "委管", "委直属", "委属委管", "大学附属", "高校附属")
MILITARY_TIERS = ("military", "军队", "部队", "军队医院", "武警")
TOTAL_WORDS = ("合计", "总计", "总和", "小计", "全市", "全市合计", "共计", "总数", "total", "sum", "subtotal")

UNIT_WORDS: Mapping[str, Text] = {
    "persons": Text("whole persons", "人"),
    "km2": Text("km²", "平方公里"),
    "minutes": Text("minutes", "分钟"),
    "beds": Text("beds", "张"),
    "degrees": Text("decimal degrees", "十进制度"),
    "km/h": Text("km/h", "公里/小时"),
}

"""Units as people write them beside numbers, and what one of them is in the unit of its column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gridplan.inputs.column import plain

# Units that a header, a title or a cell may state, and what one of them is in the unit of the column; None where that
# cannot be told.
UNIT_FACTORS: Mapping[str, Mapping[str, float | None]] = {
    "persons": {
        **dict.fromkeys(("人", "名", "口", "位", "个", "persons", "people", "人次"), 1.0),
        **dict.fromkeys(("万", "万人", "万名", "10k", "10000", "10000人", "w", "wan", "万人次"), 1e4),
        **dict.fromkeys(("千", "千人", "thousand", "1000", "1000人", "k"), 1e3),
        **dict.fromkeys(("百人", "百"), 1e2),
        **dict.fromkeys(("million", "百万", "百万人"), 1e6),
        **dict.fromkeys(("亿", "亿人"), 1e8),
    },
    "km2": {
        **dict.fromkeys(("km2", "km²", "平方公里", "平方千米", "sqkm"), 1.0),
        **dict.fromkeys(("公顷", "hectare", "hectares", "ha", "hm2"), 0.01),
        **dict.fromkeys(("平方米", "m2", "sqm", "㎡"), 1e-6),
        "亩": 1 / 1500,
        "万亩": 1e4 / 1500,
    },
    "minutes": {
        **dict.fromkeys(("分钟", "分", "min", "mins", "minute", "minutes", "m"), 1.0),
        **dict.fromkeys(("秒", "秒钟", "second", "seconds", "sec", "secs", "s"), 1 / 60),
        **dict.fromkeys(("小时", "时", "hour", "hours", "h", "hr", "hrs"), 60.0),
    },
    "beds": {
        **dict.fromkeys(("张", "床", "张床", "张床位", "beds", "bed"), 1.0),
        "百张": 1e2,
        "千张": 1e3,
        "万张": 1e4,
    },
    "degrees": {
        **dict.fromkeys(("度", "°", "º", "十进制度", "degree", "degrees", "deg", "dd"), 1.0),
        "度分秒": None,
        "dms": None,
    },
    "km/h": {
        **dict.fromkeys(("km/h", "kmh", "公里/小时", "千米/小时", "kph"), 1.0),
        **dict.fromkeys(("m/s", "米/秒"), 3.6),
        "mph": 1.609344,
    },
}
# What says that a group of people is stated as a share of the residents: 65岁及以上人口占总人口比重（%）.
PERCENT = ("%", "percent", "percentage", "pct", "百分比", "百分之")
_SHARE = re.compile(r"%|占比|比重|比例|比率|百分[比率]|构成比|percent|pct|share(?![a-z])")
_SHARE_AT_END = re.compile(
    r"(占(?:[全本总常住区县市]*人口)?(?:总[数量])?的?)?(比重|比例|比率|百分[比率]|构成比|比|percent(age)?|pct|share)?%?$"
)


def says_share(header: str) -> bool:
    """Whether a header says that its numbers are shares."""
    return _SHARE.search(plain(header)) is not None


def says_percent(header: str) -> bool:
    """Whether a header says that its numbers are per cent."""
    return any(word in plain(header) for word in PERCENT)


def without_share(core: str) -> str:
    """What a header says besides that it is a share, as `plain` leaves it."""
    return _SHARE_AT_END.sub("", core, count=1)

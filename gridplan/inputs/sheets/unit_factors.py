"""Units as people write them beside numbers, and what one of them is in the unit of its column."""

from __future__ import annotations

from collections.abc import Mapping

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

"""What the tables hold, as data: columns, types, units, ranges, and the Chinese and English names they go by.

Headers and words are compared after `plain()`: full width made half, lower case, without blanks, `_` and `-`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from gridplan.inputs.aliases import HEADERS, WORDS
from gridplan.words import vocabulary
from gridplan.words.text import Text

Kind = Literal["id", "text", "whole", "number", "degree", "word", "discipline"]
NUMERIC: tuple[Kind, ...] = ("whole", "number", "degree")


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Parameters
    ----------
    name : canonical header.
    kind : "id" and "text" are text; "whole" is a whole number, "number" any, "degree" a coordinate (all kept
        as float64, NaN where not stated); "word" is one of `words`; "discipline" is a code of the national
        catalogue, whichever way it is spelled (`disciplines.py`).
    required : whether the table is refused without it (shapes stand in for coordinates).
    filled : whether a blank cell is a fault (the doctor's).
    unit : what its numbers count ("persons", "km2", "minutes", "beds", "km/h", "degrees").
    low, high : the range that is believed; beyond it a number is a fault (the doctor's).
    aliases : other headers it goes by, the best first (`aliases.py`).
    own_words : other words of its closed list that region.toml adds, as `plain` leaves them.
    """

    name: str
    kind: Kind
    required: bool = False
    filled: bool = False
    words: Mapping[str, Text] | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    aliases: tuple[str, ...] = ()
    own_words: Mapping[str, str] = field(default_factory=dict)


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

    def knowing(
        self, aliases: Mapping[str, tuple[str, ...]], words: Mapping[str, Mapping[str, str]]
    ) -> Table:
        """The same table with further headers and words, by column."""
        named = (
            replace(c, aliases=(*aliases.get(c.name, ()), *c.aliases), own_words=words.get(c.name, {}))
            for c in self.columns
        )
        return replace(self, columns=tuple(named)) if aliases or words else self


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """A header or word as it is compared: NFKC, lower case, no blanks, no `_`, no `-`."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_-\u200b\ufeff")


def _persons(name: str, required: bool = False, filled: bool = False, high: float = 2e7) -> Column:
    return Column(name, "whole", required, filled, unit="persons", low=0, high=high)


def _degree(name: str, required: bool = True, filled: bool = True) -> Column:
    limit = 180 if name.endswith("lon") else 90
    return Column(name, "degree", required, filled, unit="degrees", low=-limit, high=limit)


def _must(name: str, kind: Kind = "id") -> Column:
    return Column(name, kind, required=True, filled=True)


def _word(name: str, words: Mapping[str, Text]) -> Column:
    return Column(name, "word", required=True, filled=True, words=words)


def _table(
    name: str, zh: str, key: str, columns: list[Column], required: bool = False, spatial: bool = True
) -> Table:
    """The table with the other names of its columns."""
    others = HEADERS[name]
    named = tuple(replace(c, aliases=tuple(others.get(c.name, "").split())) for c in columns)
    return Table(name, Text(name, zh), key, named, required, spatial)


DISTRICTS = _table(
    "districts",
    "区",
    "district_id",
    [
        _must("district_id"),
        _must("name", "text"),
        Column("name_en", "text"),
        _word("kind", vocabulary.KINDS),
        _persons("people", required=True, filled=True, high=1e8),
        Column("area_km2", "number", unit="km2", low=0, high=2e6),
        Column("consortium", "word", words=vocabulary.CONSORTIA),
    ],
    required=True,
)
UNITS = _table(
    "units",
    "单元",
    "unit_id",
    [
        _must("unit_id"),
        _must("name", "text"),
        _persons("people", required=True, filled=True),
        _persons("people_65plus"),
        _persons("people_0_14"),
        Column("district_id", "id"),
        _degree("lon"),
        _degree("lat"),
    ],
    required=True,
)
HOSPITALS = _table(
    "hospitals",
    "医院",
    "hospital_id",
    [
        _must("hospital_id"),
        _must("name", "text"),
        Column("name_en", "text"),
        _word("tier", vocabulary.TIERS),
        _word("category", vocabulary.CATEGORIES),
        Column("specialty", "text"),
        Column("grade", "text"),
        _word("ownership", vocabulary.OWNERSHIPS),
        _must("district_id"),
        _degree("lon"),
        _degree("lat"),
        Column("beds", "whole", unit="beds", low=0, high=20000),
        _persons("capacity_people", high=1e8),
        Column("willing", "word", words=vocabulary.WILLING),
        Column("regional_centre", "word", words=vocabulary.REGIONAL_CENTRES),
        Column("sponsor", "text"),
        Column("referrals_capacity", "whole", low=0, high=1e8),
    ],
    required=True,
)
BRANCHES = _table(
    "branches",
    "院区",
    "branch_id",
    [
        _must("branch_id"),
        _must("hospital_id"),
        _must("name", "text"),
        _must("district_id"),
        _word("status", vocabulary.STATUSES),
        _word("relation", vocabulary.RELATIONS),
        _degree("lon", required=False, filled=False),
        _degree("lat", required=False, filled=False),
    ],
)
PARTNERSHIPS = _table(
    "partnerships",
    "结对关系",
    "",
    [
        _must("hospital_id"),
        _must("district_id"),
        _word("basis", vocabulary.BASES),
        Column("since", "text"),
        Column("effect", "word", words=vocabulary.EFFECTS),
    ],
    spatial=False,
)
_MINUTES = Column("minutes", "number", required=True, filled=True, unit="minutes", low=0, high=10000)
TRAVEL = _table("travel", "出行时间", "", [_must("unit_id"), _must("hospital_id"), _MINUTES], spatial=False)
ROADS = _table(
    "roads",
    "道路",
    "",
    [
        _degree("from_lon"),
        _degree("from_lat"),
        _degree("to_lon"),
        _degree("to_lat"),
        _MINUTES,
        Column("km_h", "number", unit="km/h", low=0, high=1000),
    ],
)
LINKS = _table(
    "links",
    "桥隧与轮渡",
    "",
    [_must("from_unit"), _must("to_unit"), _word("way", vocabulary.LINKS), Column("name", "text")],
    spatial=False,
)
_DISCIPLINE, _SOURCE = _must("discipline", "discipline"), Column("source", "text")
DEPARTMENTS = _table(
    "departments",
    "科室",
    "",
    [
        _must("hospital_id"),
        _DISCIPLINE,
        Column("level", "whole", low=0, high=3),
        Column("beds", "whole", unit="beds", low=0, high=20000),
        Column("visits", "whole", low=0, high=1e8),
        _persons("places", high=500),
        Column("key", "word", words=vocabulary.KEY_SPECIALTIES),
        Column("since", "text"),
        _SOURCE,
    ],
    spatial=False,
)
STAFF = _table(
    "staff",
    "人员",
    "",
    [
        _must("hospital_id"),
        replace(_DISCIPLINE, required=False, filled=False),
        _persons("eligible", high=500),
        Column("days_per_week", "number", low=0, high=3500),
        _persons("managers", high=500),
        _SOURCE,
    ],
    spatial=False,
)  # counts, never persons
NEEDS = _table(
    "needs",
    "专科需求",
    "",
    [Column("district_id", "id"), Column("unit_id", "id"), _DISCIPLINE, _persons("people", True, True, 1e8)],
    spatial=False,
)  # by unit or by district; of a unit, what is said of itself holds
INSTITUTIONS = _table(
    "institutions", "基层机构", "institution_id",
    [
        _must("institution_id"), _must("name", "text"), _word("kind", vocabulary.INSTITUTIONS),
        Column("ownership", "word", words=vocabulary.OWNERSHIPS), _must("district_id"), _degree("lon"), _degree("lat"),
        Column("visits_capacity", "whole", low=0, high=1e8), Column("beds", "whole", unit="beds", low=0, high=20000),
        Column("home_beds", "whole", unit="beds", low=0, high=20000), Column("willing", "word", words=vocabulary.WILLING),
        Column("office", "text"), _persons("gps", high=2000), Column("teams", "whole", low=0, high=1000), Column("source", "text"),
    ],
)  # fmt: skip
CUSTODY = _table(
    "custody", "托管", "",
    [_must("hospital_id"), _must("managed_id"), Column("since", "text"), Column("until", "text"), _SOURCE],
    spatial=False,
)  # fmt: skip
SUPPORT = _table(
    "support",
    "薄弱专业扶持",
    "",
    [
        _must("hospital_id"),
        _DISCIPLINE,
        Column("year_started", "whole", required=True, filled=True, low=1990, high=2100),
    ],
    spatial=False,
)
SLOTS = _table(
    "slots", "专家号源", "",
    [
        _must("hospital_id"), _DISCIPLINE, Column("week_slots", "whole", low=0, high=100000),
        Column("window_days", "whole", low=0, high=366), _SOURCE,
    ],
    spatial=False,
)  # fmt: skip
SERVICES = _table(
    "services", "共享中心", "",
    [
        _must("hospital_id"), _word("service", vocabulary.SERVICES), Column("has", "word", words=vocabulary.WILLING),
        Column("capacity", "whole", low=0, high=1e8), _SOURCE,
    ],
    spatial=False,
)  # fmt: skip
FLOWS = _table(
    "flows", "就诊流向", "",
    [
        _must("unit_id"), _must("place_id"), Column("class", "text"), Column("year", "text"),
        Column("visits", "whole", required=True, low=0, high=1e8),
    ],
    spatial=False,
)  # fmt: skip
ASSIGNMENT = _table(
    "assignment",
    "分配",
    "",
    [
        Column("layer", "word", words=vocabulary.LAYERS),
        Column("unit_id", "id"),
        Column("unit", "text"),
        Column("district_id", "id"),
        Column("district", "text"),
        _persons("people"),
        Column("hospital_id", "id"),
        Column("hospital", "text"),
        replace(_MINUTES, required=False),
    ],
    spatial=False,
)  # made or edited by hand; no table of a region
RATES = _table(
    "rates",
    "人口变动率",
    "",
    [
        _must("district_id"),
        _must("group", "text"),
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

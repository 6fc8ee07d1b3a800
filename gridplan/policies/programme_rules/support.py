"""CD-6, JG-3: weak specialties that are supported, so many a year, and departments to be filled up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gridplan.inputs.disciplines import disciplines
from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.policies.values import Fault
from gridplan.words.text import Text


def _codes(name: str, value: Any) -> Iterator[Fault]:
    for code in value if isinstance(value, tuple) else [value]:
        if code not in disciplines():
            yield (
                name,
                f"is no code of the catalogue; got {code!r}",
                f"不是诊疗科目代码；现为 {code!r}",
                f'{name} = ["20"]',
            )


@dataclass(frozen=True)
class Support(Rule):
    """Each year so many weak specialties (level 0 or 1) are chosen, each supported for some years.

    Clause: chengdu-2018, CD-6 (每年 100 个薄弱专业, 连续五年); jianggan-2019, JG-3 (填平补齐, `fill`).

    Parameters
    ----------
    per_year, years : int, optional
        Chosen each year, and years that each is supported. As many years are planned.
    first_year : int, default 2026
        The first of them.
    per_hospital, per_discipline : int, optional
        Chosen in a year, of one hospital and in one discipline, at most.
    district_least, district_most : int, optional
        Chosen in a year, of one district: the floor, where it has so many, and the most.
    fill : tuple[str, ...], default ()
        Disciplines to be filled up first in every district (codes of the catalogue); a code of two digits means all
        below it, too ("05": 0501, 0502).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Support(per_year=20).sentence().en)
    From 2026 each year 20 weak specialties are chosen and supported for 5 years, at most 4 of a...
    """

    per_year: int = 100
    years: int = 5
    first_year: int = 2026
    per_hospital: int = 4
    per_discipline: int = 12
    district_least: int = 0
    district_most: int = 12
    fill: tuple[str, ...] = ()
    id = "CD-6"
    key = "support"
    of = "programme"
    title = Text("Weak specialties", "薄弱专业扶持")
    own_values: ClassVar[Mapping[str, Check]] = {
        "per_year": number(1, 10000, whole=True),
        "years": number(1, 20, whole=True),
        "first_year": number(1990, 2100, whole=True),
        "per_hospital": number(1, 1000, whole=True),
        "per_discipline": number(1, 10000, whole=True),
        "district_least": number(0, 10000, whole=True),
        "district_most": number(1, 10000, whole=True),
        "fill": _codes,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        self.refuse_unless(
            self.district_least <= self.district_most,
            "district_least", f"is {self.district_least}, more than district_most = {self.district_most}",
            f"为 {self.district_least}，大于 district_most = {self.district_most}",
            f"district_least = {self.district_most}",
        )  # fmt: skip

    def fills(self, code: str) -> bool:
        """Whether a discipline is to be filled up first."""
        return code in self.fill or code[:2] in self.fill

    def sentence(self) -> Text:
        fill = Text("", "")
        if self.fill:
            fill = Text(f"; {', '.join(self.fill)} are filled up first", f"；优先补齐 {'、'.join(self.fill)}")
        return Text(
            f"From {self.first_year} each year {self.per_year} weak specialties are chosen and supported for {self.years} years, "
            f"at most {self.per_hospital} of a hospital, {self.per_discipline} in a discipline, {self.district_least} to "
            f"{self.district_most} of a district{fill.en}.",
            f"自 {self.first_year} 年起每年遴选 {self.per_year} 个薄弱专业，连续扶持 {self.years} 年；每院至多 {self.per_hospital} 个，"
            f"每学科至多 {self.per_discipline} 个，每区 {self.district_least} 至 {self.district_most} 个{fill.zh}。",
        )

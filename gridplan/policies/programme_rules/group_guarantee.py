"""CD-5: named groups have a primary institution within the standard, served before all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gridplan.policies.programme_rules.checks import Check, number
from gridplan.policies.rule import Rule
from gridplan.policies.values import Fault
from gridplan.words.text import Text

GROUPS = ("people_poor", "people_special_families")
NAMES = {
    "people_poor": Text("the poor", "贫困人口"),
    "people_special_families": Text("families with special hardship", "计划生育特殊家庭"),
    "people_65plus": Text("residents of 65 and more", "65 岁及以上居民"),
    "people_pregnant": Text("pregnant women", "孕产妇"),
    "people_disabled": Text("disabled people", "残疾人"),
}


def _groups(name: str, value: Any) -> Iterator[Fault]:
    listed = value if isinstance(value, tuple) else (value,)
    for group in listed:
        if not isinstance(group, str) or not group.startswith("people_"):
            yield (
                name,
                f"names columns people_…; got {group!r}",
                f"应为 people_… 列名；现为 {group!r}",
                f'{name} = ["people_poor"]',
            )
    if len(set(listed)) < len(listed) or not listed:
        yield name, "names a group twice, or none", "有重复或为空", f'{name} = ["people_poor"]'


@dataclass(frozen=True)
class GroupGuarantee(Rule):
    """People of named groups have room at a primary institution within so many minutes, reserved before all others.

    Clause: chengdu-2018, CD-5 (对贫困人口和计划生育特殊家庭实现全覆盖).

    Parameters
    ----------
    groups : tuple[str, ...], default ("people_poor", "people_special_families")
        Columns of the units.
    minutes : float, default 30
        Of the way (ours: the document gives none).
    share : float, default 1.0
        Of each group that must be served; fewer is a finding, with who cannot and why.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.GroupGuarantee(minutes=20).sentence().en)
    100% of the poor and families with special hardship have a primary institution within 20 minutes,...
    """

    groups: tuple[str, ...] = GROUPS
    minutes: float = 30
    share: float = 1.0
    id = "CD-5-all"
    key = "group_guarantee"
    of = "programme"
    title = Text("Guarantee for named groups", "重点人群保障")
    own_values: ClassVar[Mapping[str, Check]] = {
        "groups": _groups,
        "minutes": number(0, open=True),
        "share": number(0, 1, open=True),
    }

    def names(self) -> Text:
        """The groups as people call them; a column that is not known by its name."""
        known = [NAMES.get(group, Text(group, group)) for group in self.groups]
        return Text(" and ".join(one.en for one in known), "、".join(one.zh for one in known))

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        who = self.names()
        return Text(
            f"{100 * self.share:g}% of {who.en} have a primary institution within {self.minutes:g} minutes, with room kept for them "
            "before all others.",
            f"{who.zh}的 {100 * self.share:g}% 在 {self.minutes:g} 分钟内有基层首诊机构，其能力优先预留。",
        )

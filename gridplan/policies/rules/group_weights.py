"""Weights for groups of people (CD-5): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean, listed
from gridplan.policies.counting.case import Case
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text

SMALL = 1e-9  # of a person


@dataclass(frozen=True)
class GroupWeights(Rule):
    """People of a group count so many times in the goal "travel". Off by default.

    Clause: chengdu-2018, CD-5 (重点人群).
    Residents, not weights, are what loads, capacities, shares and every other goal count. Whoever is in two groups
    gains from both: a unit counts people + Σ (weight − 1) × group.

    Parameters
    ----------
    weights : Mapping[str, float], optional
        column of the units ("people_65plus") → weight from 0; 1 is everybody else's.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.GroupWeights({"people_65plus": 2}).sentence().en)
    In the goal travel people count by group: people_65plus 2 times; everybody else once.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {"people_65plus": 2.0})
    id = "CD-5"
    key = "group_weights"
    title = Text("Weights for groups of people", "重点人群权重")
    rank = 160
    whole = "weights"

    def __post_init__(self) -> None:
        super().__post_init__()
        ordered = {group: float(weight) for group, weight in sorted(self.weights.items())}
        object.__setattr__(self, "weights", ordered)

    def sentence(self) -> Text:
        listed = [f"{group} {weight:g} times" for group, weight in self.weights.items()]
        chinese = [f"{group} × {weight:g}" for group, weight in self.weights.items()]
        return Text(
            f"In the goal travel people count by group: {', '.join(listed)}; everybody else once.",
            f"在出行目标中居民按人群加权：{'、'.join(chinese)}，其余按 1 计。",
        )

    def __hash__(self) -> int:
        return hash((type(self), tuple(self.weights.items())))

    def weighted(self, region: Region) -> pd.Series:
        """People of each unit, weighted by group: P_u + Σ (weight − 1) · group; a blank group adds nothing."""
        units = region.units.set_index("unit_id")
        people = units["people"].astype(float)
        for group, weight in self.weights.items():
            people = people + (weight - 1) * units[group].astype(float).fillna(0.0)
        return people.where(people.abs() > SMALL, 0.0)

    def misfits(self, case: Case) -> Iterator[Finding]:
        """Groups that the units do not have, and weights that leave a unit with less than nobody."""
        units = case.region.units
        groups = [str(name) for name in units.columns if str(name).startswith("people_")]
        stated = [group for group in groups if units[group].notna().any()]
        lacking = [group for group in self.weights if group not in stated]
        for group in lacking:
            what = Text(f"no unit states the group {group}", f"没有单元填写人群 {group}")
            near = did_you_mean(group, stated) if stated else Text("", "")
            hint = Text(
                f"add the column to the units, or drop the weight{'; ' + near.en if stated else ''}",
                f"请在单元表中加入该列，或去掉该权重{'；' + near.zh if stated else ''}",
            )
            yield self.refusal(group, what, hint, case.where(f"{self.key}.{group}"))
        weighted = pd.Series(dtype=float) if lacking else self.weighted(case.region)
        below = weighted[weighted < 0]
        if len(below):
            first, names = str(below.index[0]), listed(map(str, below.index))
            what = Text(
                f"{len(below)} unit(s) would count less than nobody: {names}; {first}: {below.iloc[0]:,.1f}",
                f"{len(below)} 个单元加权后人数为负：{names}；{first} 为 {below.iloc[0]:,.1f}",
            )
            hint = Text(
                "raise the weights below 1, or mend groups that are larger than the unit's people",
                "请提高小于 1 的权重，或改正大于单元人口的人群数",
            )
            yield self.refusal(first, what, hint, case.where(self.key))

    def notes(self, case: Case) -> Iterator[Finding]:
        """Units that leave a weighted group blank: they count as they are."""
        units = case.region.units
        for group in (group for group in self.weights if group in units):  # any other is refused
            blank = units.loc[units[group].isna() & (units["people"] > 0), "unit_id"]
            if len(blank):
                what = Text(
                    f"{self.id}: {group} is blank in {len(blank)} unit(s), whose people count unweighted: {listed(blank)}",
                    f"{self.id}：{len(blank)} 个单元未填 {group}，其居民不加权：{listed(blank)}",
                )
                hint = Text(
                    f"fill in {group}; 0 where nobody is of the group", f"请填写 {group}；没有该人群的填 0"
                )
                yield Finding("warning", "group-not-stated", "units", what, hint, id=str(blank.iloc[0]))

"""Changes to the population: growth, decline and ageing by district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from gridplan.geography.sharing import share_out
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change, fault, label, listed, number_faults, refuse, unknown
from gridplan.words.findings import Finding
from gridplan.words.text import Text, both

ALL = "all"
MOST_TIMES = 10.0
MODELLED = "modelled: factors of a scenario on "


@dataclass(frozen=True)
class Population(Change):
    """The residents of districts times a factor.

    A district's people are multiplied and rounded once, then shared out to its units in proportion (largest
    remainders), so that small units grow too and whole persons add up.

    Parameters
    ----------
    factors : Mapping[str, float], optional
        district_id → factor; "all" holds for every district that has none of its own. 1.02 = 2 % more.
    group : str, default ""
        "" multiplies all residents and with them each group; "people_65plus" or another column of the units
        multiplies that group alone, which ages a population.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.Population({"T1": 1.5}),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> int(region.units["people"].sum())
    102000
    """

    factors: Mapping[str, float] = field(default_factory=dict)
    group: str = ""
    key: ClassVar[str] = "population"

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", {str(k): v for k, v in self.factors.items()})
        object.__setattr__(self, "group", str(self.group))
        hint = Text("1.02 means 2 % more, 0.94 means 6 % fewer", "1.02 表示增加 2%，0.94 表示减少 6%")
        refuse(number_faults(self._where, self.factors, 0, MOST_TIMES, hint))

    @property
    def _where(self) -> str:
        return f"groups.{self.group}" if self.group else self.key

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        factors = dict(self.factors)
        return {"groups": {self.group: factors}} if self.group else {self.key: factors}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region with other numbers of people; the district's total changes by as much as its units'."""
        refuse(self._faults(region))
        columns = [self.group] if self.group else self._columns(region)
        units, districts = region.units.copy(), region.districts.copy()
        for district, rows in units.groupby("district_id").groups.items():
            factor = self.factors.get(str(district), self.factors.get(ALL, 1.0))
            for column in columns if factor != 1.0 else ():
                units.loc[rows, column] = _times(units.loc[rows, column], factor)
        if self.group:
            refuse(self._more_than_all(units))
            return region.with_tables(units=units), policy
        gained = (units["people"] - region.units["people"]).groupby(region.units["district_id"]).sum()
        districts["people"] = districts["people"] + districts["district_id"].map(gained).fillna(0)
        changed = region.with_tables(units=units, districts=districts)
        people = region.people if region.people.startswith(MODELLED) else MODELLED + region.people
        return replace(changed, people=people), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence: who grows or shrinks by how much."""
        whole = ALL in self.factors and len(self.factors) > 1
        parts = []
        for district, factor in self.factors.items():
            percent = f"{100 * (factor - 1):+.4g}%"
            if district == ALL:
                en, zh = ("all other districts", "其余各区") if whole else ("all districts", "各区")
                parts.append(Text(f"{en} {percent}", f"{zh} {percent}"))
            else:
                parts.append(both(f"{label(region, 'district', district)} {percent}"))
        said, group = listed(parts), self.group
        who = Text(f"Group {group}", f"人群 {group}") if group else Text("Residents", "常住人口")
        return (Text(f"{who.en}: {said.en}.", f"{who.zh}：{said.zh}。"),)

    def _columns(self, region: Region) -> list[str]:
        return [str(c) for c in region.units.columns if c == "people" or str(c).startswith("people_")]

    def _faults(self, region: Region) -> Iterator[Finding]:
        for district in self.factors:
            if district != ALL and (found := unknown(region, self._where, "district", district)):
                yield found
        groups = [c for c in self._columns(region) if c != "people"]
        if self.group and self.group not in groups:
            what = Text(
                f"the units have no group {self.group!r}",
                f"单元表没有人群 {self.group!r}",
            )
            none = Text("the units have no groups of people", "单元表没有分人群数据")
            yield fault(self._where, what, did_you_mean(self.group, groups) if groups else none, self.group)

    def _more_than_all(self, units: pd.DataFrame) -> Iterator[Finding]:
        over = units[units[self.group] > units["people"]]
        if len(over):
            what = Text(
                f"in {len(over)} unit(s) the group would be more than all residents, first in {over['unit_id'].iloc[0]}",
                f"有 {len(over)} 个单元的该人群将超过总人口，首个为 {over['unit_id'].iloc[0]}",
            )
            yield fault(
                self._where, what, Text("use a smaller factor", "请用较小的倍数"), over["unit_id"].iloc[0]
            )


def _times(people: pd.Series, factor: float) -> np.ndarray:
    """Whole persons, `factor` times as many in all; as they are where a number is missing."""
    values = people.to_numpy(dtype=float)
    known = np.isfinite(values) & (values >= 0)
    if not known.all() or values.sum() == 0:
        return values
    return share_out(round(float(values.sum()) * factor), values)

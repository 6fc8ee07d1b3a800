"""Demand made of visits (VISITS): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from gridplan.inputs.region import Region
from gridplan.policies.counting.case import Case
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import SUPPRESSED

PLACES = {
    "all": Text("all visits", "全部就诊"),
    "municipal": Text("visits to municipal hospitals", "赴市级医院就诊"),
}


@dataclass(frozen=True)
class VisitDemand(Rule):
    """In the goal "travel" a unit counts by its visits (table `flows`) instead of its residents. Off by default.

    Visits are scaled so that the city counts as many as it has residents. Residents, not visits, are what loads,
    capacities, shares and every other goal count; a suppressed cell counts as 3 visits.

    Parameters
    ----------
    places : str, default "all"
        "all" visits of the table, or "municipal": those to municipal hospitals.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.VisitDemand("municipal").sentence().en)
    In the goal travel units count by their visits to municipal hospitals, not by their residents.
    """

    places: str = "all"
    id = "VISITS"
    key = "visit_demand"
    title = Text("Demand made of visits", "按就诊人次计需求")
    rank = 161

    def sentence(self) -> Text:
        which = PLACES[self.places]
        return Text(
            f"In the goal travel units count by their {which.en.removeprefix('all ')}, not by their residents.",
            f"在出行目标中各单元按{which.zh}人次（而非常住人口）计算。",
        )

    def share(self, region: Region) -> pd.Series:
        """Of each unit, how many times its residents count: its share of the visits against its share of the residents."""
        flows, units = region.flows, region.units.set_index("unit_id")
        assert flows is not None
        if self.places == "municipal":
            hospitals = region.hospitals
            flows = flows[
                flows["place_id"].isin(hospitals.loc[hospitals["tier"] == "municipal", "hospital_id"])
            ]
        visits = flows["visits"].astype(float).fillna(SUPPRESSED).groupby(flows["unit_id"]).sum()
        people = units["people"].astype(float)
        counted = visits.reindex(units.index).fillna(0.0).where(people > 0, 0.0)
        ratio = (counted / people).where(people > 0, 0.0)
        return ratio * float(people.sum()) / max(1e-9, float(counted.sum()))

    def misfits(self, case: Case) -> Iterator[Finding]:
        """No table flows, or none of the visits asked for."""
        flows = case.region.flows
        if flows is None or not self.share(case.region).sum() > 0:
            what = Text(
                f"the table flows has no {PLACES[self.places].en}",
                f"流向表（flows）中没有{PLACES[self.places].zh}",
            )
            hint = Text(
                "add it (unit_id, place_id, visits), or drop the rule",
                "请补充（unit_id、place_id、visits），或去掉该规则",
            )
            yield self.refusal("flows", what, hint, case.where(self.key))

    def notes(self, case: Case) -> Iterator[Finding]:
        """Units with residents and no visits: they count for nothing."""
        if case.region.flows is None:
            return
        units, share = case.region.units, self.share(case.region)
        lived = units.loc[units["people"] > 0, "unit_id"]
        blank = [u for u in lived if share[u] == 0]
        if blank:
            what = Text(
                f"{self.id}: {len(blank)} unit(s) with residents have no visits in the table flows: they count for nothing",
                f"{self.id}：{len(blank)} 个有居民的单元在流向表中没有就诊，不计需求",
            )
            yield Finding(
                "warning",
                "unit-without-visits",
                "flows",
                what,
                Text("Fill in flows.", "请补充流向表。"),
                id=str(blank[0]),
            )

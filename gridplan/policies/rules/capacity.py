"""Capacity (CAPACITY): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.rule import Rule
from gridplan.policies.rules.district_cap import DistrictCap
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, layer_title


@dataclass(frozen=True)
class Capacity(Rule):
    """A hospital serves at most its stated capacity, in residents. Blank = no limit. Off by default.

    Parameters
    ----------
    source : str, default "capacity_people"
        "capacity_people" (the column as it is) or "beds".
    people_per_bed : float or None, default None
        Residents per bed, needed with "beds".

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Capacity("beds", 800).sentence().en)
    A hospital serves at most 800 residents per bed.
    """

    source: str = "capacity_people"
    people_per_bed: float | None = None
    id = "CAPACITY"
    key = "capacity"
    title = Text("Capacity", "承载能力")
    rank = 90
    ranges = numbers(people_per_bed=Range(0, open=True, none=True))

    def sentence(self) -> Text:
        if self.source == "beds":
            return Text(
                f"A hospital serves at most {self.people_per_bed:g} residents per bed.",
                f"每家医院服务人口不超过每床 {self.people_per_bed:g} 人。",
            )
        return Text("A hospital serves at most its stated capacity.", "每家医院服务人口不超过其承载能力。")

    def stated(self, region: Region) -> pd.Series:
        """Residents that each hospital can serve, by its id; NaN is no limit."""
        room: pd.Series = region.hospitals.set_index("hospital_id")[self.source] * (
            self.people_per_bed or 1.0
        )
        return room

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """Residents of a district against the largest capacities it may choose under its cap; of the city against all."""
        stated, cap = self.stated(case.region), case.cap(DistrictCap)
        people = case.region.units.groupby("district_id")["people"].sum()
        for layer, rows in case.partners[case.partners["allowed"]].groupby("layer"):
            room = stated.reindex(rows["hospital_id"]).fillna(np.inf).to_numpy(dtype=float)
            total = float(stated.reindex(rows["hospital_id"].unique()).fillna(np.inf).sum())
            if total < people.sum():
                where = Text(f"layer {layer}", layer_title(str(layer)).zh)
                yield self._short(case, str(layer), where, float(people.sum()), total)
            for district, mine in rows.assign(room=room).groupby("district_id"):
                most = cap.limit(str(district)) if cap is not None else len(mine)
                best = mine.loc[mine["counted"], "room"].nlargest(most).sum()
                best += mine.loc[~mine["counted"], "room"].sum()
                if best < people[district]:
                    label = case.region.label("district", district)
                    where = Text(f"{label} in layer {layer}", f"{label}的{layer_title(str(layer)).zh}")
                    yield self._short(case, str(district), where, float(people[district]), float(best))
        yield from self._short_of_grids(case, stated)

    def _short(self, case: Measured, place: str, where: Text, people: float, room: float) -> Finding:
        more = Text(f"{people - room:,.0f} more places", f"需增加 {people - room:,.0f} 人的承载能力")
        return self.refusal(
            place,
            Text(f"{where.en}: {people:,.0f} residents, room for {room:,.0f}", f"{where.zh}：{people:,.0f} 人，可承载 {room:,.0f} 人"),
            Text(f"{more.en}, or a higher cap", f"{more.zh}，或提高上限"),
            case.where(self.key),
        )  # fmt: skip

    def _short_of_grids(self, case: Measured, stated: pd.Series) -> Iterator[Finding]:
        """Residents of an area against what as many leads as it may have can carry."""
        grids = case.grids
        if grids is None:
            return
        people = case.region.units["people"].groupby(pd.Series(grids.unit_area).to_numpy()).sum()
        for area, residents in people.items():
            leads = [h for d in grids.planned if grids.area[d] == area for h in grids.leads(d)]
            rooms = stated.reindex(leads).fillna(np.inf).sort_values(ascending=False)
            most = sum(grids.bounds(d)[1] for d in grids.planned if grids.area[d] == area)
            room = float(rooms.head(int(min(most, len(rooms)))).sum())
            if room < residents:
                where, more = grids.named(str(area)), f"{residents - room:,.0f}"
                yield self.refusal(
                    str(area) or GRID,
                    Text(
                        f"{where.en} in layer grid: {residents:,.0f} residents, room for {room:,.0f}",
                        f"{where.zh}（网格层）：{residents:,.0f} 人，可承载 {room:,.0f} 人",
                    ),
                    Text(
                        f"{more} more places, more grids, or no capacity rule",
                        f"需增加 {more} 人的承载能力，或增加网格，或去掉承载能力规则",
                    ),
                )

    def notes(self, case: Case) -> Iterator[Finding]:
        """Candidates without a capacity, where a goal balances loads against it."""
        stated = case.region.hospitals.set_index("hospital_id")[self.source]
        able = [h for h in stated.index if h in set(case.candidates)]
        blank = stated.loc[able].index[stated.loc[able].isna()]
        if len(blank) and "balance" in case.goals:
            what = Text(
                f"balance: {len(blank)} candidate(s) state no {self.source}, so their load is not measured: {listed(blank)}",
                f"balance：{len(blank)} 家候选医院未填 {self.source}，其负荷不计：{listed(blank)}",
            )
            hint = Text(f"fill in {self.source}", f"请填写 {self.source}")
            yield Finding("warning", "capacity-not-stated", "hospitals", what, hint, id=str(blank[0]))

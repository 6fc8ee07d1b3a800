"""Shape of grids (ZJ-6): what it says and what may stand in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.policies.counting.reach import far_from_leads
from gridplan.policies.rule import Rule
from gridplan.policies.values import Range, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text

BALANCED_BY = {
    "equal": Text("(equal grids)", "（各网格相等）"),
    "beds": Text("by the lead's beds", "（按牵头医院床位）"),
    "capacity_people": Text("by the lead's capacity", "（按牵头医院承载能力）"),
}


@dataclass(frozen=True)
class GridShape(Rule):
    """Grids hang together, are balanced against what their leads can carry, and lie within reach.

    Clause: zhejiang-2020, ZJ-6 (分区包段).
    Connected: every connected part of a grid holds a campus of its lead; units touch where they share a border, or by
    a bridge or ferry of the table links. Units on an island where no hospital could lead are exempt, and reported.

    Parameters
    ----------
    connected : bool, default True
        Whether grids hang together.
    balance : float or None, default None
        A grid's residents stand within ± this share of its fair part; None = not asked. The fair part of the
        residents of the district (of the city, with grids across districts) is in proportion to `balance_by` among
        the leads chosen.
    balance_by : str, default "equal"
        "equal", "beds" or "capacity_people".
    minutes : float or None, default None
        No resident of a grid travels longer; None = no limit.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.GridShape(connected=True, minutes=60).sentence().en)
    Each part of a grid hangs together around a campus of its lead; nobody travels more than 60 minutes...
    """

    connected: bool = True
    balance: float | None = None
    balance_by: str = "equal"
    minutes: float | None = None
    of = "grids"
    id = "ZJ-6"
    key = "grid_shape"
    title = Text("Shape of grids", "网格形态")
    rank = 1060
    ranges = numbers(balance=Range(0, 1, none=True), minutes=Range(0, open=True, none=True))

    def sentence(self) -> Text:
        parts = []
        if self.connected:
            parts.append(
                Text(
                    "each part of a grid hangs together around a campus of its lead",
                    "网格每一片都与牵头医院的院区连通",
                )
            )
        if self.balance is not None:
            by = BALANCED_BY[self.balance_by]
            parts.append(
                Text(
                    f"residents within ±{100 * self.balance:g}% of the fair part {by.en}",
                    f"居民数在{by.zh}应担份额的 ±{100 * self.balance:g}% 以内",
                )
            )
        if self.minutes is not None:
            parts.append(
                Text(
                    f"nobody travels more than {self.minutes:g} minutes to the lead",
                    f"到牵头医院不超过 {self.minutes:g} 分钟",
                )
            )
        if not parts:
            return Text("The shape of grids is free.", "网格形态不限。")
        chinese = "，".join(p.zh for p in parts)
        english = "; ".join(p.en for p in parts)
        return Text(f"{english[0].upper()}{english[1:]}.", f"{chinese}。")

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Balance by beds or capacity: every hospital that may lead states it."""
        grids = case.grids
        if grids is None or self.balance is None or self.balance_by == "equal":
            return
        stated = case.region.hospitals.set_index("hospital_id")[self.balance_by]
        lacking = [h for h in sorted(grids.home) if not stated[h] > 0]
        if lacking:
            names, n, by = (
                listed(case.region.label("hospital", h) for h in lacking),
                len(lacking),
                self.balance_by,
            )
            yield self.refusal(
                by,
                Text(
                    f"balance by {by}, but {n} of {len(grids.home)} hospitals that may lead state none: {names}",
                    f"按 {by} 均衡，但 {len(grids.home)} 家可牵头医院中有 {n} 家未填：{names}",
                ),
                Text(
                    f'fill in {by}, or write balance_by = "equal"',
                    f'请填写 {by}，或改为 balance_by = "equal"',
                ),
                case.where(f"{self.key}.balance_by"),
            )

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """A lead for each part of an area that does not touch the others; and leads within the minutes."""
        if case.grids is not None and self.connected:
            yield from self._in_parts(case, case.grids)
        for told in far_from_leads(case, self.minutes):
            yield self.refusal(*told, case.where(f"{self.key}.minutes"))

    def _in_parts(self, case: Measured, grids: GridCounts) -> Iterator[Finding]:
        for district in (d for d in grids.planned if grids.area[d] != ""):
            held = {h: {int(grids.part[u]) for u in grids.seats[h]} for h in grids.leads(district)}
            parts, high = set().union(*held.values()), grids.bounds(district)[1]
            needed = math.ceil(len(parts) / max(map(len, held.values())))
            if needed > high:
                label = case.region.label("district", district)
                yield self.refusal(
                    district,
                    Text(
                        f"{label} lies in {len(parts)} parts that do not touch, each with a hospital that may lead: "
                        f"it needs {needed} grids, {high:g} allowed",
                        f"{label}分为互不相连的 {len(parts)} 片，各有可牵头医院，至少需 {needed} 个网格，只许 {high:g} 个",
                    ),
                    Text(
                        "give a bridge or ferry in the table links, allow more grids, or write connected = false",
                        "请在 links 表中填写桥隧或轮渡，或增加网格数，或写 connected = false",
                    ),
                )

    def notes(self, case: Case) -> Iterator[Finding]:
        """Units on an island where no candidate of the area has a campus (a ban of one excuses nothing).

        An area without any lead is refused elsewhere.
        """
        grids = case.grids
        if grids is None or not self.connected:
            return
        held = {int(grids.part[unit]) for seats in grids.seats.values() for unit in seats}
        led = {grids.area[grids.candidates[hospital]] for hospital, seats in grids.seats.items() if seats}
        planned = case.region.units["district_id"].map(grids.area).isin(led)
        loose = case.region.units[planned.to_numpy() & ~np.isin(grids.part, list(held))]
        for district, units in loose.groupby("district_id"):
            label, names, residents = (
                case.region.label("district", district),
                listed(units["name"]),
                units["people"].sum(),
            )
            n, are = len(units), "unit does" if len(units) == 1 else "units do"
            what = Text(
                f"{self.id}: {n} {are} not touch any part of {label} where a hospital may lead ({residents:,.0f} residents): "
                f"{names}. Their grid cannot hang together.",
                f"{self.id}：{label}有 {n} 个单元与可牵头医院所在各片均不相连（{residents:,.0f} 人）：{names}，其网格无法连片。",
            )
            hint = Text("Give a bridge or ferry in the table links.", "请在 links 表中填写桥隧或轮渡。")
            yield Finding("warning", "loose-units", "units", what, hint, id=str(district))

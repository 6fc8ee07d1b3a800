"""Who leads a grid (ZJ-2): what it says and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.counting.case import Measured
from gridplan.policies.counting.leaderless import leaderless
from gridplan.policies.rule import Rule
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import CATEGORIES, OWNERSHIPS, TIERS, any_of


@dataclass(frozen=True)
class GridLeads(Rule):
    """Who may lead a grid: municipal tertiary public hospitals, or the hospital that represents the area's level.

    Clause: zhejiang-2020, ZJ-2 (市级三级公立医院或代表区域水平的医院牵头).

    Parameters
    ----------
    tiers, ownerships, categories : tuple[str, ...], optional
        What a lead must be; ZJ-3 adds categories, ZJ-4 willing private hospitals.
    tertiary : tuple[str, ...], default ("municipal",)
        Tiers of which only tertiary hospitals (grade 3…) lead.
    beside : bool, default False
        Whether a hospital whose units all hold another hospital that may lead can lead a grid that begins in a unit
        beside them, so that two in one town may both lead.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.GridLeads().sentence().en)
    One lead per grid, inside it: tier municipal or district, ownership public, category general;...
    """

    tiers: tuple[str, ...] = ("municipal", "district")
    ownerships: tuple[str, ...] = ("public",)
    categories: tuple[str, ...] = ("general",)
    tertiary: tuple[str, ...] = ("municipal",)
    beside: bool = False
    later: ClassVar[tuple[str, ...]] = ("beside",)
    of = "grids"
    id = "ZJ-2"
    key = "grid_leads"
    title = Text("Who leads a grid", "网格牵头医院")
    rank = 1020
    unsaid = True
    wider = Text("widen [grid_leads]", "放宽 [grid_leads]")

    def sentence(self) -> Text:
        who, own = any_of(TIERS, self.tiers), any_of(OWNERSHIPS, self.ownerships)
        what, high = any_of(CATEGORIES, self.categories), any_of(TIERS, self.tertiary)
        only = (
            Text(f"; {high.en} ones must be tertiary", f"，其中{high.zh}医院须为三级")
            if self.tertiary
            else Text("", "")
        )
        two = Text(
            " Two in one town may both lead, one of them from beside it." if self.beside else "",
            "同一街镇有两家时均可牵头，其中一家的网格自相邻街镇起。" if self.beside else "",
        )
        return Text(
            f"One lead per grid, inside it: tier {who.en}, ownership {own.en}, category {what.en}{only.en}.{two.en}",
            f"每个网格一家牵头医院，位于网格内：层级为{who.zh}，所有制为{own.zh}，类别为{what.zh}{only.zh}。{two.zh}",
        )

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """Urban districts, or the whole city with grids across borders, without a hospital that may lead."""
        for told in leaderless(case.grids, "urban"):
            yield self.refusal(*told)
